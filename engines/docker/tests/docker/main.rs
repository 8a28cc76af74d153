//! Does the engine do on a real Docker daemon what its tables and the contract say?
//!
//! `IPR_TEST_DOCKER=unix:///path` names the daemon. Without it a private one is started, where `dockerd` is installed and we
//! are root. Where neither is possible the tests say "NOT RUN", and fail in CI.

#![allow(clippy::unwrap_used)]

mod canned;
mod contract;
mod daemon;
mod faults;
mod fields_compute;
mod fields_other;
mod image;
mod losses;
mod orders;
mod page;
mod proxy;
mod ready;
mod registry;
mod sight;
mod table;
mod world;
