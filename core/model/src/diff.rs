//! Which fields differ? A three-way comparison that looks only at what the author set, or had set.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::plan::{FieldChange, Risk, comparable};
use crate::resource_type::TypeFacts;
use crate::schema::{Effect, Field, Kind, Unset};

/// What is compared: the canonical values of one resource, each in the form of the type's table.
pub struct Sides<'a> {
    pub desired: &'a Map<String, Value>,
    /// What the record says we set; empty for a resource that is new.
    pub applied: &'a Map<String, Value>,
    pub live: &'a Map<String, Value>,
    /// What the fields would be if nobody had set them.
    pub defaults: &'a Map<String, Value>,
    /// Paths that are not compared.
    pub ignore: &'a [String],
}

/// One value with the field that rules over it.
#[derive(Clone, Copy)]
pub struct Leaf<'a> {
    pub field: &'static Field,
    pub kind: Kind,
    pub value: &'a Value,
}

/// The fields whose live value is not the desired one, and those that are to be unset. Sorted by path.
pub fn compare(facts: &TypeFacts, sides: &Sides<'_>) -> Vec<FieldChange> {
    let (desired, applied) = (leaves(facts, sides.desired), leaves(facts, sides.applied));
    let (live, defaults) = (leaves(facts, sides.live), leaves(facts, sides.defaults));
    let ignored =
        |path: &str| sides.ignore.iter().any(|prefix| path == prefix || path.strip_prefix(prefix.as_str()).is_some_and(|rest| rest.starts_with('.')));
    let mut changes = Vec::new();
    for (path, wanted) in desired.iter().filter(|(path, _)| !ignored(path)) {
        let seen = if wanted.field.write_only { applied.get(path) } else { live.get(path) };
        if seen.is_none_or(|seen| !same(wanted, seen)) {
            changes.push(change(path, wanted, seen.map(|leaf| leaf.value), Some(wanted.value), false));
        }
    }
    for (path, had) in applied.iter().filter(|(path, _)| !desired.contains_key(*path) && !ignored(path)) {
        let (seen, default) = (live.get(path), defaults.get(path));
        let differs = match (seen, default) {
            (Some(seen), Some(default)) => !same(seen, default),
            (Some(_), None) => true,
            (None, _) => had.field.write_only,
        };
        if had.field.unset == Unset::Default && differs {
            changes.push(change(path, had, seen.map(|leaf| leaf.value), default.map(|leaf| leaf.value), true));
        }
    }
    changes.sort_by(|left, right| left.path.cmp(&right.path));
    changes
}

/// Every value that a new object is made with, as changes from nothing.
pub fn all_set(facts: &TypeFacts, desired: &Map<String, Value>) -> Vec<FieldChange> {
    leaves(facts, desired).iter().map(|(path, leaf)| FieldChange { risk: Risk::None, ..change(path, leaf, None, Some(leaf.value), false) }).collect()
}

fn change(path: &str, leaf: &Leaf<'_>, before: Option<&Value>, after: Option<&Value>, unset: bool) -> FieldChange {
    let effect = leaf.field.effect;
    let risk = leaf.field.risk.unwrap_or(match effect {
        Effect::InPlace => Risk::InPlace,
        Effect::Restart | Effect::Replace => Risk::Restart,
    });
    FieldChange {
        path: path.to_owned(),
        before: before.cloned().unwrap_or(Value::Null),
        after: after.cloned().unwrap_or(Value::Null),
        effect,
        risk,
        unset,
    }
}

fn same(left: &Leaf<'_>, right: &Leaf<'_>) -> bool {
    equal(&left.kind, left.value, right.value)
}

/// Whether two canonical values of a kind mean the same.
pub fn equal(kind: &Kind, left: &Value, right: &Value) -> bool {
    match (kind, left, right) {
        (Kind::Checked(check), Value::String(left), Value::String(right)) => (check.comparable)(left) == (check.comparable)(right),
        (Kind::Link(_), Value::Object(left), Value::Object(right)) => left.get("name") == right.get("name"),
        (Kind::List(inner), Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| equal(inner, left, right))
        }
        (Kind::Set(inner), Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().all(|item| right.iter().any(|other| equal(inner, item, other)))
        }
        (Kind::Object(fields), Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(key, value)| match (fields.iter().find(|field| field.name == key), right.get(key)) {
                    (Some(field), Some(other)) => equal(&field.kind, value, other),
                    _ => false,
                })
        }
        _ => comparable(left) == comparable(right),
    }
}

/// The values that are compared one by one: fields of objects and keys of free maps; lists are compared whole.
pub fn leaves<'a>(facts: &TypeFacts, values: &'a Map<String, Value>) -> BTreeMap<String, Leaf<'a>> {
    let mut found = BTreeMap::new();
    for (root, fields) in [("specs", facts.specs), ("metadata", facts.metadata)] {
        if let Some(Value::Object(map)) = values.get(root) {
            collect(fields, map, root, &mut found);
        }
    }
    found
}

fn collect<'a>(fields: &'static [Field], map: &'a Map<String, Value>, path: &str, found: &mut BTreeMap<String, Leaf<'a>>) {
    for field in fields {
        let Some(value) = map.get(field.name) else { continue };
        let path = format!("{path}.{}", field.name);
        match (field.kind, value) {
            (Kind::Object(inner), Value::Object(map)) => collect(inner, map, &path, found),
            (Kind::Map(inner), Value::Object(map)) => {
                for (key, value) in map {
                    found.insert(format!("{path}.{key}"), Leaf { field, kind: *inner, value });
                }
            }
            (kind, value) => {
                found.insert(path, Leaf { field, kind, value });
            }
        }
    }
}
