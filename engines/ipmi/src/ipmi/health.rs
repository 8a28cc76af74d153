//! How is the machine? Sensors beyond their limits, parts that failed, and the newest event, in sentences that do not change all
//! the time; and the numbers for those who draw curves.

use std::sync::Arc;

use engine_api::{EngineError, ErrorKind};

use super::client::Client;
use super::command::chassis::GetChassisStatus;
use super::command::scale::Unit;
use super::command::sdr::{GetRecord, GetRepositoryInfo, HEADER_BYTES, RECORD_FIRST, RECORD_LAST, RepositoryInfo, ReserveRepository, SensorRecord};
use super::command::sel::{GetEntry, GetLogInfo};
use super::command::sensor::{GetReading, Reading};
use crate::measured::{Health, Part};

/// The sensors of a BMC, and when the list of them was changed last.
pub(super) struct Sensors {
    info: RepositoryInfo,
    records: Vec<SensorRecord>,
}

/// More records are not read. Large servers have two or three hundred.
const RECORDS_MAX: u16 = 1_000;
/// Every BMC can send so much of a record at once.
const PIECE_BYTES: u8 = 16;
/// How often the list is begun anew when it changes while it is read.
const BEGINNINGS_MAX: u32 = 3;

/// The list of sensors, as it is known or read anew. `None`: the BMC has none.
pub(super) async fn sensors(client: &mut Client, known: Option<Arc<Sensors>>) -> Result<Option<Arc<Sensors>>, EngineError> {
    let Some(info) = client.ask_if_there(&GetRepositoryInfo).await? else { return Ok(None) };
    if let Some(known) = known.filter(|known| known.info == info) {
        return Ok(Some(known));
    }
    for _ in 1..BEGINNINGS_MAX {
        match records(client, info.records).await {
            Err(error) if error.kind == ErrorKind::Busy => {}
            read => return read.map(|records| Some(Arc::new(Sensors { info, records }))),
        }
    }
    let records = records(client, info.records).await?;
    Ok(Some(Arc::new(Sensors { info, records })))
}

async fn records(client: &mut Client, count: u16) -> Result<Vec<SensorRecord>, EngineError> {
    let reservation = client.ask(&ReserveRepository).await?;
    let (mut found, mut id) = (Vec::new(), RECORD_FIRST);
    for _ in 0..count.min(RECORDS_MAX) {
        let head = client.ask(&GetRecord { reservation, id, offset: 0, count: HEADER_BYTES }).await?;
        let mut record = head.bytes;
        let length = record.get(4).copied().unwrap_or_default().saturating_add(HEADER_BYTES);
        while let Some(left) = usize::from(length).checked_sub(record.len()).filter(|left| *left > 0) {
            let count = left.min(usize::from(PIECE_BYTES)) as u8;
            let piece = client.ask(&GetRecord { reservation, id, offset: record.len() as u8, count }).await?;
            if piece.bytes.is_empty() {
                break;
            }
            record.extend(piece.bytes);
        }
        found.extend(SensorRecord::read(&record));
        id = head.next;
        if id == RECORD_LAST {
            break;
        }
    }
    Ok(found)
}

pub(super) async fn health(client: &mut Client, sensors: Option<&Sensors>) -> Result<Health, EngineError> {
    let mut health = Health::default();
    let chassis = client.ask(&GetChassisStatus).await?;
    for (part, is_so, words) in [
        (Part::Chassis, chassis.power_fault, "the chassis reports a power fault"),
        (Part::Chassis, chassis.cooling_fault, "the chassis reports a fault of its cooling"),
        (Part::Chassis, chassis.drive_fault, "the chassis reports a drive fault"),
    ] {
        health.note_part(part, is_so.then(|| words.to_owned()));
    }
    let records = sensors.map_or(&[][..], |sensors| &sensors.records);
    for record in records {
        if let Some(reading) = client.ask_if_there(&GetReading { sensor: record.number }).await? {
            measure(&mut health, record, reading);
        }
    }
    log_health(client, records, &mut health).await?;
    Ok(health)
}

/// A sensor without a reading belongs to a part that is not there, or to a machine that is off.
fn measure(health: &mut Health, record: &SensorRecord, reading: Reading) {
    if !reading.is_available {
        return;
    }
    health.note_part(part(record.kind), complaint(record, reading));
    match (record.kind, record.scale.and_then(|scale| scale.value(reading.raw))) {
        (TEMPERATURE, Some((Unit::Celsius, celsius))) => health.note_celsius(celsius),
        (FAN, Some((Unit::Rpm, rpm))) => health.note_rpm(rpm),
        _ => {}
    }
}

const TEMPERATURE: u8 = 0x01;
const FAN: u8 = 0x04;

fn part(kind: u8) -> Part {
    match kind {
        TEMPERATURE => Part::Temperature,
        0x02 => Part::Voltage,
        FAN => Part::Fan,
        0x07 => Part::Processor,
        0x08 | 0x09 => Part::PowerSupply,
        0x0c => Part::Memory,
        0x0d => Part::Drive,
        _ => Part::Other,
    }
}

/// What a sensor says that somebody should hear of.
fn complaint(record: &SensorRecord, reading: Reading) -> Option<String> {
    const LIMITS: u8 = 0x01;
    const REDUNDANCY: u8 = 0x0b;
    const OF_ITS_KIND: u8 = 0x6f;
    let holds = |bit: u32| reading.states & 1 << bit != 0;
    let worst = |table: &[(u32, &'static str)]| table.iter().find(|(bit, _)| holds(*bit)).map(|(_, words)| *words);
    let words = match (record.reading, record.kind) {
        (LIMITS, _) => worst(&[
            (5, "is above its upper non-recoverable limit"),
            (2, "is below its lower non-recoverable limit"),
            (4, "is above its upper critical limit"),
            (1, "is below its lower critical limit"),
        ]),
        (REDUNDANCY, _) => worst(&[(5, "has no redundancy left, and too little of what it needs"), (1, "has lost its redundancy")]),
        (OF_ITS_KIND, 0x07) => worst(&[(0, "reports an internal error"), (1, "was switched off because it was too hot")]),
        (OF_ITS_KIND, 0x08) => worst(&[(1, "has failed"), (3, "has lost its input"), (2, "says that it will fail")]),
        (OF_ITS_KIND, 0x09) => worst(&[(6, "has failed"), (5, "could not be switched on")]),
        (OF_ITS_KIND, 0x0c) => worst(&[(1, "has errors that cannot be corrected"), (5, "has too many errors that had to be corrected")]),
        (OF_ITS_KIND, 0x0d) => worst(&[(1, "has failed"), (2, "says that it will fail")]),
        _ => None,
    };
    words.map(|words| format!("`{}` {words}", record.name))
}

async fn log_health(client: &mut Client, records: &[SensorRecord], health: &mut Health) -> Result<(), EngineError> {
    let Some(log) = client.ask_if_there(&GetLogInfo).await? else { return Ok(()) };
    health.events = Some(u64::from(log.entries));
    health.events_lost = Some(log.overflowed);
    if log.overflowed {
        health.notes.push("its event log is full, and newer events were lost".to_owned());
    }
    if log.entries == 0 {
        return Ok(());
    }
    if let Some(entry) = client.ask_if_there(&GetEntry).await?.flatten().filter(|entry| !entry.is_over) {
        let named = records.iter().find(|record| record.number == entry.sensor && record.kind == entry.sensor_kind);
        let about = named.map_or_else(|| format!("{} 0x{:02x}", kind_words(entry.sensor_kind), entry.sensor), |record| format!("`{}`", record.name));
        let when = entry.seconds.map_or_else(|| "at an unknown time".to_owned(), |seconds| format!("on {}", day(seconds)));
        health.notes.push(format!("the newest of the {} entries in its event log is about {about}, {when}", log.entries));
    }
    Ok(())
}

/// IPMI 2.0, table 42-3, as far as people ask about it.
fn kind_words(kind: u8) -> &'static str {
    match kind {
        0x01 => "the temperature sensor",
        0x02 => "the voltage sensor",
        0x03 => "the current sensor",
        0x04 => "the fan",
        0x05 => "the chassis intrusion sensor",
        0x07 => "the processor",
        0x08 => "the power supply",
        0x09 => "the power unit",
        0x0c => "the memory sensor",
        0x0d => "the drive slot",
        0x10 => "the event log itself, sensor",
        0x12 => "a system event, sensor",
        0x13 => "a critical interrupt, sensor",
        0x1d => "a start of the system, sensor",
        0x1f | 0x20 => "the operating system, sensor",
        0x23 => "the watchdog",
        _ => "the sensor",
    }
}

/// `2026-11-20`, counted in the proleptic Gregorian calendar as "civil from days" does.
fn day(seconds: u32) -> String {
    let days = i64::from(seconds / 86_400) + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_wrong_is_told() {
        let sensor = |kind: u8, reading: u8| SensorRecord { number: 1, kind, reading, name: "X".to_owned(), scale: None };
        let states = |states: u16| Reading { is_available: true, states, raw: 0 };
        for (kind, reading, bits, expected) in [
            (0x01, 0x01, 0b00_0000, None),
            (0x01, 0x01, 0b00_1000, None),
            (0x01, 0x01, 0b01_1000, Some("`X` is above its upper critical limit")),
            (0x01, 0x01, 0b11_1000, Some("`X` is above its upper non-recoverable limit")),
            (0x04, 0x01, 0b00_0011, Some("`X` is below its lower critical limit")),
            (0x08, 0x6f, 0b00_0001, None),
            (0x08, 0x6f, 0b00_0011, Some("`X` has failed")),
            (0x08, 0x0b, 0b00_0010, Some("`X` has lost its redundancy")),
            (0xc0, 0x6f, 0xffff, None),
        ] {
            assert_eq!(complaint(&sensor(kind, reading), states(bits)).as_deref(), expected, "{kind:02x} {reading:02x} {bits:b}");
        }
        let mut health = Health::default();
        measure(&mut health, &sensor(0x01, 0x01), Reading { is_available: false, states: 0xffff, raw: 0 });
        assert_eq!(health, Health::default(), "what is not there is neither well nor ill");
    }

    #[test]
    fn days_are_those_of_the_calendar() {
        for (seconds, expected) in [(0, "1970-01-01"), (951_782_400, "2000-02-29"), (1_795_132_800, "2026-11-20"), (u32::MAX, "2106-02-07")] {
            assert_eq!(day(seconds), expected);
        }
    }
}
