//! What the fake engine promises: the contract, and what tests of other crates rely on.
#![allow(clippy::unwrap_used)]

mod batches;
mod contract;
mod disk;
mod faults;
mod planted;
mod reading;
mod subject;
mod tasks;
mod traffic;
mod world;
