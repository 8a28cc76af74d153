//! Which runs are open?
//!
//! An index, so that a start need not read every record branch. The record branch is the
//! truth; a run that is closed leaves the index.

use crate::{
    clock::now,
    error::{Attempted, StoreError},
    limits::RUNS_MAX,
    store::Store,
};

const SAVE: &str = concat!(
    "INSERT INTO runs (run_id, repository, environment, state, record, updated_at) \
     SELECT $1, $2, $3, $4, $5, ",
    now!(),
    " WHERE $6 > (SELECT COUNT(*) FROM runs) OR EXISTS (SELECT 1 FROM runs r WHERE r.run_id = $1) \
     ON CONFLICT (run_id) DO UPDATE SET repository = excluded.repository, \
     environment = excluded.environment, state = excluded.state, record = excluded.record, \
     updated_at = excluded.updated_at"
);
const ALL: &str = "SELECT run_id, repository, environment, state, record, updated_at \
    FROM runs ORDER BY repository, environment, run_id";
const ONE: &str = "SELECT run_id, repository, environment, state, record, updated_at \
    FROM runs WHERE run_id = $1";
const OF_ENVIRONMENT: &str = "SELECT run_id, repository, environment, state, record, updated_at \
    FROM runs WHERE repository = $1 AND environment = $2 ORDER BY run_id";
const CLOSE: &str = "DELETE FROM runs WHERE run_id = $1";

/// A run that is not finished.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenRun {
    /// The run.
    pub run_id: String,
    /// The repository, as `owner/name`.
    pub repository: String,
    /// The environment it changes.
    pub environment: String,
    /// How far it is, as the caller's own word.
    pub state: String,
    /// The commit of its latest record.
    pub record: String,
    /// When this was saved, by the database's clock. Ignored when saving.
    pub updated_at_s: i64,
}

/// The index of open runs of a [`Store`].
#[derive(Debug, Clone, Copy)]
pub struct Runs<'a> {
    pub(crate) store: &'a Store,
}

impl Runs<'_> {
    /// Enters a run, or its new state.
    pub async fn save(&self, run: &OpenRun) -> Result<(), StoreError> {
        const ATTEMPT: &str = "save an open run";
        let rows = sqlx::query(SAVE)
            .bind(&run.run_id)
            .bind(&run.repository)
            .bind(&run.environment)
            .bind(&run.state)
            .bind(&run.record)
            .bind(RUNS_MAX)
            .execute(self.store.pool())
            .await
            .attempted(ATTEMPT)?
            .rows_affected();
        if rows == 0 {
            return Err(StoreError::Full { attempted: ATTEMPT, limit: RUNS_MAX });
        }
        Ok(())
    }

    /// The open run of this id.
    pub async fn get(&self, run_id: &str) -> Result<Option<OpenRun>, StoreError> {
        let row: Option<RunRow> = sqlx::query_as(ONE).bind(run_id).fetch_optional(self.store.pool()).await.attempted("read an open run")?;
        Ok(row.map(OpenRun::from))
    }

    /// All open runs.
    pub async fn all(&self) -> Result<Vec<OpenRun>, StoreError> {
        let rows: Vec<RunRow> = sqlx::query_as(ALL).fetch_all(self.store.pool()).await.attempted("list open runs")?;
        Ok(rows.into_iter().map(OpenRun::from).collect())
    }

    /// The open runs of one environment.
    pub async fn of_environment(&self, repository: &str, environment: &str) -> Result<Vec<OpenRun>, StoreError> {
        let rows: Vec<RunRow> = sqlx::query_as(OF_ENVIRONMENT)
            .bind(repository)
            .bind(environment)
            .fetch_all(self.store.pool())
            .await
            .attempted("list the open runs of an environment")?;
        Ok(rows.into_iter().map(OpenRun::from).collect())
    }

    /// The run is finished on its record branch. Its journal is kept for a while.
    pub async fn close(&self, run_id: &str) -> Result<(), StoreError> {
        sqlx::query(CLOSE).bind(run_id).execute(self.store.pool()).await.attempted("close a run")?;
        Ok(())
    }
}

type RunRow = (String, String, String, String, String, i64);

impl From<RunRow> for OpenRun {
    fn from(row: RunRow) -> Self {
        let (run_id, repository, environment, state, record, updated_at_s) = row;
        Self { run_id, repository, environment, state, record, updated_at_s }
    }
}
