//! Would the firmware take these settings? What its registry says of names, values, limits, and what depends on what.

use std::collections::BTreeMap;

use engine_api::EngineError;
use serde_json::Value;

use super::bios::{self, Bios};
use super::client::Client;
use super::service::Service;
use super::{collection, link};

const ATTEMPT: &str = "read the registry of the firmware's settings";
const REGISTRIES_MAX: usize = 100;

/// What would be refused, in words.
pub(super) async fn check(client: &mut Client, service: &Service, wanted: &BTreeMap<String, String>) -> Result<Vec<String>, EngineError> {
    let bios = bios::read(client, service).await?;
    let registry = read(client, &bios).await?;
    let coming = bios::settings(client, service, &[]).await?;
    let mut values = coming.now;
    values.extend(coming.pending);
    values.extend(wanted.clone());
    let complaints = wanted.iter().flat_map(|(name, value)| complaints(registry.as_ref(), &bios, &values, name, value));
    Ok(complaints.collect())
}

/// The registry that the firmware names. `None`: the BMC does not have it.
async fn read(client: &mut Client, bios: &Bios) -> Result<Option<Value>, EngineError> {
    let (Some(name), Some(registries)) = (bios.registry.as_deref(), link::of(&client.root, "Registries").map(str::to_owned)) else {
        return Ok(None);
    };
    // `BiosAttributeRegistryU46.v1_2_0`: the part before the version is in the link, and not every BMC has it all there.
    let stem = name.split('.').next().unwrap_or(name).to_ascii_lowercase();
    let mut places = collection::members(client, ATTEMPT, &registries).await?;
    places.sort_by_key(|place| !link::id(place).is_some_and(|place| place.to_ascii_lowercase().contains(&stem)));
    for place in places.iter().filter_map(link::id).take(REGISTRIES_MAX) {
        let Some(file) = client.get_if_there(ATTEMPT, place).await? else { continue };
        let called = ["Registry", "Id"].map(|key| file.get(key).and_then(Value::as_str).unwrap_or_default());
        if !called.iter().any(|called| called.eq_ignore_ascii_case(name) || called.to_ascii_lowercase().split('.').next() == Some(stem.as_str())) {
            continue;
        }
        return match location(&file) {
            Some(uri) => client.get_if_there(ATTEMPT, &uri).await,
            None => Ok(None),
        };
    }
    Ok(None)
}

/// In English where there is a choice: names and values are the same in every language.
fn location(file: &Value) -> Option<String> {
    let places = file.get("Location")?.as_array()?;
    let is_english = |place: &&Value| place.get("Language").and_then(Value::as_str).is_some_and(|language| language.starts_with("en"));
    let place = places.iter().find(is_english).or_else(|| places.first())?;
    place.get("Uri").and_then(Value::as_str).map(str::to_owned)
}

fn complaints(registry: Option<&Value>, bios: &Bios, values: &BTreeMap<String, String>, name: &str, value: &str) -> Vec<String> {
    let entries = registry.and_then(|registry| registry.get("RegistryEntries"));
    let list = |key: &str| entries.and_then(|entries| entries.get(key)).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let entry = list("Attributes").iter().find(|entry| entry.get("AttributeName").is_some_and(|found| found == name));
    let Some(entry) = entry else {
        let is_there = bios.attributes.contains_key(name);
        return if is_there { Vec::new() } else { vec![format!("The firmware has no setting `{name}`.")] };
    };
    if entry.get("ReadOnly") == Some(&Value::Bool(true)) {
        return vec![format!("The firmware's setting `{name}` cannot be set; it is read-only.")];
    }
    let held = list("Dependencies").iter().find_map(|dependency| held_by(dependency, values, name));
    of_kind(entry, name, value).into_iter().chain(held).collect()
}

fn of_kind(entry: &Value, name: &str, value: &str) -> Option<String> {
    let number = |key: &str| entry.get(key).and_then(Value::as_i64);
    match entry.get("Type").and_then(Value::as_str).unwrap_or_default() {
        "Enumeration" => {
            let known = entry.get("Value").and_then(Value::as_array).into_iter().flatten();
            let known: Vec<&str> = known.filter_map(|known| known.get("ValueName")?.as_str()).collect();
            (!known.contains(&value)).then(|| format!("`{value}` is no value of the firmware's setting `{name}`: {}.", known.join(", ")))
        }
        "Integer" => {
            let (low, high) = (number("LowerBound").unwrap_or(i64::MIN), number("UpperBound").unwrap_or(i64::MAX));
            let step = number("ScalarIncrement").filter(|step| *step > 0).unwrap_or(1);
            let is_fit = value.parse::<i64>().is_ok_and(|value| (low..=high).contains(&value) && value.saturating_sub(low.max(0)) % step == 0);
            (!is_fit).then(|| format!("`{value}` does not fit the firmware's setting `{name}`: a number from {low} to {high}, in steps of {step}."))
        }
        "String" => {
            let length = value.chars().count() as i64;
            let (low, high) = (number("MinLength").unwrap_or(0), number("MaxLength").unwrap_or(i64::MAX));
            (!(low..=high).contains(&length)).then(|| format!("The firmware's setting `{name}` takes {low} to {high} characters, not {length}."))
        }
        "Boolean" => value.parse::<bool>().is_err().then(|| format!("The firmware's setting `{name}` is `true` or `false`.")),
        "Password" => Some(format!("The firmware's setting `{name}` is a password, which it never tells; it cannot be managed.")),
        _ => None,
    }
}

/// Why a setting cannot be set while others are as they are, or are to be.
fn held_by(dependency: &Value, values: &BTreeMap<String, String>, name: &str) -> Option<String> {
    let rule = dependency.get("Dependency")?;
    let text = |key: &str| rule.get(key).and_then(Value::as_str).unwrap_or_default();
    let holds = matches!(text("MapToProperty"), "ReadOnly" | "GrayOut") && rule.get("MapToValue") == Some(&Value::Bool(true));
    if text("MapToAttribute") != name || !holds {
        return None;
    }
    let conditions = rule.get("MapFrom")?.as_array()?;
    let mut is_so = None;
    for condition in conditions {
        let this = is_met(condition, values)?;
        is_so = Some(match (is_so, condition.get("MapTerms").and_then(Value::as_str)) {
            (Some(before), Some("OR")) => before || this,
            (Some(before), _) => before && this,
            (None, _) => this,
        });
    }
    let on = conditions.iter().filter_map(|condition| condition.get("MapFromAttribute")?.as_str());
    let on: Vec<String> = on.map(|other| format!("`{other}` is `{}`", values.get(other).map_or("unknown", String::as_str))).collect();
    is_so.unwrap_or(false).then(|| format!("The firmware's setting `{name}` cannot be set while {}.", on.join(" and ")))
}

/// `None`: it asks for something that is not a setting's value, and nothing is said about it.
fn is_met(condition: &Value, values: &BTreeMap<String, String>) -> Option<bool> {
    let text = |key: &str| condition.get(key).and_then(Value::as_str).unwrap_or_default();
    if text("MapFromProperty") != "CurrentValue" {
        return None;
    }
    let now = values.get(text("MapFromAttribute"))?;
    let than = condition.get("MapFromValue").and_then(bios::text)?;
    let order = match (now.parse::<i64>(), than.parse::<i64>()) {
        (Ok(now), Ok(than)) => now.cmp(&than),
        _ => now.cmp(&than),
    };
    match text("MapFromCondition") {
        "EQU" => Some(order.is_eq()),
        "NEQ" => Some(order.is_ne()),
        "GTR" => Some(order.is_gt()),
        "GEQ" => Some(order.is_ge()),
        "LSS" => Some(order.is_lt()),
        "LEQ" => Some(order.is_le()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn registry() -> Value {
        let held =
            |terms: Value| json!({"Dependency": {"MapToAttribute": "Turbo", "MapToProperty": "GrayOut", "MapToValue": true, "MapFrom": terms}});
        json!({"RegistryEntries": {
            "Attributes": [
                {"AttributeName": "Sriov", "Type": "Enumeration", "Value": [{"ValueName": "Enabled"}, {"ValueName": "Disabled"}]},
                {"AttributeName": "Cores", "Type": "Integer", "LowerBound": 0, "UpperBound": 64, "ScalarIncrement": 4},
                {"AttributeName": "Asset", "Type": "String", "MaxLength": 4},
                {"AttributeName": "Quiet", "Type": "Boolean"},
                {"AttributeName": "Setup", "Type": "Password"},
                {"AttributeName": "Version", "Type": "String", "ReadOnly": true},
                {"AttributeName": "Turbo", "Type": "String"},
            ],
            "Dependencies": [
                held(json!([
                    {"MapFromAttribute": "Profile", "MapFromProperty": "CurrentValue", "MapFromCondition": "EQU", "MapFromValue": "Power"},
                    {"MapFromAttribute": "Cores", "MapFromProperty": "CurrentValue", "MapFromCondition": "GTR", "MapFromValue": 8, "MapTerms": "AND"},
                ])),
                held(json!([{"MapFromAttribute": "Profile", "MapFromProperty": "Hidden", "MapFromCondition": "EQU", "MapFromValue": true}])),
            ],
        }})
    }

    #[test]
    fn what_the_firmware_would_refuse_is_said() {
        let bios =
            Bios { attributes: Default::default(), registry: None, settings: String::new(), waits_for_reset: false, settings_are_apart: false };
        for (profile, cores, name, value, expected) in [
            ("Fast", "16", "Sriov", "Enabled", None),
            ("Fast", "16", "Sriov", "On", Some("`On` is no value of the firmware's setting `Sriov`: Enabled, Disabled.")),
            ("Fast", "16", "Cores", "12", None),
            ("Fast", "16", "Cores", "13", Some("`13` does not fit the firmware's setting `Cores`: a number from 0 to 64, in steps of 4.")),
            ("Fast", "16", "Cores", "68", Some("`68` does not fit the firmware's setting `Cores`: a number from 0 to 64, in steps of 4.")),
            ("Fast", "16", "Asset", "12345", Some("The firmware's setting `Asset` takes 0 to 4 characters, not 5.")),
            ("Fast", "16", "Quiet", "yes", Some("The firmware's setting `Quiet` is `true` or `false`.")),
            ("Fast", "16", "Setup", "x", Some("The firmware's setting `Setup` is a password, which it never tells; it cannot be managed.")),
            ("Fast", "16", "Version", "2", Some("The firmware's setting `Version` cannot be set; it is read-only.")),
            ("Fast", "16", "Sirov", "x", Some("The firmware has no setting `Sirov`.")),
            ("Fast", "16", "Turbo", "On", None),
            ("Power", "8", "Turbo", "On", None),
            ("Power", "16", "Turbo", "On", Some("The firmware's setting `Turbo` cannot be set while `Profile` is `Power` and `Cores` is `16`.")),
        ] {
            let values = BTreeMap::from([("Profile".to_owned(), profile.to_owned()), ("Cores".to_owned(), cores.to_owned())]);
            assert_eq!(complaints(Some(&registry()), &bios, &values, name, value), Vec::from_iter(expected.map(str::to_owned)), "{name} {value}");
        }
    }

    #[test]
    fn without_a_registry_a_name_that_is_there_is_believed() {
        let attributes = json!({"Sriov": "Enabled"}).as_object().cloned().unwrap_or_default();
        let bios = Bios { attributes, registry: None, settings: String::new(), waits_for_reset: false, settings_are_apart: false };
        assert_eq!(complaints(None, &bios, &BTreeMap::new(), "Sriov", "x"), Vec::<String>::new());
        assert_eq!(complaints(None, &bios, &BTreeMap::new(), "Sirov", "x").len(), 1);
    }
}
