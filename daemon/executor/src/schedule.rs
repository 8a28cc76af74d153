//! Which steps may run now? A graph of units, limited by lock domains and by how much a target takes.

use std::collections::{BTreeMap, BTreeSet};

use core_model::TargetName;
use core_model::plan::Step;
use core_model::record::{StepOutcome, StepState};
use engine_api::LockDomain;
use futures::StreamExt as _;
use futures::stream::FuturesUnordered;

use crate::outcome::is_done;
use crate::{Executor, RunOrder, outcome};

/// Steps that are carried out together, in order.
struct Unit {
    target: TargetName,
    domain: LockDomain,
    /// Places in the plan.
    steps: Vec<usize>,
    /// Units that must be done first.
    waits: BTreeSet<usize>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Progress {
    Waiting,
    Running,
    Done,
    /// Failed, or not begun because something before it failed.
    Broken,
}

pub(crate) struct Schedule<'a> {
    executor: &'a Executor,
    run: &'a RunOrder<'a>,
    units: Vec<Unit>,
    progress: Vec<Progress>,
    limits: BTreeMap<TargetName, usize>,
    outcomes: Vec<StepOutcome>,
}

impl<'a> Schedule<'a> {
    pub(crate) fn new(executor: &'a Executor, run: &'a RunOrder<'a>) -> Self {
        let units = units(executor, &run.plan.steps);
        let limits = units
            .iter()
            .map(|unit| (unit.target.clone(), executor.engines.engine(&unit.target).map_or(1, |engine| engine.steps_in_flight_max().max(1))))
            .collect();
        let progress = vec![Progress::Waiting; units.len()];
        Self { executor, run, units, progress, limits, outcomes: Vec::new() }
    }

    pub(crate) fn into_outcomes(self) -> Vec<StepOutcome> {
        self.outcomes
    }

    /// Starts what may start, waits for what ends first, and repeats.
    pub(crate) async fn run(&mut self) {
        let (executor, run) = (self.executor, self.run);
        let mut running = FuturesUnordered::new();
        loop {
            while let Some(index) = self.next_startable() {
                self.progress[index] = Progress::Running;
                let unit = &self.units[index];
                let (domain, steps) = (unit.domain.clone(), unit.steps.iter().map(|place| &run.plan.steps[*place]).collect::<Vec<&Step>>());
                running.push(async move { (index, executor.work(run, domain, steps).await) });
            }
            let Some((index, outcomes)) = running.next().await else { break };
            let fine = outcomes.iter().all(is_done);
            self.progress[index] = if fine { Progress::Done } else { Progress::Broken };
            self.outcomes.extend(outcomes);
        }
        self.explain_the_rest();
    }

    fn next_startable(&self) -> Option<usize> {
        if self.run.cancellation.is_cancelled() {
            return None;
        }
        let running = |unit: &&Unit| {
            self.units.iter().zip(&self.progress).any(|(other, progress)| *progress == Progress::Running && std::ptr::eq(other, *unit))
        };
        self.units.iter().enumerate().position(|(index, unit)| {
            let busy = |other: &&Unit| running(other) && other.target == unit.target;
            self.progress[index] == Progress::Waiting
                && unit.waits.iter().all(|before| self.progress[*before] == Progress::Done)
                && !self.units.iter().filter(busy).any(|other| other.domain == unit.domain)
                && self.units.iter().filter(busy).count() < self.limits.get(&unit.target).copied().unwrap_or(1)
        })
    }

    /// What never began: its dependency failed, or the run was stopped.
    fn explain_the_rest(&mut self) {
        let reported: BTreeSet<_> = self.outcomes.iter().map(|outcome| outcome.step.clone()).collect();
        for step in self.run.plan.steps.iter().filter(|step| !reported.contains(&step.digest)) {
            let (state, why) = if self.run.cancellation.is_cancelled() {
                (StepState::NotStarted, "the run was stopped before this step")
            } else {
                (StepState::Stopped, "a step it waits for did not succeed")
            };
            self.outcomes.push(outcome(step, state, Some(why.to_owned())));
        }
    }
}

/// Groups the steps of batching engines by lock domain, as long as that makes no circle.
fn units(executor: &Executor, steps: &[Step]) -> Vec<Unit> {
    let grouped = build(executor, steps, true);
    if is_acyclic(&grouped) { grouped } else { build(executor, steps, false) }
}

fn build(executor: &Executor, steps: &[Step], group: bool) -> Vec<Unit> {
    let mut units: Vec<Unit> = Vec::new();
    let mut unit_of: Vec<usize> = Vec::with_capacity(steps.len());
    for (place, step) in steps.iter().enumerate() {
        let engine = executor.engines.engine(&step.target).ok();
        let domain = engine.as_ref().map_or_else(|| LockDomain(step.object.clone()), |engine| engine.lock_domain(step));
        let joins = group && engine.is_some_and(|engine| engine.batches());
        let known = units.iter().position(|unit| joins && unit.target == step.target && unit.domain == domain);
        let index = known.unwrap_or_else(|| {
            units.push(Unit { target: step.target.clone(), domain, steps: Vec::new(), waits: BTreeSet::new() });
            units.len() - 1
        });
        units[index].steps.push(place);
        unit_of.push(index);
    }
    // The plan is in order: a step waits for the earlier ones it names, and for an earlier one of its own address.
    let mut earlier: BTreeMap<&core_model::Address, Vec<usize>> = BTreeMap::new();
    for (place, step) in steps.iter().enumerate() {
        for address in step.waits_for.iter().chain([&step.address]) {
            for before in earlier.get(address).into_iter().flatten().copied().filter(|before| *before != unit_of[place]) {
                units[unit_of[place]].waits.insert(before);
            }
        }
        earlier.entry(&step.address).or_default().push(unit_of[place]);
    }
    units
}

fn is_acyclic(units: &[Unit]) -> bool {
    let mut done: BTreeSet<usize> = BTreeSet::new();
    while let Some(next) = units.iter().enumerate().position(|(index, unit)| !done.contains(&index) && unit.waits.is_subset(&done)) {
        done.insert(next);
    }
    done.len() == units.len()
}
