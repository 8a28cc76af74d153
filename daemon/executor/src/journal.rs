//! Where do intents go? Into the daemon's store, durably.

use async_trait::async_trait;
use core_model::Hash;
use daemon_store::Store;
use engine_api::{Entry, Intent, IntentId, Journal, JournalError, Outcome};

const READ: &str = "read the journal";

/// The journal in the daemon's database.
pub struct StoreJournal {
    store: Store,
}

impl StoreJournal {
    pub fn new(store: Store) -> Self {
        Self { store }
    }
}

#[async_trait]
impl Journal for StoreJournal {
    async fn intend(&self, intent: &Intent) -> Result<IntentId, JournalError> {
        let row = daemon_store::Intent {
            run_id: intent.run_id.clone(),
            step_digest: intent.step.as_str().to_owned(),
            operation: intent.operation.clone(),
            key: intent.key.clone(),
            repeat: serde_json::to_string(&intent.repeat).unwrap_or_default().trim_matches('"').to_owned(),
            request: String::new(),
        };
        let id = self.store.journal().intend(&row).await.map_err(|source| failed("journal an intent", source))?;
        Ok(IntentId(id.0))
    }

    async fn outcome(&self, intent: IntentId, outcome: &Outcome) -> Result<(), JournalError> {
        let text = serde_json::to_string(outcome).map_err(|source| failed("write an outcome as JSON", source))?;
        self.store.journal().outcome(daemon_store::IntentId(intent.0), &text).await.map_err(|source| failed("journal an outcome", source))
    }

    async fn calls_of(&self, run_id: &str, step: &Hash) -> Result<Vec<Entry>, JournalError> {
        let rows = self.store.journal().intents(run_id).await.map_err(|source| failed(READ, source))?;
        rows.into_iter().filter(|row| row.intent.step_digest == step.as_str()).map(|row| entry(row, step)).collect()
    }
}

/// A row that makes no sense is no absence of one: the step is not begun then.
fn entry(row: daemon_store::JournalEntry, step: &Hash) -> Result<Entry, JournalError> {
    let repeat = serde_json::from_value(row.intent.repeat.into()).map_err(|source| failed(READ, source))?;
    let outcome = row.outcome.map(|text| serde_json::from_str(&text)).transpose().map_err(|source| failed(READ, source))?;
    let intent = Intent { run_id: row.intent.run_id, step: step.clone(), operation: row.intent.operation, key: row.intent.key, repeat };
    Ok(Entry { intent, outcome })
}

fn failed(attempted: &'static str, source: impl std::error::Error + Send + Sync + 'static) -> JournalError {
    JournalError { attempted, source: Box::new(source) }
}
