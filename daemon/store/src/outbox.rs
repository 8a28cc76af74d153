//! Which writes to GitHub are still to be made?
//!
//! A write to GitHub is stored first and made later, so that it survives a crash and GitHub
//! being away. Unsent entries of one coalesce key are replaced by the newest, and one key is
//! never in flight twice. How fast entries go out is the sender's decision; the outbox counts.

use sqlx::SqliteConnection;

use crate::{
    error::{Attempted, StoreError, lost_race, unless_fenced, within},
    limits::{DEAD_LISTED_MAX, OUTBOX_ENTRIES_MAX, OUTBOX_FAILURES_MAX, OUTBOX_PAYLOAD_BYTES_MAX},
    outbox_sql as sql,
    queue::{Enqueued, Retried},
    sequence::next_id,
    store::Store,
    wakeup::wait_until_due,
};

/// An entry of the outbox. Never given out twice by one database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OutboxId(pub i64);

/// A write to GitHub that is to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxEntry {
    /// A newer entry of the same key replaces an unsent one.
    pub coalesce_key: String,
    /// What kind of write it is.
    pub kind: String,
    /// What to write, as the caller's own text.
    pub payload: String,
}

/// An entry that the caller holds until its lease ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimedEntry {
    /// Which entry.
    pub id: OutboxId,
    /// Its key, now in flight.
    pub coalesce_key: String,
    /// What kind of write it is.
    pub kind: String,
    /// What to write.
    pub payload: String,
    /// The fence: a call with an older attempt is refused.
    pub attempt: i64,
}

impl ClaimedEntry {
    /// Whether an earlier attempt may have reached GitHub: look there before writing again.
    pub fn may_have_been_sent(&self) -> bool {
        self.attempt > 1
    }
}

/// An entry that failed too often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadEntry {
    /// Which entry.
    pub id: OutboxId,
    /// Its key.
    pub coalesce_key: String,
    /// What kind of write it was.
    pub kind: String,
    /// The last reason.
    pub reason: String,
    /// When it died, by the database's clock.
    pub died_at_s: i64,
}

/// The outbox of a [`Store`].
#[derive(Debug, Clone, Copy)]
pub struct Outbox<'a> {
    pub(crate) store: &'a Store,
}

impl Outbox<'_> {
    /// Stores a write durably. An entry of the same key that waits takes the new content and
    /// keeps its place. One in flight stays as it is, and this one follows it.
    pub async fn post(&self, entry: &OutboxEntry) -> Result<Enqueued<OutboxId>, StoreError> {
        const ATTEMPT: &str = "put a write into the outbox";
        within(ATTEMPT, entry.payload.len(), OUTBOX_PAYLOAD_BYTES_MAX)?;
        let mut transaction = self.store.pool().begin().await.attempted(ATTEMPT)?;
        let own = next_id(&mut transaction, "outbox").await.attempted(ATTEMPT)?;
        let stored: Option<i64> = sqlx::query_scalar(sql::POST)
            .bind(own)
            .bind(&entry.coalesce_key)
            .bind(&entry.kind)
            .bind(&entry.payload)
            .bind(OUTBOX_ENTRIES_MAX)
            .fetch_optional(&mut *transaction)
            .await
            .attempted(ATTEMPT)?;
        let stored = stored.ok_or(StoreError::Full { attempted: ATTEMPT, limit: OUTBOX_ENTRIES_MAX })?;
        transaction.commit().await.attempted(ATTEMPT)?;
        self.changed();
        Ok(if stored == own { Enqueued::New(OutboxId(stored)) } else { Enqueued::Coalesced(OutboxId(stored)) })
    }

    /// Claims the oldest due entry whose key is not in flight, or one whose sender's lease
    /// ran out.
    pub async fn claim(&self, lease_s: i64) -> Result<Option<ClaimedEntry>, StoreError> {
        const ATTEMPT: &str = "claim a write of the outbox";
        let mut transaction = self.store.pool().begin().await.attempted(ATTEMPT)?;
        let buried = sweep_lost(&mut transaction).await.attempted(ATTEMPT)?;
        let claimed = sqlx::query_as(sql::CLAIM).bind(lease_s).fetch_optional(&mut *transaction).await;
        let row: Option<(i64, String, String, String, i64)> = match claimed {
            Err(error) if lost_race(&error) => return Ok(None),
            other => other.attempted(ATTEMPT)?,
        };
        transaction.commit().await.attempted(ATTEMPT)?;
        if buried > 0 {
            tracing::warn!(writes = buried, "buried writes that lost their sender too often");
            self.changed();
        }
        Ok(row.map(|(id, coalesce_key, kind, payload, attempt)| ClaimedEntry { id: OutboxId(id), coalesce_key, kind, payload, attempt }))
    }

    /// Returns when [`Outbox::claim`] may find an entry. Dropping it loses nothing.
    pub async fn wait_for_entry(&self) -> Result<(), StoreError> {
        wait_until_due(self.store.pool(), &self.store.wakeups().outbox, sql::DUE_IN).await
    }

    /// Makes the lease end this many seconds from now.
    pub async fn renew(&self, id: OutboxId, attempt: i64, lease_s: i64) -> Result<(), StoreError> {
        const ATTEMPT: &str = "renew the lease of a write";
        let rows =
            sqlx::query(sql::RENEW).bind(id.0).bind(attempt).bind(lease_s).execute(self.store.pool()).await.attempted(ATTEMPT)?.rows_affected();
        unless_fenced(ATTEMPT, rows)
    }

    /// The write was made. `remote_id` is what GitHub calls the thing it made, if it did.
    pub async fn sent(&self, id: OutboxId, attempt: i64, remote_id: Option<&str>) -> Result<(), StoreError> {
        const ATTEMPT: &str = "mark a write as sent";
        let rows =
            sqlx::query(sql::SENT).bind(id.0).bind(attempt).bind(remote_id).execute(self.store.pool()).await.attempted(ATTEMPT)?.rows_affected();
        unless_fenced(ATTEMPT, rows)?;
        self.changed();
        Ok(())
    }

    /// The write failed: it is tried again after the delay, unless it failed too often or a
    /// newer entry of the key waits. The newer one waits for the delay too.
    pub async fn retry(&self, id: OutboxId, attempt: i64, delay_s: i64, reason: &str) -> Result<Retried, StoreError> {
        self.put_back((id, attempt), delay_s, 1, Some(reason)).await
    }

    /// The write could not be tried: the budget is used up, GitHub asked for a pause, or the
    /// daemon shuts down. Like [`Outbox::retry`], without counting a failure.
    pub async fn postpone(&self, id: OutboxId, attempt: i64, delay_s: i64) -> Result<Retried, StoreError> {
        self.put_back((id, attempt), delay_s, 0, None).await
    }

    /// How many writes were made in the last so many seconds.
    pub async fn sent_since(&self, seconds: i64) -> Result<i64, StoreError> {
        sqlx::query_scalar(sql::SENT_SINCE).bind(seconds).fetch_one(self.store.pool()).await.attempted("count sent writes")
    }

    /// The remote id of the last entry of this key that had one. Sent entries are kept for
    /// [`crate::OUTBOX_SENT_KEPT_S`]; what is needed longer is a fact.
    pub async fn last_remote_id(&self, coalesce_key: &str) -> Result<Option<String>, StoreError> {
        sqlx::query_scalar(sql::LAST_REMOTE_ID).bind(coalesce_key).fetch_optional(self.store.pool()).await.attempted("read the remote id of a write")
    }

    /// The latest dead entries, newest first.
    pub async fn dead(&self) -> Result<Vec<DeadEntry>, StoreError> {
        let rows: Vec<(i64, String, String, Option<String>, i64)> =
            sqlx::query_as(sql::DEAD).bind(DEAD_LISTED_MAX).fetch_all(self.store.pool()).await.attempted("list dead writes")?;
        Ok(rows
            .into_iter()
            .map(|(id, coalesce_key, kind, reason, died_at_s)| DeadEntry {
                id: OutboxId(id),
                coalesce_key,
                kind,
                reason: reason.unwrap_or_default(),
                died_at_s,
            })
            .collect())
    }

    async fn put_back(&self, (id, attempt): (OutboxId, i64), delay_s: i64, failures: i64, reason: Option<&str>) -> Result<Retried, StoreError> {
        const ATTEMPT: &str = "put a write back";
        let mut transaction = self.store.pool().begin().await.attempted(ATTEMPT)?;
        let superseded: Option<(String, i64)> =
            sqlx::query_as(sql::SUPERSEDE).bind(id.0).bind(attempt).fetch_optional(&mut *transaction).await.attempted(ATTEMPT)?;
        let retried = if let Some((coalesce_key, attempts)) = superseded {
            inherit(&mut transaction, &coalesce_key, attempts).await.attempted(ATTEMPT)?;
            sqlx::query(sql::HOLD).bind(&coalesce_key).bind(delay_s).execute(&mut *transaction).await.attempted(ATTEMPT)?;
            Retried::Superseded
        } else {
            let state: Option<String> = sqlx::query_scalar(sql::PUT_BACK)
                .bind(id.0)
                .bind(attempt)
                .bind(delay_s)
                .bind(failures)
                .bind(reason)
                .bind(OUTBOX_FAILURES_MAX)
                .fetch_optional(&mut *transaction)
                .await
                .attempted(ATTEMPT)?;
            Retried::from_state(ATTEMPT, state.as_deref())?
        };
        transaction.commit().await.attempted(ATTEMPT)?;
        self.changed();
        Ok(retried)
    }

    fn changed(&self) {
        self.store.wakeups().outbox.notify_waiters();
        self.store.wakeups().any.notify_waiters();
    }
}

/// Deals with the entries of lost senders that must not simply be sent again. Returns how
/// many were buried.
async fn sweep_lost(connection: &mut SqliteConnection) -> Result<u64, sqlx::Error> {
    let superseded: Vec<(String, i64)> = sqlx::query_as(sql::SUPERSEDE_LOST).fetch_all(&mut *connection).await?;
    for (coalesce_key, attempts) in superseded {
        inherit(connection, &coalesce_key, attempts).await?;
    }
    let buried = sqlx::query(sql::BURY).bind(OUTBOX_FAILURES_MAX).execute(connection).await?;
    Ok(buried.rows_affected())
}

async fn inherit(connection: &mut SqliteConnection, coalesce_key: &str, attempts: i64) -> Result<(), sqlx::Error> {
    sqlx::query(sql::INHERIT).bind(coalesce_key).bind(attempts).execute(connection).await?;
    Ok(())
}
