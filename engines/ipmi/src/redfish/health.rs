//! How is the machine? What it says is critical, its supplies, fans and temperatures, and the newest grave event; without numbers.

use engine_api::EngineError;
use serde_json::Value;

use super::client::Client;
use super::service::Service;
use super::{collection, event_log, link};

const ATTEMPT: &str = "read the machine's health";

/// The lists of parts in a chassis: the resource, and the property of it that has them. The older form first, as most have it.
const PARTS: &[(&str, &str)] = &[("Power", "PowerSupplies"), ("Thermal", "Fans"), ("Thermal", "Temperatures")];
/// In the newer form the same parts are collections.
const COLLECTIONS: &[(&str, &str)] = &[("PowerSubsystem", "PowerSupplies"), ("ThermalSubsystem", "Fans")];

pub(super) async fn notes(client: &mut Client, service: &Service) -> Result<Vec<String>, EngineError> {
    let mut notes = Vec::new();
    notes.extend(complaint("the machine", &service.system_then));
    for (part, name) in [("MemorySummary", "its memory"), ("ProcessorSummary", "its processors")] {
        notes.extend(service.system_then.get(part).and_then(|summary| complaint(name, summary)));
    }
    for place in service.chassis() {
        notes.extend(of_chassis(client, &place).await?);
    }
    notes.extend(newest_event(client, service).await?);
    Ok(notes)
}

async fn of_chassis(client: &mut Client, place: &str) -> Result<Vec<String>, EngineError> {
    let Some(chassis) = client.get_if_there(ATTEMPT, place).await? else { return Ok(Vec::new()) };
    let mut parts = Vec::new();
    let mut last: Option<(&str, Value)> = None;
    for (resource, list) in PARTS {
        if last.as_ref().is_none_or(|(name, _)| name != resource) {
            let read = match link::of(&chassis, resource) {
                Some(place) => client.get_if_there(ATTEMPT, place).await?,
                None => None,
            };
            last = read.map(|read| (*resource, read));
        }
        let found = last.as_ref().and_then(|(_, read)| read.get(list)).and_then(Value::as_array);
        parts.extend(found.into_iter().flatten().cloned());
    }
    if parts.is_empty() {
        for (resource, list) in COLLECTIONS {
            let Some(place) = link::of(&chassis, resource) else { continue };
            let Some(subsystem) = client.get_if_there(ATTEMPT, place).await? else { continue };
            if let Some(members) = link::of(&subsystem, list) {
                parts.extend(collection::resources(client, ATTEMPT, members).await?);
            }
        }
    }
    let named = |part: &Value| part.get("Name").or_else(|| part.get("MemberId")).and_then(Value::as_str).map(|name| format!("`{name}`"));
    Ok(parts.iter().filter_map(|part| complaint(&named(part).unwrap_or_else(|| "a part without a name".to_owned()), part)).collect())
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

async fn newest_event(client: &mut Client, service: &Service) -> Result<Option<String>, EngineError> {
    let Some(log) = event_log::find(client, service).await? else { return Ok(None) };
    let Some(entries) = link::of(&log, "Entries").map(str::to_owned) else { return Ok(None) };
    // The first page is enough for one sentence; logs have thousands of entries.
    let Some(page) = client.get_if_there(ATTEMPT, &entries).await? else { return Ok(None) };
    let grave = page.get("Members").and_then(Value::as_array).into_iter().flatten();
    let grave = grave.filter(|entry| entry.get("Severity").is_some_and(|severity| severity == "Critical" || severity == "Warning"));
    let created = |entry: &&Value| entry.get("Created").and_then(Value::as_str).unwrap_or_default().to_owned();
    let Some(newest) = grave.max_by_key(created) else { return Ok(None) };
    let words = newest.get("Message").and_then(Value::as_str).unwrap_or("an event without words").trim().trim_end_matches('.');
    let day = newest.get("Created").and_then(Value::as_str).and_then(|time| time.get(..10)).unwrap_or("an unknown day");
    Ok(Some(format!("the newest grave entry in its event log says \"{words}\", on {day}")))
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
}
