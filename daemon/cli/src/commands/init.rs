//! `ipr init`: what does a repository need to be managed, and what does its daemon need?

mod texts;
mod write;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Args;
use core_model::{Diagnostic, Name, Secret};
use daemon_github::RepositoryName;
use daemon_history::record::RecordKey;

use crate::{config::read_secret_file, failure::Failure};
use texts::Texts;
use write::Written;

const OWNER_ID_BYTES: usize = 4;
const KEY_BYTES: usize = 32;

/// Write a first ipr.yaml and blueprint, and a configuration for the daemon.
///
/// The repository gets ipr.yaml with a random owner id, one environment, a small blueprint, and folders for templates and
/// policies. The daemon's configuration and its keys are written outside of it, for your eyes only. Keys that are there
/// already are used; nothing is ever overwritten.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The repository's folder. It is made if it is missing.
    #[arg(default_value = ".")]
    path: PathBuf,
    /// The name of the first environment.
    #[arg(long, short, default_value = "prod")]
    environment: Name,
    /// The name of the repository on GitHub, `owner/name`.
    #[arg(long, default_value = "acme/infra")]
    repository: RepositoryName,
    /// The folder for the daemon's configuration and keys [default: $XDG_CONFIG_HOME/ipr].
    #[arg(long, value_name = "FOLDER")]
    config_dir: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let config_dir = config_dir(arguments)?;
    refuse_inside(&config_dir, &arguments.path)?;
    if arguments.path.join("ipr.yaml").exists() {
        let detail = format!("`{}` has an ipr.yaml already, and nothing is overwritten.", arguments.path.display());
        return Err(Failure::new(Diagnostic::error("Repository is set up", detail)).hint("check what is there").command("ipr validate"));
    }
    let mut written = Written::default();
    let record_key = record_key(&config_dir, &mut written)?;
    for name in ["fingerprint-key", "webhook-secret"] {
        written.secret(&config_dir.join(name), || random(KEY_BYTES).map(Secret::new))?;
    }
    let public_key = record_key.public_openssh().map_err(|error| Failure::of("Unusable record key", error))?;
    let owner_id = random(OWNER_ID_BYTES)?;
    let texts = Texts { owner_id: &owner_id, environment: &arguments.environment, repository: &arguments.repository, public_key: &public_key };
    for (path, text) in texts.repository_files() {
        written.file(&arguments.path.join(path), &text)?;
    }
    let config = config_dir.join("ipr.yaml");
    let is_new = written.private_file(&config, &texts.daemon_config())?;
    anstream::print!("{}", written.summary());
    anstream::print!("{}", texts.next_steps(&arguments.path, &config, is_new));
    Ok(ExitCode::SUCCESS)
}

fn config_dir(arguments: &Arguments) -> Result<PathBuf, Failure> {
    let given = arguments.config_dir.clone().or_else(crate::config::personal_folder);
    let found = given.ok_or_else(|| {
        let detail = "Neither XDG_CONFIG_HOME nor HOME says where the daemon's configuration belongs.";
        Failure::new(Diagnostic::error("No configuration folder", detail)).hint("name one with `--config-dir`")
    })?;
    std::path::absolute(&found).map_err(|error| Failure::of("No configuration folder", error))
}

/// Keys in a repository would be committed sooner or later.
fn refuse_inside(config_dir: &Path, repository: &Path) -> Result<(), Failure> {
    let repository = std::path::absolute(repository).map_err(|error| Failure::of("No such folder", error))?;
    if config_dir.starts_with(&repository) {
        let detail = format!("`{}` lies inside the repository, where the keys would be committed.", config_dir.display());
        return Err(Failure::new(Diagnostic::error("Keys inside repository", detail)).hint("name a folder outside of it with `--config-dir`"));
    }
    Ok(())
}

/// The key of this daemon, or a new one.
fn record_key(config_dir: &Path, written: &mut Written) -> Result<RecordKey, Failure> {
    let path = config_dir.join("record-key");
    written.secret(&path, || {
        let key = RecordKey::generate().map_err(|error| Failure::of("No key made", error))?;
        key.to_openssh().map_err(|error| Failure::of("No key made", error))
    })?;
    let text = read_secret_file(&path).map_err(|why| Failure::new(Diagnostic::error("Unreadable key", format!("`{}`: {why}.", path.display()))))?;
    RecordKey::from_openssh(&text).map_err(|error| Failure::of("Unusable record key", error).hint(format!("it is {}", path.display())))
}

fn random(bytes: usize) -> Result<String, Failure> {
    let mut buffer = vec![0; bytes];
    getrandom::fill(&mut buffer).map_err(|error| Failure::new(Diagnostic::error("No randomness", format!("The system gives none: {error}."))))?;
    Ok(hex::encode(buffer))
}
