//! Which fields differ? A three-way comparison that looks only at what the author set, or had set.

mod kept;
mod named;
mod untold;

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde_json::{Map, Value};

use crate::plan::{FieldChange, Risk, is_comparably_equal};
use crate::resource_type::TypeFacts;
use crate::schema::{Effect, Field, Kind, Unset};

pub use kept::kept;
pub use untold::untold;

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
    let mut comparison = Comparison { ignore: sides.ignore, changes: Vec::new() };
    for (root, fields) in [("specs", facts.specs), ("metadata", facts.metadata)] {
        let level = Four {
            desired: sides.desired.get(root),
            applied: sides.applied.get(root),
            live: sides.live.get(root),
            defaults: sides.defaults.get(root),
        };
        comparison.fields(fields, &level, &Path { parent: None, name: root });
    }
    comparison.changes.sort_by(|left, right| left.path.cmp(&right.path));
    comparison.changes
}

/// One place in the values of all sides.
#[derive(Clone, Copy)]
struct Four<'a> {
    desired: Option<&'a Value>,
    applied: Option<&'a Value>,
    live: Option<&'a Value>,
    defaults: Option<&'a Value>,
}

impl<'a> Four<'a> {
    fn map(self, take: impl Fn(&'a Value) -> Option<&'a Value>) -> Self {
        Self {
            desired: self.desired.and_then(&take),
            applied: self.applied.and_then(&take),
            live: self.live.and_then(&take),
            defaults: self.defaults.and_then(&take),
        }
    }

    fn at(self, key: &str) -> Self {
        self.map(|value| value.as_object()?.get(key))
    }

    /// What stands under a key that one of ours sets or set. Most fields of a type are set by nobody, and are not looked for elsewhere.
    fn ours_at(&self, key: &str) -> Option<Self> {
        let under = |side: Option<&'a Value>| side?.as_object()?.get(key);
        let (desired, applied) = (under(self.desired), under(self.applied));
        (desired.is_some() || applied.is_some()).then(|| Self { desired, applied, live: under(self.live), defaults: under(self.defaults) })
    }

    fn keys(&self) -> BTreeSet<&'a String> {
        [self.desired, self.applied].into_iter().flatten().filter_map(Value::as_object).flat_map(Map::keys).collect()
    }
}

/// Where a value stands. It becomes a text only where something differs.
struct Path<'p> {
    parent: Option<&'p Path<'p>>,
    name: &'p str,
}

impl Path<'_> {
    fn text(&self) -> String {
        self.parent.map_or_else(|| self.name.to_owned(), |parent| format!("{}.{}", parent.text(), self.name))
    }
}

struct Comparison<'a> {
    ignore: &'a [String],
    changes: Vec<FieldChange>,
}

impl Comparison<'_> {
    fn fields(&mut self, fields: &'static [Field], level: &Four<'_>, path: &Path<'_>) {
        for field in fields {
            let Some(values) = level.ours_at(field.name) else { continue };
            let path = Path { parent: Some(path), name: field.name };
            match field.kind {
                Kind::Object(inner) => {
                    self.fields(inner, &values, &path);
                    self.leaf(field, field.kind, values.map(not_a_map), &path);
                }
                Kind::Map(inner) => {
                    for key in values.keys() {
                        self.entry(field, inner, &values.at(key), &Path { parent: Some(&path), name: key });
                    }
                    self.leaf(field, field.kind, values.map(not_a_map), &path);
                }
                kind if field.named_items => {
                    let ours = named::ours(&kind, values.desired, values.applied, values.live);
                    self.leaf(field, kind, Four { live: ours.as_ref(), ..values }, &path);
                }
                kind => self.leaf(field, kind, values, &path),
            }
        }
    }

    /// What stands under one key of a free map: fields of their own where the map holds objects.
    fn entry(&mut self, field: &'static Field, kind: &'static Kind, values: &Four<'_>, path: &Path<'_>) {
        match kind {
            Kind::Object(inner) => {
                self.fields(inner, values, path);
                self.leaf(field, *kind, values.map(not_a_map), path);
            }
            kind => self.leaf(field, *kind, *values, path),
        }
    }

    fn leaf(&mut self, field: &'static Field, kind: Kind, values: Four<'_>, path: &Path<'_>) {
        let same = |left: &Value, right: &Value| left == right || equal(&kind, left, right);
        let (before, after, unset) = match (values.desired, values.applied) {
            (Some(wanted), applied) => {
                let seen = if field.write_only { applied } else { values.live };
                if seen.is_some_and(|seen| same(wanted, seen)) {
                    return;
                }
                (seen, Some(wanted), false)
            }
            (None, Some(_)) => {
                let differs = match (values.live, values.defaults) {
                    (Some(seen), Some(default)) => !same(seen, default),
                    (Some(_), None) => true,
                    (None, _) => field.write_only,
                };
                if field.unset != Unset::Default || !differs {
                    return;
                }
                (values.live, values.defaults, true)
            }
            (None, None) => return,
        };
        let path = path.text();
        if !is_ignored(self.ignore, &path) {
            self.changes.push(change(&path, field, before, after, unset));
        }
    }
}

fn is_ignored(ignore: &[String], path: &str) -> bool {
    let below = |prefix: &String| path.strip_prefix(prefix.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    ignore.iter().any(below)
}

fn not_a_map(value: &Value) -> Option<&Value> {
    (!value.is_object()).then_some(value)
}

/// Every value that a new object is made with, as changes from nothing.
pub fn all_set(facts: &TypeFacts, desired: &Map<String, Value>) -> Vec<FieldChange> {
    leaves(facts, desired)
        .iter()
        .map(|(path, leaf)| FieldChange { risk: Risk::None, ..change(path, leaf.field, None, Some(leaf.value), false) })
        .collect()
}

fn change(path: &str, field: &Field, before: Option<&Value>, after: Option<&Value>, unset: bool) -> FieldChange {
    let effect = field.effect;
    let risk = field.risk.unwrap_or(match effect {
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

/// Whether two canonical values of a kind mean the same.
pub fn equal(kind: &Kind, left: &Value, right: &Value) -> bool {
    match (kind, left, right) {
        (Kind::Checked(check), Value::String(left), Value::String(right)) => (check.comparable)(left) == (check.comparable)(right),
        (Kind::Link(_), Value::Object(left), Value::Object(right)) => left.get("name") == right.get("name"),
        (Kind::List(inner), Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| equal(inner, left, right))
        }
        (Kind::Set(inner), Value::Array(left), Value::Array(right)) => left.len() == right.len() && is_within(inner, left, right),
        (Kind::Object(fields), Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(key, value)| match (fields.iter().find(|field| field.name == key), right.get(key)) {
                    (Some(field), Some(other)) => equal(&field.kind, value, other),
                    _ => false,
                })
        }
        _ => is_comparably_equal(left, right),
    }
}

/// Whether each of `left` means one of `right`. What is written alike is found at once: long lists differ in few of their items.
fn is_within(kind: &Kind, left: &[Value], right: &[Value]) -> bool {
    let written: HashSet<&str> = right.iter().filter_map(Value::as_str).collect();
    let is_written = |item: &Value| item.as_str().is_some_and(|text| written.contains(text));
    left.iter().all(|item| is_written(item) || right.iter().any(|other| equal(kind, item, other)))
}

/// The values that are compared one by one: fields of objects, keys of free maps, and the fields of objects under such keys;
/// lists are compared whole.
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
                    let path = format!("{path}.{key}");
                    match (inner, value) {
                        (Kind::Object(inner), Value::Object(map)) => collect(inner, map, &path, found),
                        _ => {
                            found.insert(path, Leaf { field, kind: *inner, value });
                        }
                    }
                }
            }
            (kind, value) => {
                found.insert(path, Leaf { field, kind, value });
            }
        }
    }
}
