//! How is a REST request answered?

mod answer;
mod call;
mod comments;
mod commits;
mod contents;
mod exchange;
mod git_objects;
mod git_refs;
mod identity;
mod issues;
mod paging;
mod pulls;
mod reviews;
mod routes;
mod statuses;

pub(crate) use answer::{Answer, Content};
pub(crate) use exchange::{Incoming, Reply, authenticate, exchange};
