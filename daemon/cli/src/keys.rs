//! What are the daemon's own secrets? Read together, so that all mistakes are told at once.

use std::sync::Arc;

use core_model::{Diagnostic, FingerprintKey, Secret, Sources};
use daemon_history::record::RecordKey;

use crate::{
    config::{Config, Mistakes, SecretReader, process_variable},
    engines::Reach,
    failure::Failure,
    terminal,
};

/// The daemon's own secrets, read.
pub(crate) struct Keys {
    pub(crate) github_token: Secret,
    pub(crate) webhook_secret: Secret,
    pub(crate) record_key: Arc<RecordKey>,
    pub(crate) fingerprint_key: FingerprintKey,
}

impl Keys {
    /// Reads each from its place in the configuration. `sources` is for the snippets of messages.
    pub(crate) fn read(config: &Config, sources: Sources) -> Result<Self, Failure> {
        let mut reader = SecretReader::new(config, &process_variable);
        let keys = (reader.github_token(), reader.webhook_secret(), reader.record_key(), reader.fingerprint_key());
        let mut diagnostics = reader.diagnostics;
        for target in config.targets.values() {
            if let Err(why) = Reach::read(target, &target.endpoint) {
                diagnostics.push(Diagnostic::error("Unusable target", format!("{why}.")).at(&target.said_at));
            }
        }
        let (Some(github_token), Some(webhook_secret), Some(record_key), Some(fingerprint_key)) = keys else {
            return Err(Mistakes { diagnostics, sources }.into());
        };
        if diagnostics.iter().any(Diagnostic::is_error) {
            return Err(Mistakes { diagnostics, sources }.into());
        }
        terminal::print_diagnostics(&diagnostics, &sources);
        Ok(Self { github_token, webhook_secret, record_key: Arc::new(record_key), fingerprint_key })
    }
}
