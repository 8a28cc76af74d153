//! Where is a run from this machine journalled? In a database of its own: that of a daemon belongs to the daemon.

use core_model::Diagnostic;
use daemon_store::{Store, StoreError};

use crate::{config, failure::Failure};

pub(crate) async fn open() -> Result<Store, Failure> {
    let folder = config::personal_state().ok_or_else(|| {
        Failure::new(Diagnostic::error("No state folder", "Neither XDG_STATE_HOME nor HOME says where the journal of the run belongs."))
    })?;
    tokio::fs::create_dir_all(&folder).await.map_err(|error| Failure::of("Cannot make state folder", error))?;
    Store::open(folder.join("local.db")).await.map_err(|error| match error {
        StoreError::InUse { .. } => {
            let detail = "Another `ipr apply` of yours is at work in another clone, or a trial is, and they have one journal.";
            Failure::new(Diagnostic::error("Another apply is at work", detail)).hint("wait until it has ended")
        }
        error => Failure::of("Cannot open database", error),
    })
}
