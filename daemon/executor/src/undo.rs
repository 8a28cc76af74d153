//! How is a failed run undone? By the inverses that the review showed, last step first. Data is never deleted.

use core_model::Hash;
use core_model::plan::{Action, FieldChange, Inverse, Step};
use core_model::record::{StepOutcome, StepState};
use core_model::resource_type::{Registry, TypeFacts};
use core_model::state::AppliedState;
use engine_api::fields::{assemble, flatten};
use serde_json::{Map, Value};

use crate::{Executor, RunOrder};

/// Undoes the changed steps of a run and writes into `outcomes` what became of each. `run.observed` must be fresh: what changed
/// since the run is not touched.
pub async fn undo(executor: &Executor, run: &RunOrder<'_>, outcomes: &mut [StepOutcome]) {
    for step in run.plan.steps.iter().rev() {
        let Some(outcome) = outcomes.iter_mut().find(|outcome| outcome.step == step.digest && outcome.state == StepState::Changed) else { continue };
        match inverse(&executor.registry, run.applied, step) {
            Err(why) => outcome.message = Some(format!("not undone: {why}")),
            Ok(inverse) if step.action.mutates() && !executor.is_still_so(run, step) => {
                let why = if executor.is_unseen(run, step) { "could not be seen" } else { "changed since" };
                outcome.message = Some(format!("not undone: `{}` {why}", inverse.object));
            }
            Ok(inverse) => apply(executor, run, step, &inverse, outcome).await,
        }
    }
}

async fn apply(executor: &Executor, run: &RunOrder<'_>, step: &Step, inverse: &Step, outcome: &mut StepOutcome) {
    if !inverse.action.mutates() {
        outcome.state = StepState::Undone;
        return;
    }
    let result = match (executor.engines.engine(&inverse.target), executor.order(run, inverse)) {
        (Ok(engine), Ok(order)) => executor.apply(run, engine.as_ref(), &order).await.map_err(|failure| failure.message),
        (Err(error), _) => Err(error.to_string()),
        (_, Err(why)) => Err(why),
    };
    match result {
        Ok(()) => (outcome.state, outcome.ready, outcome.message) = (StepState::Undone, None, what_stays(&executor.registry, step)),
        Err(why) => outcome.message = Some(format!("not undone: {why}")),
    }
}

/// The changes of an undone step that no step takes back, with why.
fn what_stays(registry: &Registry, step: &Step) -> Option<String> {
    let kind = registry.get(&step.provider, &step.type_name)?;
    let stays = step.changes.iter().filter_map(|change| Some(format!("`{}` stays: {}", change.path, kind.stays(change)?)));
    let lines: Vec<String> = stays.collect();
    (!lines.is_empty()).then(|| lines.join("; "))
}

/// The step that brings the state before back.
fn inverse(registry: &Registry, applied: &AppliedState, step: &Step) -> Result<Step, String> {
    let resource_type = registry.get(&step.provider, &step.type_name).ok_or("nothing is known of its type")?;
    let kind = resource_type.facts();
    let before = applied.resources.get(step.moved_from.as_ref().unwrap_or(&step.address));
    let mut undone =
        Step { digest: Hash::of_bytes(format!("undo {}", step.digest.as_str()).as_bytes()), reason: "the run failed".to_owned(), ..step.clone() };
    match (&step.inverse, step.action) {
        (Inverse::None { why }, _) => return Err(why.clone()),
        (Inverse::DeleteWhatWeMade, _) if kind.data_bearing => return Err("it may hold data by now".to_owned()),
        (Inverse::DeleteWhatWeMade, _) => {
            (undone.action, undone.desired, undone.changes) = (Action::Delete, Map::new(), Vec::new());
        }
        (Inverse::Exact, Action::Adopt | Action::Move | Action::Release) => undone.action = Action::Release,
        (Inverse::Exact, action) => {
            undone.action = if action == Action::Delete { Action::Create } else { action };
            (undone.desired, undone.pins) = match before {
                Some(before) => (before.values.clone(), before.pins.clone()),
                None if action == Action::Delete => return Err("the record does not hold what was there before".to_owned()),
                None => (values_before(kind, step), step.pins.clone()),
            };
            undone.changes = step
                .changes
                .iter()
                .filter(|change| resource_type.stays(change).is_none())
                .map(|change| FieldChange {
                    before: change.after.clone(),
                    after: change.before.clone(),
                    unset: change.before.is_null(),
                    ..change.clone()
                })
                .collect();
        }
    }
    Ok(undone)
}

/// What was there before a step on something that no record knows: adopted with changes, or there always. The step tells.
fn values_before(kind: &TypeFacts, step: &Step) -> Map<String, Value> {
    let mut values = flatten(kind, &step.desired);
    for change in &step.changes {
        if change.before.is_null() {
            values.remove(&change.path);
        } else {
            values.insert(change.path.clone(), change.before.clone());
        }
    }
    assemble(kind, &values)
}
