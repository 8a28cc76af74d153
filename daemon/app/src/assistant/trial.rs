//! Would this change stand? The files are loaded by the product's own reader and planned by its own planner, before anybody sees
//! a pull request.

use core_config::{Files, Loaded};
use core_model::plan::Plan;
use core_model::{Diagnostic, Name};
use daemon_history::CommitId;

use crate::comment::assistant as texts;
use crate::error::FlowError;
use crate::planning::{Commits, has_errors};
use crate::project::Project;
use crate::records::Records;
use crate::{identities, rules};

/// What came of a trial: a plan for each environment that changes, or why there is none, as Markdown.
pub(crate) type Trial = Result<Vec<(Name, Plan)>, String>;

impl Project {
    /// Plans the default branch with these files in place of its own. Writes nothing.
    pub(crate) async fn try_out(&self, main: CommitId, files: Files) -> Result<Trial, FlowError> {
        let before = self.load_commit(main).await?;
        let after = self.load_files(files).await?;
        let mut mistakes = rules::mistakes(&after);
        mistakes.extend(identities::moved(&before, &after));
        if has_errors(&after) || !mistakes.is_empty() {
            return Ok(Err(texts::mistakes(after.diagnostics.iter().chain(&mistakes), &after.sources)));
        }
        let commits = Commits { base: Some(before), merge: after.clone(), from_fork: false };
        let mut plans = Vec::new();
        for environment in changed_environments(&commits) {
            match self.try_environment(&commits, &environment, &after).await? {
                Ok(plan) => plans.push((environment, plan)),
                Err(problems) => return Ok(Err(problems)),
            }
        }
        if plans.is_empty() {
            return Ok(Err("Nothing would change in any environment.".to_owned()));
        }
        Ok(Ok(plans))
    }

    async fn try_environment(&self, commits: &Commits, environment: &Name, after: &Loaded) -> Result<Result<Plan, String>, FlowError> {
        let Some(settings) = after.repository.environments.get(environment) else { return Ok(Err(String::new())) };
        if !self.environments.contains(environment) {
            return Ok(Err(texts::not_served(environment.as_str())));
        }
        let judge = commits.base.as_ref().filter(|base| base.repository.environments.contains_key(environment)).unwrap_or(&commits.merge);
        let records = self.records(&settings.id, &judge.repository).await?;
        let diagnostics = |found: &[Diagnostic]| texts::mistakes(found, &after.sources);
        if let Records::Stopped { why } = &records {
            return Ok(Err(diagnostics(&[crate::preview::stopped(environment, why)])));
        }
        let planned = match self.planning.plan(commits, environment, &records.applied(), &Default::default()).await {
            Ok(planned) => planned,
            Err(blocked) => return Ok(Err(diagnostics(&blocked.diagnostics))),
        };
        let is_seen = planned.plan.unknown.iter().all(|unknown| !unknown.in_scope);
        if !planned.plan.problems.is_empty() || !is_seen {
            return Ok(Err(texts::troubled(&planned.plan, &self.planning.registry)));
        }
        Ok(Ok(planned.plan))
    }
}

/// The environments where the two commits want something else.
pub fn changed_environments(commits: &Commits) -> Vec<Name> {
    let nothing = core_model::state::DesiredState::default();
    let before = |name: &Name| {
        let base = commits.base.as_ref().filter(|base| !has_errors(base));
        base.and_then(|base| base.repository.environments.get(name)).map_or(&nothing, |environment| &environment.desired)
    };
    let environments = commits.merge.repository.environments.iter();
    environments.filter(|(name, settings)| !core_planner::scope(before(name), &settings.desired).is_empty()).map(|(name, _)| name.clone()).collect()
}
