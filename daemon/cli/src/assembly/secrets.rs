//! Where are the secrets that blueprints name? In variables with a prefix of ours, or in files of one folder.

use std::sync::Arc;

use core_config::SecretSource;
use core_model::Secret;
use daemon_app::SecretStore;

use crate::config::{Config, read_secret_file};

/// Reads secrets where the configuration lets them be: no pull request can name the daemon's own.
pub(crate) struct ConfiguredSecrets {
    config: Arc<Config>,
}

impl ConfiguredSecrets {
    pub(crate) fn new(config: Arc<Config>) -> Self {
        Self { config }
    }
}

impl SecretStore for ConfiguredSecrets {
    fn read(&self, name: &str, source: &SecretSource) -> Result<Secret, String> {
        match source {
            SecretSource::Environment { variable } => {
                let full = format!("{}{variable}", self.config.secrets.environment_prefix);
                match std::env::var(&full) {
                    Ok(value) if !value.is_empty() => Ok(Secret::new(value)),
                    _ => Err(format!("the secret `{name}` has no value; set the variable `{full}` for the daemon")),
                }
            }
            SecretSource::File { name: file } => {
                let Some(folder) = &self.config.secrets.directory else {
                    return Err(format!("the secret `{name}` is in a file, and the daemon's configuration has no `secrets.directory`"));
                };
                read_secret_file(&folder.join(file))
                    .map_err(|why| format!("the secret `{name}` cannot be read from `{file}` in the daemon's folder of secrets: {why}"))
            }
            SecretSource::Vault { .. } | SecretSource::Sops { .. } => Err(format!("the secret `{name}` is in a store that is not supported yet")),
        }
    }
}
