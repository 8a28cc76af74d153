//! What do the rules say about a plan? Those of the base as it was before a pull request, and those that it brings: the stricter
//! holds.

use std::collections::{BTreeMap, BTreeSet};

use core_config::{Environment, Files, Loaded};
use core_model::plan::Plan;
use core_model::record::Approval;
use core_model::state::DesiredState;
use core_model::{Diagnostic, Name};
use core_policy::{Facts, Places, PullRequestFacts, Rules, Verdict};
use daemon_github::{Login, PullRequest, Timestamp};
use daemon_rules::RulesProcess;

use crate::error::FlowError;
use crate::planning::Commits;
use crate::project::Project;

/// The rules that judge a merge.
pub struct Judges {
    sets: Vec<Files>,
}

impl Judges {
    /// The rules before and after a merge; one set where both are the same. What a fork brings is not run before somebody who may
    /// write has merged it or asked for it: then only the base judges.
    pub fn of(commits: &Commits) -> Self {
        let before = commits.base.as_deref();
        let after = Some(commits.merge.as_ref()).filter(|merge| before.is_none_or(|base| !commits.from_fork && base.policies != merge.policies));
        Self { sets: before.into_iter().chain(after).map(|loaded| loaded.policies.clone()).collect() }
    }

    /// The rules of one more commit judge, too: those of the default branch as it is now, for a merge that waited.
    pub fn and(mut self, commits: &Commits, newest: &Loaded) -> Self {
        let judges_already =
            [Some(commits.merge.as_ref()), commits.base.as_deref()].into_iter().flatten().any(|loaded| loaded.policies == newest.policies);
        if !judges_already {
            self.sets.push(newest.policies.clone());
        }
        self
    }

    /// Judges a plan of these commits. Waits for a process.
    pub fn judge(&self, process: &RulesProcess, commits: &Commits, environment: &Name, plan: &Plan, facts: &Facts<'_>) -> Verdict {
        let document = core_policy::document(plan, facts);
        let commits = [Some(commits.merge.as_ref()), commits.base.as_deref()].into_iter().flatten();
        let places: Vec<&DesiredState> = commits.filter_map(|loaded| Some(&loaded.repository.environments.get(environment)?.desired)).collect();
        let verdicts = self.sets.iter().map(|rules| process.judge_one(rules, &document));
        verdicts.reduce(Verdict::stricter).unwrap_or_default().placed(Places(&places))
    }
}

/// What is wrong with the rules of a commit.
pub fn mistakes(loaded: &Loaded) -> Vec<Diagnostic> {
    Rules::compile(&loaded.policies).err().unwrap_or_default()
}

/// The approvals of one team that the rules ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TeamApproval {
    pub team: String,
    /// Who of the team has approved this digest.
    pub by: Vec<String>,
}

impl Project {
    /// What the rules say of a plan.
    pub(crate) async fn judged(
        &self,
        commits: &Commits,
        settings: &Environment,
        plan: &Plan,
        pull: Option<&PullRequest>,
    ) -> Result<Verdict, FlowError> {
        self.judged_by(Judges::of(commits), commits, settings, plan, pull).await
    }

    /// What these rules say of a plan now. Beside the workers: a rule may have much to do, and a process is waited for.
    pub(crate) async fn judged_by(
        &self,
        judges: Judges,
        commits: &Commits,
        settings: &Environment,
        plan: &Plan,
        pull: Option<&PullRequest>,
    ) -> Result<Verdict, FlowError> {
        let (commits, plan) = (commits.clone(), plan.clone());
        let (name, id) = (settings.name.clone(), settings.id.clone());
        let askers = self.askers(pull).await?;
        let pull_request = pull.map(|pull| self.pull_request_facts(pull, askers.author.as_ref()));
        let now = self.time_that_judges().to_string();
        let process = self.rules.clone();
        let judging = tokio::task::spawn_blocking(move || {
            let facts = Facts { environment: &name, environment_id: &id, pull_request, now: &now };
            judges.judge(&process, &commits, &name, &plan, &facts)
        });
        let verdict = judging.await.unwrap_or_else(|error| {
            tracing::error!(%error, "judging by rules panicked; this is a bug in the daemon");
            let fault = "error: Rules not judged\nThe daemon failed while it judged this plan. This is a bug in the daemon; its log says more.\n";
            Verdict::of_fault(fault)
        });
        // Whoever stops the daemon may stop the process of the rules, too, and that says nothing of the rules.
        if !verdict.faults.is_empty() && self.stopping.is_cancelled() { Err(FlowError::Stopping) } else { Ok(verdict) }
    }

    /// Rules and windows go by GitHub's time, by which people act, as far as GitHub has told it: they open for all daemons at once.
    pub(crate) fn time_that_judges(&self) -> Timestamp {
        self.github.time().unwrap_or_else(|| self.clock.now())
    }

    /// Of a pull request by the assistant, whoever asked for it is its author.
    fn pull_request_facts(&self, pull: &PullRequest, author: Option<&Login>) -> PullRequestFacts {
        PullRequestFacts {
            number: pull.number.0,
            author: author.map(|author| author.as_str().to_owned()),
            title: pull.title.clone(),
            labels: pull.labels.clone(),
            base: pull.base_ref.clone(),
            from_fork: pull.is_from_fork(&self.repository),
        }
    }

    /// Which of the teams that a verdict asks for have approved.
    pub(crate) async fn team_approvals(&self, verdict: &Verdict, approvals: &[Approval]) -> Result<Vec<TeamApproval>, FlowError> {
        let people: BTreeSet<String> = approvals.iter().map(|approval| approval.login.clone()).collect();
        let mut given: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (team, _) in verdict.teams() {
            let mut members = Vec::new();
            for person in &people {
                let Ok(login) = person.parse::<Login>() else { continue };
                match self.github.is_in_team(self.repository.owner(), team, &login).await {
                    Ok(true) => members.push(person.clone()),
                    Ok(false) => {}
                    Err(error) if error.kind.is_transient() => return Err(error.into()),
                    // A token that may not look has seen nobody agree; the rest of the work goes on.
                    Err(error) => tracing::warn!(%error, team, "the members of a team cannot be read, so nobody of it counts"),
                }
            }
            given.insert(team.to_owned(), members);
        }
        Ok(given.into_iter().map(|(team, by)| TeamApproval { team, by }).collect())
    }
}

/// The files among those of two commits that say how merges are judged, or what templates make, and that differ.
pub(crate) fn changed_files(base: &Files, merge: &Files) -> Vec<String> {
    let paths: BTreeSet<&String> = base.keys().chain(merge.keys()).collect();
    let judges = |path: &&String| core_policy::is_policy(path) || path.starts_with("templates/");
    paths.into_iter().filter(judges).filter(|path| base.get(*path) != merge.get(*path)).cloned().collect()
}

/// What `ipr.yaml` asks for before an apply, where a merge changes it, in words.
pub(crate) fn changed_settings(base: &Loaded, merge: &Loaded) -> Vec<String> {
    let mut changed = Vec::new();
    for (name, before) in &base.repository.environments {
        let Some(after) = merge.repository.environments.get(name) else { continue };
        let judgement =
            |environment: &Environment| (environment.apply, environment.confirm.clone(), environment.approvals.clone(), environment.on_failure);
        if judgement(before) != judgement(after) {
            changed.push(format!("what {name} asks for before an apply, in ipr.yaml"));
        }
        if before.windows != after.windows {
            changed.push(format!("when {name} is applied, in ipr.yaml"));
        }
    }
    if base.repository.secrets != merge.repository.secrets {
        changed.push("which secrets may be used where, in ipr.yaml".to_owned());
    }
    changed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_judge_or_make_are_told_when_they_come_change_or_go() {
        let files = |list: &[(&str, &str)]| list.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect::<Files>();
        let base = files(&[("policies/a.rego", "a"), ("policies/gone.rego", "a"), ("templates/vm.yaml", "a"), ("blueprints/web.yaml", "a")]);
        let merge = files(&[("policies/a.rego", "a"), ("policies/new.rego", "a"), ("templates/vm.yaml", "b"), ("blueprints/web.yaml", "b")]);
        assert_eq!(changed_files(&base, &merge), ["policies/gone.rego", "policies/new.rego", "templates/vm.yaml"]);
    }
}
