//! How does a reviewed plan become what is there? started, steps, gates, finished: the records before and after a run.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use core_config::{Environment, Loaded, OnFailure};
use core_model::plan::Plan;
use core_model::record::{AppliedResource, Approval, CommandId, Parked, ParkedReason, Record, RecordKind, RunResult, StepOutcome, StepState};
use core_model::state::ObservedState;
use core_model::{Address, Hash, Name, TargetName};
use daemon_executor::{Engines, Executor, RunOrder, succeeded, undo};
use daemon_github::Timestamp;
use daemon_history::record::RecordFiles;
use daemon_store::OpenRun;
use engine_api::{Engine, EngineError, Journal, Lease};

use crate::artefacts::{Answer, Kept, Touched};
use crate::error::FlowError;
use crate::merges::{Group, group_name, is_superseded};
use crate::planning::{Commits, Planned, Planning};
use crate::project::{Declared, Project, Targets, declared_address};
use crate::records::{Tip, state_of};
use crate::untold::Telling;

/// Without a sign of life for so long, another daemon may take a run over.
const LEASE: Duration = Duration::from_secs(3600);

/// What a run, or a parked merge, starts from.
pub(crate) struct RunStart<'a> {
    pub environment: &'a Name,
    /// The environment as the merge wants it.
    pub settings: &'a Environment,
    pub tip: Option<&'a Tip>,
    pub group: &'a Group,
    pub commits: &'a Commits,
}

impl RunStart<'_> {
    /// The settings before and after the merge, and those of `newest`, which a merge that waited is judged by as well: the
    /// strictest holds.
    pub(crate) fn settings_that_judge<'b>(&'b self, newest: Option<&'b Loaded>) -> Vec<&'b Environment> {
        let others = [self.commits.base.as_deref(), newest].into_iter().flatten();
        let is_this = |known: &&Environment| known.name == *self.environment || known.id == self.settings.id;
        others.flat_map(|loaded| loaded.repository.environments.values().filter(is_this)).chain([self.settings]).collect()
    }
}

/// Why a run runs, and what it settles.
pub(crate) struct Purpose {
    pub requested_by: String,
    /// The command that asks for it; none for a merge.
    pub command: Option<CommandId>,
    pub approvals: Vec<Approval>,
    /// The cursor after the run.
    pub cursor: String,
    /// The commit of the parked merge that this run carries out.
    pub settles: Option<String>,
}

impl Project {
    /// Runs a plan: writes started, carries the steps out, writes finished, tells.
    pub(crate) async fn run(&self, start: &RunStart<'_>, planned: Planned, purpose: Purpose) -> Result<Tip, FlowError> {
        let mut run = self.next_run(&start.settings.id, start.tip, RecordKind::Started);
        let previous = start.tip.map(|tip| tip.commit);
        run.run_id = run_id(&start.settings.id, &start.group.head.to_string(), previous.map(|id| id.to_string()));
        run.source = Some(start.group.head.to_string());
        run.base = start.group.base.map(|base| base.to_string());
        run.pull_request = start.group.pull.as_ref().map(|pull| pull.number.0);
        run.digest = Some(planned.plan.digest.clone());
        run.requested_by = purpose.requested_by;
        run.command = purpose.command;
        run.approvals = purpose.approvals;
        run.lease_until = self.lease_until();
        for (target, identity) in &planned.plan.targets {
            run.targets.entry(target.clone()).or_insert_with(|| identity.clone());
        }
        // The cursor moves with the finished record; until then a restart finds the run open and goes on with it.
        run.cursor_after = Some(purpose.cursor);
        // What was merged behind the merge that this run carries out still decides about its addresses.
        let settled = run.parked.iter().position(|parked| purpose.settles.as_ref() == Some(&parked.commit));
        let behind = settled.map_or_else(Vec::new, |place| run.parked.split_off(place + 1));
        run.parked.retain(|parked| purpose.settles.as_ref() != Some(&parked.commit) && !is_superseded(parked, &planned.scope));
        run.parked.extend(behind);
        let record = Record { run, plan: Some(planned.plan), state: state_of(start.tip) };
        let message = format!("ipr: started {} in {}", group_name(start.group), start.environment);
        let started = self.append(start.environment, previous, record, message).await?;
        self.carry_out(start.environment, start.settings, &started, start.commits, planned.observed).await
    }

    /// The part of a run after its started record: also where a restart goes on.
    pub(crate) async fn carry_out(
        &self,
        environment: &Name,
        settings: &Environment,
        started: &Tip,
        commits: &Commits,
        observed: ObservedState,
    ) -> Result<Tip, FlowError> {
        let run = &started.record.run;
        let Some(plan) = &started.record.plan else {
            return Err(FlowError::Stopped { environment: environment.clone(), why: "its started record holds no plan".to_owned() });
        };
        self.remember_run(environment, started).await?;
        if let Some(number) = run.pull_request {
            self.refresh_living(daemon_github::PullNumber(number)).await?;
        }
        let executor = self.executor(environment, commits);
        let applied = started.applied();
        let lease = RunLease { until: Instant::now() + LEASE };
        let order = RunOrder { run_id: &run.run_id, plan, applied: &applied, observed: &observed, lease: &lease, cancellation: &self.stopping };
        let mut outcomes = executor.run(&order).await;
        if self.stopping.is_cancelled() {
            return Err(FlowError::Stopping);
        }
        let went_wrong = what_went_wrong(&outcomes);
        let mut result = if succeeded(&outcomes) { RunResult::Applied } else { RunResult::Failed };
        if result == RunResult::Failed && settings.on_failure == OnFailure::Rollback {
            let fresh = self.planning.observe_plan(commits, settings, plan, &applied).await;
            undo(&executor, &RunOrder { observed: &fresh, ..order }, &mut outcomes).await;
            // What is left is undone by whoever goes on with the run.
            if self.stopping.is_cancelled() {
                return Err(FlowError::Stopping);
            }
            result = RunResult::RolledBack;
        }
        let touched = Touched { engines: &*executor.engines, plan, outcomes: &outcomes, stopping: &self.stopping };
        let answers = touched.ask().await;
        self.finish(environment, settings, started, plan, Ended { outcomes, result, went_wrong, answers }).await
    }

    async fn finish(&self, environment: &Name, settings: &Environment, started: &Tip, plan: &Plan, ended: Ended) -> Result<Tip, FlowError> {
        let Ended { outcomes, result, went_wrong, answers } = ended;
        let before = &started.record.run;
        let mut run = self.next_run(&settings.id, Some(started), RecordKind::Finished);
        run.run_id.clone_from(&before.run_id);
        run.source.clone_from(&before.source);
        run.base.clone_from(&before.base);
        run.pull_request = before.pull_request;
        run.digest.clone_from(&before.digest);
        run.requested_by.clone_from(&before.requested_by);
        run.command = before.command;
        run.approvals.clone_from(&before.approvals);
        run.cursor.clone_from(&before.cursor_after);
        run.result = Some(result);
        run.outcomes = outcomes;
        if result != RunResult::Applied {
            run.parked.push(parked_after(before, plan, went_wrong, result));
        }
        let mut state = daemon_executor::state_after(&started.applied(), plan, &run.outcomes);
        stamp(&mut state, plan, before.source.as_deref().unwrap_or_default(), before.pull_request);
        let word = if result == RunResult::Applied { "applied" } else { "failed" };
        let what = before.pull_request.map_or_else(|| before.source.clone().unwrap_or_default(), |number| format!("#{number}"));
        let managed = state.values().map(|resource| &resource.target).collect();
        let kept = Kept::of(self.artefacts_of(Some(started.commit)).await?, answers, &managed);
        run.notes = kept.notes;
        let record = Record { run, plan: Some(plan.clone()), state };
        let finished = self.append_patiently(environment, started, record, format!("ipr: {word} {what} in {environment}"), kept.files).await?;
        self.tell_untold(environment, settings, &finished, Telling::AtOnce).await?;
        Ok(finished)
    }

    /// GitHub may be away when the work is done. The finished record waits, and the environment stays locked by the started one.
    async fn append_patiently(
        &self,
        environment: &Name,
        started: &Tip,
        record: Record,
        message: String,
        artefacts: RecordFiles,
    ) -> Result<Tip, FlowError> {
        let mut pause = Duration::from_secs(1);
        loop {
            match self.append_with(environment, Some(started.commit), record.clone(), message.clone(), artefacts.clone()).await {
                Err(FlowError::GitHub(error)) if error.kind.is_transient() && pause < Duration::from_secs(600) => {
                    tracing::warn!(%error, environment = %environment, "the finished record waits for GitHub");
                    tokio::select! {
                        () = tokio::time::sleep(pause) => {}
                        () = self.stopping.cancelled() => return Err(FlowError::Stopping),
                    }
                    pause *= 2;
                    self.mirror.fetch().await.ok();
                }
                result => return result,
            }
        }
    }

    pub(crate) fn executor(&self, environment: &Name, commits: &Commits) -> Executor {
        self.planning.executor(environment, commits, self.journal())
    }

    async fn remember_run(&self, environment: &Name, started: &Tip) -> Result<(), FlowError> {
        let run = OpenRun {
            run_id: started.record.run.run_id.clone(),
            repository: self.repository.to_string(),
            environment: environment.to_string(),
            state: "started".to_owned(),
            record: started.commit.to_string(),
            updated_at_s: 0,
        };
        Ok(self.store.runs().save(&run).await?)
    }

    pub(crate) fn lease_until(&self) -> String {
        let until = self.clock.now().unix_seconds() + i64::try_from(LEASE.as_secs()).unwrap_or(0);
        Timestamp::from_unix_seconds(until).map(|moment| moment.to_string()).unwrap_or_default()
    }

    pub(crate) fn stamp(&self, state: &mut BTreeMap<Address, AppliedResource>, plan: &Plan, group: &Group) {
        stamp(state, plan, &group.head.to_string(), group.pull.as_ref().map(|pull| pull.number.0));
    }
}

impl Planning {
    /// Carries out what was planned for an environment.
    pub(crate) fn executor(&self, environment: &Name, commits: &Commits, journal: Arc<dyn Journal>) -> Executor {
        Executor {
            engines: Arc::new(EnvironmentEngines {
                targets: self.targets.clone(),
                repository: self.repository.clone(),
                environment: environment.clone(),
                declared: commits.merge.repository.targets.clone(),
            }),
            journal,
            registry: self.registry.clone(),
            secrets: Arc::new(self.secret_source(commits, environment)),
            fingerprint_key: self.fingerprint_key.clone(),
            owner_id: commits.merge.repository.owner_id.clone(),
        }
    }
}

/// Writes who asked for it into what a run left behind.
pub(crate) fn stamp(state: &mut BTreeMap<Address, AppliedResource>, plan: &Plan, commit: &str, pull_request: Option<u64>) {
    for after in &plan.after {
        if let Some(resource) = state.get_mut(&after.address).filter(|resource| resource.provenance.commit.is_empty()) {
            commit.clone_into(&mut resource.provenance.commit);
            resource.provenance.pull_request = pull_request;
        }
    }
}

/// How a run ended.
struct Ended {
    outcomes: Vec<StepOutcome>,
    result: RunResult,
    /// Before anything was undone.
    went_wrong: String,
    /// What the touched targets say of themselves.
    answers: Vec<Answer>,
}

/// The steps that did not succeed, and why, a line each.
pub(crate) fn what_went_wrong(outcomes: &[StepOutcome]) -> String {
    let failed = |outcome: &&StepOutcome| matches!(outcome.state, StepState::Failed | StepState::Unknown) || outcome.ready == Some(false);
    let line = |outcome: &StepOutcome| format!("`{}`: {}", outcome.address, outcome.message.as_deref().unwrap_or("it did not succeed"));
    outcomes.iter().filter(failed).map(line).collect::<Vec<_>>().join("\n")
}

fn parked_after(before: &core_model::record::Run, plan: &Plan, detail: String, result: RunResult) -> Parked {
    Parked {
        commit: before.source.clone().unwrap_or_default(),
        pull_request: before.pull_request,
        base: before.base.clone().unwrap_or_default(),
        reason: if result == RunResult::RolledBack { ParkedReason::RolledBack } else { ParkedReason::Failed },
        detail,
        digest: plan.digest.clone(),
        // All that the merge decides about, also what needed no step this time: later merges of it still wait for this one.
        addresses: plan.steps.iter().map(|step| &step.address).chain(plan.after.iter().map(|after| &after.address)).cloned().collect(),
        confirmed: None,
    }
}

/// The same run has the same id wherever it is resumed: no randomness.
fn run_id(environment: &core_model::EnvironmentId, source: &str, previous: Option<String>) -> String {
    Hash::of_bytes(format!("{environment} {source} {}", previous.unwrap_or_default()).as_bytes()).short().to_owned()
}

pub(crate) struct RunLease {
    pub(crate) until: Instant,
}

impl Lease for RunLease {
    fn lost(&self) -> Option<String> {
        (Instant::now() > self.until).then(|| "the run's lease has ended; another daemon may have taken it over".to_owned())
    }
}

/// The engines that one environment may use.
pub(crate) struct EnvironmentEngines {
    pub(crate) targets: Arc<dyn Targets>,
    pub(crate) repository: String,
    pub(crate) environment: Name,
    pub(crate) declared: Declared,
}

impl Engines for EnvironmentEngines {
    fn engine(&self, target: &TargetName) -> Result<Arc<dyn Engine>, EngineError> {
        self.targets.engine(&self.repository, &self.environment, target, declared_address(&self.declared, target))
    }
}
