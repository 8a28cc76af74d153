//! How is the serial console set up? Get and Set SOL Configuration Parameters: IPMI 2.0, section 26.2 and 26.3.

use zeroize::Zeroizing;

use super::{Change, Command, MalformedPacket, THIS_CHANNEL, TRANSPORT, byte, plain};

pub(crate) const SET_IN_PROGRESS: u8 = 0;
pub(crate) const ENABLED: u8 = 1;
/// The privilege in the low half; above it whether sessions have to be authenticated and encrypted.
pub(crate) const AUTHENTICATION: u8 = 2;
pub(crate) const LASTING_BIT_RATE: u8 = 5;
pub(crate) const BIT_RATE_NOW: u8 = 6;

/// One parameter, of those that have one byte.
pub(crate) struct GetConsole {
    pub(crate) parameter: u8,
}

impl Command for GetConsole {
    const FUNCTION: u8 = TRANSPORT;
    const COMMAND: u8 = 0x22;
    const ATTEMPT: &'static str = "read how the serial console is set up";
    type Reply = u8;

    fn data(&self) -> Zeroizing<Vec<u8>> {
        plain([THIS_CHANNEL, self.parameter, 0, 0])
    }

    /// Revision and value.
    fn read(data: &[u8]) -> Result<u8, MalformedPacket> {
        byte(data, 1)
    }
}

pub(crate) struct SetConsole {
    pub(crate) parameter: u8,
    pub(crate) value: u8,
}

impl SetConsole {
    pub(crate) const BEGIN: Self = Self { parameter: SET_IN_PROGRESS, value: 1 };
    pub(crate) const COMMIT: Self = Self { parameter: SET_IN_PROGRESS, value: 2 };
    pub(crate) const END: Self = Self { parameter: SET_IN_PROGRESS, value: 0 };
}

impl Command for SetConsole {
    const FUNCTION: u8 = TRANSPORT;
    const COMMAND: u8 = 0x21;
    const ATTEMPT: &'static str = "set up the serial console";
    type Reply = ();

    fn data(&self) -> Zeroizing<Vec<u8>> {
        plain([THIS_CHANNEL, self.parameter, self.value])
    }

    fn read(_: &[u8]) -> Result<(), MalformedPacket> {
        Ok(())
    }
}

impl Change for SetConsole {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_those_of_the_standard() {
        assert_eq!(GetConsole { parameter: AUTHENTICATION }.data().as_slice(), [0x0e, 0x02, 0, 0]);
        assert_eq!(SetConsole { parameter: ENABLED, value: 1 }.data().as_slice(), [0x0e, 0x01, 0x01]);
        assert_eq!(GetConsole::read(&[0x11, 0x0a]), Ok(0x0a));
        assert!(GetConsole::read(&[0x11]).is_err());
    }
}
