//! Which addresses does a pull request touch, and which objects must be seen to plan it?

use std::collections::{BTreeMap, BTreeSet, HashSet};

use core_model::record::AppliedResource;
use core_model::resource_type::Registry;
use core_model::seal;
use core_model::state::{AppliedState, DesiredResource, DesiredState, ObservedState};
use core_model::{Address, FingerprintKey, TargetName};

use crate::abreast::abreast;

/// The addresses where the merge result wants something else than the base.
pub fn scope(base: &DesiredState, merge: &DesiredState) -> BTreeSet<Address> {
    let differs = |before: Option<&DesiredResource>, after: Option<&DesiredResource>| match before.zip(after) {
        Some((before, after)) => !before.wants_the_same(after),
        None => true,
    };
    abreast(&base.resources, &merge.resources).filter(|(_, before, after)| differs(*before, *after)).map(|(address, ..)| address.clone()).collect()
}

/// The addresses that a plan has to know closely: its scope, and whatever the record says differently from the merge result.
/// Of all others it is enough that they are there and whose they are.
pub fn closely(scope: &BTreeSet<Address>, merge: &DesiredState, applied: &AppliedState) -> BTreeSet<Address> {
    let is_settled = |resource: &DesiredResource, recorded: &AppliedResource| {
        recorded.type_name == resource.type_name
            && recorded.target == resource.target
            && recorded.object == resource.object
            && recorded.values == resource.values
    };
    let settled = |wanted: Option<&DesiredResource>, recorded| wanted.zip(recorded).is_some_and(|(wanted, recorded)| is_settled(wanted, recorded));
    let differing = abreast(&merge.resources, &applied.resources).filter(|(_, wanted, recorded)| !settled(*wanted, *recorded));
    scope.iter().chain(differing.map(|(address, ..)| address)).cloned().collect()
}

/// Objects by target: the type and the name of each.
type Objects = BTreeMap<TargetName, BTreeSet<(String, String)>>;

/// The objects among those to observe that none of these addresses speaks of, by target.
pub fn shallow(wanted: &Objects, states: &[&DesiredState], applied: &AppliedState, closely: &BTreeSet<Address>) -> Objects {
    let desired = states.iter().flat_map(|state| closely.iter().filter_map(|address| state.resources.get(address)));
    let desired = desired.map(|resource| (&resource.target, resource.type_name.as_str(), resource.object.as_str()));
    let recorded = closely.iter().filter_map(|address| applied.resources.get(address));
    let recorded = recorded.map(|resource| (&resource.target, resource.type_name.as_str(), resource.object.as_str()));
    let near: HashSet<(&TargetName, &str, &str)> = desired.chain(recorded).collect();
    let far = |target: &TargetName, objects: &BTreeSet<(String, String)>| {
        objects.iter().filter(|(type_name, object)| !near.contains(&(target, type_name, object))).cloned().collect()
    };
    wanted.iter().map(|(target, objects)| (target.clone(), far(target, objects))).collect()
}

/// The objects to observe, by target. Resources on retired targets are not looked at.
pub fn wanted(states: &[&DesiredState], applied: &AppliedState, retired: &BTreeSet<String>) -> Objects {
    let desired = states.iter().flat_map(|state| state.resources.values());
    let desired = desired.map(|resource| (&resource.target, &resource.type_name, &resource.object));
    let recorded = applied.resources.values().map(|resource| (&resource.target, &resource.type_name, &resource.object));
    // The states name most objects all alike: what is copied is sorted out first.
    let named: HashSet<_> = desired.chain(recorded).filter(|(target, ..)| retired_free(target, retired)).collect();
    let mut by_target: BTreeMap<&TargetName, Vec<(String, String)>> = BTreeMap::new();
    for (target, type_name, object) in named {
        by_target.entry(target).or_default().push((type_name.clone(), object.clone()));
    }
    by_target.into_iter().map(|(target, objects)| (target.clone(), objects.into_iter().collect())).collect()
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
