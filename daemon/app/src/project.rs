//! What does the daemon know of one repository that it serves?

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use core_config::TargetDeclaration;
use core_model::{Name, Secret, TargetName};
use daemon_executor::StoreJournal;
use daemon_github::{GitHub, Login, RepositoryName, Timestamp};
use daemon_history::Mirror;
use daemon_history::record::RecordKey;
use daemon_rules::RulesProcess;
use daemon_store::Store;
use engine_api::{Engine, EngineError};
use tokio_util::sync::CancellationToken;

use crate::assistant::AssistantSettings;
use crate::planning::Planning;
use crate::watching::Watching;

/// Finds engines for targets. What a target may be used for is the daemon's configuration, not the repository's word.
pub trait Targets: Send + Sync {
    /// The engine of a target, or why this repository and environment cannot have it. `declared` is the address that the
    /// repository gives for the target or the member; it counts only where the configuration lets the target's credential meet it.
    fn engine(&self, repository: &str, environment: &Name, target: &TargetName, declared: Option<&str>) -> Result<Arc<dyn Engine>, EngineError>;
}

/// The addresses of a repository's targets, as one commit declares them.
pub type Declared = BTreeMap<Name, TargetDeclaration>;

/// The address that is declared for a target.
pub(crate) fn declared_address<'d>(declared: &'d Declared, target: &TargetName) -> Option<&'d str> {
    declared.iter().find(|(name, _)| name.as_str() == target.group()).and_then(|(_, declaration)| declaration.address_of(target))
}

/// Reads secrets from where the daemon's configuration lets them be.
pub trait SecretStore: Send + Sync {
    /// The error is a sentence with what to do, never with a value.
    fn read(&self, name: &str, source: &core_config::SecretSource) -> Result<Secret, String>;
}

/// Passed in, so that tests own the time.
pub trait Clock: Send + Sync {
    fn now(&self) -> Timestamp;
}

/// The machine's own clock.
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let seconds = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |since| since.as_secs());
        Timestamp::from_unix_seconds(i64::try_from(seconds).unwrap_or(i64::MAX)).unwrap_or_else(|_| unix_epoch())
    }
}

/// What a clock says that is wrong beyond the years that can be written.
fn unix_epoch() -> Timestamp {
    Timestamp::from_unix_seconds(0).expect("the year 1970 can be written")
}

/// One repository: where it is, what is known of it, and everything its flows need.
pub struct Project {
    pub repository: RepositoryName,
    pub default_branch: String,
    /// The environments that this daemon may act on.
    pub environments: BTreeSet<Name>,
    pub github: GitHub,
    /// Who we are on GitHub.
    pub viewer: Login,
    pub mirror: Mirror,
    pub store: Store,
    pub planning: Planning,
    pub record_key: Arc<RecordKey>,
    /// Who holds the lock of a run: this daemon, by a name that survives a restart.
    pub holder: String,
    /// `https://github.com`, for links.
    pub web_url: String,
    /// `None` where the daemon's configuration does not ask for the assistant.
    pub assistant: Option<AssistantSettings>,
    pub clock: Arc<dyn Clock>,
    /// Where rules are asked.
    pub rules: RulesProcess,
    /// What the targets say of themselves.
    pub watching: Watching,
    /// Cancelled when the daemon shuts down: no step begins after it.
    pub stopping: CancellationToken,
}

impl Project {
    pub fn journal(&self) -> Arc<StoreJournal> {
        Arc::new(StoreJournal::new(self.store.clone()))
    }

    /// A link to a commit, for people.
    pub fn commit_url(&self, commit: &str) -> String {
        format!("{}/{}/commit/{commit}", self.web_url.trim_end_matches('/'), self.repository)
    }

    /// A key of this repository in the store's tables.
    pub(crate) fn key(&self, what: &str) -> String {
        format!("{} {what}", self.repository)
    }
}
