//! How does long work end? The BMC answers 202 and names a monitor, or the task itself; it is asked after until it has ended.

use engine_api::{EngineError, ErrorKind};
use serde_json::Value;
use tokio::time::Instant;

use super::answer::Answer;
use super::client::Client;
use super::{fault, link};

/// What a look at a task shows.
enum Look {
    GoesOn,
    Done,
    /// It was cleared away before we looked again.
    Gone,
}

const FAILED: &[&str] = &["Exception", "Killed", "Cancelled", "Cancelling", "Interrupted"];

/// Follows a task to its end. A look that fails is repeated: the task does not depend on our looking.
pub(super) async fn follow(client: &mut Client, attempt: &str, answer: &Answer) -> Result<(), EngineError> {
    let place = answer.location.clone().or_else(|| link::id(&answer.body).map(str::to_owned));
    // Nothing to follow: what was accepted shows in the resource.
    let Some(place) = place else { return Ok(()) };
    let (limit, poll) = (client.options.timeouts.task, client.options.timeouts.poll);
    let end = Instant::now() + limit;
    loop {
        match look(client, attempt, &place).await {
            Ok(Look::Done) => return Ok(()),
            Ok(Look::GoesOn) => {}
            Ok(Look::Gone) => {
                let words = format!("the BMC's task {place} is gone, and what it came to is not known");
                return Err(EngineError::new(ErrorKind::Timeout, attempt, words));
            }
            Err(error) if error.kind.is_transient() => tracing::debug!(place, %error, "a look at a task failed"),
            Err(error) => return Err(error),
        }
        if Instant::now() >= end {
            let words = format!("the BMC's task {place} has not ended after {} s and goes on; what it comes to is not known", limit.as_secs());
            return Err(EngineError::new(ErrorKind::Timeout, attempt, words));
        }
        tokio::time::sleep_until((Instant::now() + poll).min(end)).await;
    }
}

/// A monitor answers 202 until the end, and then as the call itself would have. A task says its state.
async fn look(client: &mut Client, attempt: &str, place: &str) -> Result<Look, EngineError> {
    let answer = client.read(attempt, place).await?;
    match answer.status {
        202 => return Ok(Look::GoesOn),
        404 | 410 => return Ok(Look::Gone),
        _ => {}
    }
    let body = answer.accepted(attempt)?.body;
    match body.get("TaskState").and_then(Value::as_str) {
        None | Some("Completed") if has_failed(&body) => Err(fault::refused(attempt, 0, &body)),
        None | Some("Completed") => Ok(Look::Done),
        Some(state) if FAILED.contains(&state) => Err(fault::refused(attempt, 0, &body)),
        Some(_) => Ok(Look::GoesOn),
    }
}

/// Some tasks are completed, and critical.
fn has_failed(task: &Value) -> bool {
    task.get("TaskStatus").is_some_and(|status| status == "Critical")
}
