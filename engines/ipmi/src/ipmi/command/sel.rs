//! What has happened to the machine? The system event log: IPMI 2.0, chapter 31 and 32.

use zeroize::Zeroizing;

use super::{Change, Command, MalformedPacket, STORAGE, byte, plain, word};

/// Get SEL Info.
pub(crate) struct GetLogInfo;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LogInfo {
    pub(crate) entries: u16,
    /// There were events that found no room.
    pub(crate) overflowed: bool,
}

impl Command for GetLogInfo {
    const FUNCTION: u8 = STORAGE;
    const COMMAND: u8 = 0x40;
    const ATTEMPT: &'static str = "read the state of the event log";
    type Reply = LogInfo;

    fn data(&self) -> Zeroizing<Vec<u8>> {
        plain([])
    }

    fn read(data: &[u8]) -> Result<LogInfo, MalformedPacket> {
        Ok(LogInfo { entries: word(data, 1)?, overflowed: byte(data, 13)? & 0x80 != 0 })
    }
}

/// Get SEL Entry: the newest one, whole.
pub(crate) struct GetEntry;

/// A record of type 2, an event of a sensor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Seconds since 1970 by the BMC's clock; `None` before it was set.
    pub(crate) seconds: Option<u32>,
    pub(crate) sensor_kind: u8,
    pub(crate) sensor: u8,
    /// The state is over, rather than begun.
    pub(crate) is_over: bool,
}

impl Command for GetEntry {
    const FUNCTION: u8 = STORAGE;
    const COMMAND: u8 = 0x43;
    const ATTEMPT: &'static str = "read the event log";
    /// `None` for records that are the vendor's own.
    type Reply = Option<Entry>;

    /// Without a reservation, which whole entries do not need.
    fn data(&self) -> Zeroizing<Vec<u8>> {
        plain([0x00, 0x00, 0xff, 0xff, 0x00, 0xff])
    }

    fn read(data: &[u8]) -> Result<Option<Entry>, MalformedPacket> {
        const OF_A_SENSOR: u8 = 0x02;
        /// Times up to here count from the BMC's start.
        const SINCE_START_MAX: u32 = 0x2000_0000;
        let record: [u8; 16] = data.get(2..18).and_then(|bytes| bytes.try_into().ok()).ok_or(super::CUT_OFF)?;
        let seconds = u32::from_le_bytes([record[3], record[4], record[5], record[6]]);
        let entry = Entry {
            seconds: (seconds > SINCE_START_MAX && seconds != u32::MAX).then_some(seconds),
            sensor_kind: record[10],
            sensor: record[11],
            is_over: record[12] & 0x80 != 0,
        };
        Ok((record[2] == OF_A_SENSOR).then_some(entry))
    }
}

/// Reserve SEL.
pub(crate) struct ReserveLog;

impl Command for ReserveLog {
    const FUNCTION: u8 = STORAGE;
    const COMMAND: u8 = 0x42;
    const ATTEMPT: &'static str = "begin to clear the event log";
    type Reply = u16;

    fn data(&self) -> Zeroizing<Vec<u8>> {
        plain([])
    }

    fn read(data: &[u8]) -> Result<u16, MalformedPacket> {
        word(data, 0)
    }
}

/// Clear SEL. Entries that came since the reservation cancel it, so that no unseen one is lost.
pub(crate) struct ClearLog {
    pub(crate) reservation: u16,
}

impl Command for ClearLog {
    const FUNCTION: u8 = STORAGE;
    const COMMAND: u8 = 0x47;
    const ATTEMPT: &'static str = "clear the event log";
    type Reply = ();

    fn data(&self) -> Zeroizing<Vec<u8>> {
        const BEGIN: u8 = 0xaa;
        let [low, high] = self.reservation.to_le_bytes();
        plain([low, high, b'C', b'L', b'R', BEGIN])
    }

    fn read(_: &[u8]) -> Result<(), MalformedPacket> {
        Ok(())
    }
}

impl Change for ClearLog {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_entry_is_read() {
        let record = [7, 0, 0x02, 0x00, 0x10, 0x20, 0x65, 0x20, 0x00, 0x04, 0x01, 0x30, 0x01, 0x57, 0x64, 0x5a];
        let data = [&[0xff, 0xff][..], &record].concat();
        let expected = Entry { seconds: Some(0x6520_1000), sensor_kind: 0x01, sensor: 0x30, is_over: false };
        assert_eq!(GetEntry::read(&data), Ok(Some(expected)));
        assert!(GetEntry::read(&data[..17]).is_err());
    }

    #[test]
    fn the_state_of_the_log_is_read() {
        let mut data = vec![0x51, 0x03, 0x00, 0xff, 0x00];
        data.extend([0; 8]);
        data.push(0x82);
        assert_eq!(GetLogInfo::read(&data), Ok(LogInfo { entries: 3, overflowed: true }));
    }
}
