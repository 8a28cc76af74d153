//! May this repository and environment use that target? Asked before any packet is sent.

use core_model::{Name, TargetName};
use daemon_github::RepositoryName;

use super::{Config, TargetConfig};

/// Why a target cannot be used. A sentence for people.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TargetRefusal {
    #[error("the daemon's configuration has no target `{target}`; add it under `targets`")]
    Unknown { target: String },
    #[error("the daemon's configuration does not let {repository} use the target `{target}`; add it to `targets.{target}.repositories`")]
    Repository { target: String, repository: RepositoryName },
    #[error(
        "the daemon's configuration does not let the environment `{environment}` use the target `{target}`; add it to `targets.{target}.environments`"
    )]
    Environment { target: String, environment: Name },
}

impl Config {
    /// The target of this name, if the repository and its environment may use it.
    pub(crate) fn target_for(&self, repository: &RepositoryName, environment: &Name, target: &TargetName) -> Result<&TargetConfig, TargetRefusal> {
        let name = target.group().to_owned();
        let Some(found) = self.targets.values().find(|known| known.name.as_str() == name) else {
            return Err(TargetRefusal::Unknown { target: name });
        };
        if !found.repositories.contains(repository) {
            return Err(TargetRefusal::Repository { target: name, repository: repository.clone() });
        }
        let is_served = self.repositories.get(repository).is_some_and(|served| served.environments.contains(environment));
        if !is_served || !found.environments.contains(environment) {
            return Err(TargetRefusal::Environment { target: name, environment: environment.clone() });
        }
        Ok(found)
    }
}
