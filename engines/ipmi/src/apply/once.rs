//! What is done for a new token? The override for the next start, the log, the light, and the reset at last.

use engine_api::EngineError;
use tokio::time::Instant;

use super::{Work, lasting, power};
use crate::driver::{BootDevice, BootOverride, PowerState};
use crate::wanted::Once;

pub(super) async fn run(work: &mut Work<'_>) -> Result<(), EngineError> {
    let is_new = work.order.step.changes.iter().any(|change| change.path == "specs.once.token" && !change.unset);
    let wanted = work.wanted;
    let Some(once) = wanted.once.as_ref().filter(|_| is_new) else { return Ok(()) };
    if once.clears_events {
        work.calls.clear_events().await?;
    }
    if let Some(duration) = once.identify {
        work.calls.identify(duration).await?;
    }
    if let Some(boot) = once.boot {
        work.ensure_boot(BootOverride { device: boot.device, mode: boot.mode, is_lasting: false }).await?;
    }
    start(work, once).await?;
    give_back_the_lasting_override(work, once).await
}

/// A machine that is off is started instead of reset: that is what a reset is for.
async fn start(work: &mut Work<'_>, once: &Once) -> Result<(), EngineError> {
    let Some(reset) = once.reset else { return Ok(()) };
    if work.calls.bmc.power().await? == PowerState::Off {
        return power::switch_on(work).await;
    }
    work.calls.reset(&once.token, reset).await
}

/// A BMC has one place for overrides. The lasting one comes back as soon as the firmware has taken the other; if it takes too
/// long, the difference is left for the next plan to show.
async fn give_back_the_lasting_override(work: &mut Work<'_>, once: &Once) -> Result<(), EngineError> {
    let Some(boot) = work.wanted.boot.filter(|boot| boot.device != BootDevice::None) else { return Ok(()) };
    if once.boot.is_none() || once.reset.is_none() {
        return Ok(());
    }
    let end = Instant::now() + work.limits.boot;
    loop {
        // A machine that starts may not answer; the reset itself is done, and nothing is lost.
        let found = work.calls.bmc.boot().await.ok().flatten();
        if found.is_some_and(|found| found.device == BootDevice::None || found.is_lasting) {
            return work.ensure_boot(lasting(boot)).await;
        }
        if Instant::now() >= end {
            tracing::warn!(machine = work.calls.machine, "the firmware has not taken the override of the boot order");
            return Ok(());
        }
        power::pause(work, end).await?;
    }
}
