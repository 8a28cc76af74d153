//! Would the change stand? The files are loaded by the product's own reader; where targets are configured, they are looked at.

use std::sync::Arc;

use core_config::Files;
use core_model::{Diagnostic, Name};
use daemon_app::{Commits, changed_environments};

use super::{Manner, refused};
use crate::{
    checkout::{self, Checkout},
    config::Mistakes,
    failure::Failure,
    runtime,
    terminal::{self, Progress},
};

/// Prints what the change would do. A change that would not stand is an error.
pub(super) fn show(manner: &Manner, before: &Files, after: &Files) -> Result<(), Failure> {
    if manner.no_plan {
        terminal::print("\nNot planned, as asked for. The blueprints load.\n");
        return Ok(());
    }
    if !manner.place.is_configured() {
        terminal::print("\nNot planned: there is no configuration that says how targets are reached. The blueprints load.\n");
        return Ok(());
    }
    let checkout = manner.place.open()?;
    let base = Arc::new(checkout.planning.load(before));
    let merge = Arc::new(checkout.planning.load(after));
    if merge.diagnostics.iter().any(Diagnostic::is_error) {
        return Err(Mistakes { diagnostics: merge.diagnostics.clone(), sources: merge.sources.clone() }.into());
    }
    let commits = Commits { base: Some(base), merge, from_fork: false };
    runtime::block_on(plan(&checkout, &commits))?
}

async fn plan(checkout: &Checkout, commits: &Commits) -> Result<(), Failure> {
    for name in changed_environments(commits) {
        let progress = Progress::new();
        progress.say(&format!("planning {name}"));
        plan_environment(checkout, commits, &name, progress).await?;
    }
    Ok(())
}

async fn plan_environment(checkout: &Checkout, commits: &Commits, name: &Name, progress: Progress) -> Result<(), Failure> {
    let Some(environment) = commits.merge.repository.environments.get(name) else { return Ok(()) };
    let record = checkout.tip(environment, &commits.merge)?.map(|(_, record)| record);
    let planned = checkout.planning.plan(commits, name, &checkout::applied(record.as_ref()), &Default::default()).await;
    drop(progress);
    let plan = match planned {
        Ok(planned) => planned.plan,
        Err(blocked) => {
            terminal::print_diagnostics(&blocked.diagnostics, &commits.merge.sources);
            return Err(unfit(name));
        }
    };
    terminal::print("\n");
    terminal::print_plan(&plan, None);
    let verdict = checkout::judged(commits, environment, &plan);
    if !verdict.is_empty() {
        terminal::print("\n");
        terminal::print_verdict(&verdict);
    }
    let is_seen = plan.unknown.iter().all(|unknown| !unknown.in_scope);
    if plan.problems.is_empty() && is_seen { Ok(()) } else { Err(unfit(name)) }
}

fn unfit(environment: &Name) -> Failure {
    refused(&format!("The change was tried in `{environment}`, and it does not stand."))
        .hint("ask for it again with what is missing; without its targets, use `--no-plan`")
}
