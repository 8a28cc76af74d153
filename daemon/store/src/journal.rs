//! Which writes to a target were intended, and how did they end?
//!
//! The write gate calls [`Journal::intend`] before a mutating call and [`Journal::outcome`]
//! after it. An intent without an outcome is what a crash leaves behind. The executor reads
//! the intents of a step before it goes on with a run: what may be done once is not done twice.

use crate::{
    clock::now,
    error::{Attempted, StoreError, within},
    limits::{JOURNAL_INTENTS_PER_RUN_MAX, JOURNAL_TEXT_BYTES_MAX},
    sequence::next_id,
    store::Store,
};

const INTEND: &str = concat!(
    "INSERT INTO journal (id, run_id, step_digest, operation, key, repeat, request, intended_at) \
     SELECT $1, $2, $3, $4, $5, $6, $7, ",
    now!(),
    " WHERE $8 > (SELECT COUNT(*) FROM journal WHERE run_id = $2)"
);
const OUTCOME: &str = concat!("UPDATE journal SET outcome = $2, outcome_at = ", now!(), " WHERE id = $1 AND outcome IS NULL");
const FORMER_OUTCOME: &str = "SELECT outcome FROM journal WHERE id = $1";
const INTENTS: &str = "SELECT id, run_id, step_digest, operation, key, repeat, request, \
    intended_at, outcome FROM journal WHERE run_id = $1 ORDER BY id";

/// An intent of the journal. Never given out twice by one database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct IntentId(pub i64);

/// A write that is about to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intent {
    /// The run it belongs to.
    pub run_id: String,
    /// The digest of the step it belongs to.
    pub step_digest: String,
    /// What the engine calls the write.
    pub operation: String,
    /// What tells this write from others of the same operation.
    pub key: String,
    /// The repeat policy, as the write gate spells it.
    pub repeat: String,
    /// A summary of the request as JSON. It must hold no secret.
    pub request: String,
}

/// An intent and how it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalEntry {
    /// Which intent.
    pub id: IntentId,
    /// What was intended.
    pub intent: Intent,
    /// When it was journaled, by the database's clock.
    pub intended_at_s: i64,
    /// The outcome as JSON; none while it is open.
    pub outcome: Option<String>,
}

/// The journal of a [`Store`].
#[derive(Debug, Clone, Copy)]
pub struct Journal<'a> {
    pub(crate) store: &'a Store,
}

impl Journal<'_> {
    /// Journals a write before it is made. When this returns, the intent survives a crash.
    pub async fn intend(&self, intent: &Intent) -> Result<IntentId, StoreError> {
        const ATTEMPT: &str = "journal an intent";
        within(ATTEMPT, intent.request.len(), JOURNAL_TEXT_BYTES_MAX)?;
        let mut transaction = self.store.pool().begin().await.attempted(ATTEMPT)?;
        let id = next_id(&mut transaction, "journal").await.attempted(ATTEMPT)?;
        let stored = sqlx::query(INTEND)
            .bind(id)
            .bind(&intent.run_id)
            .bind(&intent.step_digest)
            .bind(&intent.operation)
            .bind(&intent.key)
            .bind(&intent.repeat)
            .bind(&intent.request)
            .bind(JOURNAL_INTENTS_PER_RUN_MAX)
            .execute(&mut *transaction)
            .await
            .attempted(ATTEMPT)?
            .rows_affected();
        if stored == 0 {
            return Err(StoreError::Full { attempted: ATTEMPT, limit: JOURNAL_INTENTS_PER_RUN_MAX });
        }
        transaction.commit().await.attempted(ATTEMPT)?;
        Ok(IntentId(id))
    }

    /// Journals how a write ended. An intent has one outcome: the same one again is fine, a
    /// different one is refused.
    pub async fn outcome(&self, id: IntentId, outcome: &str) -> Result<(), StoreError> {
        const ATTEMPT: &str = "journal an outcome";
        within(ATTEMPT, outcome.len(), JOURNAL_TEXT_BYTES_MAX)?;
        let rows = sqlx::query(OUTCOME).bind(id.0).bind(outcome).execute(self.store.pool()).await.attempted(ATTEMPT)?.rows_affected();
        if rows == 1 {
            return Ok(());
        }
        let former: Option<Option<String>> =
            sqlx::query_scalar(FORMER_OUTCOME).bind(id.0).fetch_optional(self.store.pool()).await.attempted(ATTEMPT)?;
        match former.flatten() {
            Some(former) if former == outcome => Ok(()),
            Some(_) => Err(StoreError::OutcomeDiffers),
            None => Err(StoreError::Unknown { attempted: ATTEMPT }),
        }
    }

    /// All intents of a run, oldest first.
    pub async fn intents(&self, run_id: &str) -> Result<Vec<JournalEntry>, StoreError> {
        self.entries(INTENTS, run_id).await
    }

    async fn entries(&self, text: &'static str, run_id: &str) -> Result<Vec<JournalEntry>, StoreError> {
        let rows: Vec<EntryRow> = sqlx::query_as(text).bind(run_id).fetch_all(self.store.pool()).await.attempted("read the journal")?;
        Ok(rows.into_iter().map(JournalEntry::from).collect())
    }
}

type EntryRow = (i64, String, String, String, String, String, String, i64, Option<String>);

impl From<EntryRow> for JournalEntry {
    fn from(row: EntryRow) -> Self {
        let (id, run_id, step_digest, operation, key, repeat, request, intended_at_s, outcome) = row;
        Self { id: IntentId(id), intent: Intent { run_id, step_digest, operation, key, repeat, request }, intended_at_s, outcome }
    }
}
