//! What are the objects called that were there before? A name that follows from the address lasts through moves.

use std::borrow::Cow;
use std::collections::BTreeMap;

use core_model::Address;
use core_model::record::AppliedResource;
use core_model::resource_type::{Naming, Registry};
use core_model::state::{AppliedState, DesiredResource, DesiredState};
use serde_json::{Map, Value};

use crate::abreast::abreast;

/// What the record holds of a resource: `own` under its address, or else what is under a former one that it moved from.
pub(crate) fn recorded<'a>(
    resource: &DesiredResource,
    own: Option<&'a AppliedResource>,
    merge: &DesiredState,
    applied: &'a AppliedState,
) -> Option<&'a AppliedResource> {
    let is_free = |former: &&Address| !merge.resources.contains_key(*former);
    own.or_else(|| resource.lifecycle.was.iter().filter(is_free).find_map(|former| applied.resources.get(former)))
}

/// Gives every resource the name its object already has, unless `specs.name` or a change of type or target decides otherwise,
/// and writes that name into the links of others.
pub(crate) fn with_lasting_names<'a>(registry: &Registry, merge: &'a DesiredState, applied: &AppliedState) -> Cow<'a, DesiredState> {
    let wanted = abreast(&merge.resources, &applied.resources).filter_map(|(_, resource, own)| Some((resource?, own)));
    let known = wanted.filter_map(|(resource, own)| Some((resource, recorded(resource, own, merge, applied)?)));
    let lasting: BTreeMap<Address, String> = known.filter_map(|(resource, known)| lasting_name(registry, resource, known)).collect();
    if lasting.is_empty() {
        return Cow::Borrowed(merge);
    }
    let in_links = lasting.iter().map(|(address, name)| (address.to_string(), name.clone())).collect();
    let mut state = merge.clone();
    for resource in state.resources.values_mut() {
        rename_links(&mut resource.values, &in_links);
        if let Some(name) = lasting.get(&resource.address) {
            resource.object.clone_from(name);
        }
    }
    Cow::Owned(state)
}

/// The name that the object of a resource keeps, if it is another one than the address would give it.
fn lasting_name(registry: &Registry, resource: &DesiredResource, known: &AppliedResource) -> Option<(Address, String)> {
    let is_other = known.object != resource.object && known.type_name == resource.type_name && known.target == resource.target;
    let is_named_by_author = || resource.spec("name").is_some() || is_elsewhere(registry, resource, known);
    (is_other && !is_named_by_author()).then(|| (resource.address.clone(), known.object.clone()))
}

/// Whether what the object has its name within is another one than it was.
fn is_elsewhere(registry: &Registry, resource: &DesiredResource, known: &AppliedResource) -> bool {
    let kind = registry.get(&resource.provider, &resource.type_name);
    let Some(Naming::Within(key)) = kind.map(|kind| kind.facts().naming) else { return false };
    let within = |values: &Map<String, Value>| values.get("metadata").and_then(|metadata| metadata.get(key)).cloned();
    within(&resource.values) != within(&known.values)
}

fn rename_links(values: &mut Map<String, Value>, lasting: &BTreeMap<String, String>) {
    if let Some(name) = values.get("resource").and_then(Value::as_str).and_then(|address| lasting.get(address)) {
        values.insert("name".to_owned(), Value::String(name.clone()));
        return;
    }
    values.values_mut().for_each(|value| rename_in(value, lasting));
}

fn rename_in(value: &mut Value, lasting: &BTreeMap<String, String>) {
    match value {
        Value::Object(map) => rename_links(map, lasting),
        Value::Array(items) => items.iter_mut().for_each(|item| rename_in(item, lasting)),
        _ => {}
    }
}
