//! What is done for a new token? The override for the next start, the log, the light, and the reset at last.

use engine_api::{EngineError, JournalError, Repeat};
use tokio::time::Instant;

use super::{Work, lasting, power};
use crate::driver::{BootDevice, BootOverride, PowerState};
use crate::wanted::Once;

/// Whether the machine was reset, or started in place of that.
pub(super) async fn run(task: &mut Work<'_>) -> Result<bool, EngineError> {
    let is_new = task.order.step.changes.iter().any(|change| change.path == "specs.once.token" && !change.unset);
    let wanted = task.wanted;
    let Some(once) = wanted.once.as_ref().filter(|_| is_new) else { return Ok(false) };
    if once.clears_events {
        task.calls.clear_events().await?;
    }
    if let Some(duration) = once.blinks_for {
        task.calls.identify(duration).await?;
    }
    if let Some(boot) = once.boot {
        task.ensure_boot(BootOverride { device: boot.device, mode: boot.mode, is_lasting: false }).await?;
    }
    if once.reset_kind.is_none() {
        return Ok(false);
    }
    start(task, once).await?;
    let given_back = give_back_the_lasting_override(task, once).await;
    spent(task, given_back).map(|()| true)
}

/// What follows a reset is no reason to forget it: with a failed step the token would not be recorded, and the machine reset again.
/// What could not be done is a difference that the next plan shows. A run that was stopped goes on by its journal.
pub(super) fn spent(task: &Work<'_>, done: Result<(), EngineError>) -> Result<(), EngineError> {
    let gate = task.calls.gate;
    let is_stopped = gate.cancellation.is_cancelled() || gate.lease.lost().is_some();
    match done {
        Err(error) if !is_stopped && !is_unwritten(&error) => {
            tracing::warn!(machine = task.calls.machine, %error, "the machine was reset; what was to follow failed and is left for the next plan");
            Ok(())
        }
        done => done,
    }
}

fn is_unwritten(error: &EngineError) -> bool {
    std::error::Error::source(error).is_some_and(|source| source.is::<JournalError>())
}

/// A machine that is off is started instead of reset: that is what a reset is for.
async fn start(task: &mut Work<'_>, once: &Once) -> Result<(), EngineError> {
    let Some(reset) = once.reset_kind else { return Ok(()) };
    if task.calls.bmc.power().await? == PowerState::Off {
        // Once it is on, nothing tells that it is so for the token, and it would be reset.
        return power::switch_on(task, Repeat::Never).await;
    }
    task.calls.reset(&once.token, reset).await
}

/// A BMC has one place for overrides. The lasting one comes back as soon as the firmware has taken the other; if it takes too
/// long, the difference is left for the next plan to show.
async fn give_back_the_lasting_override(task: &mut Work<'_>, once: &Once) -> Result<(), EngineError> {
    let Some(boot) = task.wanted.boot.filter(|boot| boot.device != BootDevice::None) else { return Ok(()) };
    if once.boot.is_none() || once.reset_kind.is_none() {
        return Ok(());
    }
    let end = Instant::now() + task.limits.boot;
    loop {
        // A machine that starts may not answer; the reset itself is done, and nothing is lost.
        let found = task.calls.bmc.boot().await.ok().flatten();
        if found.is_some_and(|found| found.device == BootDevice::None || found.is_lasting) {
            return task.ensure_boot(lasting(boot)).await;
        }
        if Instant::now() >= end {
            tracing::warn!(machine = task.calls.machine, "the firmware has not taken the override of the boot order");
            return Ok(());
        }
        power::pause(task, end).await?;
    }
}
