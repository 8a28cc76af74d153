//! How does a command on a laptop see a repository as the daemon does? With the daemon's configuration and a mirror of its own.

use std::sync::Arc;

use core_model::Diagnostic;
use daemon_app::Project;
use daemon_store::Store;
use tokio_util::sync::CancellationToken;

use crate::{assembly::Assembly, checkout::Place, config, failure::Failure, keys::Keys};

/// The repository of the configuration that is meant. The daemon's own state folder is locked while it runs, so another
/// folder is used.
pub(crate) async fn project(place: &Place) -> Result<Project, Failure> {
    let (config, sources) = place.config()?;
    let repository = place.repository_in(&config)?;
    let keys = Keys::read(&config, sources)?;
    let folder = config::personal_state().ok_or_else(|| {
        Failure::new(Diagnostic::error("No state folder", "Neither XDG_STATE_HOME nor HOME says where a copy of the repository belongs."))
    })?;
    let mirror = folder.join(config::mirror_name(&repository));
    tokio::fs::create_dir_all(&folder).await.map_err(|error| Failure::of("Cannot make state folder", error))?;
    let store = Store::open(folder.join("visitor.db")).await.map_err(|error| Failure::of("Cannot open database", error))?;
    Assembly::new(Arc::new(config), &keys, CancellationToken::new())?.project(&repository, &store, &mirror).await
}
