//! What is there? The target's state, in the form of the types' tables.

use std::collections::BTreeSet;

use core_model::resource_type::{Ownership, ResourceType, TypeFacts};
use core_model::schema::field_at;
use core_model::state::{ObservedObject, TargetObservation};
use engine_api::ObserveScope;
use engine_api::fields::{Flat, assemble};
use serde_json::Map;

use crate::state::{State, StoredObject};
use crate::types::{ALWAYS_THERE, defaults};

/// Named objects and those with our marker. What lies in a gap is left out, and the gap is told.
pub(crate) fn observe(types: &[&'static dyn ResourceType], state: &State, scope: &ObserveScope) -> TargetObservation {
    let mut objects = Vec::new();
    for facts in types.iter().map(|kind| kind.facts()) {
        let asked: BTreeSet<&str> =
            scope.wanted.iter().filter(|wanted| wanted.type_name == facts.name).map(|wanted| wanted.object.as_str()).collect();
        let ours = |object: &StoredObject| object.marker.as_ref().is_some_and(|marker| is_in(marker, scope));
        let found = state.of_type(facts.name).filter(|(name, object)| asked.contains(name) || ours(object));
        let is_shallow = |name: &str| scope.shallow.iter().any(|wanted| wanted.type_name == facts.name && wanted.object == name);
        objects
            .extend(found.map(|(name, object)| if is_shallow(name) { glanced_at(facts, name, object) } else { observed(facts, name, Some(object)) }));
        if ALWAYS_THERE.contains(&facts.name) {
            let untouched = asked.iter().filter(|name| state.object(facts.name, name).is_none());
            objects.extend(untouched.map(|name| observed(facts, name, None)));
        }
    }
    objects.retain(|object| !state.gaps.iter().any(|gap| gap.hides(&object.type_name, &object.name)));
    let gaps = state.gaps.iter().map(crate::state::StoredGap::as_gap).collect();
    TargetObservation { identity: state.identity.clone(), objects, gaps, notes: state.notes.clone() }
}

fn is_in(marker: &core_model::Marker, scope: &ObserveScope) -> bool {
    marker.owner_id == scope.owner_id && scope.environment.as_ref().is_none_or(|environment| *environment == marker.environment)
}

fn observed(facts: &TypeFacts, name: &str, object: Option<&StoredObject>) -> ObservedObject {
    ObservedObject {
        type_name: facts.name.to_owned(),
        name: name.to_owned(),
        marker: object.and_then(|object| object.marker.clone()).filter(|_| facts.ownership == Ownership::Marked),
        values: assemble(facts, &told(facts, name, object)),
        defaults: assemble(facts, &defaults(facts.name, name)),
        ready: object.filter(|_| facts.name == "compute").map(|object| object.running && object.healthy),
        is_shallow: false,
    }
}

/// As from a list that says no more than names and owners.
fn glanced_at(facts: &TypeFacts, name: &str, object: &StoredObject) -> ObservedObject {
    ObservedObject { values: Map::new(), defaults: Map::new(), is_shallow: true, ..observed(facts, name, Some(object)) }
}

/// What the target tells of an object: all values but those that can only be written.
pub(crate) fn told(facts: &TypeFacts, name: &str, object: Option<&StoredObject>) -> Flat {
    let mut values = defaults(facts.name, name);
    let set = object.map(|object| object.fields.clone()).unwrap_or_default();
    values.extend(set.into_iter().filter(|(path, _)| !is_write_only(facts, path)));
    values
}

pub(crate) fn is_write_only(facts: &TypeFacts, path: &str) -> bool {
    let mut segments = path.split('.');
    let fields = if segments.next() == Some("metadata") { facts.metadata } else { facts.specs };
    field_at(fields, &segments.collect::<Vec<_>>()).is_some_and(|field| field.write_only)
}
