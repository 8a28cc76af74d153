//! Which job runs next, and who may say that it is done?
//!
//! Jobs in one lane run one at a time, oldest first; lanes run in parallel. A job that waits
//! is replaced by a newer one of the same lane and key. A worker holds a job by a lease; the
//! attempt number fences a worker that comes back after losing it.

use crate::{
    error::{Attempted, StoreError, lost_race, unless_fenced, within},
    limits::{DEAD_LISTED_MAX, QUEUE_FAILURES_MAX, QUEUE_JOBS_MAX, QUEUE_PAYLOAD_BYTES_MAX},
    queue_sql as sql,
    sequence::next_id,
    store::Store,
    wakeup::wait_until_due,
};

/// A job of the queue. Never given out twice by one database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct JobId(pub i64);

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Jobs of one lane never run at the same time.
    pub lane: String,
    /// A newer job of the same lane and key replaces one that waits.
    pub key: String,
    /// What kind of job it is.
    pub kind: String,
    /// The keys it needs, as the caller's own text.
    pub payload: String,
}

/// What became of a job or entry that was stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Enqueued<Id> {
    /// It waits on its own.
    New(Id),
    /// It replaced the content of this one, which waited.
    Coalesced(Id),
}

/// A job that the caller holds until its lease ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimedJob {
    /// Which job.
    pub id: JobId,
    /// Its lane, now taken.
    pub lane: String,
    /// Its key in the lane.
    pub key: String,
    /// What kind of job it is.
    pub kind: String,
    /// The keys it needs.
    pub payload: String,
    /// The fence: a call with an older attempt is refused. 1 for the first worker.
    pub attempt: i64,
}

/// What became of a job or entry that was put back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retried {
    /// It runs again after the delay.
    Waiting,
    /// A newer one of the same key waits and does its work.
    Superseded,
    /// It failed too often and is kept to be looked at.
    Dead,
}

impl Retried {
    /// Reads the state that a row was put back to. No row means that the fence held.
    pub(crate) fn from_state(attempted: &'static str, state: Option<&str>) -> Result<Self, StoreError> {
        match state {
            None => Err(StoreError::Fenced { attempted }),
            Some("dead") => Ok(Self::Dead),
            Some(_) => Ok(Self::Waiting),
        }
    }
}

/// A job that failed too often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadJob {
    /// Which job.
    pub id: JobId,
    /// Its lane.
    pub lane: String,
    /// Its key in the lane.
    pub key: String,
    /// What kind of job it was.
    pub kind: String,
    /// The last reason.
    pub reason: String,
    /// When it died, by the database's clock.
    pub died_at_s: i64,
}

/// The job queue of a [`Store`].
#[derive(Debug, Clone, Copy)]
pub struct Queue<'a> {
    pub(crate) store: &'a Store,
}

impl Queue<'_> {
    /// Puts a job into the queue, due now or at a Unix time. A waiting job of the same lane
    /// and key takes the new content, keeps its place, is due at the earlier of both times
    /// and starts with no failures.
    pub async fn enqueue(&self, job: &Job, not_before_s: Option<i64>) -> Result<Enqueued<JobId>, StoreError> {
        const ATTEMPT: &str = "put a job into the queue";
        within(ATTEMPT, job.payload.len(), QUEUE_PAYLOAD_BYTES_MAX)?;
        let mut transaction = self.store.pool().begin().await.attempted(ATTEMPT)?;
        let own = next_id(&mut transaction, "queue").await.attempted(ATTEMPT)?;
        let stored: Option<i64> = sqlx::query_scalar(sql::ENQUEUE)
            .bind(own)
            .bind(&job.lane)
            .bind(&job.key)
            .bind(&job.kind)
            .bind(&job.payload)
            .bind(not_before_s)
            .bind(QUEUE_JOBS_MAX)
            .fetch_optional(&mut *transaction)
            .await
            .attempted(ATTEMPT)?;
        let stored = stored.ok_or(StoreError::Full { attempted: ATTEMPT, limit: QUEUE_JOBS_MAX })?;
        transaction.commit().await.attempted(ATTEMPT)?;
        self.changed();
        Ok(if stored == own { Enqueued::New(JobId(stored)) } else { Enqueued::Coalesced(JobId(stored)) })
    }

    /// Claims the oldest due job of a free lane, or one whose worker's lease ran out. A lease
    /// of zero seconds can be taken over at once.
    pub async fn claim(&self, lease_s: i64, worker: &str) -> Result<Option<ClaimedJob>, StoreError> {
        const ATTEMPT: &str = "claim a job";
        let mut transaction = self.store.pool().begin().await.attempted(ATTEMPT)?;
        let buried = sqlx::query(sql::BURY).bind(QUEUE_FAILURES_MAX).execute(&mut *transaction).await.attempted(ATTEMPT)?.rows_affected();
        let claimed = sqlx::query_as(sql::CLAIM).bind(worker).bind(lease_s).fetch_optional(&mut *transaction).await;
        let row: Option<(i64, String, String, String, String, i64)> = match claimed {
            Err(error) if lost_race(&error) => return Ok(None),
            other => other.attempted(ATTEMPT)?,
        };
        transaction.commit().await.attempted(ATTEMPT)?;
        if buried > 0 {
            tracing::warn!(jobs = buried, "buried jobs that lost their worker too often");
            self.changed();
        }
        Ok(row.map(|(id, lane, key, kind, payload, attempt)| ClaimedJob { id: JobId(id), lane, key, kind, payload, attempt }))
    }

    /// Returns when [`Queue::claim`] may find a job. Dropping it loses nothing. Another
    /// worker may be faster, so a claim after it can still find none.
    pub async fn wait_for_job(&self) -> Result<(), StoreError> {
        wait_until_due(self.store.pool(), &self.store.wakeups().queue, sql::DUE_IN).await
    }

    /// Makes the lease end this many seconds from now.
    pub async fn renew(&self, id: JobId, attempt: i64, lease_s: i64) -> Result<(), StoreError> {
        const ATTEMPT: &str = "renew the lease of a job";
        let rows =
            sqlx::query(sql::RENEW).bind(id.0).bind(attempt).bind(lease_s).execute(self.store.pool()).await.attempted(ATTEMPT)?.rows_affected();
        unless_fenced(ATTEMPT, rows)
    }

    /// The job is done. The lane is free.
    pub async fn finish(&self, id: JobId, attempt: i64) -> Result<(), StoreError> {
        const ATTEMPT: &str = "finish a job";
        let rows = sqlx::query(sql::FINISH).bind(id.0).bind(attempt).execute(self.store.pool()).await.attempted(ATTEMPT)?.rows_affected();
        unless_fenced(ATTEMPT, rows)?;
        self.changed();
        Ok(())
    }

    /// The job failed: it runs again after the delay, unless it failed too often. The lane is
    /// free meanwhile.
    pub async fn retry(&self, id: JobId, attempt: i64, delay_s: i64, reason: &str) -> Result<Retried, StoreError> {
        self.put_back((id, attempt), delay_s, 1, Some(reason)).await
    }

    /// The job could not run yet, through no fault of its own: an environment was locked, or
    /// the daemon shuts down. Like [`Queue::retry`], without counting a failure.
    pub async fn postpone(&self, id: JobId, attempt: i64, delay_s: i64) -> Result<Retried, StoreError> {
        self.put_back((id, attempt), delay_s, 0, None).await
    }

    /// How many jobs wait, due or not.
    pub async fn waiting_count(&self) -> Result<i64, StoreError> {
        sqlx::query_scalar(sql::WAITING_COUNT).fetch_one(self.store.pool()).await.attempted("count waiting jobs")
    }

    /// The latest dead jobs, newest first.
    pub async fn dead(&self) -> Result<Vec<DeadJob>, StoreError> {
        let rows: Vec<(i64, String, String, String, Option<String>, i64)> =
            sqlx::query_as(sql::DEAD).bind(DEAD_LISTED_MAX).fetch_all(self.store.pool()).await.attempted("list dead jobs")?;
        Ok(rows
            .into_iter()
            .map(|(id, lane, key, kind, reason, died_at_s)| DeadJob { id: JobId(id), lane, key, kind, reason: reason.unwrap_or_default(), died_at_s })
            .collect())
    }

    async fn put_back(&self, (id, attempt): (JobId, i64), delay_s: i64, failures: i64, reason: Option<&str>) -> Result<Retried, StoreError> {
        const ATTEMPT: &str = "put a job back";
        let mut transaction = self.store.pool().begin().await.attempted(ATTEMPT)?;
        let superseded: Option<(String, String)> =
            sqlx::query_as(sql::SUPERSEDE).bind(id.0).bind(attempt).fetch_optional(&mut *transaction).await.attempted(ATTEMPT)?;
        let retried = if let Some((lane, key)) = superseded {
            sqlx::query(sql::HASTEN).bind(lane).bind(key).bind(delay_s).execute(&mut *transaction).await.attempted(ATTEMPT)?;
            Retried::Superseded
        } else {
            let state: Option<String> = sqlx::query_scalar(sql::PUT_BACK)
                .bind(id.0)
                .bind(attempt)
                .bind(delay_s)
                .bind(failures)
                .bind(reason)
                .bind(QUEUE_FAILURES_MAX)
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
        self.store.wakeups().queue.notify_waiters();
        self.store.wakeups().any.notify_waiters();
    }
}
