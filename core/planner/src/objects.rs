//! What are the objects called that were there before? A name that follows from the address lasts through moves.

use std::collections::BTreeMap;

use core_model::Address;
use core_model::state::{AppliedState, DesiredResource, DesiredState};
use serde_json::{Map, Value};

/// The address that the record knows a resource by: its own, or a former one that it moved from.
pub(crate) fn recorded_address<'a>(resource: &'a DesiredResource, merge: &DesiredState, applied: &AppliedState) -> Option<&'a Address> {
    if applied.resources.contains_key(&resource.address) {
        return Some(&resource.address);
    }
    resource.lifecycle.was.iter().find(|former| applied.resources.contains_key(*former) && !merge.resources.contains_key(*former))
}

/// Gives every resource the name its object already has, unless `specs.name` or a change of type or target decides otherwise,
/// and writes that name into the links of others.
pub(crate) fn with_lasting_names(merge: &DesiredState, applied: &AppliedState) -> DesiredState {
    let mut lasting: BTreeMap<String, String> = BTreeMap::new();
    let mut state = merge.clone();
    for resource in state.resources.values_mut() {
        let named_by_author = resource.spec("name").is_some();
        let Some(known) = recorded_address(resource, merge, applied).and_then(|address| applied.resources.get(address)) else { continue };
        if !named_by_author && known.type_name == resource.type_name && known.target == resource.target && known.object != resource.object {
            resource.object.clone_from(&known.object);
            lasting.insert(resource.address.to_string(), known.object.clone());
        }
    }
    if !lasting.is_empty() {
        for resource in state.resources.values_mut() {
            rename_links(&mut resource.values, &lasting);
        }
    }
    state
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
