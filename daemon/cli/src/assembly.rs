//! How are the parts of a daemon put together? From the configuration to projects that can work.

mod github;
mod parts;
mod projects;
mod secrets;
mod targets;

pub(crate) use github::Forge;
pub(crate) use parts::Parts;
pub(crate) use projects::Assembly;
