//! What may be thrown away?
//!
//! Only what no longer decides anything. The daemon prunes at its start and with each sweep.

use crate::{
    clock::now,
    error::{Attempted, StoreError},
    limits::{BLOBS_KEPT_S, DEAD_KEPT_S, INBOX_KEPT_ROWS, INBOX_KEPT_S, JOURNAL_KEPT_S, OUTBOX_SENT_KEPT_S, PLANS_KEPT_S, REQUESTS_KEPT_S},
    store::Store,
};

/// Each text takes the age in seconds as `$1`. Blobs come after the plans that hold them.
const BY_AGE: [(&str, i64); 7] = [
    (concat!("DELETE FROM inbox WHERE state IN ('done', 'failed') AND received_at <= ", now!(), " - $1"), INBOX_KEPT_S),
    (concat!("DELETE FROM queue WHERE state = 'dead' AND changed_at <= ", now!(), " - $1"), DEAD_KEPT_S),
    (concat!("DELETE FROM outbox WHERE state = 'dead' AND changed_at <= ", now!(), " - $1"), DEAD_KEPT_S),
    (concat!("DELETE FROM outbox WHERE state = 'sent' AND changed_at <= ", now!(), " - $1"), OUTBOX_SENT_KEPT_S),
    (concat!("DELETE FROM plans WHERE recorded_at <= ", now!(), " - $1"), PLANS_KEPT_S),
    (concat!("DELETE FROM requests WHERE updated_at <= ", now!(), " - $1"), REQUESTS_KEPT_S),
    (concat!("DELETE FROM journal WHERE intended_at <= ", now!(), " - $1 AND run_id NOT IN (SELECT run_id FROM runs)"), JOURNAL_KEPT_S),
];
const BLOBS: &str = concat!("DELETE FROM blobs WHERE stored_at <= ", now!(), " - $1 AND hash NOT IN (SELECT plan_hash FROM plans)");
const INBOX_ROWS: &str = "DELETE FROM inbox WHERE state IN ('done', 'failed') \
    AND position <= (SELECT MAX(position) FROM inbox) - $1";

impl Store {
    /// Throws away what is older than its table keeps it. Returns how many rows went.
    pub async fn prune(&self) -> Result<u64, StoreError> {
        let mut rows = 0;
        for (text, kept) in BY_AGE.into_iter().chain([(BLOBS, BLOBS_KEPT_S), (INBOX_ROWS, INBOX_KEPT_ROWS)]) {
            rows += sqlx::query(text).bind(kept).execute(self.pool()).await.attempted("prune old rows")?.rows_affected();
        }
        Ok(rows)
    }
}
