//! What does the daemon need for each repository, and what if GitHub is away when it starts?

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use daemon_app::{AssistantSettings, Measurements, Project, SystemClock, Watching};
use daemon_github::RepositoryName;
use daemon_history::record::RecordKey;
use daemon_model::Model;
use daemon_store::Store;
use tokio_util::sync::CancellationToken;

use super::github::Forge;
use super::parts::Parts;
use crate::commands::rules_process;
use crate::config::Config;
use crate::failure::Failure;
use crate::keys::Keys;
use crate::machine;

/// The longest pause between tries to reach GitHub at the start.
const PAUSE_MAX: Duration = Duration::from_secs(60);

/// What all projects share.
pub(crate) struct Assembly {
    parts: Parts,
    record_key: Arc<RecordKey>,
    forge: Forge,
    model: Option<Arc<Model>>,
    stopping: CancellationToken,
}

impl Assembly {
    pub(crate) fn new(config: Arc<Config>, keys: &Keys, stopping: CancellationToken) -> Result<Self, Failure> {
        let forge = Forge::new(&config.github, keys.github_token.clone())?;
        let (record_key, model) = (keys.record_key.clone(), keys.model.clone());
        Ok(Self { parts: Parts::new(config, keys.fingerprint_key.clone()), record_key, forge, model, stopping })
    }

    /// What looks at targets measured, of all projects.
    pub(crate) fn measurements(&self) -> Arc<Measurements> {
        self.parts.measurements.clone()
    }

    /// All projects, as soon as GitHub answers. Webhooks are taken in meanwhile, and wait.
    pub(crate) async fn projects(&self, store: &Store) -> Result<Vec<Arc<Project>>, Failure> {
        let mut projects = Vec::new();
        for repository in self.parts.config.repositories.keys() {
            let mut pause = Duration::from_secs(1);
            let project = loop {
                match self.project(repository, store, &self.parts.config.mirror(repository)).await {
                    Ok(project) => break project,
                    Err(failure) if self.stopping.is_cancelled() => return Err(failure),
                    Err(failure) => {
                        tracing::warn!(%repository, pause_s = pause.as_secs(), failure = failure.in_one_line(), "GitHub is not ready");
                        tokio::select! {
                            () = tokio::time::sleep(pause) => {}
                            () = self.stopping.cancelled() => return Err(failure),
                        }
                        pause = (pause * 2).min(PAUSE_MAX);
                    }
                }
            };
            projects.push(Arc::new(project));
        }
        Ok(projects)
    }

    /// One project, with its mirror in `mirror`.
    pub(crate) async fn project(&self, repository: &RepositoryName, store: &Store, mirror: &Path) -> Result<Project, Failure> {
        let client = self.forge.client()?;
        let viewer = client.viewer().await.map_err(|error| Failure::of("GitHub does not answer", error))?;
        let known = client.repository(repository).await.map_err(|error| Failure::of("Cannot read repository", error))?;
        let mirror = self.forge.mirror(repository, mirror).await.map_err(|error| Failure::of("Cannot mirror repository", error))?;
        let served = self.parts.config.repositories.get(repository).cloned().unwrap_or_default();
        Ok(Project {
            repository: repository.clone(),
            default_branch: known.default_branch,
            environments: served.environments,
            assistant: served.assistant.map(|settings| AssistantSettings { model: self.model_for(repository), ..settings }),
            github: client,
            viewer,
            mirror,
            store: store.clone(),
            planning: self.parts.planning(repository),
            record_key: self.record_key.clone(),
            holder: holder(&self.parts.config.state),
            web_url: self.parts.config.github.web.clone(),
            clock: Arc::new(SystemClock),
            rules: rules_process::process(),
            watching: Watching::default(),
            stopping: self.stopping.clone(),
        })
    }

    /// The model, where it may see the requests of this repository.
    fn model_for(&self, repository: &RepositoryName) -> Option<Arc<Model>> {
        let may_see = self.parts.config.model.as_ref().is_some_and(|model| model.repositories.contains(repository));
        self.model.clone().filter(|_| may_see)
    }
}

/// This daemon, by a name that survives a restart and differs between daemons: the machine and the state folder.
fn holder(state: &Path) -> String {
    let folder = core_model::Hash::of_bytes(state.as_os_str().as_encoded_bytes());
    format!("{}/{}", machine::name(), &folder.short()[..6])
}
