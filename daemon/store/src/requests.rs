//! What was asked of the assistant, and how far is it?
//!
//! A conversation is kept here and never taken from the thread. Whoever finds nothing here reads the issue and its comments
//! again in their order.

use crate::{
    clock::now,
    error::{Attempted, StoreError, within},
    limits::{REQUEST_TEXT_BYTES_MAX, REQUESTS_MAX},
    store::Store,
};

const SAVE: &str = concat!(
    "INSERT INTO requests (repository, issue, origin, author, text_hash, state, conversation, command, turns, seen, pull, \
     created_at, updated_at) SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, ",
    now!(),
    ", ",
    now!(),
    " WHERE $12 > (SELECT COUNT(*) FROM requests) \
     OR EXISTS (SELECT 1 FROM requests r WHERE r.repository = $1 AND r.issue = $2 AND r.origin = $3) \
     ON CONFLICT (repository, issue, origin) DO UPDATE SET author = excluded.author, text_hash = excluded.text_hash, \
     state = excluded.state, conversation = excluded.conversation, command = excluded.command, turns = excluded.turns, \
     seen = excluded.seen, pull = excluded.pull, updated_at = excluded.updated_at"
);
const OF_ISSUE: &str = "SELECT repository, issue, origin, author, text_hash, state, conversation, command, turns, seen, pull \
    FROM requests WHERE repository = $1 AND issue = $2 ORDER BY origin";
const OF_PULL: &str = "SELECT repository, issue, origin, author, text_hash, state, conversation, command, turns, seen, pull \
    FROM requests WHERE repository = $1 AND pull = $2 ORDER BY updated_at DESC, origin DESC LIMIT 1";
const BY_AUTHOR: &str = concat!("SELECT COUNT(*) FROM requests WHERE repository = $1 AND author = $2 AND created_at > ", now!(), " - $3");
const BY_ANYBODY: &str = concat!("SELECT COUNT(*) FROM requests WHERE repository = $1 AND created_at > ", now!(), " - $2");

/// One request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RequestEntry {
    pub repository: String,
    /// The issue or pull request that it was made on.
    pub issue: i64,
    /// The text that began it, as the caller's own word.
    pub origin: String,
    pub author: String,
    /// The hash of that text as it was read.
    pub text_hash: String,
    /// How far it is, as the caller's own word.
    pub state: String,
    /// Empty where no question is open.
    pub conversation: String,
    /// What it came to; empty before that.
    pub command: String,
    /// How many questions were asked.
    pub turns: i64,
    /// The last comment that was read for it.
    pub seen: i64,
    /// The pull request that was opened for it, or 0.
    pub pull: i64,
}

type Row = (String, i64, String, String, String, String, String, String, i64, i64, i64);

impl From<Row> for RequestEntry {
    fn from(row: Row) -> Self {
        let (repository, issue, origin, author, text_hash, state, conversation, command, turns, seen, pull) = row;
        Self { repository, issue, origin, author, text_hash, state, conversation, command, turns, seen, pull }
    }
}

/// The requests of a [`Store`].
#[derive(Debug, Clone, Copy)]
pub struct Requests<'a> {
    pub(crate) store: &'a Store,
}

impl Requests<'_> {
    /// Saves a request in place of what was known of it.
    pub async fn save(&self, request: &RequestEntry) -> Result<(), StoreError> {
        const ATTEMPT: &str = "save a request";
        within(ATTEMPT, request.conversation.len().max(request.command.len()), REQUEST_TEXT_BYTES_MAX)?;
        let rows = sqlx::query(SAVE)
            .bind(&request.repository)
            .bind(request.issue)
            .bind(&request.origin)
            .bind(&request.author)
            .bind(&request.text_hash)
            .bind(&request.state)
            .bind(&request.conversation)
            .bind(&request.command)
            .bind(request.turns)
            .bind(request.seen)
            .bind(request.pull)
            .bind(REQUESTS_MAX)
            .execute(self.store.pool())
            .await
            .attempted(ATTEMPT)?
            .rows_affected();
        if rows == 0 {
            return Err(StoreError::Full { attempted: ATTEMPT, limit: REQUESTS_MAX });
        }
        Ok(())
    }

    /// Everything that was asked on an issue or pull request.
    pub async fn of_issue(&self, repository: &str, issue: i64) -> Result<Vec<RequestEntry>, StoreError> {
        let rows: Vec<Row> =
            sqlx::query_as(OF_ISSUE).bind(repository).bind(issue).fetch_all(self.store.pool()).await.attempted("list the requests of an issue")?;
        Ok(rows.into_iter().map(RequestEntry::from).collect())
    }

    /// The newest request that a pull request carries out.
    pub async fn of_pull(&self, repository: &str, pull: i64) -> Result<Option<RequestEntry>, StoreError> {
        let row: Option<Row> =
            sqlx::query_as(OF_PULL).bind(repository).bind(pull).fetch_optional(self.store.pool()).await.attempted("read a pull request's request")?;
        Ok(row.map(RequestEntry::from))
    }

    /// How many requests were begun in the last seconds: by this author, and by anybody.
    pub async fn begun_within(&self, repository: &str, author: &str, age_s: i64) -> Result<(i64, i64), StoreError> {
        const ATTEMPT: &str = "count requests";
        let pool = self.store.pool();
        let own = sqlx::query_scalar(BY_AUTHOR).bind(repository).bind(author).bind(age_s).fetch_one(pool).await.attempted(ATTEMPT)?;
        let all = sqlx::query_scalar(BY_ANYBODY).bind(repository).bind(age_s).fetch_one(pool).await.attempted(ATTEMPT)?;
        Ok((own, all))
    }
}
