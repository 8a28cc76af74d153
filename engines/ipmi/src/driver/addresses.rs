//! At which address is the BMC itself reached? Values without a protocol.

use std::net::Ipv4Addr;

/// Who says which address it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressSource {
    Static,
    Dhcp,
}

/// The BMC's own addresses. `None`: it does not tell, or it is to stay as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Addresses {
    pub source: Option<AddressSource>,
    pub address: Option<Ipv4Addr>,
    pub netmask: Option<Ipv4Addr>,
    pub gateway: Option<Ipv4Addr>,
    /// 0: packets carry no tag.
    pub vlan: Option<u16>,
}

impl Addresses {
    /// What is wanted and is not so; what nobody names is not looked at.
    pub fn missing_from(&self, found: &Self) -> Self {
        Self {
            source: self.source.filter(|source| found.source != Some(*source)),
            address: self.address.filter(|address| found.address != Some(*address)),
            netmask: self.netmask.filter(|netmask| found.netmask != Some(*netmask)),
            gateway: self.gateway.filter(|gateway| found.gateway != Some(*gateway)),
            vlan: self.vlan.filter(|vlan| found.vlan != Some(*vlan)),
        }
    }
}
