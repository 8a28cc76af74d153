//! Does the client send what GitHub's API expects, and read what it answers? Over real HTTP on the loopback.
#![allow(clippy::unwrap_used)]

mod answers;
mod failures;
mod publish;
mod recorded;
mod requests;
mod support;
mod tls;
