//! How does a worker learn that there is work, without polling?
//!
//! Every change to a queue wakes those who wait on it. What becomes due later, or whose lease
//! runs out, is waited for by the clock. Nobody is woken for nothing, so an idle daemon sleeps.

use std::{pin::pin, time::Duration};

use sqlx::SqlitePool;
use tokio::{sync::Notify, time::timeout};

use crate::error::{Attempted, StoreError};

/// The longest uninterrupted wait. It bounds the harm of a change that another process made.
const WAIT_S_MAX: i64 = 60;

/// Wakes those who wait on one queue, and those who wait for the store to be idle.
#[derive(Debug, Default)]
pub(crate) struct Wakeups {
    pub(crate) inbox: Notify,
    pub(crate) queue: Notify,
    pub(crate) outbox: Notify,
    pub(crate) any: Notify,
}

/// Returns when `due_in` says that something is due. `due_in` selects the seconds until the
/// next thing is due, or NULL. Dropping the future loses nothing.
pub(crate) async fn wait_until_due(pool: &SqlitePool, changed: &Notify, due_in: &'static str) -> Result<(), StoreError> {
    loop {
        // Registered before the look, so that a change between the look and the wait counts.
        let mut change = pin!(changed.notified());
        change.as_mut().enable();
        let seconds: Option<i64> = sqlx::query_scalar(due_in).fetch_one(pool).await.attempted("look for due work")?;
        let seconds = seconds.unwrap_or(WAIT_S_MAX);
        if seconds <= 0 {
            return Ok(());
        }
        let wait = Duration::from_secs(seconds.min(WAIT_S_MAX).unsigned_abs());
        // Changed or timed out: either way the next look decides.
        let _ = timeout(wait, change).await;
    }
}
