//! Does history say what git says? Fixtures are made, and many answers checked, by the real git.

#![allow(clippy::unwrap_used)]

mod commits;
mod fixture;
mod merges;
mod mirrors;
mod records;
mod server;
mod snapshots;
