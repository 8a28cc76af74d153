//! Which webhook deliveries were taken, and which are still to be worked on?
//!
//! A delivery is durable before GitHub gets its answer, and is recognised when it comes
//! again. Deliveries only wake the daemon, so losing one costs a sweep, never correctness.

use crate::{
    clock::now,
    error::{Attempted, StoreError, lost_race, within},
    limits::{INBOX_ATTEMPTS_MAX, INBOX_BODY_BYTES_MAX, INBOX_WAITING_MAX},
    sequence::next_id,
    store::Store,
    wakeup::wait_until_due,
};

const RECEIVE: &str = concat!(
    "INSERT INTO inbox (delivery, position, event, body, state, attempt, received_at) \
     SELECT $1, $2, $3, $4, 'waiting', 0, ",
    now!(),
    " WHERE $5 > (SELECT COUNT(*) FROM inbox WHERE state IN ('waiting', 'claimed')) \
     ON CONFLICT (delivery) DO NOTHING"
);
/// A person asks GitHub to deliver a failed delivery again: then it is work again.
const REVIVE: &str = "UPDATE inbox SET state = 'waiting', position = $2, body = $3, attempt = 0, \
    reason = NULL WHERE delivery = $1 AND state = 'failed'";
const IS_KNOWN: &str = "SELECT COUNT(*) FROM inbox WHERE delivery = $1";

const GIVE_UP: &str = concat!(
    "UPDATE inbox SET state = 'failed', lease_until = NULL, \
     reason = 'its worker was lost too often' \
     WHERE state = 'claimed' AND attempt >= $1 AND lease_until <= ",
    now!()
);
const CLAIM: &str = concat!(
    "UPDATE inbox SET state = 'claimed', attempt = attempt + 1, lease_until = ",
    now!(),
    " + $1 WHERE delivery = (SELECT delivery FROM inbox \
     WHERE state = 'waiting' OR (state = 'claimed' AND lease_until <= ",
    now!(),
    ") ORDER BY position LIMIT 1) \
     AND (state = 'waiting' OR (state = 'claimed' AND lease_until <= ",
    now!(),
    ")) RETURNING delivery, event, body, received_at, attempt"
);
const DUE_IN: &str =
    concat!("SELECT MIN(CASE WHEN state = 'waiting' THEN 0 ELSE lease_until - ", now!(), " END) FROM inbox WHERE state IN ('waiting', 'claimed')");

/// The body goes when the work is done; the id stays to recognise a duplicate.
const DONE: &str = "UPDATE inbox SET state = 'done', lease_until = NULL, body = $2 \
    WHERE delivery = $1 AND state = 'claimed'";
const FAILED: &str = "UPDATE inbox SET state = 'failed', lease_until = NULL, reason = $2 \
    WHERE delivery = $1 AND state = 'claimed'";

/// What became of a received delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Received {
    /// It is stored and will be worked on.
    New,
    /// It was taken before; nothing changed.
    Duplicate,
}

/// A claimed delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// GitHub's delivery id.
    pub id: String,
    /// GitHub's event name.
    pub event: String,
    /// The body as it came, already verified by the receiver.
    pub body: Vec<u8>,
    /// When it was stored, by the database's clock.
    pub received_at_s: i64,
    /// 1 for the first worker; more when a worker was lost.
    pub attempt: i64,
}

/// The inbox of a [`Store`].
#[derive(Debug, Clone, Copy)]
pub struct Inbox<'a> {
    pub(crate) store: &'a Store,
}

impl Inbox<'_> {
    /// Stores a delivery durably, once. A delivery that failed before and comes again is new.
    /// When too many wait, the error is [`StoreError::Full`] and nothing is stored.
    pub async fn receive(&self, delivery: &str, event: &str, body: &[u8]) -> Result<Received, StoreError> {
        const ATTEMPT: &str = "store a delivery";
        within(ATTEMPT, body.len(), INBOX_BODY_BYTES_MAX)?;
        let mut transaction = self.store.pool().begin().await.attempted(ATTEMPT)?;
        let position = next_id(&mut transaction, "inbox").await.attempted(ATTEMPT)?;
        let mut stored = sqlx::query(RECEIVE)
            .bind(delivery)
            .bind(position)
            .bind(event)
            .bind(body)
            .bind(INBOX_WAITING_MAX)
            .execute(&mut *transaction)
            .await
            .attempted(ATTEMPT)?
            .rows_affected();
        if stored == 0 {
            stored =
                sqlx::query(REVIVE).bind(delivery).bind(position).bind(body).execute(&mut *transaction).await.attempted(ATTEMPT)?.rows_affected();
        }
        if stored == 0 {
            let known: i64 = sqlx::query_scalar(IS_KNOWN).bind(delivery).fetch_one(&mut *transaction).await.attempted(ATTEMPT)?;
            return match known {
                0 => Err(StoreError::Full { attempted: ATTEMPT, limit: INBOX_WAITING_MAX }),
                _ => Ok(Received::Duplicate),
            };
        }
        transaction.commit().await.attempted(ATTEMPT)?;
        self.changed();
        Ok(Received::New)
    }

    /// Claims the oldest delivery that waits, or whose worker's lease ran out. Working on a
    /// delivery must be harmless to repeat: it puts jobs into the queue, which coalesce.
    pub async fn next_delivery(&self, lease_s: i64) -> Result<Option<Delivery>, StoreError> {
        const ATTEMPT: &str = "claim a delivery";
        let mut transaction = self.store.pool().begin().await.attempted(ATTEMPT)?;
        let given_up = sqlx::query(GIVE_UP).bind(INBOX_ATTEMPTS_MAX).execute(&mut *transaction).await.attempted(ATTEMPT)?.rows_affected();
        let claimed = sqlx::query_as(CLAIM).bind(lease_s).fetch_optional(&mut *transaction).await;
        let row: Option<(String, String, Vec<u8>, i64, i64)> = match claimed {
            Err(error) if lost_race(&error) => return Ok(None),
            other => other.attempted(ATTEMPT)?,
        };
        transaction.commit().await.attempted(ATTEMPT)?;
        if given_up > 0 {
            tracing::warn!(deliveries = given_up, "gave up on deliveries");
            self.changed();
        }
        Ok(row.map(|(id, event, body, received_at_s, attempt)| Delivery { id, event, body, received_at_s, attempt }))
    }

    /// The delivery is dealt with. Its body is dropped; its id is kept to recognise a
    /// duplicate.
    pub async fn delivery_done(&self, delivery: &str) -> Result<(), StoreError> {
        sqlx::query(DONE).bind(delivery).bind(&[] as &[u8]).execute(self.store.pool()).await.attempted("mark a delivery as done")?;
        self.changed();
        Ok(())
    }

    /// The delivery cannot be dealt with. It is kept, with its body and the reason, to be
    /// looked at, and is not tried again unless GitHub delivers it again.
    pub async fn delivery_failed(&self, delivery: &str, reason: &str) -> Result<(), StoreError> {
        sqlx::query(FAILED).bind(delivery).bind(reason).execute(self.store.pool()).await.attempted("mark a delivery as failed")?;
        self.changed();
        Ok(())
    }

    /// Returns when [`Inbox::next_delivery`] may find something. Dropping it loses nothing.
    pub async fn wait_for_delivery(&self) -> Result<(), StoreError> {
        wait_until_due(self.store.pool(), &self.store.wakeups().inbox, DUE_IN).await
    }

    fn changed(&self) {
        self.store.wakeups().inbox.notify_waiters();
        self.store.wakeups().any.notify_waiters();
    }
}
