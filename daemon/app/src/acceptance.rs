//! Does a target do what is asked of it? The stages of a trial, planned and carried out as everything else is.
//!
//! No repository stands behind a trial and no record is left of it: what it made is known by its marks on the target, so that a
//! later trial finds what one that was killed has left. See docs/decisions/0035-a-trial-leaves-no-record.md.

mod content;
mod trouble;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use core_config::Environment;
use core_model::TargetName;
use core_model::state::{AppliedState, DesiredState};
use daemon_executor::{RunOrder, state_after, succeeded};
use engine_api::{Journal, TRIAL};
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::planning::{Commits, KnownPins, Planned, Planning, Reaching};
use crate::run::{RunLease, what_went_wrong};

pub use trouble::TrialTrouble;

/// Longer than any trial may take; nobody else can take it over.
const LEASE: Duration = Duration::from_secs(12 * 3600);

/// A trial of one target. `planning` must lead to that target, whatever it is asked for.
pub struct Acceptance<'a> {
    planning: &'a Planning,
    journal: Arc<dyn Journal>,
    provider: String,
    target: TargetName,
    owner_id: String,
    /// Differs from trial to trial: the journal tells the calls of one from those of another by it.
    id: String,
    runs: usize,
    applied: AppliedState,
}

impl<'a> Acceptance<'a> {
    pub fn new(planning: &'a Planning, journal: Arc<dyn Journal>, provider: &str, target: TargetName, owner_id: &str, id: String) -> Self {
        let (provider, owner_id) = (provider.to_owned(), owner_id.to_owned());
        Self { planning, journal, provider, target, owner_id, id, runs: 0, applied: AppliedState::default() }
    }

    /// What is there already under the names of these resources, or under our mark. An object of somebody else is trouble.
    pub async fn leftovers(&self, resources: &[Value]) -> Result<Vec<String>, TrialTrouble> {
        let commits = self.commits(resources)?;
        Ok(self.ours(&commits).await?.into_iter().map(|(_, object)| object).collect())
    }

    /// Makes the target what the resources say, and sees that nothing is left to do. Gives the number of steps it took.
    pub async fn bring(&mut self, resources: &[Value], stopping: &CancellationToken) -> Result<usize, TrialTrouble> {
        let commits = self.commits(resources)?;
        let planned = self.plan(&commits).await?;
        let steps = planned.plan.steps.len();
        self.carry_out(&commits, planned, stopping).await?;
        let again = self.plan(&commits).await?;
        if again.plan.is_empty() { Ok(steps) } else { Err(TrialTrouble::unsettled(&again.plan)) }
    }

    /// Removes what is there of the trial. `resources` are all that it may have made. Gives what it removed.
    pub async fn remove(&mut self, resources: &[Value], stopping: &CancellationToken) -> Result<Vec<String>, TrialTrouble> {
        let commits = self.commits(resources)?;
        let ours = self.ours(&commits).await?;
        let is_there = |type_name: &str, object: &str| ours.contains(&(type_name.to_owned(), object.to_owned()));
        let desired = &environment(&commits)?.desired;
        // No record tells what a trial that was cut off has made; the marks on the target do.
        let there = desired.resources.values().filter(|resource| is_there(&resource.type_name, &resource.object));
        self.applied.resources = there.map(|resource| (resource.address.clone(), content::as_recorded(resource, &self.planning.registry))).collect();
        let nothing = self.commits(&[])?;
        let planned = self.plan(&nothing).await?;
        self.carry_out(&nothing, planned, stopping).await?;
        let left = self.ours(&commits).await?;
        let names = |objects: BTreeSet<(String, String)>| objects.into_iter().map(|(_, object)| object).collect();
        if left.is_empty() { Ok(names(ours)) } else { Err(TrialTrouble::Left(names(left))) }
    }

    fn commits(&self, resources: &[Value]) -> Result<Commits, TrialTrouble> {
        let loaded = self.planning.load(&content::files(&self.owner_id, &self.provider, &self.target, resources));
        match loaded.diagnostics.iter().find(|diagnostic| diagnostic.is_error()) {
            None => Ok(Commits { base: None, merge: Arc::new(loaded), from_fork: false }),
            Some(mistake) => Err(TrialTrouble::Unplanned(vec![mistake.detail.clone()])),
        }
    }

    async fn plan(&self, commits: &Commits) -> Result<Planned, TrialTrouble> {
        let environment = environment(commits)?;
        let planned = self.planning.plan(commits, &environment.name, &self.applied, &KnownPins::new()).await.map_err(TrialTrouble::blocked)?;
        TrialTrouble::in_plan(&planned.plan).map_or(Ok(planned), Err)
    }

    async fn carry_out(&mut self, commits: &Commits, planned: Planned, stopping: &CancellationToken) -> Result<(), TrialTrouble> {
        let plan = planned.plan;
        self.runs += 1;
        let run_id = format!("{}-{}", self.id, self.runs);
        for (target, identity) in &plan.targets {
            self.applied.targets.insert(target.clone(), identity.clone());
        }
        let executor = self.planning.executor(&environment(commits)?.name, commits, self.journal.clone());
        let lease = RunLease { until: Instant::now() + LEASE };
        let order =
            RunOrder { run_id: &run_id, plan: &plan, applied: &self.applied, observed: &planned.observed, lease: &lease, cancellation: stopping };
        let outcomes = executor.run(&order).await;
        self.applied.resources = state_after(&self.applied, &plan, &outcomes);
        match (succeeded(&outcomes), stopping.is_cancelled()) {
            (true, _) => Ok(()),
            (false, true) => Err(TrialTrouble::Stopped),
            (false, false) => Err(TrialTrouble::Failed(what_went_wrong(&outcomes))),
        }
    }

    /// The objects with the mark of a trial, by type and name. Somebody else's under a name of ours is trouble, and so is a target
    /// that does not tell.
    async fn ours(&self, commits: &Commits) -> Result<BTreeSet<(String, String)>, TrialTrouble> {
        let environment = environment(commits)?;
        let desired = &environment.desired;
        let reaching = Reaching::of(commits, environment);
        let nothing = (DesiredState::default(), BTreeSet::new());
        let closely = desired.resources.keys().cloned().collect();
        let observed = self.planning.observe(&[desired, &nothing.0], &self.applied, &closely, &nothing.1, &reaching).await;
        let seen = match observed.targets.get(&self.target) {
            Some(Ok(seen)) => seen,
            Some(Err(why)) => return Err(TrialTrouble::Unseen(why.clone())),
            None => return Err(TrialTrouble::Unseen("the target was not looked at".to_owned())),
        };
        if let Some(gap) = seen.gaps.first() {
            return Err(TrialTrouble::Unseen(gap.why.clone()));
        }
        let is_wanted = |type_name: &str, object: &str| desired.resources.values().any(|it| it.type_name == type_name && it.object == object);
        let mut ours = BTreeSet::new();
        for object in &seen.objects {
            let marker = object.marker.as_ref();
            let is_ours = marker.is_some_and(|marker| marker.owner_id == self.owner_id && marker.environment.as_str() == TRIAL);
            match (is_ours, is_wanted(&object.type_name, &object.name)) {
                (true, _) => drop(ours.insert((object.type_name.clone(), object.name.clone()))),
                (false, true) => return Err(TrialTrouble::Foreign(object.name.clone())),
                (false, false) => {}
            }
        }
        Ok(ours)
    }
}

/// The one environment of a trial.
fn environment(commits: &Commits) -> Result<&Environment, TrialTrouble> {
    let is_it = |environment: &&Environment| environment.id.as_str() == TRIAL;
    commits.merge.repository.environments.values().find(is_it).ok_or_else(|| TrialTrouble::Unplanned(vec!["it has no environment".to_owned()]))
}
