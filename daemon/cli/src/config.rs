//! What may this daemon do? Its configuration, which no pull request can change.
//!
//! Read once, when a command starts. Every mistake that can be found is reported with its place in the file; nothing is
//! guessed. The file holds no secret: see [`secrets`].

mod access;
mod assistant;
mod check;
mod document;
mod fields;
mod github;
mod model;
mod place;
mod reach;
mod reading;
mod secrets;
mod served;
mod target;

use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use core_model::{Name, Span};
use daemon_github::RepositoryName;
use daemon_model::AsksADay;
use url::Url;

pub(crate) use place::SecretPlace;
pub(crate) use reading::{Mistakes, load};
pub(crate) use secrets::{SecretReader, process_variable, read_file as read_secret_file};

/// The configuration, checked.
#[derive(Debug, Clone)]
pub(crate) struct Config {
    pub(crate) listen: SocketAddr,
    /// The folder for the database and the mirrors.
    pub(crate) state: PathBuf,
    pub(crate) record_key: SecretPlace,
    pub(crate) fingerprint_key: FingerprintKeyConfig,
    pub(crate) github: GitHubConfig,
    pub(crate) repositories: BTreeMap<RepositoryName, ServedRepository>,
    pub(crate) targets: BTreeMap<Name, TargetConfig>,
    pub(crate) secrets: SecretsConfig,
    pub(crate) model: Option<ModelConfig>,
    pub(crate) sweep_every: Duration,
    pub(crate) log: LogConfig,
}

/// What the daemon does in one repository.
#[derive(Debug, Clone, Default)]
pub(crate) struct ServedRepository {
    pub(crate) environments: BTreeSet<Name>,
    /// `None` where no request is read.
    pub(crate) assistant: Option<daemon_app::AssistantSettings>,
}

#[derive(Debug, Clone)]
pub(crate) struct FingerprintKeyConfig {
    /// Shown beside every fingerprint.
    pub(crate) id: String,
    pub(crate) place: SecretPlace,
}

#[derive(Debug, Clone)]
pub(crate) struct GitHubConfig {
    pub(crate) api: String,
    pub(crate) web: String,
    pub(crate) token: SecretPlace,
    pub(crate) webhook_secret: SecretPlace,
    /// A file of certificates that are trusted beside those of the system.
    pub(crate) ca: Option<PathBuf>,
}

/// A target, and who may use it.
#[derive(Debug, Clone)]
pub(crate) struct TargetConfig {
    pub(crate) name: Name,
    /// Where the configuration says so.
    pub(crate) said_at: Span,
    pub(crate) provider: String,
    pub(crate) endpoint: String,
    /// Where else the same target answers.
    #[cfg_attr(
        not(any(feature = "ipmi", feature = "mikrotik", feature = "proxmox")),
        expect(dead_code, reason = "only engines of networked targets ask for it")
    )]
    pub(crate) other_endpoints: Vec<String>,
    pub(crate) credential: Option<CredentialConfig>,
    pub(crate) trust: TargetTrust,
    /// What only this kind of target has, checked by its engine.
    #[cfg_attr(
        not(any(feature = "ipmi", feature = "mikrotik", feature = "proxmox")),
        expect(dead_code, reason = "only engines of networked targets ask for it")
    )]
    pub(crate) settings: BTreeMap<String, String>,
    #[cfg_attr(
        not(any(feature = "docker", feature = "ipmi", feature = "mikrotik", feature = "proxmox")),
        expect(dead_code, reason = "the fake engine has no use for it")
    )]
    pub(crate) owner_id: String,
    pub(crate) repositories: BTreeSet<RepositoryName>,
    pub(crate) environments: BTreeSet<Name>,
    /// Where the engine may look for images; `None` leaves it to the engine's own list.
    #[cfg_attr(not(feature = "docker"), expect(dead_code, reason = "only the engine for Docker asks for it"))]
    pub(crate) registries: Option<Vec<String>>,
}

/// Whom the daemon is on a target.
#[derive(Debug, Clone)]
pub(crate) struct CredentialConfig {
    /// A user, or the name of a token.
    pub(crate) user: String,
    pub(crate) password: SecretPlace,
}

/// Why a target's certificate is believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TargetTrust {
    /// The machine's own authorities have signed it.
    System,
    /// The authority in this file has signed it.
    Authority(PathBuf),
    /// It is the pinned one.
    Fingerprint(engine_tls::Fingerprint),
}

/// The language model that is asked where the assistant's rules give up.
#[derive(Debug, Clone)]
pub(crate) struct ModelConfig {
    pub(crate) backend: ModelBackend,
    /// What it is called there, and in the audit.
    pub(crate) name: String,
    pub(crate) timeout: Duration,
    pub(crate) asks_a_day: AsksADay,
    /// Whose requests it may see.
    pub(crate) repositories: BTreeSet<RepositoryName>,
    pub(crate) said_at: Span,
}

/// Where a language model is.
#[derive(Debug, Clone)]
pub(crate) enum ModelBackend {
    /// Behind the root of an API like OpenAI's.
    Endpoint { root: Url, key: Option<SecretPlace> },
    /// On this machine, loaded by `ipr-model`: the one beside this program, where no other is named.
    File { path: PathBuf, worker: Option<PathBuf> },
}

/// Where `${secret.name}` is looked up.
#[derive(Debug, Clone)]
pub(crate) struct SecretsConfig {
    /// What the names of all variables begin with. It keeps a repository from naming the daemon's own.
    pub(crate) environment_prefix: String,
    pub(crate) directory: Option<PathBuf>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LogConfig {
    pub(crate) format: LogFormat,
    /// Where a file is written for each day, beside standard error.
    pub(crate) directory: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum LogFormat {
    #[default]
    Text,
    Json,
}

const FILE_NAME: &str = "ipr.yaml";
const SYSTEM_PATH: &str = "/etc/ipr/ipr.yaml";

/// Where the configuration is: where a command was told, in the user's own folder, or in the system's.
pub(crate) fn path(told: Option<PathBuf>) -> PathBuf {
    let personal = || personal_folder().map(|folder| folder.join(FILE_NAME)).filter(|path| path.is_file());
    told.or_else(personal).unwrap_or_else(|| PathBuf::from(SYSTEM_PATH))
}

/// The folder for the user's own configuration.
pub(crate) fn personal_folder() -> Option<PathBuf> {
    personal("XDG_CONFIG_HOME", ".config")
}

/// The folder for what a command on a laptop keeps: a journal, mirrors.
pub(crate) fn personal_state() -> Option<PathBuf> {
    personal("XDG_STATE_HOME", ".local/state")
}

fn personal(variable: &str, below_home: &str) -> Option<PathBuf> {
    let folder = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let base = folder(variable).or_else(|| folder("HOME").map(|home| home.join(below_home)))?;
    Some(base.join("ipr"))
}

impl Config {
    /// The database's file.
    pub(crate) fn database(&self) -> PathBuf {
        self.state.join("ipr.db")
    }

    /// The folder of a repository's mirror.
    pub(crate) fn mirror(&self, repository: &RepositoryName) -> PathBuf {
        self.state.join("mirrors").join(mirror_name(repository))
    }
}

/// What the folder of a repository's mirror is called, wherever it is.
pub(crate) fn mirror_name(repository: &RepositoryName) -> String {
    format!("{}+{}.git", repository.owner(), repository.name()).to_ascii_lowercase()
}

/// Paths in the file are meant from the folder that the file is in.
fn beside(file: &Path, path: &str) -> PathBuf {
    file.parent().unwrap_or(Path::new("")).join(path)
}

#[cfg(test)]
mod tests;
