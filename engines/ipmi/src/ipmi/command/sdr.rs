//! Which sensors are there? The repository of sensor data records: IPMI 2.0, chapter 33 and 43.

use zeroize::Zeroizing;

use super::scale::Scale;
use super::{Command, MalformedPacket, STORAGE, byte, plain, word};

/// Get SDR Repository Info.
pub(crate) struct GetRepositoryInfo;

/// When the repository was changed last: while it is the same, so are the records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RepositoryInfo {
    pub(crate) records: u16,
    pub(crate) changed: [u8; 8],
}

impl Command for GetRepositoryInfo {
    const FUNCTION: u8 = STORAGE;
    const COMMAND: u8 = 0x20;
    const ATTEMPT: &'static str = "read how many sensors there are";
    type Reply = RepositoryInfo;

    fn data(&self) -> Zeroizing<Vec<u8>> {
        plain([])
    }

    fn read(data: &[u8]) -> Result<RepositoryInfo, MalformedPacket> {
        let changed = data.get(5..13).and_then(|bytes| bytes.try_into().ok()).ok_or(super::CUT_OFF)?;
        Ok(RepositoryInfo { records: word(data, 1)?, changed })
    }
}

/// Reserve SDR Repository.
pub(crate) struct ReserveRepository;

impl Command for ReserveRepository {
    const FUNCTION: u8 = STORAGE;
    const COMMAND: u8 = 0x22;
    const ATTEMPT: &'static str = "begin to read the list of sensors";
    type Reply = u16;

    fn data(&self) -> Zeroizing<Vec<u8>> {
        plain([])
    }

    fn read(data: &[u8]) -> Result<u16, MalformedPacket> {
        word(data, 0)
    }
}

/// Get SDR: a piece of a record. Few BMCs can send a whole one.
pub(crate) struct GetRecord {
    pub(crate) reservation: u16,
    pub(crate) id: u16,
    pub(crate) offset: u8,
    pub(crate) count: u8,
}

/// The first and the last record have names of their own.
pub(crate) const RECORD_FIRST: u16 = 0x0000;
pub(crate) const RECORD_LAST: u16 = 0xffff;
/// Id, version, type, and how much follows.
pub(crate) const HEADER_BYTES: u8 = 5;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RecordPiece {
    pub(crate) next: u16,
    pub(crate) bytes: Vec<u8>,
}

impl Command for GetRecord {
    const FUNCTION: u8 = STORAGE;
    const COMMAND: u8 = 0x23;
    const ATTEMPT: &'static str = "read the list of sensors";
    type Reply = RecordPiece;

    fn data(&self) -> Zeroizing<Vec<u8>> {
        let ([r0, r1], [i0, i1]) = (self.reservation.to_le_bytes(), self.id.to_le_bytes());
        plain([r0, r1, i0, i1, self.offset, self.count])
    }

    fn read(data: &[u8]) -> Result<RecordPiece, MalformedPacket> {
        byte(data, 2)?;
        Ok(RecordPiece { next: word(data, 0)?, bytes: data[2..].to_vec() })
    }
}

/// A sensor, as its record describes it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SensorRecord {
    pub(crate) number: u8,
    /// 1 temperature, 2 voltage, 4 fan, 8 power supply and so on: table 42-3.
    pub(crate) kind: u8,
    /// 1 has limits, 0x6f has states of its kind, others are generic: table 42-1.
    pub(crate) reading: u8,
    pub(crate) name: String,
    /// `None`: it tells states alone.
    pub(crate) scale: Option<Scale>,
}

const FULL: u8 = 0x01;
const COMPACT: u8 = 0x02;

impl SensorRecord {
    /// `None` for records of other kinds, and for sensors that are not the BMC's own.
    pub(crate) fn read(record: &[u8]) -> Option<Self> {
        const BMC_OWNER: u8 = 0x20;
        let kind = record.get(3)?;
        let body = record.get(usize::from(HEADER_BYTES)..)?;
        let name_at = match *kind {
            FULL => 42,
            COMPACT => 26,
            _ => return None,
        };
        if *body.first()? != BMC_OWNER || body.get(1)? & 0x03 != 0 {
            return None;
        }
        let length = usize::from(body.get(name_at)? & 0x1f);
        let bytes = body.get(name_at + 1..name_at + 1 + length)?;
        let name = bytes.iter().map(|byte| char::from(*byte)).filter(|letter| !letter.is_control()).collect::<String>();
        let scale = if *kind == FULL { Scale::read(body) } else { None };
        Some(Self { number: *body.get(2)?, kind: *body.get(7)?, reading: body.get(8)? & 0x7f, name: name.trim().to_owned(), scale })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_sensor_is_known_by_its_name() {
        let mut full = vec![1, 0, 0x51, FULL, 43 + 8];
        full.extend([0x20, 0, 7, 3, 1, 0x7f, 0x68, 1, 0x01]);
        full.resize(5 + 42, 0);
        full.push(0xc0 | 8);
        full.extend(b"CPU Temp");
        let expected = SensorRecord { number: 7, kind: 1, reading: 1, name: "CPU Temp".to_owned(), scale: None };
        assert_eq!(SensorRecord::read(&full), Some(expected));
        full[5] = 0x2c;
        assert_eq!(SensorRecord::read(&full), None, "a sensor of somebody else");
    }

    proptest! {
        #[test]
        fn any_record_is_read_without_a_panic(kind in 0_u8..4, mut record in prop::collection::vec(any::<u8>(), 0..80)) {
            if let Some(place) = record.get_mut(3) {
                *place = kind;
            }
            let _ = SensorRecord::read(&record);
        }
    }
}
