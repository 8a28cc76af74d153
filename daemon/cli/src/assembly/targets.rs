//! Which engine serves a target, for whom? Made once, and only where the configuration allows it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use core_model::{Name, TargetName};
use daemon_app::Targets;
use daemon_github::RepositoryName;
use engine_api::{Engine, EngineError, ErrorKind};

use crate::config::Config;
use crate::engines::{self, Reach};

/// Addresses of members come with pull requests: without a bound, so would engines.
const ENGINES_MAX: usize = 4_096;

/// The engines of the configuration's targets.
pub(crate) struct ConfiguredTargets {
    config: Arc<Config>,
    /// By the configuration's name and, for targets that are groups, by the place of the member.
    made: Mutex<BTreeMap<(Name, String), Arc<dyn Engine>>>,
}

impl ConfiguredTargets {
    pub(crate) fn new(config: Arc<Config>) -> Self {
        Self { config, made: Mutex::default() }
    }
}

impl Targets for ConfiguredTargets {
    fn engine(&self, repository: &str, environment: &Name, target: &TargetName, declared: Option<&str>) -> Result<Arc<dyn Engine>, EngineError> {
        let refused = |why: String| EngineError::new(ErrorKind::Rejected, format!("use the target `{target}`"), why);
        let repository: RepositoryName = repository.parse().map_err(|_| refused(format!("`{repository}` is no repository")))?;
        let found = self.config.target_for(&repository, environment, target).map_err(|refusal| refused(refusal.to_string()))?;
        let endpoint = engines::place(found, target, declared).map_err(refused)?;
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (found.name.clone(), endpoint);
        if let Some(engine) = made.get(&key) {
            return Ok(engine.clone());
        }
        if made.len() >= ENGINES_MAX {
            // Whoever works with one of them keeps it; the next question makes it anew.
            made.clear();
        }
        let reach = Reach::read(found, &key.1).map_err(|why| EngineError::new(ErrorKind::Unauthorised, format!("use the target `{target}`"), why))?;
        let engine = engines::connect(reach)?;
        made.insert(key, engine.clone());
        Ok(engine)
    }
}
