//! What would the daemon say about a pull request? Read from GitHub and planned here, without saying it.

use std::sync::Arc;

use core_model::Diagnostic;
use daemon_app::PreviewOutcome;
use daemon_github::PullNumber;
use daemon_store::Store;
use tokio_util::sync::CancellationToken;

use super::{Arguments, Plans, conflict};
use crate::{assembly::Assembly, config, failure::Failure, keys::Keys, terminal::Progress};

pub(super) async fn plan(arguments: &Arguments, number: u64) -> Result<Plans, Failure> {
    let progress = Progress::new();
    progress.say("reading the repository");
    let (config, sources) = arguments.place.config()?;
    let repository = arguments.place.repository_in(&config)?;
    let keys = Keys::read(&config, sources)?;
    // A folder of its own: the daemon's is locked while it runs.
    let folder = config::personal_state().ok_or_else(|| {
        Failure::new(Diagnostic::error("No state folder", "Neither XDG_STATE_HOME nor HOME says where a copy of the repository belongs."))
    })?;
    let mirror = folder.join(format!("{}+{}.git", repository.owner(), repository.name()).to_ascii_lowercase());
    tokio::fs::create_dir_all(&folder).await.map_err(|error| Failure::of("Cannot make state folder", error))?;
    let store = Store::open(folder.join("preview.db")).await.map_err(|error| Failure::of("Cannot open database", error))?;
    let assembly = Assembly::new(Arc::new(config), &keys, CancellationToken::new())?;
    let project = assembly.project(&repository, &store, &mirror).await?;
    progress.say(&format!("planning #{number}"));
    let outcome = project.preview(PullNumber(number)).await.map_err(|error| Failure::of("Cannot plan pull request", error))?;
    let PreviewOutcome::Merged { merge, environments } = outcome else {
        let PreviewOutcome::Conflict { paths } = outcome else { return Ok(Plans::default()) };
        return Err(conflict(&paths));
    };
    let mut plans = Plans::default();
    if environments.is_empty() {
        return Err(config::Mistakes { diagnostics: merge.diagnostics.clone(), sources: merge.sources.clone() }.into());
    }
    for preview in environments {
        if arguments.environment.as_ref().is_none_or(|wanted| *wanted == preview.environment) {
            plans.take(&preview.environment, preview.result.map(|planned| planned.plan), &merge);
        }
    }
    Ok(plans)
}
