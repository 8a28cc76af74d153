//! What left the blueprint, and stays on the target all the same? Fields that keep their last value, and what was done once.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{Sides, leaves};
use crate::resource_type::TypeFacts;
use crate::schema::Unset;

/// The shortest paths that are gone from the desired values and of which the target keeps everything, without the leading `specs.`.
pub fn kept(facts: &TypeFacts, sides: &Sides<'_>) -> BTreeSet<String> {
    let applied = leaves(facts, sides.applied);
    let is_kept = |path: &str| applied.get(path).is_some_and(|leaf| leaf.field.unset == Unset::Keep);
    let stays_whole = |prefix: &str| applied.keys().filter(|path| is_below(path, prefix)).all(|path| is_kept(path));
    let is_left_alone = |path: &str| sides.ignore.iter().any(|ignored| is_below(path, ignored));
    let has_left = |path: &&String| is_kept(path) && !is_left_alone(path) && !is_there(sides.desired, path);
    applied
        .keys()
        .filter(has_left)
        .map(|path| {
            let prefixes = path.match_indices('.').map(|(end, _)| &path[..end]).skip(1);
            let has_gone = |prefix: &&str| is_there(sides.applied, prefix) && !is_there(sides.desired, prefix) && stays_whole(prefix);
            let gone = prefixes.into_iter().find(has_gone).unwrap_or(path);
            gone.strip_prefix("specs.").unwrap_or(gone).to_owned()
        })
        .collect()
}

fn is_below(path: &str, prefix: &str) -> bool {
    path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// A key of a free map may itself hold dots: the whole rest is tried first.
fn is_there(values: &Map<String, Value>, path: &str) -> bool {
    values.contains_key(path)
        || path.match_indices('.').any(|(end, _)| {
            let inner = values.get(&path[..end]).and_then(Value::as_object);
            inner.is_some_and(|inner| is_there(inner, &path[end + 1..]))
        })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::resource_type::{Naming, Ownership};
    use crate::schema::{Field, Kind};

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
