//! Which engine serves a target, for whom? Made once, and only where the configuration allows it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use core_model::{Name, TargetName};
use daemon_app::Targets;
use daemon_github::RepositoryName;
use engine_api::{Engine, EngineError, ErrorKind};

use crate::config::Config;
use crate::engines::{self, Reach};

/// The engines of the configuration's targets.
pub(crate) struct ConfiguredTargets {
    config: Arc<Config>,
    made: Mutex<BTreeMap<Name, Arc<dyn Engine>>>,
}

impl ConfiguredTargets {
    pub(crate) fn new(config: Arc<Config>) -> Self {
        Self { config, made: Mutex::default() }
    }
}

impl Targets for ConfiguredTargets {
    fn engine(&self, repository: &str, environment: &Name, target: &TargetName) -> Result<Arc<dyn Engine>, EngineError> {
        let refused = |why: String| EngineError::new(ErrorKind::Rejected, format!("use the target `{target}`"), why);
        let repository: RepositoryName = repository.parse().map_err(|_| refused(format!("`{repository}` is no repository")))?;
        let found = self.config.target_for(&repository, environment, target).map_err(|refusal| refused(refusal.to_string()))?;
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(engine) = made.get(&found.name) {
            return Ok(engine.clone());
        }
        let reach = Reach::read(found).map_err(|why| EngineError::new(ErrorKind::Unauthorised, format!("use the target `{target}`"), why))?;
        let engine = engines::connect(reach)?;
        made.insert(found.name.clone(), engine.clone());
        Ok(engine)
    }
}
