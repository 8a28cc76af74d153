//! How is a RouterOS router read and changed?
//!
//! Facts about the types are in `types` and pure. [`Mikrotik`] speaks the router's binary API, and SSH for exports; every call that changes something is in
//! `writer`, and demands a permit of the write gate. Changes are provisional until they are confirmed: `batch` says how.

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod batch;
mod change;
mod checkup;
mod engine;
mod export;
mod form;
mod identity;
mod import;
mod observe;
mod options;
mod order;
mod preflight;
mod shape;
mod snapshot;
mod ssh;
mod tag;
mod tree;
mod types;
mod watch;
mod wire;
mod writer;

pub use engine::Mikrotik;
pub use export::ExportError;
pub use import::import_export;
pub use options::{Endpoint, MikrotikOptions, Place, Security, Timeouts};
pub use ssh::{HostKey, PORT_SSH, SshLogin, SshOptions};
pub use types::{PROVIDER, types};
