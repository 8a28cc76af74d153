//! How does the forge change?
//!
//! Every mutation is here once, used by the REST API and by the author actions of tests alike, so that both have the same
//! consequences: git objects, refs, states and events.

mod comments;
mod commits;
mod issues;
mod merges;
mod moves;
mod pulls;
mod repositories;
mod reverts;
mod statuses;
mod tested;

pub(crate) use commits::NewWork;
pub(crate) use issues::{IssueEdit, NewIssue};
pub use merges::MergeMethod;
pub(crate) use merges::MergeOrder;
pub(crate) use moves::RefMove;
pub(crate) use pulls::{PullEdit, PullOrder};
pub(crate) use statuses::NewStatus;

/// The longest body GitHub takes for issues, pull requests and comments.
pub(crate) const BODY_CHARACTERS_MAX: usize = 65_536;
