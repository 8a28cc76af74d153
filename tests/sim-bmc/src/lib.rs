//! What would a BMC do that no stand-in does? One that speaks IPMI 2.0 on a real socket, with suite 17, lasting and UEFI boot
//! flags, a network that loses packets, and faults on request.
//!
//! It shares no code with the engine. Its encoding is held to what others wrote: ipmitool and FreeIPMI open sessions on it and
//! read it, in `engines/ipmi/tests`. What the real programs can do (`ipmi_sim`, pyghmi's BMC) is tested on them instead.
//!
//! Beside it, [`redfish`] is a BMC that speaks Redfish, with the ways of vendors as data.
//!
//! [`SimBmc`] is the thing on the network; its methods are what a person beside the machine, or a bad network, could do.

mod commands;
mod control;
mod cryptography;
mod fru;
mod machine;
mod network;
mod packets;
pub mod redfish;
mod sensors;
mod server;
mod sessions;
mod world;

pub use control::SimBmc;
pub use machine::{BootFlags, User};
pub use network::Weather;
pub use world::{Kit, Request};
