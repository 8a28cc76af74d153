//! What does a commit hold, what would a merge hold, and what do the records say?
//!
//! [`Mirror`] is the daemon's bare copy of a managed repository; [`Repository`] is the checkout a person works in. Both
//! deref to [`History`], which answers every question about commits. [`record`] reads, signs, verifies and appends the
//! commits on `ipr/records/<environment>`.
//!
//! Deliberately absent: pushing (gix cannot; what goes to GitHub goes through its API), any process called `git`, and the
//! user's git configuration. All work here blocks; async callers use [`Mirror::fetch`] or [`History::run`].

mod ancestry;
mod error;
mod files;
mod history;
mod identifier;
mod merge;
mod mirror;
pub mod record;
mod repository;
mod snapshot;
mod tree;

pub use ancestry::Since;
pub use error::HistoryError;
pub use files::{Files, SnapshotRefusal, changed_paths};
pub use history::{CommitInfo, History};
pub use identifier::{CommitId, MalformedId, TreeId};
pub use merge::{MergeOutcome, MergeShape, Merged};
pub use mirror::{FetchReport, Mirror, MirrorOptions};
pub use repository::{Repository, RunLock, WorktreeSnapshot, read_folder};
pub use snapshot::Snapshot;
