//! How does what a person writes in an issue become a pull request?
//!
//! `attend` is the one job: it reads an issue or a pull request with its comments, in their order, and does what is next for each
//! request there. Reading and writing of blueprints is `daemon-assistant`'s; here are who may ask, what is remembered, what is tried
//! before it is proposed, and what is said. Whoever attends twice, or after a crash, or without the database, comes to the same end.
//!
//! Deliberately absent: a way to merge, approve or apply. What comes out is a pull request like anybody's.

mod amend;
mod askers;
mod attend;
mod door;
mod ground;
mod look_up;
mod merged;
mod propose;
mod publish;
mod request;
mod roll_back;
mod thread;
mod trial;
mod turn;

use std::sync::Arc;

pub use look_up::explained;
pub use trial::changed_environments;

use daemon_model::Model;

/// What the daemon's configuration says of the assistant for one repository. Without it, no text is read.
#[derive(Debug, Clone)]
pub struct AssistantSettings {
    /// Issues with this label are requests.
    pub label: Option<String>,
    /// Issues and comments that mention this name are requests. Without the `@`.
    pub mention: Option<String>,
    /// So many requests of one author are read in a day.
    pub author_requests_a_day: u32,
    /// And so many of a repository.
    pub repository_requests_a_day: u32,
    /// Asked where the rules give up. Without one, what they do not understand is refused.
    pub model: Option<Arc<Model>>,
}

/// The label of every pull request that the assistant opens.
pub(crate) const PROVENANCE_LABEL: &str = "ipr-assistant";
