//! What must be done to get from what is there to what was merged? Three states and a scope become a plan.
//!
//! Pure: same inputs, same plan, same id, on any machine.

mod abreast;
mod claims;
mod cover;
mod dependencies;
mod evaluate;
mod objects;
mod order;
mod pins;
mod protection;
mod scope;

use std::collections::{BTreeMap, BTreeSet, HashSet};

use core_model::plan::{Action, Orphan, PLAN_FORMAT, Plan, Problem, ProblemKind, Step};
use core_model::resource_type::Registry;
use core_model::state::{AppliedState, DesiredState, ObservedObject, ObservedState, Sights};
use core_model::{Address, EnvironmentId, Hash, TargetName};

pub use cover::{Cover, Uncovered, cover};
pub use pins::{Asked, answered, pin, questions};
pub use scope::{closely, places, retired_free, scope, seal_observed, sensitive_objects, shallow, wanted};

/// What a plan is made from. `base` and `merge` are sealed, `merge` is pinned, `observed` is sealed.
pub struct Inputs<'a> {
    pub environment: &'a EnvironmentId,
    pub owner_id: &'a str,
    /// The addresses whose desired state differs between base and merge, computed by [`scope`] before sealing and pinning.
    pub scope: &'a BTreeSet<Address>,
    pub base: &'a DesiredState,
    pub merge: &'a DesiredState,
    pub applied: &'a AppliedState,
    pub observed: &'a ObservedState,
    pub registry: &'a Registry,
    /// Targets that ipr.yaml calls retired: their resources are released without a call.
    pub retired: &'a BTreeSet<String>,
}

/// The inputs, with what is looked up again and again within them.
struct Situation<'a> {
    environment: &'a EnvironmentId,
    owner_id: &'a str,
    scope: &'a BTreeSet<Address>,
    base: &'a DesiredState,
    applied: &'a AppliedState,
    observed: &'a ObservedState,
    sights: Sights<'a>,
    registry: &'a Registry,
    retired: &'a BTreeSet<String>,
}

impl<'a> Situation<'a> {
    fn new(inputs: &Inputs<'a>) -> Self {
        let Inputs { environment, owner_id, scope, base, merge: _, applied, observed, registry, retired } = *inputs;
        Self { environment, owner_id, scope, base, applied, observed, sights: observed.sights(), registry, retired }
    }
}

/// Makes the plan. It never fails: what stands in the way is in `problems`, what could not be seen is in `unknown`.
pub fn plan(inputs: &Inputs<'_>) -> Plan {
    let situation = Situation::new(inputs);
    let merge = objects::with_lasting_names(inputs.registry, inputs.merge, inputs.applied);
    let mut draft = evaluate::all(&situation, &merge);
    dependencies::propagate_replacements(&situation, &merge, &mut draft);
    dependencies::hold_back_dependants_of_unknown(&merge, &mut draft);
    protection::check(&situation, &merge, &mut draft);
    claims::check(&situation, &merge, &mut draft);
    let steps = order::arrange(&situation, &merge, &mut draft);
    finish(inputs, draft, steps)
}

/// A plan in the making.
#[derive(Default)]
struct Draft {
    steps: Vec<Step>,
    plan: Parts,
}

#[derive(Default)]
struct Parts {
    pending: Vec<core_model::plan::Aside>,
    drift: Vec<core_model::plan::Aside>,
    unknown: Vec<core_model::plan::Unknown>,
    problems: Vec<Problem>,
    notes: Vec<String>,
    after: Vec<core_model::record::AppliedResource>,
}

impl Draft {
    fn problem(&mut self, kind: ProblemKind, address: &Address, detail: impl Into<String>, hint: Option<String>) {
        self.plan.problems.push(Problem { kind, address: address.clone(), detail: detail.into(), hint, at: None });
    }
}

fn finish(inputs: &Inputs<'_>, draft: Draft, steps: Vec<Step>) -> Plan {
    let steps: Vec<Step> = steps.into_iter().map(|step| step.sealed_for(inputs.environment)).collect();
    let Parts { mut pending, mut drift, mut unknown, mut problems, mut notes, mut after } = draft.plan;
    pending.sort_by(|left, right| left.address.cmp(&right.address));
    drift.sort_by(|left, right| left.address.cmp(&right.address));
    unknown.sort();
    problems.sort();
    problems.dedup();
    notes.extend(remarks(inputs, &steps));
    notes.extend(targets_notes(inputs, &steps));
    notes.sort();
    notes.dedup();
    after.sort_by(|left, right| left.address.cmp(&right.address));
    let targets: BTreeMap<_, _> = inputs
        .observed
        .targets
        .iter()
        .filter_map(|(name, seen)| seen.as_ref().ok().map(|observation| (name.clone(), observation.identity.clone())))
        .collect();
    Plan {
        format: PLAN_FORMAT,
        environment: inputs.environment.clone(),
        digest: Plan::compute_digest(inputs.environment, &steps),
        orphans: orphans(inputs),
        managed: inputs.applied.resources.len(),
        steps,
        pending,
        drift,
        unknown,
        problems,
        notes,
        after,
        targets,
    }
}

/// What the types say of how their steps are carried out.
fn remarks(inputs: &Inputs<'_>, steps: &[Step]) -> Vec<String> {
    let of_step = |step: &Step| {
        let kind = inputs.registry.get(&step.provider, &step.type_name);
        let remarks = kind.map(|kind| kind.remarks(step)).unwrap_or_default();
        remarks.into_iter().map(|remark| format!("`{}`: {remark}", step.address)).collect::<Vec<_>>()
    };
    steps.iter().flat_map(of_step).collect()
}

/// What the targets that are changed say of themselves.
fn targets_notes(inputs: &Inputs<'_>, steps: &[Step]) -> Vec<String> {
    let changed: BTreeSet<&TargetName> = steps.iter().filter(|step| step.action.mutates()).map(|step| &step.target).collect();
    let seen = changed.into_iter().filter_map(|target| Some((target, inputs.observed.targets.get(target)?.as_ref().ok()?)));
    seen.flat_map(|(target, observation)| observation.notes.iter().map(move |note| format!("`{target}`: {note}"))).collect()
}

/// Objects that carry our marker for this environment, and that neither a blueprint nor the record knows.
fn orphans(inputs: &Inputs<'_>) -> Vec<Orphan> {
    let moved: BTreeSet<&Address> = inputs.merge.resources.values().flat_map(|resource| &resource.lifecycle.was).collect();
    let recorded: HashSet<(&TargetName, &str)> =
        inputs.applied.resources.values().map(|applied| (&applied.target, applied.object.as_str())).collect();
    let mut found = Vec::new();
    for (target, observation) in &inputs.observed.targets {
        let unrecorded = |object: &&ObservedObject| !recorded.contains(&(target, object.name.as_str()));
        for object in observation.iter().flat_map(|observation| &observation.objects).filter(unrecorded) {
            let Some(marker) =
                object.marker.as_ref().filter(|marker| marker.owner_id == inputs.owner_id && &marker.environment == inputs.environment)
            else {
                continue;
            };
            if !moved.contains(&marker.address) && !inputs.merge.resources.contains_key(&marker.address) {
                found.push(Orphan {
                    target: target.clone(),
                    type_name: object.type_name.clone(),
                    object: object.name.clone(),
                    marker: marker.to_string(),
                });
            }
        }
    }
    found.sort();
    found
}

/// A digest that no plan has: what a step carries until the plan is finished.
fn no_digest() -> Hash {
    Hash::of_bytes(b"")
}

/// Whether a step takes an object away.
fn takes_away(step: &Step) -> bool {
    matches!(step.action, Action::Delete | Action::Release)
}
