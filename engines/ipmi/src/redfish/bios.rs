//! What is set in the firmware, and what will be after the next start? Two resources: what holds now, and what is to come.

use std::collections::BTreeMap;

use engine_api::{EngineError, ErrorKind};
use serde_json::{Map, Value, json};

use super::client::Client;
use super::link;
use super::service::Service;
use crate::driver::Settings;

pub(super) const ATTEMPT: &str = "read the firmware's settings";

/// The firmware's resource, with the place of what is to come.
pub(super) struct Bios {
    pub(super) attributes: Map<String, Value>,
    /// The registry that describes them.
    pub(super) registry: Option<String>,
    /// Where changes are written.
    pub(super) settings: String,
    /// Whether a change can be told to wait for the next start.
    pub(super) waits_for_reset: bool,
    pub(super) settings_are_apart: bool,
}

pub(super) async fn read(client: &mut Client, service: &Service) -> Result<Bios, EngineError> {
    let place = service.bios.as_deref().ok_or_else(|| EngineError::new(ErrorKind::Rejected, ATTEMPT, "this machine's BMC does not tell them"))?;
    let bios = client.get(ATTEMPT, place).await?;
    let annotation = bios.get("@Redfish.Settings");
    let named = annotation.and_then(|annotation| link::of(annotation, "SettingsObject")).map(str::to_owned);
    let below = service.settings_below_bios().map(|name| format!("{}/{name}", place.trim_end_matches('/')));
    let apart = named.or(below);
    let times = annotation.and_then(|annotation| annotation.get("SupportedApplyTimes")).and_then(Value::as_array);
    Ok(Bios {
        attributes: attributes(&bios),
        registry: bios.get("AttributeRegistry").and_then(Value::as_str).map(str::to_owned),
        settings_are_apart: apart.is_some(),
        settings: apart.unwrap_or_else(|| place.to_owned()),
        waits_for_reset: times.is_some_and(|times| times.iter().any(|time| time == "OnReset")),
    })
}

/// The named settings, or all of them.
pub(super) async fn settings(client: &mut Client, service: &Service, names: &[String]) -> Result<Settings, EngineError> {
    let bios = read(client, service).await?;
    let is_asked = |name: &String| names.is_empty() || names.contains(name);
    let now: BTreeMap<String, String> = texts(&bios.attributes).filter(|(name, _)| is_asked(name)).collect();
    let mut pending = BTreeMap::new();
    if bios.settings_are_apart {
        let to_come = client.get_if_there(ATTEMPT, &bios.settings).await?.unwrap_or_default();
        // Some repeat everything there, some only what changes.
        let differs = |(name, value): &(String, String)| now.get(name) != Some(value);
        pending = texts(&attributes(&to_come)).filter(|(name, _)| is_asked(name)).filter(differs).collect();
    }
    Ok(Settings { now, pending })
}

fn attributes(resource: &Value) -> Map<String, Value> {
    resource.get("Attributes").and_then(Value::as_object).cloned().unwrap_or_default()
}

fn texts(attributes: &Map<String, Value>) -> impl Iterator<Item = (String, String)> {
    attributes.iter().filter_map(|(name, value)| Some((name.clone(), text(value)?)))
}

/// A value as a blueprint would write it. A password is null, which is none.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

/// A blueprint's value, of the kind that the firmware has there now.
pub(super) fn value(now: Option<&Value>, text: &str) -> Value {
    let parsed = match now {
        Some(Value::Number(_)) => text.parse::<i64>().ok().map(|number| json!(number)),
        Some(Value::Bool(_)) => text.parse::<bool>().ok().map(|flag| json!(flag)),
        _ => None,
    };
    parsed.unwrap_or_else(|| json!(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_keep_their_kind() {
        for (now, written, expected) in [
            (json!(8), "16", json!(16)),
            (json!(true), "false", json!(false)),
            (json!("Enabled"), "16", json!("16")),
            (json!(8), "many", json!("many")),
            (Value::Null, "x", json!("x")),
        ] {
            assert_eq!(value(Some(&now), written), expected);
        }
        assert_eq!(
            [json!("a"), json!(8), json!(false), Value::Null].map(|value| text(&value)),
            [Some("a".to_owned()), Some("8".to_owned()), Some("false".to_owned()), None]
        );
    }
}
