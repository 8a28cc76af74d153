//! How is an environment applied that has no GitHub? From a laptop, with the same records, on a branch of the local repository.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use core_config::{Environment, Loaded, OnFailure};
use core_model::plan::Plan;
use core_model::record::{RECORD_FORMAT, Record, RecordKind, Run, RunResult};
use core_model::state::ObservedState;
use core_model::{EnvironmentId, Hash, Name};
use daemon_executor::{RunOrder, state_after, succeeded, undo};
use daemon_github::Timestamp;
use daemon_history::record::{Publication, RecordContent, RecordFiles, RecordKey, RecordPublicKey};
use daemon_history::{CommitId, Repository};
use engine_api::Journal;
use tokio_util::sync::CancellationToken;

use crate::artefacts::{Kept, Touched};
use crate::error::FlowError;
use crate::planning::{Commits, Planned, Planning};
use crate::project::Clock;
use crate::records::Tip;
use crate::run::{RunLease, stamp};

/// A local run may take so long. After it, others than its holder may take it over.
const LEASE: Duration = Duration::from_secs(12 * 3600);

/// Everything a local apply needs.
pub struct Local<'a> {
    pub repository: &'a Repository,
    pub planning: &'a Planning,
    pub record_key: &'a RecordKey,
    pub journal: Arc<dyn Journal>,
    /// Who applies: a person and a machine.
    pub holder: String,
    pub clock: &'a dyn Clock,
    pub stopping: CancellationToken,
}

impl Local<'_> {
    /// The newest record of an environment, believed when one of `keys` signed it.
    pub fn tip(&self, environment: &EnvironmentId, keys: &[RecordPublicKey]) -> Result<Option<Tip>, FlowError> {
        let Some(commit) = self.repository.record_tip(environment)? else { return Ok(None) };
        let verified = self.repository.verify_record(commit, environment, keys)?;
        let record =
            Record::from_files(&verified.files).map_err(|error| FlowError::Stopped { environment: as_name(environment), why: error.to_string() })?;
        Ok(Some(Tip { commit, record }))
    }

    /// Carries a plan out: started, steps, finished. The tip is no open run: that one goes on first.
    pub async fn apply(
        &self,
        settings: &Environment,
        tip: Option<&Tip>,
        source: CommitId,
        merge: Arc<Loaded>,
        planned: Planned,
    ) -> Result<Tip, FlowError> {
        if tip.is_some_and(|tip| tip.record.is_open()) {
            return Err(FlowError::LockLost { environment: settings.name.clone() });
        }
        let plan = planned.plan;
        let previous = tip.map(|tip| tip.commit);
        let mut run = self.new_run(&settings.id, tip, RecordKind::Started, source);
        run.run_id = Hash::of_bytes(format!("{} {source} {previous:?}", settings.id).as_bytes()).short().to_owned();
        run.digest = Some(plan.digest.clone());
        for (target, identity) in &plan.targets {
            run.targets.entry(target.clone()).or_insert_with(|| identity.clone());
        }
        let state = tip.map(|tip| tip.record.state.clone()).unwrap_or_default();
        let started = self.append(previous, Record { run, plan: Some(plan.clone()), state }, &format!("ipr: started in {}", settings.name))?;
        let commits = Commits { base: None, merge, from_fork: false };
        self.carry_out(settings, &started, &plan, &commits, &planned.observed).await
    }

    /// Whether an open run is somebody else's, who may still be at work and has its journal.
    pub fn is_anothers(&self, open: &Tip) -> bool {
        let run = &open.record.run;
        run.holder != self.holder && run.lease_until.parse::<Timestamp>().is_ok_and(|until| until > self.clock.now())
    }

    /// Goes on with a run that was cut off, under its own id, so that its journal tells what was begun. Nobody works on it: the
    /// caller holds the clone's lock. `merge` is what the run's commit holds.
    pub async fn resume(&self, settings: &Environment, open: &Tip, merge: Arc<Loaded>) -> Result<Tip, FlowError> {
        let Record { run, plan: Some(plan), state } = open.record.clone() else {
            return Err(FlowError::Stopped { environment: settings.name.clone(), why: "its started record holds no plan".to_owned() });
        };
        let at = self.clock.now().to_string();
        let run = Run { kind: RecordKind::TakenOver, holder: self.holder.clone(), lease_until: self.lease_until(), at, ..run };
        let record = Record { run, plan: Some(plan.clone()), state };
        let taken = self.append(Some(open.commit), record, &format!("ipr: taken over by {}", self.holder))?;
        let commits = Commits { base: None, merge, from_fork: false };
        let observed = self.planning.observe_plan(&commits, settings, &plan, &taken.applied()).await;
        self.carry_out(settings, &taken, &plan, &commits, &observed).await
    }

    async fn carry_out(
        &self,
        settings: &Environment,
        started: &Tip,
        plan: &Plan,
        commits: &Commits,
        observed: &ObservedState,
    ) -> Result<Tip, FlowError> {
        let run = &started.record.run;
        let executor = self.planning.executor(&settings.name, commits, self.journal.clone());
        let applied = started.applied();
        let lease = RunLease { until: Instant::now() + LEASE };
        let order = RunOrder { run_id: &run.run_id, plan, applied: &applied, observed, lease: &lease, cancellation: &self.stopping };
        let mut outcomes = executor.run(&order).await;
        let mut result = if succeeded(&outcomes) { RunResult::Applied } else { RunResult::Failed };
        // Who stops a run wants it to end, and not to go the way back.
        if result == RunResult::Failed && settings.on_failure == OnFailure::Rollback && !self.stopping.is_cancelled() {
            let fresh = self.planning.observe_plan(commits, settings, plan, &applied).await;
            undo(&executor, &RunOrder { observed: &fresh, ..order }, &mut outcomes).await;
            result = RunResult::RolledBack;
        }
        let mut finished = Run { kind: RecordKind::Finished, at: self.clock.now().to_string(), ..run.clone() };
        finished.cursor.clone_from(&run.cursor_after);
        finished.result = Some(result);
        let mut state = state_after(&applied, plan, &outcomes);
        stamp(&mut state, plan, run.source.as_deref().unwrap_or_default(), None);
        let touched = Touched { engines: &*executor.engines, plan, outcomes: &outcomes, stopping: &self.stopping };
        let managed = state.values().map(|resource| &resource.target).collect();
        let kept = Kept::of(self.repository.record_artefacts(started.commit)?, touched.ask().await, &managed);
        finished.outcomes = outcomes;
        finished.notes = kept.notes;
        let record = Record { run: finished, plan: Some(plan.clone()), state };
        self.append_with(Some(started.commit), record, &format!("ipr: finished in {}", settings.name), kept.files)
    }

    /// With the artefacts of the record before.
    fn append(&self, previous: Option<CommitId>, record: Record, message: &str) -> Result<Tip, FlowError> {
        let artefacts = previous.map(|previous| self.repository.record_artefacts(previous)).transpose()?.unwrap_or_default();
        self.append_with(previous, record, message, artefacts)
    }

    fn append_with(&self, previous: Option<CommitId>, record: Record, message: &str, artefacts: RecordFiles) -> Result<Tip, FlowError> {
        let source = record.run.source.as_deref().map(crate::records::parse_commit).transpose()?;
        let files = record.to_files().into_iter().chain(artefacts).collect();
        let content = RecordContent { environment: record.run.environment.clone(), previous, source, files };
        let draft = content.sign(self.record_key, message)?;
        match self.repository.publish_local(&draft, previous)? {
            Publication::Published(commit) => Ok(Tip { commit, record }),
            Publication::Lost { .. } => Err(FlowError::LockLost { environment: as_name(&record.run.environment) }),
        }
    }

    fn new_run(&self, environment: &EnvironmentId, tip: Option<&Tip>, kind: RecordKind, source: CommitId) -> Run {
        Run {
            format: RECORD_FORMAT,
            kind,
            environment: environment.clone(),
            run_id: String::new(),
            cursor: tip.and_then(|tip| tip.record.run.cursor.clone()),
            cursor_after: Some(source.to_string()),
            source: Some(source.to_string()),
            base: None,
            pull_request: None,
            digest: None,
            requested_by: self.holder.clone(),
            command: None,
            approvals: Vec::new(),
            holder: self.holder.clone(),
            lease_until: self.lease_until(),
            at: self.clock.now().to_string(),
            result: None,
            outcomes: Vec::new(),
            parked: Vec::new(),
            targets: tip.map_or_else(BTreeMap::new, |tip| tip.record.run.targets.clone()),
            message: None,
            notes: Vec::new(),
            abandons: Vec::new(),
        }
    }

    fn lease_until(&self) -> String {
        let until = self.clock.now().unix_seconds() + i64::try_from(LEASE.as_secs()).unwrap_or(0);
        Timestamp::from_unix_seconds(until).map(|moment| moment.to_string()).unwrap_or_default()
    }
}

/// For messages: an environment's id has the form of a name.
fn as_name(id: &EnvironmentId) -> Name {
    id.as_str().parse().expect("an environment's id is a name")
}
