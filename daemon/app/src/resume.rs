//! A run is open and nobody works on it: how does it end once? Its started record holds the plan; the target tells what is done.

use core_config::{Environment, Repository};
use core_model::Name;
use core_model::plan::Plan;
use core_model::record::{Record, RecordKind};
use core_model::state::{AppliedState, ObservedState};
use daemon_github::Timestamp;

use crate::error::FlowError;
use crate::merges::Group;
use crate::planning::{Commits, Planning, Reaching, retired};
use crate::project::Project;
use crate::records::{Tip, parse_commit};

impl Project {
    /// Goes on with an open run: at once if it is our own, after its lease if it is another daemon's. Steps whose effect is
    /// there already are not repeated; gates are passed again.
    pub(crate) async fn resume(&self, environment: &Name, open: &Tip, base: &Repository) -> Result<Tip, FlowError> {
        let run = &open.record.run;
        let Some(settings) = base.environments.get(environment) else {
            return Err(FlowError::Stopped { environment: environment.clone(), why: "it is no longer in ipr.yaml, and a run is open".to_owned() });
        };
        let open = if run.holder == self.holder { open.clone() } else { self.take_over(environment, open).await? };
        let source = parse_commit(open.record.run.source.as_deref().unwrap_or_default())?;
        let from = open.record.run.base.as_deref().map(parse_commit).transpose()?;
        let commits = self.commits_of(&Group { base: from, head: source, pull: None, unreviewed: None }).await?;
        let Some(plan) = &open.record.plan else {
            return Err(FlowError::Stopped { environment: environment.clone(), why: "its started record holds no plan".to_owned() });
        };
        tracing::info!(run = run.run_id, environment = %environment, "an open run is taken up again");
        let observed = self.planning.observe_plan(&commits, settings, plan, &open.applied()).await;
        self.carry_out(environment, settings, &open, &commits, observed).await
    }

    async fn take_over(&self, environment: &Name, open: &Tip) -> Result<Tip, FlowError> {
        let former = &open.record.run;
        let lease_until = former.lease_until.parse::<Timestamp>().ok();
        if lease_until.is_some_and(|until| until > self.clock.now()) {
            return Err(FlowError::LockLost { environment: environment.clone() });
        }
        let mut run = former.clone();
        run.kind = RecordKind::TakenOver;
        run.holder.clone_from(&self.holder);
        run.lease_until = self.lease_until();
        run.at = self.clock.now().to_string();
        let record = Record { run, plan: open.record.plan.clone(), state: open.record.state.clone() };
        self.append(environment, Some(open.commit), record, format!("ipr: taken over by {}", self.holder)).await
    }
}

impl Planning {
    /// A fresh look at everything a plan touches.
    pub(crate) async fn observe_plan(&self, commits: &Commits, settings: &Environment, plan: &Plan, applied: &AppliedState) -> ObservedState {
        let mut both = applied.clone();
        both.resources.extend(plan.after.iter().map(|after| (after.address.clone(), after.clone())));
        let closely = plan.steps.iter().map(|step| step.address.clone()).chain(plan.after.iter().map(|after| after.address.clone())).collect();
        self.observe(&[], &both, &closely, &retired(&commits.merge.repository), &Reaching::of(commits, settings)).await
    }
}
