//! Is nobody else at work? One run at a time is carried out from a clone, and one that was cut off ends before another begins.

use core_config::Environment;
use core_model::Diagnostic;
use core_model::record::RunResult;
use daemon_app::{Local, Tip};
use daemon_history::{CommitId, RunLock};

use super::report;
use crate::{checkout::Checkout, failure::Failure, terminal};

const HINT: &str = "wait until it has ended; `ipr log` says what it did";

/// Nobody else carries anything out from this clone while this is held.
pub(super) fn lock(checkout: &Checkout) -> Result<RunLock, Failure> {
    let lock = checkout.repository.lock_runs().map_err(|error| Failure::of("Cannot lock the clone", error))?;
    lock.ok_or_else(|| Failure::new(Diagnostic::error("Another apply is at work", "Another `ipr apply` is at work in this clone.")).hint(HINT))
}

/// Ends a run that was cut off. Its plan was agreed to when it began, so nobody is asked. Returns whether it was applied.
pub(super) async fn end_open_run(local: &Local<'_>, checkout: &Checkout, environment: &Environment, open: &Tip) -> Result<(Tip, bool), Failure> {
    let run = &open.record.run;
    if local.is_anothers(open) {
        let detail = format!("{} began the run `{}` in `{}` at {}, and it has not ended.", run.holder, run.run_id, environment.name, run.at);
        let hint = format!("let them say `ipr apply`: their journal tells what was done. After {} anybody may", run.lease_until);
        return Err(Failure::new(Diagnostic::error("A run is open", detail)).hint(hint));
    }
    terminal::print(format_args!("{}: the run {} of {} was cut off and goes on first\n", environment.name, run.run_id, run.at));
    let source = run.source.as_deref().unwrap_or_default().parse::<CommitId>();
    let merge = checkout.load_commit(source.map_err(|error| Failure::of("Unreadable record", error))?)?;
    let ended = local.resume(environment, open, merge).await.map_err(|error| Failure::of("Cannot apply", error))?;
    report(environment, &ended);
    let is_applied = ended.record.run.result == Some(RunResult::Applied);
    Ok((ended, is_applied))
}
