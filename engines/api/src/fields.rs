//! What are an object's values, one by one? Between the nested form of blueprints and records and a flat one, by path.
//!
//! Paths are those of `FieldChange`: `specs.env.DEBUG`. Keys of free maps may hold dots: the table tells where a path ends.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use core_model::diff::leaves;
use core_model::resource_type::TypeFacts;
use core_model::schema::{Field, Kind};
use serde_json::{Map, Value};

/// The values of an object by path.
pub type Flat = BTreeMap<String, Value>;

/// Takes `{"specs": {..}}` apart into the values that are compared one by one.
pub fn flatten(facts: &TypeFacts, values: &Map<String, Value>) -> Flat {
    leaves(facts, values).into_iter().map(|(path, leaf)| (path, leaf.value.clone())).collect()
}

/// Puts together what [`flatten`] took apart. Paths that the table does not know are left out.
pub fn assemble(facts: &TypeFacts, flat: &Flat) -> Map<String, Value> {
    let roots = [("specs", facts.specs), ("metadata", facts.metadata)];
    roots
        .into_iter()
        .map(|(root, fields)| (root, object(fields, &mut root.to_owned(), flat)))
        .filter(|(_, map)| !map.is_empty())
        .map(nested)
        .collect()
}

/// `path` leads to the object, and does so again afterwards.
fn object(fields: &[Field], path: &mut String, flat: &Flat) -> Map<String, Value> {
    let mut map = Map::new();
    let end = path.len();
    for field in fields {
        path.push('.');
        path.push_str(field.name);
        if let Some(value) = value(field, path, flat) {
            map.insert(field.name.to_owned(), value);
        }
        path.truncate(end);
    }
    map
}

fn value(field: &Field, path: &mut String, flat: &Flat) -> Option<Value> {
    if let Some(whole) = flat.get(path) {
        return Some(whole.clone());
    }
    let map = match field.kind {
        Kind::Object(inner) => object(inner, path, flat),
        Kind::Map(Kind::Object(inner)) => entries(inner, path, flat),
        Kind::Map(_) => {
            path.push('.');
            below(path, flat).map(|(key, value)| (key.to_owned(), value.clone())).collect()
        }
        _ => return None,
    };
    (!map.is_empty()).then_some(Value::Object(map))
}

/// Objects under the keys of a free map. `path` leads to the map, and does so again afterwards.
fn entries(fields: &[Field], path: &mut String, flat: &Flat) -> Map<String, Value> {
    let end = path.len();
    path.push('.');
    let keys: BTreeSet<String> = below(path, flat).filter_map(|(rest, _)| rest.split_once('.')).map(|(key, _)| key.to_owned()).collect();
    let map = keys.into_iter().map(|key| {
        path.push_str(&key);
        let value = Value::Object(object(fields, path, flat));
        path.truncate(end + 1);
        (key, value)
    });
    let map = map.collect();
    path.truncate(end);
    map
}

/// What stands below a prefix that ends with a dot.
fn below<'f>(prefix: &str, flat: &'f Flat) -> impl Iterator<Item = (&'f str, &'f Value)> {
    let from = flat.range::<str, _>((Bound::Included(prefix), Bound::Unbounded));
    from.map_while(move |(found, value)| found.strip_prefix(prefix).map(|rest| (rest, value)))
}

fn nested((root, map): (&str, Map<String, Value>)) -> (String, Value) {
    (root.to_owned(), Value::Object(map))
}

#[cfg(test)]
mod tests {
    use core_model::resource_type::{Naming, Ownership};
    use serde_json::json;

    use super::*;

    const INNER: &[Field] = &[Field::new("storage", Kind::Text, "")];
    const SPECS: &[Field] = &[
        Field::new("labels", Kind::Map(&Kind::Text), ""),
        Field::new("labels-of-mine", Kind::Text, ""),
        Field::new("disk", Kind::Object(INNER), ""),
        Field::new("mounts", Kind::List(&Kind::Object(INNER)), ""),
        Field::new("slots", Kind::Map(&Kind::Object(INNER)), ""),
    ];
    const FACTS: TypeFacts = TypeFacts {
        name: "thing",
        provider: "test",
        meaning: "",
        specs: SPECS,
        metadata: &[],
        ownership: Ownership::Marked,
        naming: Naming::Resource,
        data_bearing: false,
    };

    #[test]
    fn taking_apart_and_putting_together_gives_the_same() {
        let values = json!({"specs": {
            "labels": {"com.example.a": "1", "b": "2"},
            "labels-of-mine": "x",
            "disk": {"storage": "fast"},
            "mounts": [{"storage": "data"}],
            "slots": {"scsi0": {"storage": "fast"}, "scsi1": {"storage": "slow"}},
        }});
        let values = values.as_object().expect("a map");
        let flat = flatten(&FACTS, values);
        let paths: Vec<&str> = flat.keys().map(String::as_str).collect();
        assert_eq!(
            paths,
            [
                "specs.disk.storage",
                "specs.labels-of-mine",
                "specs.labels.b",
                "specs.labels.com.example.a",
                "specs.mounts",
                "specs.slots.scsi0.storage",
                "specs.slots.scsi1.storage",
            ]
        );
        assert_eq!(&assemble(&FACTS, &flat), values);
    }

    #[test]
    fn what_holds_nothing_is_left_out() {
        assert!(assemble(&FACTS, &Flat::from([("specs.unknown".to_owned(), json!(1))])).is_empty());
    }
}
