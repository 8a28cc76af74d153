//! How is the BMC's own network interface set up? Get LAN Configuration Parameters: IPMI 2.0, section 23.2.

use zeroize::Zeroizing;

use super::{Change, Command, MalformedPacket, THIS_CHANNEL, TRANSPORT, plain};

/// Parameter 5.
pub(crate) struct GetMacAddress;

impl Command for GetMacAddress {
    const FUNCTION: u8 = TRANSPORT;
    const COMMAND: u8 = 0x02;
    const ATTEMPT: &'static str = "read the BMC's network address";
    /// `02:00:00:00:00:01`. `None`: it has none.
    type Reply = Option<String>;

    fn data(&self) -> Zeroizing<Vec<u8>> {
        plain([THIS_CHANNEL, 0x05, 0x00, 0x00])
    }

    /// Revision and address.
    fn read(data: &[u8]) -> Result<Option<String>, MalformedPacket> {
        let bytes = data.get(1..7).ok_or(super::CUT_OFF)?;
        let is_set = bytes.iter().any(|byte| !matches!(byte, 0x00 | 0xff));
        Ok(is_set.then(|| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(":")))
    }
}

/// Parameter 0, and what it is set to around a change.
pub(crate) const SET_IN_PROGRESS: u8 = 0;
pub(crate) const BEGIN: u8 = 1;
pub(crate) const COMMIT: u8 = 2;
pub(crate) const END: u8 = 0;

pub(crate) const ADDRESS: u8 = 3;
pub(crate) const ADDRESS_SOURCE: u8 = 4;
pub(crate) const NETMASK: u8 = 6;
pub(crate) const GATEWAY: u8 = 12;
pub(crate) const VLAN: u8 = 20;

/// A parameter of so many bytes.
pub(crate) struct GetLanParameter<const BYTES: usize> {
    pub(crate) parameter: u8,
}

impl<const BYTES: usize> Command for GetLanParameter<BYTES> {
    const FUNCTION: u8 = TRANSPORT;
    const COMMAND: u8 = 0x02;
    const ATTEMPT: &'static str = "read the BMC's own addresses";
    type Reply = [u8; BYTES];

    fn data(&self) -> Zeroizing<Vec<u8>> {
        plain([THIS_CHANNEL, self.parameter, 0x00, 0x00])
    }

    /// Revision and value.
    fn read(data: &[u8]) -> Result<[u8; BYTES], MalformedPacket> {
        data.get(1..).and_then(|value| value.first_chunk()).copied().ok_or(super::CUT_OFF)
    }
}

/// Set LAN Configuration Parameters: section 23.1.
pub(crate) struct SetLanParameter<'a> {
    pub(crate) parameter: u8,
    pub(crate) value: &'a [u8],
}

impl Command for SetLanParameter<'_> {
    const FUNCTION: u8 = TRANSPORT;
    const COMMAND: u8 = 0x01;
    const ATTEMPT: &'static str = "set the BMC's own addresses";
    type Reply = ();

    fn data(&self) -> Zeroizing<Vec<u8>> {
        plain([&[THIS_CHANNEL, self.parameter], self.value].concat())
    }

    fn read(_: &[u8]) -> Result<(), MalformedPacket> {
        Ok(())
    }
}

impl Change for SetLanParameter<'_> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_written_as_usual() {
        assert_eq!(GetMacAddress::read(&[0x11, 2, 0, 0, 0, 0, 0x1f]), Ok(Some("02:00:00:00:00:1f".to_owned())));
        assert_eq!(GetMacAddress::read(&[0x11, 0, 0, 0, 0, 0, 0]), Ok(None));
        assert!(GetMacAddress::read(&[0x11, 2, 0]).is_err());
    }
}
