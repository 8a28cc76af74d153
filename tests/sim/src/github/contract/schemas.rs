//! Which schema is a value held to, and what does it break?

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use jsonschema::Validator;
use serde_json::{Map, Value, json};

/// As many problems as one value reports.
const PROBLEMS_MAX: usize = 5;

/// A bundle of schemas, with validators compiled on first use.
pub(super) struct Schemas {
    bundle: Value,
    validators: Mutex<BTreeMap<String, Option<Arc<Validator>>>>,
}

impl fmt::Debug for Schemas {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Schemas")
    }
}

impl Schemas {
    pub(super) fn read(file: &Path) -> Option<Self> {
        let mut bundle: Value = serde_json::from_slice(&std::fs::read(file).ok()?).ok()?;
        allow_deleted_forks(&mut bundle);
        Some(Self { bundle, validators: Mutex::default() })
    }

    pub(super) fn bundle(&self) -> &Value {
        &self.bundle
    }

    /// The reference of a webhook event's schema.
    pub(super) fn event(&self, key: &str) -> Option<String> {
        self.bundle.get("events")?.get(key)?.as_str().map(str::to_owned)
    }

    pub(super) fn problems(&self, reference: &str, value: &Value) -> Vec<String> {
        let Some(validator) = self.validator(reference) else {
            return vec![format!("the contract's schema {reference} does not compile")];
        };
        let describe = |error: jsonschema::ValidationError<'_>| format!("{}: {}", error.instance_path(), error.masked());
        validator.iter_errors(value).take(PROBLEMS_MAX).map(describe).collect()
    }

    fn validator(&self, reference: &str) -> Option<Arc<Validator>> {
        let mut validators = self.validators.lock().unwrap_or_else(PoisonError::into_inner);
        let compile = || jsonschema::validator_for(&self.closure(reference)).ok().map(Arc::new);
        validators.entry(reference.to_owned()).or_insert_with(compile).clone()
    }

    /// The schema with only the definitions it reaches: compiling all of them each time would be slow.
    fn closure(&self, reference: &str) -> Value {
        let mut reached = BTreeSet::new();
        let mut waiting = vec![reference.to_owned()];
        let mut definitions = Map::new();
        while let Some(next) = waiting.pop() {
            let Some(name) = next.strip_prefix("#/$defs/") else { continue };
            let Some(schema) = self.bundle.get("$defs").and_then(|all| all.get(name)) else { continue };
            if reached.insert(name.to_owned()) {
                references(schema, &mut waiting);
                definitions.insert(name.to_owned(), schema.clone());
            }
        }
        json!({ "$schema": "https://json-schema.org/draft/2020-12/schema", "$ref": reference, "$defs": definitions })
    }
}

fn references(schema: &Value, found: &mut Vec<String>) {
    match schema {
        Value::Object(fields) => {
            found.extend(fields.get("$ref").and_then(Value::as_str).map(str::to_owned));
            fields.values().for_each(|field| references(field, found));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

/// A known error of GitHub's description: a deleted fork leaves `head.repo`, `head.user` and `head.label` null.
fn allow_deleted_forks(schema: &mut Value) {
    if let Some(head) = schema.pointer_mut("/properties/head/properties").and_then(Value::as_object_mut) {
        for key in ["repo", "user", "label"] {
            if let Some(part) = head.get_mut(key) {
                *part = json!({ "anyOf": [part.take(), { "type": "null" }] });
            }
        }
    }
    match schema {
        Value::Object(fields) => fields.values_mut().for_each(allow_deleted_forks),
        Value::Array(items) => items.iter_mut().for_each(allow_deleted_forks),
        _ => {}
    }
}
