//! What does the record hold after a run? The state before, changed by the steps that were done.

use std::collections::BTreeMap;

use core_model::Address;
use core_model::plan::{Action, Plan, Step};
use core_model::record::{AppliedResource, StepOutcome, StepState};
use core_model::state::AppliedState;

/// Whether what waits for the step may go on.
pub(crate) fn is_done(outcome: &StepOutcome) -> bool {
    matches!(outcome.state, StepState::Changed | StepState::AlreadySo) && outcome.ready != Some(false)
}

/// Whether every step was done and every gate passed.
pub fn succeeded(outcomes: &[StepOutcome]) -> bool {
    outcomes.iter().all(is_done)
}

pub(crate) fn takes_away(step: &Step) -> bool {
    matches!(step.action, Action::Delete | Action::Release)
}

/// The state of the next record. Addresses in scope that needed no step take over what the blueprint now says about them.
pub fn state_after(before: &AppliedState, plan: &Plan, outcomes: &[StepOutcome]) -> BTreeMap<Address, AppliedResource> {
    let mut state = before.resources.clone();
    let known: BTreeMap<_, _> = outcomes.iter().map(|outcome| (&outcome.step, outcome)).collect();
    let done = |step: &Step| known.get(&step.digest).is_some_and(|outcome| matches!(outcome.state, StepState::Changed | StepState::AlreadySo));
    for step in plan.steps.iter().filter(|step| takes_away(step) && done(step)) {
        state.remove(&step.address);
    }
    for after in &plan.after {
        let mut steps = plan.steps.iter().filter(|step| step.address == after.address && !takes_away(step));
        let Some(step) = steps.next() else {
            state.insert(after.address.clone(), after.clone());
            continue;
        };
        if done(step) {
            if let Some(former) = &step.moved_from {
                state.remove(former);
            }
            let ready = known.get(&step.digest).and_then(|outcome| outcome.ready).unwrap_or(true);
            state.insert(after.address.clone(), AppliedResource { ready, ..after.clone() });
        }
    }
    state
}
