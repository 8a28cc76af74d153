//! A GitHub for tests and for the demo.
//!
//! Real git repositories behind `git http-backend`, the REST operations and webhooks that the daemon needs, over TLS on
//! 127.0.0.1. What it says is held to GitHub's own published schemas; see `contract`.
//!
//! Deliberately absent: Apps and check runs, GraphQL, organisations beyond the members of their teams, review threads. A token is a
//! personal one.

mod act;
mod author;
mod clock;
mod contract;
mod error;
mod fault;
mod forge;
mod git;
mod inspect;
mod json;
mod pages;
mod refusal;
mod rest;
mod serve;
mod smart_http;
mod tls;
mod webhook;
mod world;

pub use act::MergeMethod;
pub use author::{Changes, NewPull, Push, RepositoryHandle, ReviewState};
pub use clock::ClockSource;
pub use contract::Violation;
pub use error::ForgeError;
pub use fault::{Fault, FaultMatch};
pub use forge::{Forge, ForgeOptions};
pub use git::GitError;
pub use inspect::{CommitView, IssueView, PullView, RequestRecord};
pub use webhook::{Delivery, DeliveryFault, DeliveryOrder, DeliveryOutcome, signature};
pub use world::{Comment, Edit, Permission, Reaction, Status, Subject};
