//! What does a change do to those that depend on it? Replacements spread; what waits for something unseen waits too.

use std::collections::BTreeSet;

use core_model::Address;
use core_model::plan::{Action, Inverse, Risk, Step, Unknown};
use core_model::resource_type::DependencyEffect;
use core_model::state::{DesiredResource, DesiredState, Sight};

use crate::{Draft, Inputs, no_digest, takes_away};

/// Adds the steps that a replaced dependency forces on its dependants, until nothing more follows.
pub(crate) fn propagate_replacements(inputs: &Inputs<'_>, merge: &DesiredState, draft: &mut Draft) {
    let mut done: BTreeSet<Address> = BTreeSet::new();
    loop {
        let Some((address, type_name)) = draft
            .steps
            .iter()
            .find(|step| is_replaced(step, draft) && !done.contains(&step.address))
            .map(|step| (step.address.clone(), step.type_name.clone()))
        else {
            return;
        };
        for dependant in merge.resources.values().filter(|resource| resource.depends_on.contains(&address)) {
            let Some(kind) = inputs.registry.get(&dependant.provider, &dependant.type_name) else { continue };
            let forced = match kind.replaced_dependency(&type_name) {
                DependencyEffect::Nothing => continue,
                DependencyEffect::Reattach | DependencyEffect::Restart => Action::Restart,
                DependencyEffect::Replace => Action::Replace,
            };
            let inverse = kind.inverse_of_change(core_model::schema::Effect::Restart);
            force(inputs, dependant, forced, &address, inverse, draft);
        }
        done.insert(address);
    }
}

/// Replaced in place, or deleted and created under the same address.
fn is_replaced(step: &Step, draft: &Draft) -> bool {
    step.action == Action::Replace
        || (step.action == Action::Create && draft.steps.iter().any(|other| other.address == step.address && takes_away(other)))
}

fn force(inputs: &Inputs<'_>, dependant: &DesiredResource, forced: Action, because_of: &Address, inverse: Inverse, draft: &mut Draft) {
    let reason = format!("`{because_of}` is replaced");
    if let Some(step) = draft.steps.iter_mut().find(|step| step.address == dependant.address && !takes_away(step)) {
        if matches!(step.action, Action::Update | Action::Restart) && step.action < forced {
            step.action = forced;
            step.risk = step.risk.max(Risk::Restart);
            step.reason = format!("{}; {reason}", step.reason);
        }
        return;
    }
    if !matches!(inputs.observed.see(&dependant.target, &dependant.type_name, &dependant.object), Sight::Present(_)) {
        return;
    }
    draft.steps.push(Step {
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
        inverse,
        waits_for: dependant.depends_on.clone(),
        reason,
    });
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
