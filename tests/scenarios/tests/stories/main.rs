//! Stories of pull requests, told against the built daemon and a GitHub on loopback. A module for each theme.

#![allow(clippy::unwrap_used)]

mod checks;
mod commands;
mod crash;
mod digest;
mod following;
mod forks;
mod github;
mod input;
mod judging;
mod merging;
mod opening;
mod parallel;
mod policies;
mod protection;
mod records;
mod repeats;
mod reverting;
mod secrets;
mod webhooks;
mod with_docker;
