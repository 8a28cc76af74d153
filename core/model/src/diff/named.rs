//! Which items of a list are ours? Those that the author names, or the record; others belong to somebody else.

use serde_json::{Map, Value};

use crate::schema::{Field, Kind};

/// What a target shows of our items, in the form in which the author would have written it: without items and fields that nobody
/// of ours sets, and with the record's values where the target tells none. `None` where there is nothing of ours.
pub(super) fn ours(kind: &Kind, desired: Option<&Value>, applied: Option<&Value>, live: Option<&Value>) -> Option<Value> {
    let fields = match kind {
        Kind::List(Kind::Object(fields)) | Kind::Set(Kind::Object(fields)) => fields,
        _ => return live.cloned(),
    };
    let items: Vec<Value> = live?.as_array()?.iter().filter_map(|item| as_written(fields, item, desired, applied)).collect();
    // An empty list that is wanted is there when nothing of ours is.
    (!items.is_empty() || desired.is_some()).then_some(Value::Array(items))
}

fn as_written(fields: &[Field], item: &Value, desired: Option<&Value>, applied: Option<&Value>) -> Option<Value> {
    let name = item.get("name")?;
    let (wanted, recorded) = (named(desired, name), named(applied, name));
    let value = |key: &String| {
        let is_write_only = fields.iter().any(|field| field.name == key && field.write_only);
        if is_write_only { recorded.and_then(|item| item.get(key)) } else { item.get(key) }
    };
    let keys = wanted.or(recorded)?.keys();
    Some(Value::Object(keys.filter_map(|key| Some((key.clone(), value(key)?.clone()))).collect()))
}

fn named<'v>(items: Option<&'v Value>, name: &Value) -> Option<&'v Map<String, Value>> {
    items?.as_array()?.iter().filter_map(Value::as_object).find(|item| item.get("name") == Some(name))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::{Sides, compare};
    use super::*;
    use crate::resource_type::{Naming, Ownership, TypeFacts};

    const USER: &[Field] =
        &[Field::new("name", Kind::Text, "").required(), Field::new("role", Kind::Text, ""), Field::new("password", Kind::Text, "").write_only()];
    const SPECS: &[Field] = &[Field::new("users", Kind::Set(&Kind::Object(USER)), "").named_items()];
    const FACTS: TypeFacts = TypeFacts {
        name: "machine",
        provider: "test",
        meaning: "",
        specs: SPECS,
        metadata: &[],
        ownership: Ownership::Singleton,
        naming: Naming::Resource,
        data_bearing: false,
    };

    /// Whether the users differ, and what the plan shows of the target.
    fn check(desired: Value, applied: Value, live: Value) -> Option<Value> {
        let side = |users: Value| if users.is_null() { Map::new() } else { Map::from_iter([("specs".to_owned(), json!({"users": users}))]) };
        let [desired, applied, live] = [desired, applied, live].map(side);
        let sides = Sides { desired: &desired, applied: &applied, live: &live, defaults: &Map::new(), ignore: &[] };
        compare(&FACTS, &sides).pop().map(|change| change.before)
    }

    #[test]
    fn only_our_items_and_fields_are_compared() {
        let root = json!({"name": "root", "role": "administrator"});
        let live = |role: &str| json!([root, {"name": "ops", "role": role}]);
        let ops = |password: &str| json!([{"name": "ops", "role": "operator", "password": password}]);
        let nothing = Value::Null;
        for (desired, applied, seen, expected) in [
            // As it was written, beside somebody else's account.
            (ops("a"), ops("a"), live("operator"), None),
            // A field that the author leaves out is not ours.
            (json!([{"name": "ops"}]), nothing.clone(), live("operator"), None),
            // A new password, another role, an account that is gone, one that is new.
            (ops("b"), ops("a"), live("operator"), Some(ops("a"))),
            (ops("a"), ops("a"), live("user"), Some(json!([{"name": "ops", "role": "user", "password": "a"}]))),
            (ops("a"), ops("a"), json!([root]), Some(json!([]))),
            (ops("a"), nothing.clone(), json!([root]), Some(json!([]))),
            // Adopted: the password that it has is not known.
            (ops("a"), nothing.clone(), live("operator"), Some(json!([{"name": "ops", "role": "operator"}]))),
            // Ours no longer: it is still there, or it is gone already.
            (json!([]), ops("a"), live("operator"), Some(ops("a"))),
            (json!([]), ops("a"), json!([root]), None),
            (nothing.clone(), ops("a"), live("operator"), Some(ops("a"))),
            (nothing.clone(), ops("a"), json!([root]), None),
        ] {
            assert_eq!(check(desired.clone(), applied.clone(), seen.clone()), expected, "{desired} {applied} {seen}");
        }
    }
}
