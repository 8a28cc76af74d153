//! Stories of pull requests, told against the built daemon and a GitHub on loopback. A module for each theme.

#![allow(clippy::unwrap_used)]

mod commands;
mod crash;
mod digest;
mod input;
mod merging;
mod opening;
mod parallel;
mod records;
mod reverting;
mod secrets;
mod webhooks;
mod with_docker;
