//! Can the drives that are named be filled? By their names, and by what the BMC says of each.

use std::collections::BTreeMap;

use core_model::plan::{Problem, Step};

use super::problem;
use crate::driver::{MediaSlot, Medium};

pub(super) fn problems(step: &Step, wanted: &BTreeMap<String, Medium>, slots: Option<&[MediaSlot]>) -> Vec<Problem> {
    let Some(slots) = slots else {
        return vec![problem(step, "The BMC does not tell of virtual media.".to_owned(), "take `media` out")];
    };
    let mut problems = Vec::new();
    let mut taken: BTreeMap<&str, &str> = BTreeMap::new();
    for (called, medium) in wanted {
        let Some(slot) = MediaSlot::find(slots, called) else {
            let known: Vec<String> = slots.iter().map(in_words).collect();
            problems.push(problem(step, format!("The BMC has no virtual drive `{called}`."), &format!("it has: {}", known.join(", "))));
            continue;
        };
        if let Some(other) = taken.insert(&slot.name, called) {
            let detail = format!("`{other}` and `{called}` are one virtual drive.");
            problems.push(problem(step, detail, "take one of them out"));
        }
        if !slot.can_be_filled {
            let detail = format!("The virtual drive `{called}` takes no image: its BMC can only empty it.");
            problems.push(problem(step, detail, "name another one, or take it out here"));
        }
        if !slot.takes_https {
            let detail = format!("The virtual drive `{called}` takes no image by HTTPS: its BMC lists other protocols.");
            problems.push(problem(step, detail, "fill it with the vendor's tools, and take it out here"));
        }
        if medium.write_protected.is_some() && !slot.has_write_protection {
            let detail = format!("The virtual drive `{called}` has no write protection that could be set.");
            problems.push(problem(step, detail, "leave `write_protected` out"));
        }
    }
    problems
}

fn in_words(slot: &MediaSlot) -> String {
    if slot.kinds.is_empty() { format!("`{}`", slot.name) } else { format!("`{}` ({})", slot.name, slot.kinds.join(", ")) }
}
