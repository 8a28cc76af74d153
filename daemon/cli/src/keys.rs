//! What are the daemon's own secrets? Read together, so that all mistakes are told at once.

use std::sync::Arc;

use core_model::{Diagnostic, FingerprintKey, Secret, Sources};
use daemon_history::record::RecordKey;
use daemon_model::Model;

use crate::{
    config::{Config, Mistakes, SecretReader, process_variable},
    engines::Reach,
    failure::Failure,
    language_model, terminal,
};

/// The daemon's own secrets, read.
pub(crate) struct Keys {
    pub(crate) github_token: Secret,
    pub(crate) webhook_secret: Secret,
    pub(crate) record_key: Arc<RecordKey>,
    pub(crate) fingerprint_key: FingerprintKey,
    /// Asked where the assistant's rules give up.
    pub(crate) model: Option<Arc<Model>>,
}

/// Those that are there, and what is wrong with the others.
pub(crate) struct FoundKeys {
    pub(crate) github_token: Option<Secret>,
    webhook_secret: Option<Secret>,
    pub(crate) record_key: Option<RecordKey>,
    fingerprint_key: Option<FingerprintKey>,
    model: Option<Arc<Model>>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

impl FoundKeys {
    pub(crate) fn read(config: &Config) -> Self {
        let mut reader = SecretReader::new(config, &process_variable);
        let (github_token, webhook_secret) = (reader.github_token(), reader.webhook_secret());
        let (record_key, fingerprint_key) = (reader.record_key(), reader.fingerprint_key());
        let model_key = reader.model_key();
        let mut diagnostics = reader.diagnostics;
        let model = config.model.as_ref().zip(model_key).and_then(|(model, key)| match language_model::connect(model, key) {
            Ok(model) => Some(Arc::new(model)),
            Err(diagnostic) => {
                diagnostics.push(*diagnostic);
                None
            }
        });
        Self { github_token, webhook_secret, record_key, fingerprint_key, model, diagnostics }
    }

    pub(crate) fn are_complete(&self) -> bool {
        self.github_token.is_some() && self.webhook_secret.is_some() && self.record_key.is_some() && self.fingerprint_key.is_some()
    }
}

impl Keys {
    /// Reads each from its place in the configuration. `sources` is for the snippets of messages.
    pub(crate) fn read(config: &Config, sources: Sources) -> Result<Self, Failure> {
        let found = FoundKeys::read(config);
        let (mut diagnostics, model) = (found.diagnostics, found.model);
        for target in config.targets.values() {
            if let Err(why) = Reach::read(target, &target.endpoint) {
                diagnostics.push(Diagnostic::error("Unusable target", format!("{why}.")).at(&target.said_at));
            }
        }
        let (Some(github_token), Some(webhook_secret), Some(record_key), Some(fingerprint_key)) =
            (found.github_token, found.webhook_secret, found.record_key, found.fingerprint_key)
        else {
            return Err(Mistakes { diagnostics, sources }.into());
        };
        if diagnostics.iter().any(Diagnostic::is_error) {
            return Err(Mistakes { diagnostics, sources }.into());
        }
        terminal::print_diagnostics(&diagnostics, &sources);
        Ok(Self { github_token, webhook_secret, record_key: Arc::new(record_key), fingerprint_key, model })
    }
}
