//! What does this checkout want, and what was applied from it? The ground that `plan` and `apply` stand on.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use clap::Args;
use core_config::{Environment, Loaded};
use core_model::plan::Plan;
use core_model::record::Record;
use core_model::state::AppliedState;
use core_model::{Diagnostic, Name};
use core_policy::{Facts, Verdict};
use daemon_app::{Clock as _, Commits, Judges, Planning, SystemClock};
use daemon_github::RepositoryName;
use daemon_history::{CommitId, Files, Repository, WorktreeSnapshot};

use crate::{
    assembly::Parts,
    commands::rules_process,
    config::{self, Config, Mistakes, SecretReader},
    failure::Failure,
    record_keys, records, terminal,
};

/// Where the checkout is, and which configuration goes with it.
#[derive(Debug, Args)]
pub(crate) struct Place {
    /// A folder of the managed repository.
    #[arg(long, default_value = ".")]
    path: PathBuf,
    /// The daemon's configuration: it says how the targets are reached [default: $XDG_CONFIG_HOME/ipr/ipr.yaml if it
    /// exists, then /etc/ipr/ipr.yaml].
    #[arg(long, env = "IPR_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    /// The repository's name in the configuration, `owner/name`. Needed only if several are served.
    #[arg(long)]
    repository: Option<RepositoryName>,
}

/// A checkout with its files, and what is needed to plan them.
pub(crate) struct Checkout {
    pub(crate) repository: Repository,
    pub(crate) worktree: WorktreeSnapshot,
    pub(crate) planning: Planning,
    pub(crate) config: Arc<Config>,
}

impl Place {
    /// Reads the configuration; nothing of it is secret.
    pub(crate) fn config(&self) -> Result<(Config, core_model::Sources), Failure> {
        Ok(config::load(&config::path(self.config.clone()))?)
    }

    /// Whether there is a configuration to plan with.
    pub(crate) fn is_configured(&self) -> bool {
        config::path(self.config.clone()).is_file()
    }

    /// The repository that is meant.
    pub(crate) fn repository_in(&self, config: &Config) -> Result<RepositoryName, Failure> {
        if let Some(name) = &self.repository {
            return Ok(name.clone());
        }
        let mut served = config.repositories.keys();
        match (served.next(), served.next()) {
            (Some(only), None) => Ok(only.clone()),
            _ => {
                let names: Vec<String> = config.repositories.keys().map(ToString::to_string).collect();
                let detail = "The configuration serves several repositories, and nothing says which one this checkout is.";
                Err(Failure::new(Diagnostic::error("Which repository?", detail))
                    .hint(format!("use `--repository` with one of: {}", names.join(", "))))
            }
        }
    }

    /// A folder of the managed repository.
    pub(crate) fn folder(&self) -> &Path {
        &self.path
    }

    pub(crate) fn open(&self) -> Result<Checkout, Failure> {
        let repository = Repository::open_local(&self.path).map_err(|error| Failure::of("No repository", error).command("git init"))?;
        let worktree = repository.worktree_snapshot().map_err(|error| Failure::of("Unreadable files", error))?;
        let (config, sources) = self.config()?;
        let name = self.repository_in(&config)?;
        let mut reader = SecretReader::new(&config, &config::process_variable);
        let key = reader.fingerprint_key();
        let diagnostics = reader.diagnostics;
        let Some(key) = key else { return Err(Mistakes { diagnostics, sources }.into()) };
        terminal::print_diagnostics(&diagnostics, &sources);
        let config = Arc::new(config);
        let planning = Parts::new(config.clone(), key).planning(&name);
        Ok(Checkout { repository, worktree, planning, config })
    }
}

impl Checkout {
    /// Reads files that must be right: mistakes end the command, warnings are printed.
    pub(crate) fn load(&self, files: &Files) -> Result<Arc<Loaded>, Failure> {
        let mut loaded = self.planning.load(files);
        loaded.diagnostics.extend(daemon_app::mistakes(&loaded));
        if loaded.diagnostics.iter().any(Diagnostic::is_error) {
            return Err(Mistakes { diagnostics: loaded.diagnostics, sources: loaded.sources }.into());
        }
        terminal::print_diagnostics(&loaded.diagnostics, &loaded.sources);
        Ok(Arc::new(loaded))
    }

    /// Reads the files of a commit as they are, right or not.
    pub(crate) fn load_commit(&self, commit: CommitId) -> Result<Arc<Loaded>, Failure> {
        let snapshot = self.repository.snapshot(commit).map_err(|error| Failure::of("Unreadable commit", error))?;
        Ok(Arc::new(self.planning.load(&snapshot.files)))
    }

    /// The newest record of an environment, believed when a key of `judge` signed it.
    pub(crate) fn tip(&self, environment: &Environment, judge: &Loaded) -> Result<Option<(CommitId, Record)>, Failure> {
        let Some(commit) = records::tip(&self.repository, &environment.id)? else { return Ok(None) };
        let keys = record_keys::listed(&judge.repository, "ipr.yaml")?;
        Ok(Some((commit, records::read(&self.repository, commit, &environment.id, &keys)?.record)))
    }
}

/// The environments that a command is about: one by name, or all that match.
pub(crate) fn chosen<'a>(loaded: &'a Loaded, name: Option<&Name>, matches: impl Fn(&Environment) -> bool) -> Result<Vec<&'a Environment>, Failure> {
    let known = &loaded.repository.environments;
    let Some(name) = name else { return Ok(known.values().filter(|environment| matches(environment)).collect()) };
    known.get(name).map(|environment| vec![environment]).ok_or_else(|| {
        let names: Vec<&str> = known.keys().map(Name::as_str).collect();
        let detail = format!("ipr.yaml has no environment `{name}`.");
        Failure::new(Diagnostic::error("Unknown environment", detail)).hint(format!("it lists: {}", names.join(", ")))
    })
}

/// What the rules say of a plan of a checkout. There is no pull request, so that rules that ask for one see `null`.
pub(crate) fn judged(commits: &Commits, environment: &Environment, plan: &Plan) -> Verdict {
    let now = SystemClock.now().to_string();
    let facts = Facts { environment: &environment.name, environment_id: &environment.id, pull_request: None, now: &now };
    Judges::of(commits).judge(&rules_process::process(), commits, &environment.name, plan, &facts)
}

/// What a record says was applied; nothing without one.
pub(crate) fn applied(record: Option<&Record>) -> AppliedState {
    record.map_or_else(AppliedState::default, |record| AppliedState { resources: record.state.clone(), targets: record.run.targets.clone() })
}
