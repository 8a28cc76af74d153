//! What will a storage be once the plan's own step for it is done?

use core_model::Address;
use core_model::plan::{Action, Problem, Step};
use serde_json::Value;

use super::TYPE;
use super::types::kinds;
use crate::preflight::problem;

/// The step of the plan that makes or changes a storage.
pub(crate) fn planned<'p>(plan: &'p [Step], storage: &str) -> Option<&'p Step> {
    plan.iter().find(|step| step.type_name == TYPE && step.object == storage && step.action != Action::Delete)
}

/// What it will take.
pub(crate) fn contents(storage: &Step) -> Option<Vec<String>> {
    let specs = storage.desired.get("specs")?;
    let words = |value: &Value| Some(value.as_array()?.iter().filter_map(|word| word.as_str().map(str::to_owned)).collect());
    let usual = || Some(kinds::of(specs.get("kind")?.as_str()?)?.content_default.iter().map(|word| (*word).to_owned()).collect());
    specs.get("content").map_or_else(usual, words)
}

/// A step that needs the storage and does not wait for it, not even by way of others.
pub(crate) fn comes_late(step: &Step, path: &str, storage: &Step, plan: &[Step]) -> Option<Problem> {
    if waits(step, &storage.address, plan) {
        return None;
    }
    let detail = format!("`{path}`: the step of `{}` must come first, and this one does not wait for it.", storage.address);
    Some(problem(step, detail, &format!("add `depends_on: [{}]`", storage.address)))
}

fn waits(step: &Step, address: &Address, plan: &[Step]) -> bool {
    let mut known = vec![&step.address];
    let mut open = vec![step];
    while let Some(next) = open.pop() {
        if next.waits_for.contains(address) {
            return true;
        }
        for before in plan.iter().filter(|other| next.waits_for.contains(&other.address)) {
            if !known.contains(&&before.address) {
                known.push(&before.address);
                open.push(before);
            }
        }
    }
    false
}
