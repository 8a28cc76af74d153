//! How do Docker's answers read in the form of our tables? One module for each type; values on one side, defaults on the other.

pub(crate) mod container;
pub(crate) mod network;
pub(crate) mod volume;

use std::collections::HashMap;

use core_model::canonical;
use serde_json::{Map, Value, json};

use crate::labels;

/// What an object is, and what it would be if nobody had set anything.
pub(crate) struct Seen {
    pub(crate) values: Map<String, Value>,
    pub(crate) defaults: Map<String, Value>,
}

impl Seen {
    fn of_specs(values: Map<String, Value>, defaults: Map<String, Value>) -> Self {
        let under_specs = |map: Map<String, Value>| Map::from_iter([("specs".to_owned(), Value::Object(map))]);
        Self { values: under_specs(values), defaults: under_specs(defaults) }
    }
}

/// Puts a value there, unless it is empty: an empty text is Docker's word for "not set".
fn put_text(map: &mut Map<String, Value>, name: &str, text: Option<&str>) {
    if let Some(text) = text.filter(|text| !text.is_empty()) {
        map.insert(name.to_owned(), json!(text));
    }
}

/// The author's labels, without ours.
fn authors_labels(labels: Option<&HashMap<String, String>>) -> Value {
    let foreign = labels.into_iter().flatten().filter(|(key, _)| !labels::is_ours(key));
    Value::Object(foreign.map(|(key, value)| (key.clone(), json!(value))).collect())
}

/// A list whose order means nothing, in its canonical order.
fn set(items: impl IntoIterator<Item = Value>) -> Value {
    let mut items: Vec<Value> = items.into_iter().collect();
    items.sort_by_cached_key(canonical::text);
    items.dedup();
    Value::Array(items)
}
