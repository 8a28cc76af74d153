//! What can go wrong when we read history? Each message says what was attempted; the cause is in the source chain.

use std::{path::PathBuf, time::Duration};

use crate::{CommitId, files::SnapshotRefusal};

pub(crate) type Cause = Box<dyn std::error::Error + Send + Sync>;

/// A question about history that got no answer.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    #[error("could not open the repository at {}", path.display())]
    Open { path: PathBuf, source: Cause },
    #[error("{} is not empty and not a mirror that ipr made; name another directory or empty it", path.display())]
    NotAMirror { path: PathBuf },
    #[error("could not prepare the mirror directory {}", path.display())]
    MirrorDirectory { path: PathBuf, source: std::io::Error },
    /// The address itself is not shown: it may hold a password.
    #[error("the repository's address cannot be used: {reason}")]
    Address { reason: &'static str },
    #[error("could not read the extra root certificates")]
    Certificate { source: Cause },
    #[error("could not fetch from {url}: the credentials were not accepted")]
    Unauthorised { url: String, source: Cause },
    #[error("could not fetch from {url}")]
    Fetch { url: String, source: Cause },
    #[error("could not fetch from {url}: branches were left behind: {rejected}")]
    Rejected { url: String, rejected: String },
    #[error("could not finish fetching from {url} within {} s", timeout.as_secs_f32())]
    TimedOut { url: String, timeout: Duration },
    #[error("`{spec}` names no branch, tag or commit here")]
    Unknown { spec: String },
    #[error("{from} is not among the first parents of {to}")]
    NotAFirstParent { from: CommitId, to: CommitId },
    #[error("more than {bound} commits lead to {to}; that is more than is walked at once")]
    TooManyCommits { to: CommitId, bound: usize },
    #[error("{one} and {other} have no common ancestor")]
    NoCommonAncestor { one: CommitId, other: CommitId },
    #[error(transparent)]
    Snapshot(#[from] SnapshotRefusal),
    #[error("this repository has no worktree")]
    NoWorktree,
    #[error("could not read {}", path.display())]
    Read { path: PathBuf, source: std::io::Error },
    #[error("could not lock {}", path.display())]
    Lock { path: PathBuf, source: std::io::Error },
    #[error("could not {attempted}")]
    Git { attempted: String, source: Cause },
    #[error("the work on history was stopped before it ended")]
    Stopped { source: Cause },
}

/// Says what we attempted when gix failed.
pub(crate) trait Attempted<T> {
    fn attempted(self, what: impl FnOnce() -> String) -> Result<T, HistoryError>;
}

impl<T, E: Into<Cause>> Attempted<T> for Result<T, E> {
    fn attempted(self, what: impl FnOnce() -> String) -> Result<T, HistoryError> {
        self.map_err(|error| HistoryError::Git { attempted: what(), source: error.into() })
    }
}
