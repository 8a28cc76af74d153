//! How is a machine switched? On at once; off by asking first, and by force only where the blueprint says so.

use std::time::Duration;

use engine_api::{EngineError, ErrorKind, Repeat};
use tokio::time::Instant;

use super::Work;
use crate::driver::{PowerOrder, PowerState};

pub(super) async fn bring(task: &mut Work<'_>) -> Result<(), EngineError> {
    if !task.is_reviewed("specs.power") {
        return Ok(());
    }
    match task.wanted.power {
        Some(wanted) if task.calls.bmc.power().await? != wanted => switch(task, wanted).await,
        _ => Ok(()),
    }
}

async fn switch(task: &mut Work<'_>, wanted: PowerState) -> Result<(), EngineError> {
    match wanted {
        PowerState::On => switch_on(task, Repeat::Safe).await,
        PowerState::Off => switch_off(task).await,
    }
}

pub(super) async fn switch_on(task: &mut Work<'_>, repeat: Repeat) -> Result<(), EngineError> {
    task.calls.set_power(PowerOrder::On, repeat).await?;
    let within = task.limits.power;
    if wait_until(task, PowerState::On, within).await? {
        return Ok(());
    }
    let words = format!("it is still off {} s after it was switched on. Hint: look at its event log", within.as_secs());
    Err(task.error(ErrorKind::Rejected, &words))
}

async fn switch_off(task: &mut Work<'_>) -> Result<(), EngineError> {
    let (within, may_cut) = (task.wanted.shut_down_within, task.wanted.may_cut_power);
    let is_asked = !(within.is_zero() && may_cut);
    if is_asked {
        task.calls.set_power(PowerOrder::ShutDown, Repeat::Safe).await?;
        if wait_until(task, PowerState::Off, within).await? {
            return Ok(());
        }
    }
    if !may_cut {
        let words = format!(
            "it was asked to shut down and still runs after {} s. Its power was not cut. Hint: give it more time with `power_off: {{within: ..}}`, \
             or allow it with `power_off: {{force: true}}`",
            within.as_secs()
        );
        return Err(task.error(ErrorKind::Rejected, &words));
    }
    task.calls.set_power(PowerOrder::Off, Repeat::Safe).await?;
    let limit = task.limits.power;
    if wait_until(task, PowerState::Off, limit).await? {
        return Ok(());
    }
    Err(task.error(ErrorKind::Rejected, &format!("it is still on {} s after its power was cut", limit.as_secs())))
}

/// Whether the machine gets there in time. A stopped run waits no longer.
async fn wait_until(task: &mut Work<'_>, state: PowerState, within: Duration) -> Result<bool, EngineError> {
    let end = Instant::now() + within;
    loop {
        if task.calls.bmc.power().await? == state {
            return Ok(true);
        }
        if Instant::now() >= end {
            return Ok(false);
        }
        pause(task, end).await?;
    }
}

/// Until the next look, or the end.
pub(super) async fn pause(task: &mut Work<'_>, end: Instant) -> Result<(), EngineError> {
    let next = (Instant::now() + task.limits.look_every).min(end);
    tokio::select! {
        biased;
        () = task.calls.gate.cancellation.cancelled() => Err(task.error(ErrorKind::Busy, "the run was stopped while the machine was waited for")),
        () = tokio::time::sleep_until(next) => Ok(()),
    }
}
