//! How are bare machines read and changed? Through their BMC, over IPMI or Redfish, behind one resource model.
//!
//! A target is one BMC, and has one object: the machine behind it. [`Machine`] is the engine; a [`driver::Driver`] says how its
//! BMC is spoken to.

mod apply;
pub mod driver;
mod engine;
mod import;
mod ipmi;
mod limits;
mod login;
mod measured;
mod observe;
mod pending;
mod preflight;
mod probe;
mod readiness;
mod redfish;
mod types;
mod wanted;
mod writer;

pub use engine::Machine;
pub use ipmi::{IpmiDriver, IpmiOptions, Patience, Privilege, Suite, SuiteChoice};
pub use limits::Limits;
pub use measured::{FAMILIES, Health};
pub use probe::ProbingDriver;
pub use redfish::{QUIRKS, Quirk, RedfishDriver, RedfishOptions, Timeouts};
pub use types::types;

/// The provider's name in blueprints.
pub const PROVIDER: &str = "ipmi";
