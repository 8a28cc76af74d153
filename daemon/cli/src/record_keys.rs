//! Whose signatures count? The keys that ipr.yaml of the default branch lists.

use core_model::{Diagnostic, EnvironmentId, Name};
use daemon_history::{CommitId, Repository, record::RecordPublicKey};

use crate::{engines, failure::Failure};

/// Where the default branch is, in the order of trust: what the remote has, then what is checked out.
const DEFAULT_BRANCH: [&str; 2] = ["refs/remotes/origin/HEAD", "HEAD"];

/// What the default branch says about records.
pub(crate) struct Believed {
    pub(crate) keys: Vec<RecordPublicKey>,
    pub(crate) environments: Vec<(Name, EnvironmentId)>,
    /// The commit that says so.
    pub(crate) said_by: CommitId,
}

pub(crate) fn read(repository: &Repository) -> Result<Believed, Failure> {
    let tip = DEFAULT_BRANCH
        .iter()
        .find_map(|name| repository.resolve(name).ok())
        .ok_or_else(|| Failure::new(Diagnostic::error("No commits", "This repository has no commit yet, so nothing was ever applied from it.")))?;
    let snapshot = repository.snapshot(tip).map_err(|error| Failure::of("Unreadable commit", error))?;
    let settings = core_config::load(&snapshot.files, &engines::registry()).repository;
    let mut keys = Vec::new();
    for line in &settings.record_keys {
        let key = RecordPublicKey::from_openssh(line)
            .map_err(|error| Failure::of("Unusable record key", error).hint(format!("`records.keys` in ipr.yaml of {tip} lists `{line}`")))?;
        keys.push(key);
    }
    if keys.is_empty() {
        let detail = format!("ipr.yaml of {tip} lists no key under `records: {{keys: [..]}}`, so no record can be believed.");
        let hint = "put the public half of the daemon's record key there: `ssh-keygen -y -f record-key` prints it";
        return Err(Failure::new(Diagnostic::error("No record keys", detail)).hint(hint));
    }
    let environments = settings.environments.values().map(|environment| (environment.name.clone(), environment.id.clone())).collect();
    Ok(Believed { keys, environments, said_by: tip })
}
