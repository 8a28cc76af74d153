//! What small things does the daemon remember between two looks at the world?
//!
//! Comment ids, cursors of the sweep, ETags, the last record tip seen. A fact only saves a
//! look-up: whoever recalls one must manage without it.

use crate::{
    clock::now,
    error::{Attempted, StoreError, within},
    limits::{FACTS_MAX, FACTS_VALUE_BYTES_MAX},
    store::Store,
};

const REMEMBER: &str = concat!(
    "INSERT INTO facts (namespace, key, value, updated_at) SELECT $1, $2, $3, ",
    now!(),
    " WHERE $4 > (SELECT COUNT(*) FROM facts) \
     OR EXISTS (SELECT 1 FROM facts f WHERE f.namespace = $1 AND f.key = $2) \
     ON CONFLICT (namespace, key) DO UPDATE SET value = excluded.value, \
     updated_at = excluded.updated_at"
);
const RECALL: &str = "SELECT value FROM facts WHERE namespace = $1 AND key = $2";
const LIST: &str = "SELECT key, value, updated_at FROM facts WHERE namespace = $1 ORDER BY key LIMIT $2";
const FORGET: &str = "DELETE FROM facts WHERE namespace = $1 AND key = $2";
const FORGET_OLD: &str = concat!("DELETE FROM facts WHERE namespace = $1 AND updated_at <= ", now!(), " - $2");

/// A remembered value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// Its key in the namespace.
    pub key: String,
    /// The value, as the caller's own text.
    pub value: String,
    /// When it was remembered last, by the database's clock.
    pub updated_at_s: i64,
}

/// The facts of a [`Store`].
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    pub(crate) store: &'a Store,
}

impl Facts<'_> {
    /// Remembers a value in place of the former one.
    pub async fn remember(&self, namespace: &str, key: &str, value: &str) -> Result<(), StoreError> {
        const ATTEMPT: &str = "remember a fact";
        within(ATTEMPT, value.len(), FACTS_VALUE_BYTES_MAX)?;
        let rows = sqlx::query(REMEMBER)
            .bind(namespace)
            .bind(key)
            .bind(value)
            .bind(FACTS_MAX)
            .execute(self.store.pool())
            .await
            .attempted(ATTEMPT)?
            .rows_affected();
        if rows == 0 {
            return Err(StoreError::Full { attempted: ATTEMPT, limit: FACTS_MAX });
        }
        Ok(())
    }

    /// The remembered value, if there is one.
    pub async fn recall(&self, namespace: &str, key: &str) -> Result<Option<String>, StoreError> {
        sqlx::query_scalar(RECALL).bind(namespace).bind(key).fetch_optional(self.store.pool()).await.attempted("recall a fact")
    }

    /// All facts of a namespace, by key.
    pub async fn list(&self, namespace: &str) -> Result<Vec<Fact>, StoreError> {
        let rows: Vec<(String, String, i64)> =
            sqlx::query_as(LIST).bind(namespace).bind(FACTS_MAX).fetch_all(self.store.pool()).await.attempted("list facts")?;
        Ok(rows.into_iter().map(|(key, value, updated_at_s)| Fact { key, value, updated_at_s }).collect())
    }

    /// Forgets a value; that there was none is fine.
    pub async fn forget(&self, namespace: &str, key: &str) -> Result<(), StoreError> {
        sqlx::query(FORGET).bind(namespace).bind(key).execute(self.store.pool()).await.attempted("forget a fact")?;
        Ok(())
    }

    /// Forgets the values of a namespace that were not remembered again for so many seconds.
    /// Returns how many. Only the caller knows which namespaces may grow old.
    pub async fn forget_older_than(&self, namespace: &str, age_s: i64) -> Result<u64, StoreError> {
        Ok(sqlx::query(FORGET_OLD).bind(namespace).bind(age_s).execute(self.store.pool()).await.attempted("forget old facts")?.rows_affected())
    }
}
