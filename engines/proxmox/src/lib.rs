//! How are virtual machines of a Proxmox VE cluster read and changed? Through its API: no SSH, no root, no agent of ours.
//!
//! Facts about the types are in [`types`] and pure, and so is `vm`, which maps fields to options. [`Proxmox`] reads a cluster;
//! every call that changes something is in `writer`, and demands a permit of the write gate.

mod apply;
mod bounds;
mod classify;
mod client;
mod config;
mod engine;
mod fault;
mod identity;
mod import;
mod iso;
mod nocloud;
mod observe;
mod options;
mod pending;
mod preflight;
mod reader;
mod readiness;
mod resolve;
mod stamp;
mod task;
mod types;
mod vm;
mod writer;

pub use engine::Proxmox;
pub use options::{Credential, ProxmoxOptions, Timeouts};
pub use types::{Compute, PROVIDER, types};
