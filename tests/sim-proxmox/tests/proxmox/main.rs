//! Does the simulated cluster behave as Proxmox VE, as far as its schema, its sources and other fakes tell?
#![allow(clippy::unwrap_used)]

mod client;
mod differential;
mod everything;
mod guests;
mod hotplug;
mod locks;
mod proxmoxer;
mod python;
mod schema;
