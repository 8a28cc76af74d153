//! What would the daemon say about a pull request? Read from GitHub and planned here, without saying it.

use daemon_app::{PreviewOutcome, mistakes};
use daemon_github::PullNumber;

use super::{Arguments, Plans, conflict};
use crate::{config, failure::Failure, terminal::Progress, visitor};

pub(super) async fn plan(arguments: &Arguments, number: u64) -> Result<Plans, Failure> {
    let progress = Progress::new();
    progress.say("reading the repository");
    let project = visitor::project(&arguments.place).await?;
    progress.say(&format!("planning #{number}"));
    let outcome = project.preview(PullNumber(number)).await.map_err(|error| Failure::of("Cannot plan pull request", error))?;
    let PreviewOutcome::Merged { merge, environments } = outcome else {
        let PreviewOutcome::Conflict { paths } = outcome else { return Ok(Plans::default()) };
        return Err(conflict(&paths));
    };
    let mut plans = Plans::default();
    if environments.is_empty() {
        let diagnostics = merge.diagnostics.iter().cloned().chain(mistakes(&merge)).collect();
        return Err(config::Mistakes { diagnostics, sources: merge.sources.clone() }.into());
    }
    for preview in environments {
        if arguments.environment.as_ref().is_none_or(|wanted| *wanted == preview.environment) {
            let judged = preview.result.map(|previewed| (previewed.planned.plan, previewed.verdict));
            plans.take(&preview.environment, judged, &merge);
        }
    }
    Ok(plans)
}
