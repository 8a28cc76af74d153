//! What does the worker do with a model, from its own walls to an answer? With a tiny model of random weights, written here.

#![allow(clippy::unwrap_used)]

mod answers;
mod proposing;
mod walls;
mod worker;
