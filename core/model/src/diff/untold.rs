//! What is to be given back, and does not show? A target that tells a field even when it is empty, and does not now, was not able to,
//! or did not let us look.

use serde_json::{Map, Value};

use super::Sides;
use crate::resource_type::TypeFacts;
use crate::schema::{Field, Unset};

/// The fields of the specification of which something left the blueprint, and of which the target does not tell whether it is there.
pub fn untold(facts: &TypeFacts, sides: &Sides<'_>) -> Vec<String> {
    let is_hidden = |field: &&Field| {
        let is_told = under(sides.live, field).is_some();
        let has_left = under(sides.applied, field).is_some_and(|applied| has_left(applied, under(sides.desired, field)));
        field.told_when_empty && field.unset == Unset::Default && !is_told && has_left
    };
    let hidden = facts.specs.iter().filter(is_hidden);
    hidden.map(|field| format!("specs.{}", field.name)).filter(|path| !sides.ignore.contains(path)).collect()
}

fn under<'s>(side: &'s Map<String, Value>, field: &Field) -> Option<&'s Value> {
    side.get("specs")?.get(field.name)
}

/// Whether something of what was applied is not wanted any more. A list that is still wanted is compared as a whole.
fn has_left(applied: &Value, desired: Option<&Value>) -> bool {
    match (applied, desired) {
        (Value::Object(applied), Some(Value::Object(desired))) => applied.keys().any(|key| !desired.contains_key(key)),
        (Value::Object(applied), None) => !applied.is_empty(),
        (Value::Array(applied), None) => !applied.is_empty(),
        (_, desired) => desired.is_none(),
    }
}
