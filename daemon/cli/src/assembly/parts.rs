//! What does planning need of the configuration? Engines, secrets and types; nothing of GitHub.

use std::sync::Arc;

use core_model::FingerprintKey;
use core_model::resource_type::Registry;
use daemon_app::{Measurements, Planning, SystemClock};
use daemon_github::RepositoryName;

use super::secrets::ConfiguredSecrets;
use super::targets::ConfiguredTargets;
use crate::config::Config;
use crate::engines;

/// What all repositories share when they are planned.
pub(crate) struct Parts {
    pub(super) config: Arc<Config>,
    fingerprint_key: FingerprintKey,
    registry: Arc<Registry>,
    targets: Arc<ConfiguredTargets>,
    pub(super) measurements: Arc<Measurements>,
}

impl Parts {
    pub(crate) fn new(config: Arc<Config>, fingerprint_key: FingerprintKey) -> Self {
        let targets = Arc::new(ConfiguredTargets::new(config.clone()));
        let measurements = Arc::new(Measurements::new(Arc::new(SystemClock)));
        Self { config, fingerprint_key, registry: Arc::new(engines::registry()), targets, measurements }
    }

    /// How one repository is planned.
    pub(crate) fn planning(&self, repository: &RepositoryName) -> Planning {
        Planning {
            repository: repository.to_string(),
            registry: self.registry.clone(),
            targets: self.targets.clone(),
            secrets: Arc::new(ConfiguredSecrets::new(self.config.clone())),
            fingerprint_key: self.fingerprint_key.clone(),
            measurements: self.measurements.clone(),
        }
    }
}
