//! What is there? The menus of all types in one go, and from their rows the objects that are wanted or ours.

use std::collections::BTreeSet;

use core_model::resource_type::Ownership;
use core_model::state::{Gap, ObservedObject, TargetObservation};
use engine_api::{EngineError, ObserveScope};

use crate::shape::{Look, Owner, Shape};
use crate::snapshot::Snapshot;
use crate::types::shapes;
use crate::wire::Connection;

/// Reads the menus and tells the objects. A menu that cannot be read is a gap for the types that need it.
pub(crate) async fn observe(connection: &mut Connection, identity: String, scope: &ObserveScope) -> Result<TargetObservation, EngineError> {
    let menus = shapes().iter().flat_map(|shape| shape.menus(&places_of(*shape, scope))).collect();
    let snapshot = Snapshot::read(connection, &menus).await?;
    Ok(from_snapshot(&snapshot, identity, scope))
}

/// The places of all wanted objects of a type.
pub(crate) fn places_of(shape: &dyn Shape, scope: &ObserveScope) -> BTreeSet<String> {
    let name = shape.facts().name;
    scope.places.iter().filter(|(wanted, _)| wanted.type_name == name).flat_map(|(_, places)| places.iter().cloned()).collect()
}

fn from_snapshot(snapshot: &Snapshot, identity: String, scope: &ObserveScope) -> TargetObservation {
    let owner = Owner { owner_id: scope.owner_id.clone(), environment: scope.environment.clone() };
    let mut observation = TargetObservation { identity, objects: Vec::new(), gaps: Vec::new(), notes: Vec::new() };
    for shape in shapes() {
        let name = shape.facts().name;
        let needed = shape.menus(&places_of(*shape, scope));
        let missing = needed.iter().filter_map(|menu| snapshot.unreadable.get(menu));
        let gaps = missing.map(|why| Gap { type_name: Some(name.to_owned()), object: None, why: why.clone() });
        let before = observation.gaps.len();
        observation.gaps.extend(gaps);
        if observation.gaps.len() == before {
            observation.objects.extend(objects(*shape, snapshot, scope, &owner));
        }
    }
    observation
}

fn objects(shape: &dyn Shape, snapshot: &Snapshot, scope: &ObserveScope, owner: &Owner) -> Vec<ObservedObject> {
    let facts = shape.facts();
    let nowhere = BTreeSet::new();
    let mut names = shape.names(snapshot, owner);
    names.extend(scope.wanted.iter().filter(|wanted| wanted.type_name == facts.name).map(|wanted| wanted.object.clone()));
    let mut objects = Vec::new();
    for name in names {
        let places = scope.places.iter().find(|(wanted, _)| wanted.type_name == facts.name && wanted.object == name);
        let look = Look { object: &name, places: places.map_or(&nowhere, |(_, places)| places), owner };
        if shape.live(look, snapshot).is_empty() {
            continue;
        }
        let seen = shape.seen(look, snapshot);
        let marker = seen.marker.filter(|_| facts.ownership != Ownership::Singleton);
        objects.push(ObservedObject {
            type_name: facts.name.to_owned(),
            name,
            marker,
            values: seen.values,
            defaults: seen.defaults,
            ready: None,
            is_shallow: false,
        });
    }
    objects
}
