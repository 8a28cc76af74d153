//! Does the engine do on a simulated cluster what its tables and the contract say?

#![allow(clippy::unwrap_used)]

mod blueprints;
mod boot;
mod complaints;
mod contract;
mod page;
mod reviewed;
mod rig;
mod slots;
mod wire;
mod world;
