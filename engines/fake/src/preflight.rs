//! What would go wrong for certain? Ports that somebody holds who is not part of the plan.

use core_model::plan::{Action, Problem, ProblemKind, Step};
use core_model::resource_type::TypeFacts;
use engine_api::fields::flatten;

use crate::state::State;
use crate::writer::ports;

pub(crate) fn preflight(facts: &TypeFacts, state: &State, steps: &[Step]) -> Vec<Problem> {
    let makes = |step: &&Step| step.type_name == facts.name && matches!(step.action, Action::Create | Action::Replace);
    steps.iter().filter(makes).flat_map(|step| taken_ports(facts, state, steps, step)).collect()
}

fn taken_ports(facts: &TypeFacts, state: &State, steps: &[Step], step: &Step) -> Vec<Problem> {
    let wanted = ports(&flatten(facts, &step.desired));
    // What the plan deletes or makes anew lets go of its ports first.
    let moves = |name: &str| steps.iter().any(|other| other.type_name == facts.name && other.object == name && other.action != Action::Create);
    let holders = state.of_type(facts.name).filter(|(name, _)| *name != step.object && !moves(name));
    holders
        .flat_map(|(name, object)| ports(&object.fields).into_iter().map(move |port| (name.to_owned(), port)))
        .filter(|(_, port)| wanted.contains(port))
        .map(|(name, port)| Problem {
            kind: ProblemKind::Preflight,
            address: step.address.clone(),
            detail: format!("The port {port} is taken by `{name}`."),
            hint: Some("choose another port".to_owned()),
            at: None,
        })
        .collect()
}
