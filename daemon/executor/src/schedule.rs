//! Which steps may run now? A graph of units, limited by lock domains and by how much a target takes.

use std::collections::{BTreeMap, BTreeSet};

use core_model::TargetName;
use core_model::plan::Step;
use core_model::record::{StepOutcome, StepState};
use engine_api::LockDomain;
use futures::StreamExt as _;
use futures::stream::FuturesUnordered;

use crate::outcome::is_done;
use crate::units::{Unit, engines, followers, units};
use crate::{Executor, RunOrder, outcome};

/// More names than this are counted.
const NAMES_MAX: usize = 5;

/// What goes on, and what waits its turn, on one target.
struct Lane {
    units_in_flight_max: usize,
    /// Units whose dependencies are done, in the order of the plan.
    ready: BTreeSet<usize>,
    /// The lock domains of the units in flight.
    locked: BTreeSet<LockDomain>,
}

impl Lane {
    fn start(&mut self, units: &[Unit]) -> Option<usize> {
        if self.locked.len() >= self.units_in_flight_max {
            return None;
        }
        let next = self.ready.iter().copied().find(|index| !self.locked.contains(&units[*index].domain))?;
        self.ready.remove(&next);
        self.locked.insert(units[next].domain.clone());
        Some(next)
    }
}

pub(crate) struct Schedule<'a> {
    executor: &'a Executor,
    run: &'a RunOrder<'a>,
    units: Vec<Unit>,
    followers: Vec<Vec<usize>>,
    /// How many units each still waits for. It never gets to zero behind a unit that did not succeed.
    waits_left: Vec<usize>,
    lanes: BTreeMap<TargetName, Lane>,
    outcomes: Vec<StepOutcome>,
}

impl<'a> Schedule<'a> {
    pub(crate) fn new(executor: &'a Executor, run: &'a RunOrder<'a>) -> Self {
        let known = engines(executor, &run.plan.steps);
        let units = units(&known, &run.plan.steps);
        let lane = |engine: &Option<std::sync::Arc<dyn engine_api::Engine>>| Lane {
            units_in_flight_max: engine.as_ref().map_or(1, |engine| engine.steps_in_flight_max().max(1)),
            ready: BTreeSet::new(),
            locked: BTreeSet::new(),
        };
        let lanes = known.iter().map(|(target, engine)| ((*target).clone(), lane(engine))).collect();
        let waits_left: Vec<usize> = units.iter().map(|unit| unit.waits.len()).collect();
        let mut schedule = Self { executor, run, followers: followers(&units), units, waits_left, lanes, outcomes: Vec::new() };
        for index in (0..schedule.units.len()).filter(|index| schedule.waits_left[*index] == 0).collect::<Vec<_>>() {
            schedule.make_ready(index);
        }
        schedule
    }

    pub(crate) fn into_outcomes(self) -> Vec<StepOutcome> {
        self.outcomes
    }

    /// Starts what may start, waits for what ends first, and repeats.
    pub(crate) async fn run(&mut self) {
        let (executor, run) = (self.executor, self.run);
        let mut running = FuturesUnordered::new();
        loop {
            while let Some(index) = self.start_next() {
                let unit = &self.units[index];
                let (domain, steps) = (unit.domain.clone(), unit.steps.iter().map(|place| &run.plan.steps[*place]).collect::<Vec<&Step>>());
                running.push(async move { (index, executor.work(run, domain, steps).await) });
            }
            let Some((index, outcomes)) = running.next().await else { break };
            self.end(index, outcomes);
        }
        self.explain_the_rest();
    }

    fn start_next(&mut self) -> Option<usize> {
        if self.run.is_stopped() {
            return None;
        }
        let units = &self.units;
        self.lanes.values_mut().find_map(|lane| lane.start(units))
    }

    fn end(&mut self, index: usize, outcomes: Vec<StepOutcome>) {
        let unit = &self.units[index];
        if let Some(lane) = self.lanes.get_mut(&unit.target) {
            lane.locked.remove(&unit.domain);
        }
        if outcomes.iter().all(is_done) {
            for follower in std::mem::take(&mut self.followers[index]) {
                self.waits_left[follower] -= 1;
                if self.waits_left[follower] == 0 {
                    self.make_ready(follower);
                }
            }
        }
        self.outcomes.extend(outcomes);
    }

    fn make_ready(&mut self, index: usize) {
        if let Some(lane) = self.lanes.get_mut(&self.units[index].target) {
            lane.ready.insert(index);
        }
    }

    /// What never began: its dependency failed, or the run was stopped.
    fn explain_the_rest(&mut self) {
        let reported: BTreeSet<_> = self.outcomes.iter().map(|outcome| outcome.step.clone()).collect();
        for step in self.run.plan.steps.iter().filter(|step| !reported.contains(&step.digest)) {
            let (state, why) = if self.run.is_stopped() {
                (StepState::NotStarted, "the run was stopped before this step".to_owned())
            } else {
                (StepState::Stopped, self.held_up_by(step))
            };
            self.outcomes.push(outcome(step, state, Some(why)));
        }
    }

    /// What a step waits for and that was not done, by name.
    fn held_up_by(&self, step: &Step) -> String {
        let done: BTreeSet<_> = self.outcomes.iter().filter(|outcome| is_done(outcome)).map(|outcome| &outcome.address).collect();
        let mut names: Vec<String> = step.waits_for.iter().filter(|address| !done.contains(address)).map(|address| format!("`{address}`")).collect();
        let more = names.len().saturating_sub(NAMES_MAX);
        if more > 0 {
            names.truncate(NAMES_MAX);
            names.push(format!("{more} more"));
        }
        if names.is_empty() {
            "a step it waits for did not succeed".to_owned()
        } else {
            format!("it waits for {}, which did not succeed", names.join(", "))
        }
    }
}
