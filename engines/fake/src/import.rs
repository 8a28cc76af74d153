//! How would a blueprint say what exists? Objects without an owner, as text.

use std::fmt::Write as _;

use core_model::decode::shown_thousandths;
use core_model::resource_type::{Ownership, ResourceType};
use core_model::schema::{Field, Kind};
use core_model::units::{Size, Span};
use engine_api::fields::assemble;
use serde_json::{Map, Value};

use crate::state::State;

/// A blueprint of everything that carries no marker. What a target never tells is missing and has to be filled in.
pub(crate) fn import(types: &[&'static dyn ResourceType], state: &State) -> String {
    let mut text = "version: \"1.0\"\nname: imported\nresources:\n".to_owned();
    for facts in types.iter().map(|kind| kind.facts()).filter(|facts| facts.ownership == Ownership::Marked) {
        let nobodys = state.of_type(facts.name).filter(|(_, object)| object.marker.is_none());
        for (name, object) in nobodys {
            let mut values = assemble(facts, &object.fields);
            let mut specs = values.remove("specs").and_then(|specs| specs.as_object().cloned()).unwrap_or_default();
            specs.insert("name".to_owned(), Value::String(name.to_owned()));
            let specs = as_written(facts.specs.iter().filter(|field| !field.write_only), &specs);
            // JSON is YAML, and quotes every text.
            let _ = writeln!(
                text,
                "  - type: {}\n    name: {}\n    provider: {}\n    specs: {}\n    lifecycle: {{adopt: true}}",
                facts.name,
                resource_name(name),
                facts.provider,
                Value::Object(specs)
            );
        }
    }
    text
}

fn as_written<'f>(fields: impl Iterator<Item = &'f Field>, values: &Map<String, Value>) -> Map<String, Value> {
    fields.filter_map(|field| Some((field.name.to_owned(), value(&field.kind, values.get(field.name)?)))).collect()
}

fn value(kind: &Kind, value_now: &Value) -> Value {
    match (kind, value_now) {
        (Kind::Size, Value::Number(number)) => Size { bytes: number.as_u64().unwrap_or_default() }.to_string().into(),
        (Kind::Duration, Value::Number(number)) => Span { milliseconds: number.as_u64().unwrap_or_default() }.to_string().into(),
        (Kind::Thousandths { .. }, Value::Number(number)) => shown_thousandths(number.as_i64().unwrap_or_default()).into(),
        (Kind::Link(_), Value::Object(link)) => serde_json::json!({"external": link.get("name")}),
        (Kind::List(inner) | Kind::Set(inner), Value::Array(items)) => items.iter().map(|item| value(inner, item)).collect(),
        (Kind::Object(fields), Value::Object(values)) => Value::Object(as_written(fields.iter(), values)),
        (_, other) => other.clone(),
    }
}

/// A resource's name made from an object's: lower-case letters, digits and `-`.
fn resource_name(object: &str) -> String {
    let letters = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let name: String = object.chars().map(letters).skip_while(|c| !c.is_ascii_lowercase()).take(40).collect();
    if name.is_empty() { "unnamed".to_owned() } else { name }
}
