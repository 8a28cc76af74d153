//! How are the parts of a daemon put together? From the configuration to projects that can work.

mod projects;
mod secrets;
mod targets;

pub(crate) use projects::Assembly;
