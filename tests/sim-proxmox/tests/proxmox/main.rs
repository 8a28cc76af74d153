//! Does the simulated cluster behave as Proxmox VE, as far as its schema, its sources and other fakes tell?
#![allow(clippy::unwrap_used)]

mod access;
mod ansible;
mod client;
mod differential;
mod disks;
mod errors;
mod everything;
mod faults;
mod firewall;
mod guests;
mod hotplug;
mod locks;
mod moving;
mod nodes;
mod proxmoxer;
mod python;
mod schema;
