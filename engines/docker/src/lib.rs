//! How are containers, networks and volumes of a Docker engine read and changed?
//!
//! Facts about the types are in [`types`] and pure. [`Docker`] reads an engine over its unix socket; every call that changes
//! something is in `writer`, and demands a permit of the write gate.

mod apply;
mod connection;
mod engine;
mod fault;
mod image;
mod labels;
mod observe;
mod options;
mod preflight;
mod reader;
mod readiness;
mod seen;
mod spec;
mod trial;
mod types;
mod writer;

pub use engine::Docker;
pub use options::{DockerOptions, Timeouts};
pub use types::{Compute, Network, PROVIDER, Storage, types};
