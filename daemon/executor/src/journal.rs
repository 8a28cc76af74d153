//! Where do intents go? Into the daemon's store, durably.

use async_trait::async_trait;
use daemon_store::Store;
use engine_api::{Intent, IntentId, Journal, JournalError, Outcome};

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
}

fn failed(attempted: &'static str, source: impl std::error::Error + Send + Sync + 'static) -> JournalError {
    JournalError { attempted, source: Box::new(source) }
}
