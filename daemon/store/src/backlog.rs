//! How much is still to be done, and is it nothing?

use std::pin::pin;

use crate::{
    clock::now,
    error::{Attempted, StoreError},
    store::Store,
};

const BACKLOG: &str = concat!(
    "SELECT (SELECT COUNT(*) FROM inbox WHERE state IN ('waiting', 'claimed')), \
     (SELECT COUNT(*) FROM queue WHERE state = 'waiting' AND due_at <= ",
    now!(),
    "), (SELECT COUNT(*) FROM queue WHERE state = 'waiting' AND due_at > ",
    now!(),
    "), (SELECT COUNT(*) FROM queue WHERE state = 'running'), \
     (SELECT COUNT(*) FROM outbox WHERE state = 'waiting' AND due_at <= ",
    now!(),
    "), (SELECT COUNT(*) FROM outbox WHERE state = 'waiting' AND due_at > ",
    now!(),
    "), (SELECT COUNT(*) FROM outbox WHERE state = 'sending'), \
     (SELECT COUNT(*) FROM queue WHERE state = 'dead'), \
     (SELECT COUNT(*) FROM outbox WHERE state = 'dead')"
);

/// What was still to be done at one moment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Backlog {
    /// Deliveries that wait or are worked on.
    pub deliveries: i64,
    /// Jobs that wait and are due.
    pub jobs_due: i64,
    /// Jobs that wait for a later time.
    pub jobs_later: i64,
    /// Jobs that run.
    pub jobs_running: i64,
    /// Writes to GitHub that wait and are due.
    pub writes_due: i64,
    /// Writes to GitHub that wait for a later time.
    pub writes_later: i64,
    /// Writes to GitHub in flight.
    pub writes_sending: i64,
    /// Jobs that failed too often.
    pub jobs_dead: i64,
    /// Writes to GitHub that failed too often.
    pub writes_dead: i64,
}

impl Backlog {
    /// Whether there is nothing to do right now. What waits for a later time, or is dead, does
    /// not count.
    pub fn is_idle(&self) -> bool {
        let now = self.deliveries + self.jobs_due + self.jobs_running + self.writes_due + self.writes_sending;
        now == 0
    }
}

impl Store {
    /// What is still to be done, all counted at one moment.
    pub async fn backlog(&self) -> Result<Backlog, StoreError> {
        let row: (i64, i64, i64, i64, i64, i64, i64, i64, i64) =
            sqlx::query_as(BACKLOG).fetch_one(self.pool()).await.attempted("count the backlog")?;
        Ok(Backlog {
            deliveries: row.0,
            jobs_due: row.1,
            jobs_later: row.2,
            jobs_running: row.3,
            writes_due: row.4,
            writes_later: row.5,
            writes_sending: row.6,
            jobs_dead: row.7,
            writes_dead: row.8,
        })
    }

    /// Returns once there is nothing to do. Dropping it loses nothing.
    pub async fn wait_until_idle(&self) -> Result<(), StoreError> {
        loop {
            let mut change = pin!(self.wakeups().any.notified());
            change.as_mut().enable();
            if self.backlog().await?.is_idle() {
                return Ok(());
            }
            change.await;
        }
    }
}
