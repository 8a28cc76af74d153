//! How is a REST request answered?

mod answer;
mod call;
mod comments;
mod commits;
mod contents;
mod credentials;
mod exchange;
mod git_objects;
mod git_refs;
mod identity;
mod issues;
mod paging;
mod pulls;
mod rate;
mod reviews;
mod routes;
mod statuses;
mod teams;

pub(crate) use answer::{Answer, Content};
pub(crate) use credentials::authenticate;
pub(crate) use exchange::{Incoming, Reply, exchange};
