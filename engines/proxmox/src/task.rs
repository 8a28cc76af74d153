//! How does long work end? Proxmox VE answers with a task's name (UPID); it is asked after until it has stopped.

use std::time::Duration;

use engine_api::{EngineError, ErrorKind};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use tokio::time::Instant;

use crate::client::Client;
use crate::fault;

const PAUSE_LEAST: Duration = Duration::from_millis(100);
const LOG_LINES_MAX: u64 = 15;

/// `UPID:node:pid:pstart:starttime:type:id:user:`.
pub(crate) fn is_task(data: &Value) -> bool {
    data.as_str().is_some_and(|text| text.starts_with("UPID:"))
}

/// Follows a task to its end. A look that fails is repeated: the task does not depend on our looking.
pub(crate) async fn follow(client: &Client, attempt: &str, upid: &str, limit: Duration, poll: Duration) -> Result<(), EngineError> {
    let node = upid.split(':').nth(1).filter(|node| !node.is_empty());
    let node = node.ok_or_else(|| fault::senseless(attempt, format!("`{upid}` is not the name of a task")))?;
    let path = format!("/nodes/{node}/tasks/{}", utf8_percent_encode(upid, NON_ALPHANUMERIC));
    let begun = Instant::now();
    loop {
        match client.get(attempt, &format!("{path}/status"), &[]).await {
            Ok(answer) if answer.data.get("status").and_then(Value::as_str) == Some("stopped") => {
                return ended(client, attempt, &path, &answer.data).await;
            }
            Ok(_) => {}
            Err(error) if error.kind.is_transient() => tracing::debug!(upid, error = %error, "a look at a task failed"),
            Err(error) => return Err(error),
        }
        if begun.elapsed() >= limit {
            return Err(EngineError::new(
                ErrorKind::Timeout,
                attempt,
                format!("the task {upid} has not ended after {} s and goes on", limit.as_secs()),
            ));
        }
        tokio::time::sleep(pause(begun.elapsed(), poll)).await;
    }
}

/// A sixteenth of the time that the task has taken: its end is seen late by no more than that, and long tasks are not asked after often.
fn pause(elapsed: Duration, longest: Duration) -> Duration {
    (elapsed / 16).max(PAUSE_LEAST).min(longest)
}

async fn ended(client: &Client, attempt: &str, path: &str, status: &Value) -> Result<(), EngineError> {
    let words = status.get("exitstatus").and_then(Value::as_str).unwrap_or_default();
    if words == "OK" || words.starts_with("WARNINGS:") {
        return Ok(());
    }
    let mut message = words.to_owned();
    // The log tells more; a log that cannot be read takes nothing from the failure.
    for line in log_tail(client, attempt, path).await.unwrap_or_default().iter().filter(|line| !repeats(line, words)) {
        message.push_str("\n  ");
        message.push_str(line);
    }
    Err(EngineError::new(fault::kind_of(0, words), attempt, message))
}

/// A log ends with what the task ended with.
fn repeats(line: &str, words: &str) -> bool {
    line.strip_prefix("TASK ERROR: ").is_some_and(|rest| rest.trim() == words.trim())
}

async fn log_tail(client: &Client, attempt: &str, path: &str) -> Result<Vec<String>, EngineError> {
    let path = format!("{path}/log");
    let total = client.get(attempt, &path, &[("start", "0"), ("limit", "1")]).await?.total.unwrap_or(0);
    let start = total.saturating_sub(LOG_LINES_MAX).to_string();
    let answer = client.get(attempt, &path, &[("start", &start), ("limit", &LOG_LINES_MAX.to_string())]).await?;
    let lines = answer.data.as_array().cloned().unwrap_or_default();
    Ok(lines.iter().filter_map(|line| line.get("t").and_then(Value::as_str)).filter(|line| !line.is_empty()).map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_task_is_seen_soon_and_with_few_looks() {
        let longest = Duration::from_secs(2);
        for milliseconds in [1, 90, 1_500, 5_000, 5_500, 60_000, 3_600_000] {
            let taken = Duration::from_millis(milliseconds);
            let looks = std::iter::successors(Some(Duration::ZERO), |elapsed| Some(*elapsed + pause(*elapsed, longest)));
            let before: Vec<Duration> = looks.take_while(|look| *look < taken).collect();
            let seen = before.last().map(|last| *last + pause(*last, longest)).unwrap_or_default();
            assert!(seen - taken <= (taken / 16).max(PAUSE_LEAST).min(longest), "{taken:?} was seen at {seen:?}");
            assert!(before.len() <= 60 + taken.as_secs() as usize / 2, "{} looks at a task of {taken:?}", before.len());
        }
        assert_eq!(pause(Duration::ZERO, Duration::from_millis(1)), Duration::from_millis(1));
    }
}
