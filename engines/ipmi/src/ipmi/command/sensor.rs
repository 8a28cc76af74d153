//! What does a sensor say? Get Sensor Reading: IPMI 2.0, section 35.14.

use zeroize::Zeroizing;

use super::{Command, MalformedPacket, SENSOR, byte, plain};

pub(crate) struct GetReading {
    pub(crate) sensor: u8,
}

/// The states that hold, one bit each. What they mean depends on the sensor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reading {
    /// There is nothing to read, because a part is not there or the machine is off.
    pub(crate) is_available: bool,
    pub(crate) states: u16,
    /// The number, in the sensor's own scale.
    pub(crate) raw: u8,
}

impl Command for GetReading {
    const FUNCTION: u8 = SENSOR;
    const COMMAND: u8 = 0x2d;
    const ATTEMPT: &'static str = "read a sensor";
    type Reply = Reading;

    fn data(&self) -> Zeroizing<Vec<u8>> {
        plain([self.sensor])
    }

    fn read(data: &[u8]) -> Result<Reading, MalformedPacket> {
        let flags = byte(data, 1)?;
        let is_available = flags & 0x20 == 0 && flags & 0x40 != 0;
        let states = u16::from(data.get(2).copied().unwrap_or_default()) | u16::from(data.get(3).copied().unwrap_or_default() & 0x7f) << 8;
        Ok(Reading { is_available, states, raw: byte(data, 0)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sensor_without_a_reading_says_so() {
        assert_eq!(GetReading::read(&[45, 0xc0, 0xc8]), Ok(Reading { is_available: true, states: 0xc8, raw: 45 }));
        assert_eq!(GetReading::read(&[0, 0xe0, 0xc0]), Ok(Reading { is_available: false, states: 0xc0, raw: 0 }));
        assert_eq!(GetReading::read(&[0, 0xc0, 0x02, 0x81]), Ok(Reading { is_available: true, states: 0x0102, raw: 0 }));
        assert!(GetReading::read(&[0]).is_err());
    }
}
