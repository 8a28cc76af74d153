//! Why did the simulator not do what a test asked?

use super::git::GitError;

/// What an author action or the start of a forge can fail with.
#[derive(Debug, thiserror::Error)]
pub enum ForgeError {
    #[error("could not {attempt}")]
    Start {
        attempt: &'static str,
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    #[error("no repository `{0}` on this forge")]
    UnknownRepository(String),
    /// GitHub would refuse this too; status and message are what its API would answer.
    #[error("the forge refused with {status}: {message}")]
    Refused { status: u16, message: String },
    #[error("could not change a git repository of the forge")]
    Git(#[from] GitError),
    #[error("an action of the forge panicked; this is a bug in the simulator")]
    Panicked,
}
