//! What may an editor offer? JSON Schema of a blueprint, made from the tables that decode it.

use core_model::resource_type::{Registry, TypeFacts};
use core_model::schema::{Field, Kind};
use serde_json::{Map, Value, json};

/// JSON Schema (draft 2020-12) of blueprints, for the resource types of `registry`.
pub fn schema(registry: &Registry) -> Value {
    let kinds: Vec<Value> = registry.iter().map(|kind| resource(kind.facts())).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "ipr blueprint",
        "type": "object",
        "required": ["version", "name"],
        "additionalProperties": false,
        "properties": {
            "version": {"enum": ["1.0", 1.0]},
            "name": name(),
            "environments": {"type": "array", "items": name()},
            "metadata": {"type": "object"},
            "resources": {"type": "array", "items": {"type": "object", "required": ["name"], "properties": common(), "allOf": kinds}},
        },
    })
}

fn name() -> Value {
    json!({"type": "string", "pattern": "^[a-z][a-z0-9-]{0,39}$"})
}

fn common() -> Value {
    json!({
        "type": {"type": "string"},
        "name": {"type": "string"},
        "provider": {"type": "string"},
        "target": {"type": "string"},
        "template": {"type": "string"},
        "with": {"type": "object"},
        "each": {"type": "object"},
        "specs": {"type": "object"},
        "metadata": {"type": "object"},
        "lifecycle": {"type": "object", "properties": {
            "protect": {"type": "boolean"},
            "on_delete": {"enum": ["destroy", "keep"]},
            "adopt": {"type": "boolean"},
            "was": {"type": ["string", "array"]},
            "ignore": {"type": "array", "items": {"type": "string"}},
            "restart": {"enum": ["when-needed", "window"]},
            "rollout": {"type": "integer"},
        }},
        "depends_on": {"type": "array", "items": {"type": "string"}},
    })
}

fn resource(facts: &TypeFacts) -> Value {
    json!({
        "if": {"required": ["type", "provider"], "properties": {"type": {"const": facts.name}, "provider": {"const": facts.provider}}},
        "then": {"properties": {"specs": object(facts.specs), "metadata": object(facts.metadata)}},
    })
}

/// Required fields are not listed: a template or the other half of an overlay may give them.
fn object(fields: &[Field]) -> Value {
    let properties: Map<String, Value> = fields
        .iter()
        .map(|field| {
            let mut value = kind(&field.kind);
            value["description"] = field.meaning.into();
            (field.name.to_owned(), value)
        })
        .collect();
    json!({"type": "object", "properties": properties, "additionalProperties": false})
}

fn kind(kind_of_value: &Kind) -> Value {
    match kind_of_value {
        Kind::Text => json!({"type": ["string", "number", "boolean"]}),
        Kind::Word(words) => json!({"anyOf": [{"enum": words}, reference()]}),
        Kind::Boolean => json!({"anyOf": [{"type": "boolean"}, reference()]}),
        Kind::Integer { min, max } => json!({"anyOf": [{"type": "integer", "minimum": min, "maximum": max}, reference()]}),
        Kind::Thousandths { .. } => json!({"anyOf": [{"type": "number"}, reference()]}),
        Kind::Size | Kind::Duration | Kind::Cidr | Kind::Ip => json!({"type": "string"}),
        Kind::Checked(check) => json!({"type": ["string", "number"], "examples": [check.example]}),
        Kind::Command => json!({"type": ["string", "array"]}),
        Kind::List(inner) | Kind::Set(inner) => json!({"anyOf": [{"type": "array", "items": kind(inner)}, reference()]}),
        Kind::Map(inner) => json!({"anyOf": [{"type": "object", "additionalProperties": kind(inner)}, reference()]}),
        Kind::Object(fields) => object(fields),
        Kind::Link(_) => json!({"type": ["string", "object"]}),
        Kind::Any => json!({}),
    }
}

/// A whole value may come from somewhere else.
fn reference() -> Value {
    json!({"type": "string", "pattern": r"\$\{"})
}
