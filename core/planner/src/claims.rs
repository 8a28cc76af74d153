//! Who holds what only one can hold? Host ports, names, addresses.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use core_model::plan::ProblemKind;
use core_model::resource_type::Claim;
use core_model::state::DesiredState;
use core_model::{Address, TargetName};
use serde_json::{Map, Value};

use crate::{Draft, Situation};

/// Reports claims that two resources of the merge result make on one target.
pub(crate) fn check(situation: &Situation<'_>, merge: &DesiredState, draft: &mut Draft) {
    let mut holders: HashMap<(&TargetName, Claim), &Address> = HashMap::new();
    let mut found = Vec::new();
    for resource in merge.resources.values() {
        for claim in claims_of(situation, &resource.provider, &resource.type_name, &resource.values) {
            match holders.entry((&resource.target, claim)) {
                Entry::Vacant(free) => _ = free.insert(&resource.address),
                Entry::Occupied(taken) => found.push((&resource.address, *taken.get(), taken.key().1.clone())),
            }
        }
    }
    for (address, holder, claim) in found {
        if situation.scope.contains(address) || situation.scope.contains(holder) {
            draft.problem(
                ProblemKind::ClaimTaken,
                address,
                format!("`{address}` and `{holder}` both want the {} `{}`.", claim.what, claim.value),
                Some("give one of them another one".to_owned()),
            );
        }
    }
}

/// The exclusive things that values like these hold.
pub(crate) fn claims_of(situation: &Situation<'_>, provider: &str, type_name: &str, values: &Map<String, Value>) -> Vec<Claim> {
    situation.registry.get(provider, type_name).map_or_else(Vec::new, |kind| kind.claims(values))
}
