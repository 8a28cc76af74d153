//! What would a Redfish service do that no stand-in does? Sessions, ETags that are demanded or refused, tasks, overrides for one start,
//! settings that wait for the next one, accounts in slots, pages; and what vendors do in their own way, as rows of data.
//!
//! DMTF's validator (redfish_service_validator) finds nothing wrong with it but some places (`Nics`, `Firmware`): they are others than the
//! schemas list, so that whoever finds them followed the links.
//!
//! It shares no code with the engine. What the standard says is taken from DSP0266 and the schemas; each vendor's way from the issue
//! that its row names.

mod accounts;
mod bios;
mod boot_order;
mod control;
mod crowd;
mod described;
mod kit;
mod media;
mod network;
mod refusal;
mod resources;
mod server;
mod sessions;
mod state;
mod writes;

pub use control::SimRedfish;
pub use crowd::Crowd;
pub use kit::{Etags, RedfishKit, VENDORS, Vendor};
pub use state::{Boot, LocalAccount, RedfishRequest};
