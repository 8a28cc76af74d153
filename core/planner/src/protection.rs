//! What must not happen by accident? Protected resources, and renames written as a delete and a create.

use std::collections::BTreeMap;

use core_model::plan::{Action, ProblemKind};
use core_model::record::AppliedResource;
use core_model::state::DesiredState;
use serde_json::{Map, Value};

use crate::{Draft, Situation, takes_away};

pub(crate) fn check(situation: &Situation<'_>, merge: &DesiredState, draft: &mut Draft) {
    protected(situation, draft);
    renames(situation, merge, draft);
}

/// Protection is read from the base and from the record: deleting the block in the same pull request does not lift it.
fn protected(situation: &Situation<'_>, draft: &mut Draft) {
    let mut found = Vec::new();
    for step in draft.steps.iter().filter(|step| matches!(step.action, Action::Delete | Action::Replace)) {
        let recorded = situation.applied.resources.get(&step.address).is_some_and(|applied| applied.protect);
        let in_base = situation.base.resources.get(&step.address).and_then(|resource| resource.lifecycle.protect);
        if recorded && in_base != Some(false) || in_base == Some(true) {
            found.push((step.address.clone(), step.action));
        }
    }
    for (address, action) in found {
        draft.problem(
            ProblemKind::Protected,
            &address,
            format!("`{address}` is protected, and this change would {} it.", action.word()),
            Some("merge `lifecycle: {protect: false}` in a pull request of its own first".to_owned()),
        );
    }
}

fn renames(situation: &Situation<'_>, merge: &DesiredState, draft: &mut Draft) {
    let mut found = Vec::new();
    for gone in draft.steps.iter().filter(|step| takes_away(step)) {
        let Some(applied) = situation.applied.resources.get(&gone.address) else { continue };
        let created = draft.steps.iter().filter(|step| step.action == Action::Create && step.address != gone.address);
        for new in created.filter(|new| new.type_name == gone.type_name && new.target == gone.target) {
            let Some(resource) = merge.resources.get(&new.address) else { continue };
            if resource.lifecycle.was.is_empty() && says_the_same(applied, &resource.values) {
                found.push((gone.address.clone(), new.address.clone()));
            }
        }
    }
    for (old, new) in found {
        draft.problem(
            ProblemKind::LooksLikeRename,
            &new,
            format!(
                "`{old}` would be deleted and `{new}` created with the same settings. That looks like a rename, and would lose what `{old}` holds."
            ),
            Some(format!("to keep the object write `lifecycle: {{was: {old}}}` at `{new}`; if it is none, do it in two pull requests")),
        );
    }
}

/// Two resources that say nothing are not taken for the same one.
fn says_the_same(applied: &AppliedResource, values: &Map<String, Value>) -> bool {
    let new: BTreeMap<&String, &Value> = specs(values).collect();
    let old: BTreeMap<&String, &Value> = specs(&applied.values).collect();
    !old.is_empty() && old == new
}

/// What a resource is, but for its name.
fn specs(values: &Map<String, Value>) -> impl Iterator<Item = (&String, &Value)> {
    values.get("specs").and_then(Value::as_object).into_iter().flatten().filter(|(key, _)| *key != "name")
}
