//! What does a plan make that other steps of it need? Found in the plan itself, for it is not on the cluster yet.

use std::collections::BTreeSet;

use core_model::Address;
use core_model::plan::{Problem, Step};

use crate::preflight::{makes, problem};

/// The step that makes an object.
pub(crate) fn coming<'s>(steps: &'s [Step], type_name: &str, object: &str) -> Option<&'s Step> {
    steps.iter().find(|step| step.type_name == type_name && step.object == object && makes(step))
}

/// Says so where `step` needs what `maker` makes, and may be carried out before it.
pub(crate) fn unordered(steps: &[Step], step: &Step, maker: &Step, path: &str) -> Option<Problem> {
    if waits_for(steps, step, &maker.address) {
        return None;
    }
    let object = maker.object.rsplit_once('/').filter(|_| maker.type_name == crate::network::TYPE).map_or(maker.object.as_str(), |(_, name)| name);
    let detail = format!("`{path}`: `{object}` is made by `{}`, and nothing says that this step comes after it.", maker.address);
    Some(problem(step, detail, &format!("add `depends_on: [{}]`, or write a reference in place of the name", maker.address)))
}

/// Whether a step waits for another resource, or for one that does.
fn waits_for(steps: &[Step], step: &Step, address: &Address) -> bool {
    let mut seen: BTreeSet<&Address> = BTreeSet::new();
    let mut ahead: Vec<&Address> = step.waits_for.iter().collect();
    while let Some(next) = ahead.pop() {
        if next == address {
            return true;
        }
        if seen.insert(next) {
            ahead.extend(steps.iter().filter(|step| step.address == *next).flat_map(|step| &step.waits_for));
        }
    }
    false
}
