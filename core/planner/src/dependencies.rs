//! What does a change do to those that depend on it? Replacements spread; what waits for something unseen waits too.

use std::collections::{BTreeMap, BTreeSet};

use core_model::Address;
use core_model::plan::{Action, Risk, Step, Unknown};
use core_model::resource_type::DependencyEffect;
use core_model::state::{DesiredResource, DesiredState, Sight};

use crate::{Draft, Situation, no_digest, takes_away};

/// Adds the steps that a replaced dependency forces on its dependants, until nothing more follows.
pub(crate) fn propagate_replacements(situation: &Situation<'_>, merge: &DesiredState, draft: &mut Draft) {
    let taken: BTreeSet<Address> = draft.steps.iter().filter(|step| takes_away(step)).map(|step| step.address.clone()).collect();
    let is_replaced = |step: &Step| step.action == Action::Replace || step.action == Action::Create && taken.contains(&step.address);
    let mut replaced: BTreeSet<usize> = (0..draft.steps.len()).filter(|place| is_replaced(&draft.steps[*place])).collect();
    if replaced.is_empty() {
        return;
    }
    let dependants = dependants(merge);
    let staying = draft.steps.iter().enumerate().filter(|(_, step)| !takes_away(step));
    let mut places: BTreeMap<Address, usize> = staying.map(|(place, step)| (step.address.clone(), place)).collect();
    let mut done: BTreeSet<Address> = BTreeSet::new();
    while let Some(place) = replaced.pop_first() {
        let (address, type_name) = (draft.steps[place].address.clone(), draft.steps[place].type_name.clone());
        if !done.insert(address.clone()) {
            continue;
        }
        for dependant in dependants.get(&address).into_iter().flatten() {
            let Some(kind) = situation.registry.get(&dependant.provider, &dependant.type_name) else { continue };
            let forced = match kind.replaced_dependency(&type_name) {
                DependencyEffect::Nothing => continue,
                DependencyEffect::Reattach | DependencyEffect::Restart => Action::Restart,
                DependencyEffect::Replace => Action::Replace,
            };
            if let Some(known) = places.get(&dependant.address) {
                worsen(&mut draft.steps[*known], forced, &address);
            } else if let Some(step) = forced_step(situation, dependant, forced, &address) {
                places.insert(dependant.address.clone(), draft.steps.len());
                draft.steps.push(step);
            }
            replaced.extend(places.get(&dependant.address).filter(|place| is_replaced(&draft.steps[**place])));
        }
    }
}

/// Who depends on each address.
fn dependants(merge: &DesiredState) -> BTreeMap<&Address, Vec<&DesiredResource>> {
    let mut dependants: BTreeMap<&Address, Vec<&DesiredResource>> = BTreeMap::new();
    for resource in merge.resources.values() {
        for dependency in &resource.depends_on {
            dependants.entry(dependency).or_default().push(resource);
        }
    }
    dependants
}

/// A step that changes something anyway does more because of its dependency.
fn worsen(step: &mut Step, forced: Action, because_of: &Address) {
    if matches!(step.action, Action::Update | Action::Restart) && step.action < forced {
        step.action = forced;
        step.risk = step.risk.max(Risk::Restart);
        step.reason = format!("{}; `{because_of}` is replaced", step.reason);
    }
}

/// The step of a resource that nothing else changes.
fn forced_step(situation: &Situation<'_>, dependant: &DesiredResource, forced: Action, because_of: &Address) -> Option<Step> {
    let kind = situation.registry.get(&dependant.provider, &dependant.type_name)?;
    if !matches!(situation.sights.see(&dependant.target, &dependant.type_name, &dependant.object), Sight::Present(_)) {
        return None;
    }
    Some(Step {
        digest: no_digest(),
        address: dependant.address.clone(),
        type_name: dependant.type_name.clone(),
        provider: dependant.provider.clone(),
        target: dependant.target.clone(),
        action: forced,
        object: dependant.object.clone(),
        moved_from: None,
        changes: Vec::new(),
        desired: dependant.values.clone(),
        pins: dependant.pins.clone(),
        risk: Risk::Restart,
        inverse: kind.inverse_of_change(core_model::schema::Effect::Restart),
        waits_for: dependant.depends_on.clone(),
        reason: format!("`{because_of}` is replaced"),
    })
}

/// A resource in scope whose dependency in scope could not be seen is not touched either.
pub(crate) fn hold_back_dependants_of_unknown(merge: &DesiredState, draft: &mut Draft) {
    loop {
        let unseen: BTreeSet<&Address> = draft.plan.unknown.iter().filter(|unknown| unknown.in_scope).map(|unknown| &unknown.address).collect();
        let held = draft.steps.iter().position(|step| !takes_away(step) && step.waits_for.iter().any(|address| unseen.contains(address)));
        let Some(index) = held else { return };
        let step = draft.steps.remove(index);
        let waits = step.waits_for.iter().find(|address| draft.plan.unknown.iter().any(|unknown| unknown.in_scope && unknown.address == **address));
        let why = format!("it waits for `{}`, which could not be seen", waits.map(ToString::to_string).unwrap_or_default());
        draft.plan.after.retain(|after| after.address != step.address);
        debug_assert!(merge.resources.contains_key(&step.address));
        draft.plan.unknown.push(Unknown { address: step.address, target: step.target, why, in_scope: true });
    }
}
