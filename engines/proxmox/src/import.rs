//! What would a blueprint say of what exists? Everything that differs from the defaults, so that the plan after
//! `ipr import` adopts them and changes nothing.

use std::collections::BTreeSet;

use core_model::decode::shown_thousandths;
use core_model::resource_type::{Ownership, TypeFacts};
use core_model::schema::{Field, Kind};
use core_model::units::{Size, Span};
use engine_api::EngineError;
use engine_api::fields::{Flat, assemble, flatten};
use serde_json::{Map, Value};

use crate::PROVIDER;
use crate::cluster::Cluster;
use crate::kind::KINDS;

const NAME_LENGTH_MAX: usize = 40;

/// One object that exists and is not ours.
pub(crate) struct Imported {
    /// What it is called on the target.
    pub(crate) object: String,
    /// A name for blueprints, when that one does not do.
    pub(crate) fallback: String,
    pub(crate) values: Map<String, Value>,
    pub(crate) defaults: Map<String, Value>,
    /// Paths that a blueprint need not, or cannot, say.
    pub(crate) left_out: BTreeSet<String>,
}

pub(crate) async fn import(cluster: &Cluster<'_>) -> Result<String, EngineError> {
    let mut text = "version: \"1.0\"\nname: imported\nresources:\n".to_owned();
    let mut names = Vec::new();
    for kind in KINDS {
        for imported in kind.import(cluster).await? {
            let name = resource_name(&imported.object, &imported.fallback, &names);
            text.push_str(&resource(kind.resource_type().facts(), &name, told(kind.resource_type().facts(), &name, &imported)));
            names.push(name);
        }
    }
    if names.is_empty() {
        text = text.replace("resources:\n", "resources: []\n");
    }
    Ok(text)
}

/// The values that a blueprint has to say.
fn told(facts: &TypeFacts, name: &str, imported: &Imported) -> Map<String, Value> {
    let (mut flat, defaults): (Flat, Flat) = (flatten(facts, &imported.values), flatten(facts, &imported.defaults));
    flat.retain(|path, value| {
        let is_default = defaults.get(path) == Some(value);
        let is_name = path == "specs.name" && value == name;
        !is_default && !is_name && !imported.left_out.contains(path)
    });
    assemble(facts, &flat)
}

fn resource(facts: &TypeFacts, name: &str, values: Map<String, Value>) -> String {
    let mut text = format!("  - type: {}\n    name: {name}\n    provider: {PROVIDER}\n", facts.name);
    for (root, fields) in [("specs", facts.specs), ("metadata", facts.metadata)] {
        if let Some(Value::Object(map)) = values.get(root) {
            text.push_str(&format!("    {root}:\n"));
            write_fields(fields, map, 6, &mut text);
        }
    }
    // What always exists is nobody's, and needs no leave to be managed.
    if facts.ownership != Ownership::Singleton {
        text.push_str("    lifecycle: {adopt: true}\n");
    }
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
        (Kind::Object(fields), Value::Object(map)) => {
            let told = fields.iter().filter_map(|field| Some((field, map.get(field.name)?)));
            let fields: Vec<String> = told.map(|(field, value)| format!("{}: {}", field.name, written(&field.kind, value))).collect();
            format!("{{{}}}", fields.join(", "))
        }
        // Whatever makes it, this blueprint does not say it.
        (Kind::Link(_), Value::Object(link)) => format!("{{external: {}}}", written(&Kind::Text, link.get("name").unwrap_or(&Value::Null))),
        (Kind::Word(_), Value::String(word)) => word.clone(),
        // JSON's quotes are YAML's; `${` would begin a reference.
        (_, Value::String(line)) => Value::from(line.replace("${", "$${")).to_string(),
        (_, value) => value.to_string(),
    }
}

/// A name that blueprints take, and that no object before has.
fn resource_name(name: &str, fallback: &str, taken: &[String]) -> String {
    let letters: String =
        name.to_lowercase().chars().map(|letter| if letter.is_ascii_lowercase() || letter.is_ascii_digit() { letter } else { '-' }).collect();
    let first: String = letters.trim_start_matches(|letter: char| !letter.is_ascii_lowercase()).chars().take(NAME_LENGTH_MAX).collect();
    if first.is_empty() || taken.contains(&first) || matches!(first.as_str(), "specs" | "metadata") { fallback.to_owned() } else { first }
}

#[cfg(test)]
mod tests {
    use core_model::resource_type::ResourceType as _;
    use serde_json::json;

    use super::*;
    use crate::Compute;

    #[test]
    fn values_are_written_as_authors_write_them() {
        let values = json!({"specs": {
            "cpu": 1_500, "memory": 2_u64 << 30, "agent": true, "cpu_type": "host",
            "disks": {"scsi1": {"size": 5_u64 << 30}}, "boot": ["scsi0", "net0"],
        }, "metadata": {"notes": "costs ${x}"}});
        let text = resource(Compute.facts(), "web", values.as_object().cloned().unwrap_or_default());
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
        assert_eq!(resource_name("Web_01.example", "vm-100", &[]), "web-01-example");
        assert_eq!(resource_name("01", "vm-100", &[]), "vm-100");
        assert_eq!(resource_name("web", "vm-101", &["web".to_owned()]), "vm-101");
    }
}
