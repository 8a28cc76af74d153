//! Did GitHub ever send a value of this shape?
//!
//! Schemas allow much that the real GitHub never does. This second oracle knows, from recorded traffic, which JSON types each
//! place had and which keys were always there.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::{Map, Value};

/// Fewer recordings than this prove nothing about what is always there.
const RECORDINGS_MIN: u64 = 3;
/// Fewer than this prove nothing about what is never null.
const RECORDINGS_WITHOUT_NULL_MIN: u64 = 10;
/// Items of a list that are looked at.
const ITEMS_MAX: usize = 20;

/// Places where we know better than the recordings: last keys, and why.
const KNOWN: &[&str] = &[
    // Null once a fork is deleted.
    "label",
    "user",
    "repo",
    // Null in a repository without one.
    "description",
    // Null for an unsigned commit.
    "verified_at",
    // Null for an address that belongs to no user.
    "author",
    "committer",
    // Only files have one; a tree may hold folders alone.
    "size",
];

#[derive(Debug)]
pub(super) struct Shapes {
    /// By operation and status, such as `pulls/get 200`.
    recorded: Map<String, Value>,
}

impl Shapes {
    pub(super) fn read(file: &Path) -> Option<Self> {
        let recorded = serde_json::from_slice(&std::fs::read(file).ok()?).ok()?;
        Some(Self { recorded })
    }

    pub(super) fn problems(&self, operation: &str, status: u16, response: &Value) -> Vec<String> {
        let Some(recorded) = self.recorded.get(&format!("{operation} {status}")) else { return Vec::new() };
        let count = recorded.get("n").and_then(Value::as_u64).unwrap_or_default();
        let mut seen = BTreeMap::new();
        walk(response, String::new(), &mut seen);
        let mut problems = Vec::new();
        for (place, kinds) in seen.iter().filter(|(place, _)| !is_known(place)) {
            let Some(allowed) = recorded.get("t").and_then(|places| places.get(place)).and_then(Value::as_str) else { continue };
            let is_strange = |kind: &&char| !allowed.contains(**kind) && allowed != "0" && (**kind != '0' || count >= RECORDINGS_WITHOUT_NULL_MIN);
            if let Some(kind) = kinds.iter().find(is_strange) {
                problems.push(format!("{place} has type `{kind}`, GitHub was only seen to send `{allowed}`"));
            }
        }
        if count >= RECORDINGS_MIN {
            let always = recorded.get("always").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
            let missing = always.iter().filter_map(Value::as_str).filter(|place| is_missing(place, &seen) && !is_known(place));
            problems.extend(missing.map(|place| format!("{place} is missing, GitHub was seen to send it always")));
        }
        problems
    }
}

fn is_known(place: &str) -> bool {
    place.rsplit('.').next().is_some_and(|key| KNOWN.contains(&key))
}

/// A key is missing if the object it belongs to is there without it; lists may be empty.
fn is_missing(place: &str, seen: &BTreeMap<String, BTreeSet<char>>) -> bool {
    let parent = place.rsplit_once('.').map(|(parent, _)| parent);
    let has_parent = parent.and_then(|parent| seen.get(parent)).is_some_and(|kinds| kinds.len() == 1 && kinds.contains(&'o'));
    has_parent && !place.ends_with("[]") && !seen.contains_key(place)
}

/// Notes the type at every place, in the letters of the recordings.
fn walk(value: &Value, place: String, seen: &mut BTreeMap<String, BTreeSet<char>>) {
    let kind = match value {
        Value::Null => '0',
        Value::Bool(_) => 'b',
        Value::Number(_) => 'n',
        Value::String(_) => 's',
        Value::Array(_) => 'a',
        Value::Object(_) => 'o',
    };
    match value {
        Value::Object(fields) => fields.iter().for_each(|(key, field)| walk(field, format!("{place}.{key}"), seen)),
        Value::Array(items) => items.iter().take(ITEMS_MAX).for_each(|item| walk(item, format!("{place}[]"), seen)),
        _ => {}
    }
    seen.entry(place).or_default().insert(kind);
}
