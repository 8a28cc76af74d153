//! Does a container do its work? It is healthy where somebody checks, and else it stays up.

use std::time::Duration;

use bollard::models::{ContainerInspectResponse, ContainerState, ContainerStateStatusEnum, HealthConfig, HealthStatusEnum};
use core_model::plan::Action;
use engine_api::{EngineError, Order, Readiness, Scrubber};
use tokio::time::{Instant, MissedTickBehavior};

use crate::options::Timeouts;
use crate::reader::Reader;

const POLL_INTERVAL: Duration = Duration::from_millis(250);
/// Beyond what the check's own numbers allow, for an engine under load.
const MARGIN: Duration = Duration::from_secs(10);
const LOG_LINES_MAX: usize = 20;
const LINE_LENGTH_MAX: usize = 300;
/// What Docker takes where a health check does not say.
const INTERVAL_DEFAULT: Duration = Duration::from_secs(30);
const TIMEOUT_DEFAULT: Duration = Duration::from_secs(30);
const RETRIES_DEFAULT: u32 = 3;

/// What one look at a container says.
#[derive(Debug, PartialEq, Eq)]
enum Look {
    Ready,
    /// Not yet; look again until the deadline.
    Wait,
    /// It will not get ready by waiting: why.
    Failed(String),
}

pub(crate) async fn wait(reader: &Reader, timeouts: &Timeouts, order: &Order) -> Result<Readiness, EngineError> {
    if order.step.type_name != "compute" || matches!(order.step.action, Action::Delete | Action::Release) {
        return Ok(Readiness::NoGate);
    }
    let Some(first) = reader.container(&order.step.object).await? else {
        return Ok(Readiness::NotReady { message: format!("the container `{}` is gone", order.step.object) });
    };
    let check = health_check(&first);
    let patience = match &check {
        Some(check) => longest_wait(check).min(timeouts.ready_max),
        None if starts_anew(order.step.action) => timeouts.settle,
        None => Duration::ZERO,
    };
    let begun = Instant::now();
    let mut ticks = tokio::time::interval(POLL_INTERVAL);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let Some(container) = reader.container(&order.step.object).await? else {
            return Ok(Readiness::NotReady { message: format!("the container `{}` is gone", order.step.object) });
        };
        let is_over = begun.elapsed() >= patience;
        let why = match (look(&container, &first, check.is_some()), is_over) {
            // Without a check it must stay up for a while: a container that ends at once looks the same at first.
            (Look::Ready, _) if check.is_some() => return Ok(Readiness::Ready),
            (Look::Ready, true) => return Ok(Readiness::Ready),
            (Look::Ready | Look::Wait, false) => continue,
            (Look::Wait, true) => format!("it did not get ready within {} s", patience.as_secs()),
            (Look::Failed(why), _) => why,
        };
        let message = explain(reader, &container, &why).await;
        return Ok(Readiness::NotReady { message: Scrubber::of(order).text(&message) });
    }
}

fn starts_anew(action: Action) -> bool {
    matches!(action, Action::Create | Action::Replace | Action::Restart)
}

/// The check that Docker carries out, the author's or the image's.
fn health_check(container: &ContainerInspectResponse) -> Option<HealthConfig> {
    let check = container.config.as_ref()?.healthcheck.clone()?;
    let kind = check.test.as_ref().and_then(|test| test.first()).map(String::as_str);
    if matches!(kind, None | Some("NONE")) { None } else { Some(check) }
}

/// How long until Docker itself says "unhealthy".
fn longest_wait(check: &HealthConfig) -> Duration {
    let given =
        |nanoseconds: Option<i64>| nanoseconds.and_then(|amount| u64::try_from(amount).ok()).filter(|amount| *amount > 0).map(Duration::from_nanos);
    let once = given(check.interval).unwrap_or(INTERVAL_DEFAULT).saturating_add(given(check.timeout).unwrap_or(TIMEOUT_DEFAULT));
    let retries = check.retries.and_then(|retries| u32::try_from(retries).ok()).filter(|retries| *retries > 0).unwrap_or(RETRIES_DEFAULT);
    once.saturating_mul(retries).saturating_add(given(check.start_period).unwrap_or_default()).saturating_add(MARGIN)
}

fn look(container: &ContainerInspectResponse, first: &ContainerInspectResponse, is_checked: bool) -> Look {
    let Some(state) = &container.state else { return Look::Wait };
    let health = state.health.as_ref().and_then(|health| health.status);
    match state.status {
        Some(ContainerStateStatusEnum::RUNNING) => match health {
            Some(HealthStatusEnum::UNHEALTHY) => Look::Failed("its health check fails".to_owned()),
            Some(HealthStatusEnum::STARTING) if is_checked => Look::Wait,
            _ if !is_checked && container.restart_count > first.restart_count => Look::Failed("it ended and was started again".to_owned()),
            _ => Look::Ready,
        },
        // With a check there is a limit to wait for; without one, a container that ends is not up.
        Some(ContainerStateStatusEnum::RESTARTING) if is_checked => Look::Wait,
        Some(ContainerStateStatusEnum::RESTARTING) => Look::Failed(format!("it ends and is started again, {}", ending(state))),
        Some(ContainerStateStatusEnum::EXITED | ContainerStateStatusEnum::DEAD) => Look::Failed(format!("it has ended, {}", ending(state))),
        Some(ContainerStateStatusEnum::PAUSED) => Look::Failed("it is paused".to_owned()),
        _ => Look::Wait,
    }
}

fn ending(state: &ContainerState) -> String {
    let mut words = format!("exit status {}", state.exit_code.unwrap_or_default());
    if state.oom_killed == Some(true) {
        words.push_str(", out of memory");
    }
    if let Some(error) = state.error.as_deref().filter(|error| !error.is_empty()) {
        words.push_str(", ");
        words.push_str(error);
    }
    words
}

/// Why, with the last output of the health check and the last lines of the log.
async fn explain(reader: &Reader, container: &ContainerInspectResponse, why: &str) -> String {
    let name = container.name.as_deref().unwrap_or_default().trim_start_matches('/');
    let mut message = format!("the container `{name}` is not ready: {why}");
    let last_check = container.state.as_ref().and_then(|state| state.health.as_ref()).and_then(|health| health.log.as_ref()?.last());
    if let Some(check) = last_check {
        let output = check.output.as_deref().unwrap_or_default().trim();
        message.push_str(&format!("\nlast health check, exit status {}: {}", check.exit_code.unwrap_or_default(), cut(output)));
    }
    match reader.log_tail(container.id.as_deref().unwrap_or(name), LOG_LINES_MAX).await {
        Ok(lines) if lines.is_empty() => message.push_str("\nits log is empty"),
        Ok(lines) => {
            message.push_str("\nlast lines of its log:");
            lines.iter().for_each(|line| message.push_str(&format!("\n  {}", cut(line))));
        }
        Err(error) => message.push_str(&format!("\nits log cannot be read: {error}")),
    }
    message
}

fn cut(line: &str) -> String {
    line.chars().take(LINE_LENGTH_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_follows_the_check() {
        let second = 1_000_000_000;
        let check = HealthConfig { interval: Some(5 * second), timeout: Some(second), retries: Some(12), ..Default::default() };
        assert_eq!(longest_wait(&check), Duration::from_secs(12 * 6 + 10));
        assert_eq!(longest_wait(&HealthConfig::default()), Duration::from_secs(3 * 60 + 10));
    }

    #[test]
    fn a_container_that_was_started_again_is_not_up() {
        let at = |restarts, status| ContainerInspectResponse {
            restart_count: Some(restarts),
            state: Some(ContainerState { status: Some(status), ..Default::default() }),
            ..Default::default()
        };
        let running = ContainerStateStatusEnum::RUNNING;
        assert_eq!(look(&at(0, running), &at(0, running), false), Look::Ready);
        assert!(matches!(look(&at(1, running), &at(0, running), false), Look::Failed(_)));
        assert_eq!(look(&at(1, running), &at(0, running), true), Look::Ready);
        assert!(matches!(look(&at(0, ContainerStateStatusEnum::EXITED), &at(0, running), true), Look::Failed(_)));
    }
}
