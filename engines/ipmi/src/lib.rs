//! How are bare machines read and changed? Through their BMC, over IPMI or Redfish, behind one resource model.

pub mod driver;

/// The provider's name in blueprints.
pub const PROVIDER: &str = "ipmi";
