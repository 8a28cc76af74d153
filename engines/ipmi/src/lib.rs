//! How are bare machines read and changed? Through their BMC, over IPMI or Redfish, behind one resource model.

pub mod driver;
mod ipmi;

pub use ipmi::{IpmiDriver, IpmiOptions, Patience, Privilege, Suite, SuiteChoice};

/// The provider's name in blueprints.
pub const PROVIDER: &str = "ipmi";
