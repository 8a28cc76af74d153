//! How is the BMC's own network interface set up? Get LAN Configuration Parameters: IPMI 2.0, section 23.2.

use zeroize::Zeroizing;

use super::{Command, MalformedPacket, THIS_CHANNEL, TRANSPORT, plain};

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
