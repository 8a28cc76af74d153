//! What stopped a flow? Something outside that may pass, or something that a person must mend.

use core_model::Name;
use daemon_github::{GitHubError, GitHubErrorKind};
use daemon_history::HistoryError;
use daemon_history::record::RecordError;
use daemon_store::StoreError;

/// GitHub notices within seconds that a push merged a pull request.
const NOTICE_PAUSE_S: i64 = 2;

#[derive(Debug, thiserror::Error)]
pub enum FlowError {
    #[error(transparent)]
    GitHub(#[from] GitHubError),
    #[error(transparent)]
    History(#[from] HistoryError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Record(#[from] RecordError),
    #[error("a stored document cannot be read; it will be made again")]
    Document(#[from] serde_json::Error),
    /// Another daemon, or a person, moved the records meanwhile.
    #[error("somebody else appended a record to `{environment}`")]
    LockLost { environment: Name },
    /// The environment's records cannot be believed.
    #[error("the environment `{environment}` is stopped: {why}")]
    Stopped { environment: Name, why: String },
    /// Somebody else moved a branch of the assistant meanwhile.
    #[error("somebody else moved the branch `{branch}`")]
    BranchMoved { branch: String },
    /// A commit came with a pull request that GitHub does not call merged yet.
    #[error("GitHub does not call #{number} merged yet, though `{commit}` holds it")]
    NotYetMerged { number: u64, commit: String },
    /// The daemon shuts down; what is left is taken up after the start.
    #[error("the daemon is stopping")]
    Stopping,
    /// GitHub gave an id that is no commit.
    #[error("`{0}` is not a commit id")]
    NotACommit(String),
}

impl FlowError {
    /// Whether it failed because GitHub is away or busy, or because another run holds the environment: that says nothing of the
    /// job, and passes.
    pub(crate) fn is_absence(&self) -> bool {
        match self {
            Self::GitHub(error) => error.kind.is_transient(),
            Self::LockLost { .. } | Self::NotYetMerged { .. } => true,
            _ => false,
        }
    }

    /// How long to wait after so many attempts.
    pub(crate) fn pause_s(&self, attempt: i64) -> i64 {
        match self {
            Self::GitHub(error) => error.kind.pause_s(attempt),
            Self::NotYetMerged { .. } => NOTICE_PAUSE_S,
            _ => GitHubErrorKind::Unreachable.pause_s(attempt),
        }
    }

    /// Whether the same job may succeed later without anybody changing anything.
    pub fn is_transient(&self) -> bool {
        match self {
            // Half an answer is a connection that broke on the way; another try may get the whole one.
            Self::GitHub(error) => error.kind.is_transient() || error.kind == GitHubErrorKind::Protocol,
            // What a commit holds, and how commits hang together, stays as it is.
            Self::History(
                HistoryError::Snapshot(_)
                | HistoryError::NotAFirstParent { .. }
                | HistoryError::TooManyCommits { .. }
                | HistoryError::NoCommonAncestor { .. },
            ) => false,
            Self::History(_) | Self::Store(_) | Self::LockLost { .. } | Self::BranchMoved { .. } | Self::NotYetMerged { .. } | Self::Stopping => true,
            Self::Record(_) | Self::Document(_) | Self::Stopped { .. } | Self::NotACommit(_) => false,
        }
    }
}
