//! How is the machine? What it says is critical, its supplies, fans and temperatures, and the newest grave event.

use engine_api::EngineError;
use serde_json::Value;

use super::client::Client;
use super::service::Service;
use super::{collection, event_log, link};
use crate::measured::{Health, Part};

const ATTEMPT: &str = "read the machine's health";

/// The lists of parts in a chassis: the resource, the property of it that has them, and what they are. The older form first, as
/// most have it.
const PARTS: &[(&str, &str, Part)] =
    &[("Power", "PowerSupplies", Part::PowerSupply), ("Thermal", "Fans", Part::Fan), ("Thermal", "Temperatures", Part::Temperature)];
/// In the newer form the same parts are collections.
const COLLECTIONS: &[(&str, &str, Part)] = &[("PowerSubsystem", "PowerSupplies", Part::PowerSupply), ("ThermalSubsystem", "Fans", Part::Fan)];

pub(super) async fn health(client: &mut Client, service: &Service) -> Result<Health, EngineError> {
    let mut health = Health::default();
    let system = &service.system_then;
    if is_told(system) {
        health.note_part(Part::Chassis, complaint("the machine", system));
    }
    for (property, part, name) in [("MemorySummary", Part::Memory, "its memory"), ("ProcessorSummary", Part::Processor, "its processors")] {
        if let Some(summary) = system.get(property).filter(|summary| is_told(summary)) {
            health.note_part(part, complaint(name, summary));
        }
    }
    for place in service.chassis() {
        for (kind, part) in of_chassis(client, &place).await? {
            measure(&mut health, kind, &part);
        }
    }
    newest_event(client, service, &mut health).await?;
    Ok(health)
}

async fn of_chassis(client: &mut Client, place: &str) -> Result<Vec<(Part, Value)>, EngineError> {
    let Some(chassis) = client.get_if_there(ATTEMPT, place).await? else { return Ok(Vec::new()) };
    let mut parts = Vec::new();
    let mut last: Option<(&str, Value)> = None;
    for (resource, list, kind) in PARTS {
        if last.as_ref().is_none_or(|(name, _)| name != resource) {
            let read = match link::of(&chassis, resource) {
                Some(place) => client.get_if_there(ATTEMPT, place).await?,
                None => None,
            };
            last = read.map(|read| (*resource, read));
        }
        let found = last.as_ref().and_then(|(_, read)| read.get(list)).and_then(Value::as_array);
        parts.extend(found.into_iter().flatten().map(|part| (*kind, part.clone())));
    }
    if parts.is_empty() {
        for (resource, list, kind) in COLLECTIONS {
            let Some(place) = link::of(&chassis, resource) else { continue };
            let Some(subsystem) = client.get_if_there(ATTEMPT, place).await? else { continue };
            if let Some(members) = link::of(&subsystem, list) {
                parts.extend(collection::resources(client, ATTEMPT, members).await?.into_iter().map(|part| (*kind, part)));
            }
        }
    }
    Ok(parts)
}

/// What a part says of itself, in words and numbers.
fn measure(health: &mut Health, kind: Part, part: &Value) {
    if !is_told(part) {
        return;
    }
    let name = part.get("Name").or_else(|| part.get("MemberId")).and_then(Value::as_str);
    let name = name.map_or_else(|| "a part without a name".to_owned(), |name| format!("`{name}`"));
    health.note_part(kind, complaint(&name, part));
    let number = |property: &str| part.get(property).and_then(Value::as_f64);
    match kind {
        Part::Temperature => number("ReadingCelsius").into_iter().for_each(|celsius| health.note_celsius(celsius)),
        Part::Fan => {
            let is_in_rpm = part.get("ReadingUnits").is_some_and(|units| units == "RPM");
            let turns = number("Reading").filter(|_| is_in_rpm);
            let turns = turns.or_else(|| part.get("SpeedPercent")?.get("SpeedRPM")?.as_f64());
            turns.into_iter().for_each(|rpm| health.note_rpm(rpm));
        }
        _ => {}
    }
}

/// Whether a part is there and says how it is.
fn is_told(part: &Value) -> bool {
    part.get("Status").is_some_and(|status| status.get("State").is_none_or(|state| state != "Absent"))
}

/// A place without a part in it has no health.
fn complaint(name: &str, part: &Value) -> Option<String> {
    let status = part.get("Status")?;
    if status.get("State").is_some_and(|state| state == "Absent") {
        return None;
    }
    let health = status.get("Health").or_else(|| status.get("HealthRollup")).and_then(Value::as_str)?;
    match health {
        "Critical" => Some(format!("{name} is in a critical state")),
        "Warning" => Some(format!("{name} needs attention")),
        _ => None,
    }
}

async fn newest_event(client: &mut Client, service: &Service, health: &mut Health) -> Result<(), EngineError> {
    let Some(log) = event_log::find(client, service).await? else { return Ok(()) };
    let Some(entries) = link::of(&log, "Entries").map(str::to_owned) else { return Ok(()) };
    // The first page is enough for one sentence; logs have thousands of entries.
    let Some(page) = client.get_if_there(ATTEMPT, &entries).await? else { return Ok(()) };
    health.events = page.get("Members@odata.count").and_then(Value::as_u64);
    let grave = page.get("Members").and_then(Value::as_array).into_iter().flatten();
    let grave = grave.filter(|entry| entry.get("Severity").is_some_and(|severity| severity == "Critical" || severity == "Warning"));
    let created = |entry: &&Value| entry.get("Created").and_then(Value::as_str).unwrap_or_default().to_owned();
    let Some(newest) = grave.max_by_key(created) else { return Ok(()) };
    let words = newest.get("Message").and_then(Value::as_str).unwrap_or("an event without words").trim().trim_end_matches('.');
    let day = newest.get("Created").and_then(Value::as_str).and_then(|time| time.get(..10)).unwrap_or("an unknown day");
    health.notes.push(format!("the newest grave entry in its event log says \"{words}\", on {day}"));
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_is_wrong_is_told() {
        for (status, expected) in [
            (json!({"State": "Enabled", "Health": "OK"}), None),
            (json!({"State": "Enabled", "Health": "Critical"}), Some("`PSU1` is in a critical state")),
            (json!({"State": "Enabled", "HealthRollup": "Warning"}), Some("`PSU1` needs attention")),
            (json!({"State": "Absent", "Health": "Critical"}), None),
            (json!({"State": "Enabled", "Health": null}), None),
        ] {
            assert_eq!(complaint("`PSU1`", &json!({"Status": status})).as_deref(), expected);
        }
        assert_eq!(complaint("x", &json!({})), None);
    }

    #[test]
    fn what_parts_measure_is_kept_without_those_that_are_not_there() {
        let mut health = Health::default();
        let well = json!({"State": "Enabled", "Health": "OK"});
        measure(&mut health, Part::Fan, &json!({"Name": "FAN1", "Status": well, "Reading": 6000, "ReadingUnits": "RPM"}));
        measure(&mut health, Part::Fan, &json!({"Name": "FAN2", "Status": {"Health": "Critical"}, "Reading": 0, "ReadingUnits": "RPM"}));
        measure(&mut health, Part::Fan, &json!({"Name": "FAN3", "Status": well, "Reading": 30, "ReadingUnits": "Percent"}));
        measure(&mut health, Part::Fan, &json!({"Name": "FAN4", "Status": {"State": "Absent", "Health": "Critical"}, "Reading": 0}));
        measure(&mut health, Part::Temperature, &json!({"Name": "Inlet", "Status": well, "ReadingCelsius": 24.5}));
        let value = |name: &str, part: Option<&str>| {
            let gauges = health.gauges("compute/n", None);
            gauges.into_iter().find(|gauge| gauge.family.name == name && gauge.part == part).map(|gauge| gauge.value)
        };
        assert_eq!((value("ipr_machine_parts", Some("fan")), value("ipr_machine_parts_at_fault", Some("fan"))), (Some(3.0), Some(1.0)));
        assert_eq!((value("ipr_machine_fan_min_rpm", None), value("ipr_machine_temperature_max_celsius", None)), (Some(0.0), Some(24.5)));
        assert_eq!(health.notes, ["`FAN2` is in a critical state"]);
    }
}
