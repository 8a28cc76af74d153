//! How does the daemon talk to GitHub? A small typed client for its REST API, and the check and reading of webhooks.
//!
//! The only crate that names octocrab, which is slow to compile. Its models are not used: an answer is read into small
//! structs of our own that accept nulls and unknown fields, because GitHub adds fields every month.
//!
//! What callers may rely on:
//! - Reads are repeated a few times when the failure is passing. Writes that are not idempotent are sent once.
//! - Each call has a timeout, each body and each paged list a bound. A list that is longer is an error, never cut silently.
//! - The token goes to the host of the API and nowhere else, and appears in no error, log line or `Debug`.
//! - Webhooks yield keys only ([`Wake`]). Truth is read again.

mod access;
mod client;
mod comments;
mod error;
mod ids;
mod issues;
mod names;
mod pages;
mod publish;
mod pulls;
mod rate_limit;
mod reactions;
mod references;
mod repositories;
mod reviews;
mod rules;
mod server_clock;
mod statuses;
mod teams;
mod timestamp;
mod transport;
mod webhook;
mod wire;

pub use access::Access;
pub use client::{ClientOptions, GitHub, OptionsError};
pub use comments::Comment;
pub use error::{GitHubError, GitHubErrorKind};
pub use ids::{CommentId, CommitSha, InvalidCommitSha, IssueNumber, PullNumber};
pub use issues::{Issue, IssueState, IssueUpdate};
pub use names::{InvalidName, Login, RepositoryName};
pub use publish::{CommitDraft, PublishOutcome};
pub use pulls::{PullDraft, PullRequest, PullState};
pub use reactions::Reaction;
pub use repositories::{Permission, Repository, RepositoryPermissions};
pub use reviews::{Review, ReviewState};
pub use rules::BranchRule;
pub use statuses::{CommitStatus, PublishedStatus, StatusState};
pub use timestamp::{InvalidTimestamp, Timestamp};
pub use webhook::{CommentAction, PayloadError, PullAction, SignatureError, Wake, WebhookSecretError, check_webhook_secret, parse, verify};
