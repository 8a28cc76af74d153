//! What would a blueprint say of the machines that exist? Everything that differs from the defaults, so that the plan after
//! `ipr import` adopts them and changes nothing.

use core_model::decode::shown_thousandths;
use core_model::resource_type::ResourceType as _;
use core_model::schema::{Field, Kind};
use core_model::units::{Size, Span};
use engine_api::EngineError;
use engine_api::fields::{Flat, assemble, flatten};
use serde_json::{Map, Value};

use crate::reader::Reader;
use crate::stamp::Stamp;
use crate::types::{Compute, PROVIDER};
use crate::vm;
use crate::vm::size::GIBIBYTE;

const NAME_LENGTH_MAX: usize = 40;

pub(crate) async fn import(reader: Reader<'_>) -> Result<String, EngineError> {
    let mut guests = reader.guests().await?;
    guests.retain(|guest| guest.is_machine && !guest.is_template);
    guests.sort_by_key(|guest| guest.vmid);
    let mut text = "version: \"1.0\"\nname: imported\nresources:\n".to_owned();
    let mut names = Vec::new();
    for guest in guests {
        let Some(config) = reader.config(&guest.node, guest.vmid).await? else { continue };
        if Stamp::read(config.get("description"), guest.vmid).is_some() {
            continue;
        }
        let seen = vm::see(&guest, Some(&config));
        let name = resource_name(&guest.name, guest.vmid, &names);
        let boot = vm::disks::boot_slot(&config);
        text.push_str(&resource(&name, told(&seen.values, &seen.defaults, &name, boot.as_deref())));
        names.push(name);
    }
    if names.is_empty() {
        text = text.replace("resources:\n", "resources: []\n");
    }
    Ok(text)
}

/// The values that a blueprint has to say.
fn told(values: &Map<String, Value>, defaults: &Map<String, Value>, name: &str, boot: Option<&str>) -> Map<String, Value> {
    let facts = Compute.facts();
    let (mut flat, defaults): (Flat, Flat) = (flatten(facts, values), flatten(facts, defaults));
    let boot_size = boot.map(|slot| format!("specs.disks.{slot}.size"));
    flat.retain(|path, value| {
        let is_default = defaults.get(path) == Some(value);
        let is_said_otherwise = (path == "specs.name" && value == name) || Some(path) == boot_size.as_ref();
        // Blueprints have disks in whole gibibytes; another size is left as it is.
        let is_odd = (path == "specs.storage" || path.ends_with(".size")) && value.as_u64().is_some_and(|bytes| bytes % GIBIBYTE != 0);
        // A machine that is off is not told to stay off.
        let is_off = path == "specs.power";
        !is_default && !is_said_otherwise && !is_odd && !is_off
    });
    assemble(facts, &flat)
}

fn resource(name: &str, values: Map<String, Value>) -> String {
    let facts = Compute.facts();
    let mut text = format!("  - type: {}\n    name: {name}\n    provider: {PROVIDER}\n", facts.name);
    for (root, fields) in [("specs", facts.specs), ("metadata", facts.metadata)] {
        if let Some(Value::Object(map)) = values.get(root) {
            text.push_str(&format!("    {root}:\n"));
            write_fields(fields, map, 6, &mut text);
        }
    }
    text.push_str("    lifecycle: {adopt: true}\n");
    text
}

fn write_fields(fields: &[Field], map: &Map<String, Value>, indent: usize, text: &mut String) {
    for field in fields {
        let Some(value) = map.get(field.name) else { continue };
        write_value(field.name, &field.kind, value, indent, text);
    }
}

fn write_value(name: &str, kind: &Kind, value: &Value, indent: usize, text: &mut String) {
    let margin = " ".repeat(indent);
    match (kind, value) {
        (Kind::Object(inner), Value::Object(map)) => {
            text.push_str(&format!("{margin}{name}:\n"));
            write_fields(inner, map, indent + 2, text);
        }
        (Kind::Map(inner), Value::Object(map)) => {
            text.push_str(&format!("{margin}{name}:\n"));
            map.iter().for_each(|(key, value)| write_value(key, inner, value, indent + 2, text));
        }
        (kind, value) => text.push_str(&format!("{margin}{name}: {}\n", written(kind, value))),
    }
}

/// A value as an author would write it.
fn written(kind: &Kind, value: &Value) -> String {
    match (kind, value) {
        (Kind::Size, value) => value.as_u64().map_or_else(|| value.to_string(), |bytes| Size { bytes }.to_string()),
        (Kind::Duration, value) => value.as_u64().map_or_else(|| value.to_string(), |milliseconds| Span { milliseconds }.to_string()),
        (Kind::Thousandths { .. }, value) => value.as_i64().map_or_else(|| value.to_string(), shown_thousandths),
        (Kind::List(inner) | Kind::Set(inner), Value::Array(items)) => {
            let items: Vec<String> = items.iter().map(|item| written(inner, item)).collect();
            format!("[{}]", items.join(", "))
        }
        (Kind::Word(_), Value::String(word)) => word.clone(),
        // JSON's quotes are YAML's; `${` would begin a reference.
        (_, Value::String(line)) => Value::from(line.replace("${", "$${")).to_string(),
        (_, value) => value.to_string(),
    }
}

/// A name that blueprints take, and that no machine before has.
fn resource_name(name: &str, vmid: u32, taken: &[String]) -> String {
    let letters: String =
        name.to_lowercase().chars().map(|letter| if letter.is_ascii_lowercase() || letter.is_ascii_digit() { letter } else { '-' }).collect();
    let first: String = letters.trim_start_matches(|letter: char| !letter.is_ascii_lowercase()).chars().take(NAME_LENGTH_MAX).collect();
    if first.is_empty() || taken.contains(&first) || matches!(first.as_str(), "specs" | "metadata") { format!("vm-{vmid}") } else { first }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_written_as_authors_write_them() {
        let values = json!({"specs": {
            "cpu": 1_500, "memory": 2_u64 << 30, "agent": true, "cpu_type": "host",
            "disks": {"scsi1": {"size": 5_u64 << 30}}, "boot": ["scsi0", "net0"],
        }, "metadata": {"notes": "costs ${x}"}});
        let text = resource("web", values.as_object().cloned().unwrap_or_default());
        for line in [
            "cpu: 1.5",
            "memory: 2GB",
            "agent: true",
            "cpu_type: \"host\"",
            "        scsi1:\n          size: 5GB",
            "boot: [\"scsi0\", \"net0\"]",
            "notes: \"costs $${x}\"",
        ] {
            assert!(text.contains(line), "{line} is not in\n{text}");
        }
    }

    #[test]
    fn names_become_labels() {
        assert_eq!(resource_name("Web_01.example", 100, &[]), "web-01-example");
        assert_eq!(resource_name("01", 100, &[]), "vm-100");
        assert_eq!(resource_name("web", 101, &["web".to_owned()]), "vm-101");
    }
}
