//! What is known about a task?

/// A worker that the API started.
#[derive(Clone, Debug)]
pub struct Task {
    pub upid: String,
    pub node: String,
    /// `qmclone`, `vzcreate`, `imgcopy`, ...
    pub kind: String,
    /// The guest, storage or other thing; may be empty.
    pub id: String,
    /// Who started it; a token is `user@realm!name`.
    pub user: String,
    pub started_ms: u64,
    pub ended_ms: Option<u64>,
    /// `OK`, or why it failed; nothing while it runs.
    pub exit_status: Option<String>,
    pub log: Vec<String>,
    pub(crate) pid: u64,
    pub(crate) pstart: u64,
    pub(crate) job: u64,
}

impl Task {
    pub fn is_running(&self) -> bool {
        self.exit_status.is_none()
    }
}
