//! Which addresses does a pull request touch, and which objects must be seen to plan it?

use std::collections::{BTreeMap, BTreeSet};

use core_model::record::AppliedResource;
use core_model::resource_type::Registry;
use core_model::seal;
use core_model::state::{AppliedState, DesiredResource, DesiredState, ObservedState};
use core_model::{Address, FingerprintKey, TargetName};

/// The addresses where the merge result wants something else than the base.
pub fn scope(base: &DesiredState, merge: &DesiredState) -> BTreeSet<Address> {
    let addresses = base.resources.keys().chain(merge.resources.keys());
    addresses
        .filter(|address| match (base.resources.get(*address), merge.resources.get(*address)) {
            (Some(before), Some(after)) => !before.wants_the_same(after),
            _ => true,
        })
        .cloned()
        .collect()
}

/// The addresses that a plan has to know closely: its scope, and whatever the record says differently from the merge result.
/// Of all others it is enough that they are there and whose they are.
pub fn closely(scope: &BTreeSet<Address>, merge: &DesiredState, applied: &AppliedState) -> BTreeSet<Address> {
    let is_settled = |resource: &DesiredResource| {
        let recorded = applied.resources.get(&resource.address);
        recorded.is_some_and(|recorded| {
            recorded.type_name == resource.type_name
                && recorded.target == resource.target
                && recorded.object == resource.object
                && recorded.values == resource.values
        })
    };
    let wanted = merge.resources.values().filter(|resource| !is_settled(resource)).map(|resource| &resource.address);
    let left = applied.resources.keys().filter(|address| !merge.resources.contains_key(*address));
    scope.iter().chain(wanted).chain(left).cloned().collect()
}

/// The objects among those to observe that none of these addresses speaks of, by target.
pub fn shallow(
    wanted: &BTreeMap<TargetName, BTreeSet<(String, String)>>,
    states: &[&DesiredState],
    applied: &AppliedState,
    closely: &BTreeSet<Address>,
) -> BTreeMap<TargetName, BTreeSet<(String, String)>> {
    let mut shallow = wanted.clone();
    let mut keep = |target: &TargetName, type_name: &str, object: &str| {
        if let Some(objects) = shallow.get_mut(target) {
            objects.remove(&(type_name.to_owned(), object.to_owned()));
        }
    };
    for resource in states.iter().flat_map(|state| closely.iter().filter_map(|address| state.resources.get(address))) {
        keep(&resource.target, &resource.type_name, &resource.object);
    }
    for resource in closely.iter().filter_map(|address| applied.resources.get(address)) {
        keep(&resource.target, &resource.type_name, &resource.object);
    }
    shallow
}

/// The objects to observe, by target. Resources on retired targets are not looked at.
pub fn wanted(states: &[&DesiredState], applied: &AppliedState, retired: &BTreeSet<String>) -> BTreeMap<TargetName, BTreeSet<(String, String)>> {
    let mut wanted: BTreeMap<TargetName, BTreeSet<(String, String)>> = BTreeMap::new();
    for resource in states.iter().flat_map(|state| state.resources.values()) {
        wanted.entry(resource.target.clone()).or_default().insert((resource.type_name.clone(), resource.object.clone()));
    }
    for resource in applied.resources.values() {
        wanted.entry(resource.target.clone()).or_default().insert((resource.type_name.clone(), resource.object.clone()));
    }
    wanted.retain(|target, _| retired_free(target, retired));
    wanted
}

/// Where those objects are that their names alone do not lead to, by type and name: what blueprints and record say.
pub fn places(
    states: &[&DesiredState],
    applied: &AppliedState,
    registry: &Registry,
) -> BTreeMap<TargetName, BTreeMap<(String, String), BTreeSet<String>>> {
    let desired = states.iter().flat_map(|state| state.resources.values());
    let desired = desired.map(|resource| (&resource.target, &resource.provider, &resource.type_name, &resource.object, &resource.values));
    let applied = applied.resources.values();
    let applied = applied.map(|resource| (&resource.target, &resource.provider, &resource.type_name, &resource.object, &resource.values));
    let mut places: BTreeMap<TargetName, BTreeMap<(String, String), BTreeSet<String>>> = BTreeMap::new();
    for (target, provider, type_name, object, values) in desired.chain(applied) {
        if let Some(place) = registry.get(provider, type_name).and_then(|kind| kind.place(values)) {
            places.entry(target.clone()).or_default().entry((type_name.clone(), object.clone())).or_default().insert(place);
        }
    }
    places
}

/// Whether a target is in use.
pub fn retired_free(target: &TargetName, retired: &BTreeSet<String>) -> bool {
    !retired.contains(target.group()) && !retired.contains(target.as_str())
}

type ObjectKey = (TargetName, String, String);

/// Which paths of which objects hold secrets: now, or in the record.
pub fn sensitive_objects(states: &[&DesiredState], applied: &AppliedState) -> BTreeMap<ObjectKey, BTreeSet<String>> {
    let mut paths: BTreeMap<ObjectKey, BTreeSet<String>> = BTreeMap::new();
    let mut add = |target: &TargetName, type_name: &str, object: &str, sensitive: &BTreeSet<String>| {
        if !sensitive.is_empty() {
            paths.entry((target.clone(), type_name.to_owned(), object.to_owned())).or_default().extend(sensitive.iter().cloned());
        }
    };
    for DesiredResource { target, type_name, object, sensitive, address, .. } in states.iter().flat_map(|state| state.resources.values()) {
        add(target, type_name, object, sensitive);
        // After a move the object keeps its old name; the record knows it.
        if let Some(AppliedResource { object, .. }) = applied.resources.get(address) {
            add(target, type_name, object, sensitive);
        }
    }
    for AppliedResource { target, type_name, object, sensitive, .. } in applied.resources.values() {
        add(target, type_name, object, sensitive);
    }
    paths
}

/// Replaces observed values at sensitive paths by their fingerprints, at once after they were read.
pub fn seal_observed(observed: &mut ObservedState, sensitive: &BTreeMap<ObjectKey, BTreeSet<String>>, key: &FingerprintKey) {
    if sensitive.is_empty() {
        return;
    }
    for (target, observation) in &mut observed.targets {
        let Ok(observation) = observation else { continue };
        for object in &mut observation.objects {
            let Some(paths) = sensitive.get(&(target.clone(), object.type_name.clone(), object.name.clone())) else { continue };
            for values in [&mut object.values, &mut object.defaults] {
                *values = seal::seal_observed(values, paths, key);
            }
        }
    }
}
