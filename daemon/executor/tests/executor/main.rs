//! Does the executor carry out what was planned, and no more? Plans of small blueprints on the fake engine.

#![allow(clippy::unwrap_used)]

mod batches;
mod gates;
mod order;
mod resuming;
mod retries;
mod secrets;
mod settled;
mod state;
mod stopping;
mod undoing;
mod world;
