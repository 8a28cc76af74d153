//! Is the machine on, and how is that changed? IPMI 2.0, chapter 28.

use zeroize::Zeroizing;

use super::{CHASSIS, Change, Command, MalformedPacket, byte, plain};

/// Get Chassis Status.
pub(crate) struct GetChassisStatus;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ChassisStatus {
    pub(crate) is_on: bool,
    /// 0 stays off, 1 as before, 2 on, 3 not known.
    pub(crate) restore_policy: u8,
    pub(crate) power_fault: bool,
    pub(crate) drive_fault: bool,
    pub(crate) cooling_fault: bool,
}

impl Command for GetChassisStatus {
    const FUNCTION: u8 = CHASSIS;
    const COMMAND: u8 = 0x01;
    const ATTEMPT: &'static str = "read the chassis status";
    type Reply = ChassisStatus;

    fn data(&self) -> Zeroizing<Vec<u8>> {
        plain([])
    }

    fn read(data: &[u8]) -> Result<ChassisStatus, MalformedPacket> {
        let (power, other) = (byte(data, 0)?, byte(data, 2)?);
        Ok(ChassisStatus {
            is_on: power & 0x01 != 0,
            restore_policy: power >> 5 & 0x03,
            power_fault: power & 0x0a != 0,
            drive_fault: other & 0x04 != 0,
            cooling_fault: other & 0x08 != 0,
        })
    }
}

/// Chassis Control, for what leads to the same state however often it is done.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum PowerControl {
    Off = 0x00,
    On = 0x01,
    /// As if somebody pressed the button shortly.
    ShutDown = 0x05,
}

impl Command for PowerControl {
    const FUNCTION: u8 = CHASSIS;
    const COMMAND: u8 = 0x02;
    const ATTEMPT: &'static str = "switch the machine";
    type Reply = ();

    fn data(&self) -> Zeroizing<Vec<u8>> {
        plain([*self as u8])
    }

    fn read(_: &[u8]) -> Result<(), MalformedPacket> {
        Ok(())
    }
}

impl Change for PowerControl {}

/// Chassis Control, for what happens anew each time.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum ResetControl {
    Cycle = 0x02,
    Hard = 0x03,
    Nmi = 0x04,
}

impl Command for ResetControl {
    const FUNCTION: u8 = CHASSIS;
    const COMMAND: u8 = 0x02;
    const ATTEMPT: &'static str = "reset the machine";
    type Reply = ();

    fn data(&self) -> Zeroizing<Vec<u8>> {
        plain([*self as u8])
    }

    fn read(_: &[u8]) -> Result<(), MalformedPacket> {
        Ok(())
    }
}

impl Change for ResetControl {
    const TAKES_EFFECT_EACH_TIME: bool = true;
}

/// Chassis Identify.
pub(crate) struct Identify {
    pub(crate) seconds: u8,
}

impl Command for Identify {
    const FUNCTION: u8 = CHASSIS;
    const COMMAND: u8 = 0x04;
    const ATTEMPT: &'static str = "let the machine's light blink";
    type Reply = ();

    fn data(&self) -> Zeroizing<Vec<u8>> {
        plain([self.seconds])
    }

    fn read(_: &[u8]) -> Result<(), MalformedPacket> {
        Ok(())
    }
}

impl Change for Identify {}

/// Set Power Restore Policy.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum SetRestorePolicy {
    StaysOff = 0x00,
    Previous = 0x01,
    On = 0x02,
}

impl Command for SetRestorePolicy {
    const FUNCTION: u8 = CHASSIS;
    const COMMAND: u8 = 0x06;
    const ATTEMPT: &'static str = "set what the machine does when mains power comes back";
    type Reply = ();

    fn data(&self) -> Zeroizing<Vec<u8>> {
        plain([*self as u8])
    }

    fn read(_: &[u8]) -> Result<(), MalformedPacket> {
        Ok(())
    }
}

impl Change for SetRestorePolicy {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_status_is_read_bit_by_bit() {
        let healthy = ChassisStatus { is_on: true, restore_policy: 1, power_fault: false, drive_fault: false, cooling_fault: false };
        for (data, expected) in [
            ([0x21, 0x00, 0x00], healthy),
            ([0x20, 0x00, 0x00], ChassisStatus { is_on: false, ..healthy }),
            ([0x61, 0x00, 0x00], ChassisStatus { restore_policy: 3, ..healthy }),
            ([0x29, 0x00, 0x00], ChassisStatus { power_fault: true, ..healthy }),
            ([0x21, 0x00, 0x04], ChassisStatus { drive_fault: true, ..healthy }),
            ([0x21, 0x00, 0x08], ChassisStatus { cooling_fault: true, ..healthy }),
        ] {
            assert_eq!(GetChassisStatus::read(&data), Ok(expected), "{data:02x?}");
        }
        assert!(GetChassisStatus::read(&[0x21, 0x00]).is_err());
    }
}
