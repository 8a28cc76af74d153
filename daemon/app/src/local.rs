//! How is an environment applied that has no GitHub? From a laptop, with the same records, on a branch of the local repository.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use core_config::{Environment, Loaded};
use core_model::record::{RECORD_FORMAT, Record, RecordKind, Run, RunResult};
use core_model::state::AppliedState;
use core_model::{EnvironmentId, Hash, Name};
use daemon_executor::{RunOrder, state_after, succeeded};
use daemon_history::record::{Publication, RecordContent, RecordKey, RecordPublicKey};
use daemon_history::{CommitId, Repository};
use engine_api::Journal;
use tokio_util::sync::CancellationToken;

use crate::error::FlowError;
use crate::planning::{Commits, Planned, Planning};
use crate::project::Clock;
use crate::records::Tip;
use crate::run::{RunLease, stamp};

/// A local run may take so long; nobody else can take it over.
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

    /// Carries a plan out: started, steps, finished.
    pub async fn apply(
        &self,
        settings: &Environment,
        tip: Option<&Tip>,
        source: CommitId,
        merge: Arc<Loaded>,
        planned: Planned,
    ) -> Result<Tip, FlowError> {
        let plan = planned.plan;
        let previous = tip.map(|tip| tip.commit);
        let mut run = self.new_run(&settings.id, tip, RecordKind::Started, source);
        run.run_id = Hash::of_bytes(format!("{} {source} {previous:?}", settings.id).as_bytes()).short().to_owned();
        run.digest = Some(plan.digest.clone());
        for (target, identity) in &plan.targets {
            run.targets.entry(target.clone()).or_insert_with(|| identity.clone());
        }
        let state = tip.map(|tip| tip.record.state.clone()).unwrap_or_default();
        let started = self.append(
            previous,
            Record { run: run.clone(), plan: Some(plan.clone()), state: state.clone() },
            &format!("ipr: started in {}", settings.name),
        )?;
        let commits = Commits { base: None, merge, from_fork: false };
        let executor = self.planning.executor(&settings.name, &commits, self.journal.clone());
        let applied = AppliedState { resources: state, targets: run.targets.clone() };
        let lease = RunLease { until: Instant::now() + LEASE };
        let order = RunOrder {
            run_id: &run.run_id,
            plan: &plan,
            applied: &applied,
            observed: &planned.observed,
            lease: &lease,
            cancellation: &self.stopping,
        };
        let outcomes = executor.run(&order).await;
        let mut finished = Run { kind: RecordKind::Finished, at: self.clock.now().to_string(), ..run };
        finished.cursor = Some(source.to_string());
        finished.result = Some(if succeeded(&outcomes) { RunResult::Applied } else { RunResult::Failed });
        let mut state = state_after(&applied, &plan, &outcomes);
        stamp(&mut state, &plan, &source.to_string(), None);
        finished.outcomes = outcomes;
        self.append(Some(started.commit), Record { run: finished, plan: Some(plan), state }, &format!("ipr: finished in {}", settings.name))
    }

    fn append(&self, previous: Option<CommitId>, record: Record, message: &str) -> Result<Tip, FlowError> {
        let source = record.run.source.as_deref().map(crate::records::parse_commit).transpose()?;
        let content = RecordContent { environment: record.run.environment.clone(), previous, source, files: record.to_files() };
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
            lease_until: String::new(),
            at: self.clock.now().to_string(),
            result: None,
            outcomes: Vec::new(),
            parked: Vec::new(),
            targets: tip.map_or_else(BTreeMap::new, |tip| tip.record.run.targets.clone()),
            message: None,
            abandons: Vec::new(),
        }
    }
}

/// For messages: an environment's id has the form of a name.
fn as_name(id: &EnvironmentId) -> Name {
    id.as_str().parse().expect("an environment's id is a name")
}
