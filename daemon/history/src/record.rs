//! What do the records say, who signed them, and how is one more appended?
//!
//! A record is a commit on `ipr/records/<environment>`. Its tree holds what the caller wrote (`run.json`, `plan.json`,
//! `state/...`, `artefacts/...`; this crate sees bytes only) and two files of ours:
//!
//! - `manifest`: what is signed. The environment, the previous record, the source commit, and the SHA-256 of every file.
//! - `signature`: an SSH signature over the manifest, so that `ssh-keygen -Y verify -n ipr-record` can check it too.
//!
//! The first parent of a record is the previous record, the next one is the source commit; either may be missing. The
//! manifest says which is which, and verification compares it with the commit's parents: the first record has the source
//! as its only parent, and its manifest says `previous none`.

mod chain;
mod content;
mod key;
mod manifest;
mod publish;
mod verify;

pub use content::{RecordContent, RecordDraft, RecordFiles, records_branch};
pub use key::{KeyError, RecordKey, RecordPublicKey};
pub use publish::Publication;
pub use verify::VerifiedRecord;

pub use crate::files::ARTEFACTS_FOLDER;

use core_model::EnvironmentId;

use crate::{CommitId, HistoryError};

/// The branch of an environment's records is this and the environment's id.
pub const RECORDS_BRANCH_PREFIX: &str = "ipr/records/";
/// The namespace of record signatures: a signature made for another purpose by the same key does not count.
pub const SIGNATURE_NAMESPACE: &str = "ipr-record";

/// A record that cannot be believed, or not be made.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    #[error(transparent)]
    History(#[from] HistoryError),
    #[error("`{path}` cannot be a file of a record")]
    Path { path: String },
    #[error("could not sign the record")]
    Sign { source: KeyError },
    #[error("the record {commit} has no file `{file}`")]
    Missing { commit: CommitId, file: &'static str },
    #[error("the file `{file}` of the record {commit} cannot be read")]
    Malformed { commit: CommitId, file: &'static str },
    #[error("the record {commit} is signed by {fingerprint}, which is not an allowed key")]
    UnknownKey { commit: CommitId, fingerprint: String },
    #[error("the signature of the record {commit} is not one of {fingerprint} over its manifest")]
    BadSignature { commit: CommitId, fingerprint: String },
    #[error("the record {commit} was signed for the environment `{found}`, not for `{expected}`")]
    OtherEnvironment { commit: CommitId, found: EnvironmentId, expected: EnvironmentId },
    #[error("the record {commit} has other parents than it was signed with")]
    OtherParents { commit: CommitId },
    #[error("the record {commit} was changed after it was signed: `{path}`")]
    Changed { commit: CommitId, path: String },
    #[error("more than {bound} records lead to {tip}; that is more than is walked at once")]
    TooManyRecords { tip: CommitId, bound: usize },
    #[error("could not append to {branch}: its reference stays locked; delete its .lock file when no git is running")]
    Locked { branch: String, source: HistoryError },
}
