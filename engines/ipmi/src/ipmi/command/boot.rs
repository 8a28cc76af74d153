//! What does the machine boot from next? Get and Set System Boot Options: IPMI 2.0, section 28.12 to 28.14.

use zeroize::Zeroizing;

use super::{CHASSIS, Change, Command, MalformedPacket, byte, plain};

const SET_IN_PROGRESS: u8 = 0x00;
const INFO_ACKNOWLEDGE: u8 = 0x04;
const BOOT_FLAGS: u8 = 0x05;

/// The first two of the five bytes of boot flags. The others are about screens and keyboards, and are sent as zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BootFlags {
    /// The firmware is to look at them at all.
    pub(crate) are_valid: bool,
    /// At every start, not only at the next one.
    pub(crate) are_lasting: bool,
    pub(crate) uefi: bool,
    /// Table 28-14, parameter 5: 1 PXE, 2 disk, 5 CD or DVD, 6 setup, 15 removable medium.
    pub(crate) device: u8,
}

impl BootFlags {
    fn bytes(self) -> [u8; 5] {
        let bit = |is_set: bool, bit: u8| if is_set { bit } else { 0 };
        let first = bit(self.are_valid, 0x80) | bit(self.are_lasting, 0x40) | bit(self.uefi, 0x20);
        [first, self.device << 2, 0, 0, 0]
    }
}

/// Get System Boot Options, parameter 5.
pub(crate) struct GetBootFlags;

impl Command for GetBootFlags {
    const FUNCTION: u8 = CHASSIS;
    const COMMAND: u8 = 0x09;
    const ATTEMPT: &'static str = "read the boot options";
    type Reply = BootFlags;

    fn data(&self) -> Zeroizing<Vec<u8>> {
        plain([BOOT_FLAGS, 0, 0])
    }

    /// Version, parameter, and its data.
    fn read(data: &[u8]) -> Result<BootFlags, MalformedPacket> {
        if byte(data, 1)? & 0x7f != BOOT_FLAGS {
            return Err(MalformedPacket("it answers about another boot option"));
        }
        let is_locked_out = byte(data, 1)? & 0x80 != 0;
        let (first, second) = (byte(data, 2)?, byte(data, 3)?);
        let bit = |bit: u8| first & bit != 0;
        Ok(BootFlags { are_valid: bit(0x80) && !is_locked_out, are_lasting: bit(0x40), uefi: bit(0x20), device: second >> 2 & 0x0f })
    }
}

/// Set System Boot Options, one parameter.
pub(crate) enum SetBootOption {
    /// Others keep away until it is over.
    Begin,
    /// The firmware has not dealt with what comes now.
    NotYetSeen,
    Flags(BootFlags),
    /// For BMCs that keep options in memory until they are told to write them down.
    Commit,
    End,
}

impl Command for SetBootOption {
    const FUNCTION: u8 = CHASSIS;
    const COMMAND: u8 = 0x08;
    const ATTEMPT: &'static str = "set the boot options";
    type Reply = ();

    fn data(&self) -> Zeroizing<Vec<u8>> {
        match self {
            Self::Begin => plain([SET_IN_PROGRESS, 0x01]),
            Self::NotYetSeen => plain([INFO_ACKNOWLEDGE, 0x01, 0x01]),
            Self::Flags(flags) => {
                let mut data = plain([BOOT_FLAGS]);
                data.extend(flags.bytes());
                data
            }
            Self::Commit => plain([SET_IN_PROGRESS, 0x02]),
            Self::End => plain([SET_IN_PROGRESS, 0x00]),
        }
    }

    fn read(_: &[u8]) -> Result<(), MalformedPacket> {
        Ok(())
    }
}

impl Change for SetBootOption {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_have_the_bits_of_the_standard() {
        let once = BootFlags { are_valid: true, are_lasting: false, uefi: false, device: 1 };
        for (flags, bytes) in [
            (once, [0x80, 0x04]),
            (BootFlags { are_lasting: true, uefi: true, ..once }, [0xe0, 0x04]),
            (BootFlags { device: 2, uefi: true, ..once }, [0xa0, 0x08]),
            (BootFlags { device: 5, ..once }, [0x80, 0x14]),
            (BootFlags { device: 6, ..once }, [0x80, 0x18]),
        ] {
            assert_eq!(SetBootOption::Flags(flags).data().as_slice(), [&[0x05], &bytes[..], &[0, 0, 0]].concat());
            assert_eq!(GetBootFlags::read(&[0x01, 0x05, bytes[0], bytes[1], 0, 0, 0]), Ok(flags));
        }
    }

    #[test]
    fn a_parameter_that_is_locked_or_another_is_told() {
        assert!(GetBootFlags::read(&[0x01, 0x04, 0x80, 0x04, 0, 0, 0]).is_err());
        assert!(!GetBootFlags::read(&[0x01, 0x85, 0x80, 0x04, 0, 0, 0]).expect("flags").are_valid);
    }
}
