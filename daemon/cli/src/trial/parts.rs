//! What does planning need for a trial? One engine, whatever is asked for, and no secret.

use std::sync::Arc;
use std::time::SystemTime;

use core_config::SecretSource;
use core_model::{Diagnostic, FingerprintKey, Name, Secret, TargetName};
use daemon_app::{Measurements, Planning, SecretStore, SystemClock, Targets};
use engine_api::{Engine, EngineError, TRIAL};

use crate::engines;
use crate::failure::Failure;

const KEY_BYTES: usize = 32;

pub(super) fn planning(engine: Arc<dyn Engine>) -> Result<Planning, Failure> {
    // No trial has secrets, so that nothing is ever compared by it again.
    let mut key = [0; KEY_BYTES];
    getrandom::fill(&mut key).map_err(|error| Failure::new(Diagnostic::error("No randomness", format!("The system gives none: {error}."))))?;
    Ok(Planning {
        repository: format!("{TRIAL}/{TRIAL}"),
        registry: Arc::new(engines::registry()),
        targets: Arc::new(OneEngine(engine)),
        secrets: Arc::new(NoSecrets),
        fingerprint_key: FingerprintKey::new(TRIAL, Secret::new(hex::encode(key))),
        measurements: Arc::new(Measurements::new(Arc::new(SystemClock))),
    })
}

/// Another one for each trial: an attempt of an earlier one must not be taken for one of this.
pub(super) fn id() -> String {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    format!("{TRIAL}-{}-{}", since.as_nanos(), std::process::id())
}

/// The engine of the target that is tried out. The configuration was asked for it already.
struct OneEngine(Arc<dyn Engine>);

impl Targets for OneEngine {
    fn engine(&self, _repository: &str, _environment: &Name, _target: &TargetName, _declared: Option<&str>) -> Result<Arc<dyn Engine>, EngineError> {
        Ok(self.0.clone())
    }
}

struct NoSecrets;

impl SecretStore for NoSecrets {
    fn read(&self, name: &str, _source: &SecretSource) -> Result<Secret, String> {
        Err(format!("a trial has no secrets, and `{name}` is one"))
    }
}
