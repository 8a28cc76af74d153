//! What is carried out together? Steps of one lock domain in one batch where the engine has batches; other steps alone.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use core_model::plan::Step;
use core_model::{Address, TargetName};
use engine_api::{Engine, LockDomain};

use crate::Executor;

/// Steps that are carried out together, in order.
pub(crate) struct Unit {
    pub(crate) target: TargetName,
    pub(crate) domain: LockDomain,
    /// Places in the plan.
    pub(crate) steps: Vec<usize>,
    /// Units that must be done first.
    pub(crate) waits: BTreeSet<usize>,
}

/// The engine of each target of a plan, where there is one.
pub(crate) type Known<'a> = BTreeMap<&'a TargetName, Option<Arc<dyn Engine>>>;

pub(crate) fn engines<'a>(executor: &Executor, steps: &'a [Step]) -> Known<'a> {
    let mut known = Known::new();
    for step in steps {
        known.entry(&step.target).or_insert_with(|| executor.engines.engine(&step.target).ok());
    }
    known
}

/// Groups the steps of batches, as long as that makes no circle.
pub(crate) fn units(known: &Known<'_>, steps: &[Step]) -> Vec<Unit> {
    let grouped = build(known, steps, true);
    if is_acyclic(&grouped) { grouped } else { build(known, steps, false) }
}

/// For each unit, those that wait for it.
pub(crate) fn followers(units: &[Unit]) -> Vec<Vec<usize>> {
    let mut followers = vec![Vec::new(); units.len()];
    for (index, unit) in units.iter().enumerate() {
        for before in &unit.waits {
            followers[*before].push(index);
        }
    }
    followers
}

fn build(known: &Known<'_>, steps: &[Step], group: bool) -> Vec<Unit> {
    let mut units: Vec<Unit> = Vec::new();
    let mut unit_of: Vec<usize> = Vec::with_capacity(steps.len());
    let mut batches: BTreeMap<(&TargetName, LockDomain), usize> = BTreeMap::new();
    for (place, step) in steps.iter().enumerate() {
        let engine = known.get(&step.target).and_then(Option::as_ref);
        let domain = engine.map_or_else(|| LockDomain(step.object.clone()), |engine| engine.lock_domain(step));
        let joins = group && engine.is_some_and(|engine| engine.batches(&domain));
        let batch = (&step.target, domain.clone());
        let index = batches.get(&batch).copied().filter(|_| joins).unwrap_or_else(|| {
            units.push(Unit { target: step.target.clone(), domain, steps: Vec::new(), waits: BTreeSet::new() });
            units.len() - 1
        });
        batches.insert(batch, index);
        units[index].steps.push(place);
        unit_of.push(index);
    }
    add_waits(steps, &unit_of, &mut units);
    units
}

/// The plan is in order: a step waits for the earlier ones it names, and for an earlier one of its own address.
fn add_waits(steps: &[Step], unit_of: &[usize], units: &mut [Unit]) {
    let mut earlier: BTreeMap<&Address, Vec<usize>> = BTreeMap::new();
    for (step, unit) in steps.iter().zip(unit_of) {
        for address in step.waits_for.iter().chain([&step.address]) {
            units[*unit].waits.extend(earlier.get(address).into_iter().flatten().filter(|before| *before != unit));
        }
        earlier.entry(&step.address).or_default().push(*unit);
    }
}

fn is_acyclic(units: &[Unit]) -> bool {
    let followers = followers(units);
    let mut left: Vec<usize> = units.iter().map(|unit| unit.waits.len()).collect();
    let mut ready: Vec<usize> = (0..units.len()).filter(|index| left[*index] == 0).collect();
    let mut done = 0;
    while let Some(next) = ready.pop() {
        done += 1;
        for follower in &followers[next] {
            left[*follower] -= 1;
            if left[*follower] == 0 {
                ready.push(*follower);
            }
        }
    }
    done == units.len()
}
