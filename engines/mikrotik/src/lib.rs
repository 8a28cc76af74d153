//! How is a RouterOS router read and changed?
//!
//! Facts about the types are in `types` and pure. [`Mikrotik`] speaks the router's binary API; every call that changes something is in
//! `writer`, and demands a permit of the write gate. Changes are provisional until they are confirmed: `batch` says how.

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod batch;
mod change;
mod engine;
mod form;
mod identity;
mod import;
mod observe;
mod options;
mod order;
mod preflight;
mod shape;
mod snapshot;
mod tag;
mod tree;
mod types;
mod wire;
mod writer;

pub use engine::Mikrotik;
pub use options::{Endpoint, MikrotikOptions, Place, Security, Timeouts};
pub use types::{PROVIDER, types};
