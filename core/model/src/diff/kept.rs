//! What left the blueprint, and stays on the target all the same? Fields that keep their last value, and what was done once.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{Path, Sides, is_ignored};
use crate::resource_type::TypeFacts;
use crate::schema::{Field, Kind, Unset};

/// The shortest paths that are gone from the desired values and of which the target keeps everything, without the leading `specs.`.
pub fn kept(facts: &TypeFacts, sides: &Sides<'_>) -> BTreeSet<String> {
    let mut search = Search { ignore: sides.ignore, found: BTreeSet::new() };
    for (root, fields) in [("specs", facts.specs), ("metadata", facts.metadata)] {
        if let Some(applied) = sides.applied.get(root) {
            search.fields(fields, applied, sides.desired.get(root), &Path { parent: None, name: root });
        }
    }
    search.found
}

/// Most of what was applied is still wanted: a path becomes a text only where something is gone.
struct Search<'a> {
    ignore: &'a [String],
    found: BTreeSet<String>,
}

impl Search<'_> {
    fn fields(&mut self, fields: &'static [Field], applied: &Value, desired: Option<&Value>, path: &Path<'_>) {
        for field in fields {
            let Some(value) = applied.get(field.name) else { continue };
            let path = Path { parent: Some(path), name: field.name };
            self.value(field, field.kind, value, desired.and_then(|desired| desired.get(field.name)), &path);
        }
    }

    fn value(&mut self, field: &'static Field, kind: Kind, applied: &Value, desired: Option<&Value>, path: &Path<'_>) {
        if desired.is_none() && stays(field, kind, applied) {
            return self.insert(path);
        }
        match (kind, applied) {
            (Kind::Object(inner), Value::Object(_)) => self.fields(inner, applied, desired, path),
            (Kind::Map(inner), Value::Object(entries)) => {
                for (key, value) in entries {
                    let path = Path { parent: Some(path), name: key };
                    self.value(field, *inner, value, desired.and_then(|desired| desired.get(key)), &path);
                }
            }
            _ => {}
        }
    }

    fn insert(&mut self, path: &Path<'_>) {
        let path = path.text();
        if !is_ignored(self.ignore, &path) {
            self.found.insert(path.strip_prefix("specs.").unwrap_or(&path).to_owned());
        }
    }
}

/// Whether nothing of a value is taken from the target when it is left out.
fn stays(field: &Field, kind: Kind, value: &Value) -> bool {
    let of_field = |inner: &[Field], (name, value): (&String, &Value)| {
        inner.iter().find(|field| field.name == name).is_some_and(|field| stays(field, field.kind, value))
    };
    match (kind, value) {
        (Kind::Object(inner), Value::Object(map)) => are_all(map, |entry| of_field(inner, entry)),
        (Kind::Map(inner), Value::Object(map)) => are_all(map, |(_, value)| stays(field, *inner, value)),
        _ => field.unset == Unset::Keep,
    }
}

/// Of nothing nothing stays.
fn are_all<'v>(map: &'v Map<String, Value>, is_so: impl FnMut((&'v String, &'v Value)) -> bool) -> bool {
    !map.is_empty() && map.iter().all(is_so)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::resource_type::{Naming, Ownership};

    const ONCE: &[Field] = &[Field::new("token", Kind::Text, "").keep_when_unset(), Field::new("reset", Kind::Text, "").keep_when_unset()];
    const BOOT: &[Field] = &[Field::new("mode", Kind::Text, "").keep_when_unset(), Field::new("device", Kind::Text, "")];
    const FACTS: TypeFacts = TypeFacts {
        name: "machine",
        provider: "test",
        meaning: "",
        specs: &[
            Field::new("once", Kind::Object(ONCE), ""),
            Field::new("boot", Kind::Object(BOOT), ""),
            Field::new("labels", Kind::Map(&Kind::Text), "").keep_when_unset(),
        ],
        metadata: &[],
        ownership: Ownership::Singleton,
        naming: Naming::Resource,
        data_bearing: false,
    };

    #[test]
    fn the_shortest_path_of_which_everything_stays_is_named() {
        let once = json!({"token": "a", "reset": "hard"});
        let boot = json!({"mode": "uefi", "device": "pxe"});
        for (applied, desired, expected) in [
            (json!({"once": once}), json!({}), &["once"][..]),
            (json!({"once": once}), json!({"once": {"token": "a"}}), &["once.reset"]),
            (json!({"once": once}), json!({"once": {"token": "b", "reset": "none"}}), &[]),
            (json!({"boot": boot}), json!({}), &["boot.mode"]),
            (json!({"labels": {"a.b": "1", "c": "2"}}), json!({"labels": {"c": "2"}}), &["labels.a.b"]),
            (json!({"labels": {"a.b": "1"}}), json!({"labels": {"a.b": "2"}}), &[]),
            (json!({"labels": {"a.b": "1", "c": "2"}}), json!({}), &["labels"]),
            (json!({"once": {}}), json!({}), &[]),
            (json!({}), json!({"once": once}), &[]),
        ] {
            let side = |specs: Value| Map::from_iter([("specs".to_owned(), specs)]);
            let (desired, applied, nothing) = (side(desired), side(applied), Map::new());
            let sides = Sides { desired: &desired, applied: &applied, live: &nothing, defaults: &nothing, ignore: &[] };
            assert_eq!(kept(&FACTS, &sides).iter().map(String::as_str).collect::<Vec<_>>(), expected, "{applied:?}");
            let ignored = Sides { ignore: &["specs".to_owned()], ..sides };
            assert!(kept(&FACTS, &ignored).is_empty());
        }
    }
}
