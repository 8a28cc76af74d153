//! Was this reviewed? A run is covered when each of its steps is in the reviewed plan, or differs only by asking for less.

use core_model::Address;
use core_model::plan::{Plan, Step};

/// Whether a plan made now is covered by one that people reviewed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cover {
    Covered,
    NotCovered(Vec<Uncovered>),
}

/// A step that nobody reviewed as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uncovered {
    pub address: Address,
    pub why: String,
}

/// Fewer steps are fine: what is already so needs no step. Anything more, or riskier, is asked again.
pub fn cover(reviewed: &Plan, now: &Plan) -> Cover {
    let uncovered: Vec<Uncovered> = now.steps.iter().filter_map(|step| uncovered(reviewed, step)).collect();
    if uncovered.is_empty() { Cover::Covered } else { Cover::NotCovered(uncovered) }
}

fn uncovered(reviewed: &Plan, step: &Step) -> Option<Uncovered> {
    if reviewed.steps.iter().any(|known| known.digest == step.digest || asks_for_less(reviewed, known, step)) {
        return None;
    }
    let why = match reviewed.steps.iter().find(|known| known.address == step.address) {
        None => "it has no step in the reviewed plan".to_owned(),
        Some(known) if known.action != step.action => {
            format!("the reviewed plan would {} it, now it needs to {}", known.action.word(), step.action.word())
        }
        Some(known) if known.risk < step.risk => format!("its risk was {}, and is {} now", known.risk.word(), step.risk.word()),
        Some(_) => "its values before or after differ from the reviewed ones".to_owned(),
    };
    Some(Uncovered { address: step.address.clone(), why })
}

/// The same step, were it not for a lower risk or for waiting for fewer others.
fn asks_for_less(reviewed: &Plan, known: &Step, step: &Step) -> bool {
    if known.address != step.address || step.risk > known.risk || !step.waits_for.is_subset(&known.waits_for) {
        return false;
    }
    let same = Step { risk: known.risk, waits_for: known.waits_for.clone(), ..step.clone() };
    same.compute_digest(&reviewed.environment) == known.digest
}
