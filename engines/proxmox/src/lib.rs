//! How is a Proxmox VE cluster read and changed? Through its API: no SSH, no root, no agent of ours.
//!
//! `kind` lists the kinds of objects. Each has a module: facts for blueprints and the mapping of fields to options, which are
//! pure; reading; and the order in which changes are made. [`Proxmox`] reads a cluster; every call that changes something is
//! in `writer`, and demands a permit of the write gate.

mod apply;
mod bounds;
mod checks;
mod checkup;
mod client;
mod cluster;
mod comment;
mod config;
mod container;
mod engine;
mod fault;
mod file;
mod firewall;
mod guest;
mod identity;
mod import;
mod kind;
mod machine;
mod network;
mod observe;
mod options;
mod order;
mod pool;
mod preflight;
mod reader;
mod seen;
mod shared;
mod stamp;
mod storage;
mod task;
mod trial;
mod usage;
mod writer;

pub use container::Container;
pub use engine::Proxmox;
pub use file::File;
pub use firewall::{Alias, Firewall, IpSet, SecurityGroup};
pub use kind::types;
pub use machine::Compute;
pub use network::Network;
pub use options::{Credential, ProxmoxOptions, Timeouts};
pub use pool::Pool;
pub use storage::Storage;

/// The provider's name in blueprints.
pub const PROVIDER: &str = "proxmox";
