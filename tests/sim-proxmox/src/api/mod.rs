//! What does each method of the API do?
//!
//! One module for each area; `ROUTES` is the table. A method's parameters and permission are not here but in `data/methods.jsonl`.

mod access;
mod agent;
mod call;
mod clone;
mod cloudinit;
mod cluster;
mod config;
mod content;
mod create;
mod delete;
mod disk;
mod drive;
mod firewall;
mod guest;
mod ha;
mod hotplug;
mod migrate;
mod net;
mod network;
mod option_permission;
mod permission;
mod pool;
mod power;
mod routes;
mod snapshot;
mod storage;
mod tasks;

pub(crate) use access::authenticate;
pub(crate) use call::{Call, Outcome, Reply, TaskFault, Upload};
pub(crate) use permission::check_permission;
pub(crate) use routes::handler;

use cloudinit::{changed as cloudinit_changed, made as cloudinit_made};
