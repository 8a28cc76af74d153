//! How does Redfish fulfil what the model asks of a BMC? A client of JSON over HTTPS, what the resources say, and the driver over both.
//!
//! No id is known beforehand: everything is found from `/redfish/v1/` on, by its links. What a resource says it allows is sent, and
//! nothing else.

mod accounts;
mod answer;
mod bios;
mod boot;
mod boot_order;
mod client;
mod collection;
mod console;
mod driver;
mod event_log;
mod fault;
mod health;
mod identity;
mod link;
mod media;
mod network;
mod options;
mod quirk;
mod registry;
mod reset_types;
mod service;
mod session;
mod task;
mod time;
mod writer;

pub use driver::RedfishDriver;
pub use options::{RedfishOptions, Timeouts};
pub use quirk::{QUIRKS, Quirk};
