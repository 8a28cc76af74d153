//! Which BMC is this, and in which system? IPMI 2.0, section 20.1 and 22.14.

use zeroize::Zeroizing;

use super::{APPLICATION, Command, MalformedPacket, byte, plain, word};

/// Get Device ID.
pub(crate) struct GetDeviceId;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DeviceId {
    /// `1.23`: the second number is in decimal digits.
    pub(crate) firmware: String,
    /// As IANA numbers enterprises; 20 bits.
    pub(crate) manufacturer: u32,
    pub(crate) product: u16,
}

impl Command for GetDeviceId {
    const FUNCTION: u8 = APPLICATION;
    const COMMAND: u8 = 0x01;
    const ATTEMPT: &'static str = "ask the BMC what it is";
    type Reply = DeviceId;

    fn data(&self) -> Zeroizing<Vec<u8>> {
        plain([])
    }

    fn read(data: &[u8]) -> Result<DeviceId, MalformedPacket> {
        let (major, minor) = (byte(data, 2)? & 0x7f, byte(data, 3)?);
        let manufacturer = u32::from(word(data, 6)?) | u32::from(byte(data, 8)? & 0x0f) << 16;
        Ok(DeviceId { firmware: format!("{major}.{minor:02x}"), manufacturer, product: word(data, 9)? })
    }
}

/// Get System GUID.
pub(crate) struct GetSystemGuid;

impl Command for GetSystemGuid {
    const FUNCTION: u8 = APPLICATION;
    const COMMAND: u8 = 0x37;
    const ATTEMPT: &'static str = "read the system's GUID";
    /// `None` where it is not set: all bits the same.
    type Reply = Option<String>;

    fn data(&self) -> Zeroizing<Vec<u8>> {
        plain([])
    }

    fn read(data: &[u8]) -> Result<Option<String>, MalformedPacket> {
        let bytes: [u8; 16] = data.get(..16).and_then(|bytes| bytes.try_into().ok()).ok_or(super::CUT_OFF)?;
        let is_set = bytes.iter().any(|byte| *byte != bytes[0]) || !matches!(bytes[0], 0x00 | 0xff);
        Ok(is_set.then(|| written(bytes)))
    }
}

/// As `dmidecode` and Redfish write it. The standard wants the bytes in reverse; most BMCs send those of SMBIOS instead, whose
/// first three numbers have their lowest byte first. A version number in its place tells which it is; SMBIOS in doubt.
fn written(bytes: [u8; 16]) -> String {
    let has_version = |canonical: &[u8; 16]| matches!(canonical[6] >> 4, 1..=5) && canonical[8] >> 6 == 0b10;
    let smbios = {
        let mut canonical = bytes;
        canonical[..4].reverse();
        canonical[4..6].reverse();
        canonical[6..8].reverse();
        canonical
    };
    let reversed = {
        let mut canonical = bytes;
        canonical.reverse();
        canonical
    };
    let canonical = [smbios, reversed].into_iter().find(has_version).unwrap_or(smbios);
    let hexadecimal: String = canonical.iter().map(|byte| format!("{byte:02x}")).collect();
    let [a, b, c, d, e] = [0..8, 8..12, 12..16, 16..20, 20..32].map(|range| &hexadecimal[range]);
    format!("{a}-{b}-{c}-{d}-{e}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_says_what_it_is() {
        let data = [0x20, 0x01, 0x01, 0x48, 0x02, 0xbf, 0x57, 0x01, 0x00, 0x02, 0x01];
        let expected = DeviceId { firmware: "1.48".to_owned(), manufacturer: 343, product: 0x0102 };
        assert_eq!(GetDeviceId::read(&data), Ok(expected));
        assert!(GetDeviceId::read(&data[..10]).is_err());
    }

    #[test]
    fn a_guid_is_written_in_one_way_whatever_its_order() {
        let canonical = "4c4c4544-0033-4610-8050-b4c04f305032";
        let bytes: Vec<u8> = canonical.replace('-', "").as_bytes().chunks(2).map(hexadecimal).collect();
        let mut smbios = bytes.clone();
        smbios[..4].reverse();
        smbios[4..6].reverse();
        smbios[6..8].reverse();
        let reversed: Vec<u8> = bytes.iter().rev().copied().collect();
        for sent in [smbios, reversed] {
            assert_eq!(GetSystemGuid::read(&sent), Ok(Some(canonical.to_owned())), "{sent:02x?}");
        }
        assert_eq!(GetSystemGuid::read(&[0; 16]), Ok(None));
        assert_eq!(GetSystemGuid::read(&[0xff; 16]), Ok(None));
        assert!(GetSystemGuid::read(&[1; 15]).is_err());
    }

    fn hexadecimal(digits: &[u8]) -> u8 {
        digits.iter().fold(0, |number, digit| number * 16 + char::from(*digit).to_digit(16).map_or(0, |digit| digit as u8))
    }
}
