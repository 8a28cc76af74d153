//! How may a target be changed? Only through [`Gate::mutate`]: it checks cancellation and lease, journals the intent durably,
//! makes the call, and journals the outcome.

use std::future::Future;
use std::time::Duration;

use async_trait::async_trait;
use core_model::Hash;
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

use crate::error::{EngineError, ErrorKind};

/// What may be done after a crash, when nobody knows whether the call took effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Repeat {
    /// Calling again gives the same state.
    Safe,
    /// A fresh read tells whether it took effect.
    Check,
    /// Nobody can tell; a person is asked.
    Never,
}

/// A mutating call that is about to be made.
#[derive(Debug, Clone)]
pub struct Mutation {
    /// What is done, in words that follow "could not": "create the container `web`".
    pub attempt: String,
    /// The API operation, `ContainerCreate`.
    pub operation: &'static str,
    /// What it is done to: the object's name or id.
    pub key: String,
    pub repeat: Repeat,
    pub deadline: Duration,
}

/// A mutation as the journal keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intent {
    pub run_id: String,
    pub step: Hash,
    pub operation: String,
    pub key: String,
    pub repeat: Repeat,
}

/// What became of a mutation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Outcome {
    Done,
    Failed { error: ErrorKind, message: String },
}

/// One mutating call as the journal keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub intent: Intent,
    /// `None`: the call is open, or the process ended before its outcome was written.
    pub outcome: Option<Outcome>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct IntentId(pub i64);

/// The journal could not be written. Nothing is changed on a target without it.
#[derive(Debug, thiserror::Error)]
#[error("could not {attempted}")]
pub struct JournalError {
    pub attempted: &'static str,
    pub source: Box<dyn std::error::Error + Send + Sync>,
}

/// Durable memory of mutating calls. What is written is on disk when the function returns.
#[async_trait]
pub trait Journal: Send + Sync {
    async fn intend(&self, intent: &Intent) -> Result<IntentId, JournalError>;
    async fn outcome(&self, intent: IntentId, outcome: &Outcome) -> Result<(), JournalError>;
    /// The calls of one step of one run so far, oldest first: what an attempt that was cut off has left behind.
    async fn calls_of(&self, run_id: &str, step: &Hash) -> Result<Vec<Entry>, JournalError>;
}

/// Whether this process still holds the environment's lock.
pub trait Lease: Send + Sync {
    /// The reason, when it does not.
    fn lost(&self) -> Option<String>;
}

/// Proof that a call goes through the gate. Only the gate makes it; writing clients demand it.
#[derive(Debug)]
pub struct WritePermit(());

/// The gate as one step sees it.
#[derive(Clone)]
pub struct Gate<'a> {
    pub run_id: &'a str,
    pub step: &'a Hash,
    pub journal: &'a dyn Journal,
    pub lease: &'a dyn Lease,
    pub cancellation: &'a CancellationToken,
}

impl Gate<'_> {
    /// Makes one mutating call. After a cancellation or a lost lease no call is made; a call that has begun is finished, so
    /// that its outcome is known.
    pub async fn mutate<T, Called>(&self, mutation: Mutation, call: impl FnOnce(WritePermit) -> Called + Send) -> Result<T, EngineError>
    where
        Called: Future<Output = Result<T, EngineError>> + Send,
        T: Send,
    {
        self.may_go_on(&mutation)?;
        let intent = Intent {
            run_id: self.run_id.to_owned(),
            step: self.step.clone(),
            operation: mutation.operation.to_owned(),
            key: mutation.key.clone(),
            repeat: mutation.repeat,
        };
        let journal_failed =
            |error: JournalError| EngineError::new(ErrorKind::Busy, mutation.attempt.clone(), "the journal could not be written").with_source(error);
        let id = self.journal.intend(&intent).await.map_err(journal_failed)?;
        tracing::debug!(run = self.run_id, operation = mutation.operation, key = mutation.key, "mutate");
        let result = match tokio::time::timeout(mutation.deadline, call(WritePermit(()))).await {
            Ok(result) => result,
            Err(_) => {
                Err(EngineError::new(ErrorKind::Timeout, mutation.attempt.clone(), format!("no answer within {} s", mutation.deadline.as_secs())))
            }
        };
        let outcome = match &result {
            Ok(_) => Outcome::Done,
            Err(error) => Outcome::Failed { error: error.kind, message: error.message.clone() },
        };
        self.journal.outcome(id, &outcome).await.map_err(journal_failed)?;
        result
    }

    fn may_go_on(&self, mutation: &Mutation) -> Result<(), EngineError> {
        let stopped = |why: &str| Err(EngineError::new(ErrorKind::Busy, mutation.attempt.clone(), why));
        if self.cancellation.is_cancelled() {
            return stopped("the run was stopped before this call");
        }
        self.lease.lost().map_or(Ok(()), |why| stopped(&why))
    }
}
