//! What would this pull request do? Plans it for every environment and lets the living comment and the statuses follow.

use std::sync::Arc;

use core_config::{Environment, Files, Loaded};
use core_model::{Diagnostic, Name};
use daemon_github::{PullNumber, PullRequest, PullState};
use daemon_history::{CommitId, HistoryError, MergeOutcome, SnapshotRefusal};
use daemon_store::{PlanEntry, PlanSubject};

use crate::error::FlowError;
use crate::planning::{Blocked, Commits};
use crate::project::Project;
use crate::records::{Records, parse_commit};
use crate::rehearsal::Rehearsal;
use crate::{identities, rules};

/// What was found out about an open pull request, beside its plans.
#[derive(Default)]
pub(crate) struct Look {
    pub head: String,
    /// Files in conflict with the base; nothing can be planned.
    pub conflict: Option<Vec<String>>,
    /// The merge result, whose diagnostics are shown.
    pub merge: Option<Arc<Loaded>>,
    /// The base, whose settings and rules judge.
    pub base: Option<Arc<Loaded>>,
    /// What is wrong with the merge result beside its blueprints: its rules, and what its environments are.
    pub mistakes: Vec<Diagnostic>,
    /// What it changes about how merges are judged.
    pub judgement: Vec<String>,
    /// What the plans that were applied last would have got under the rules that it brings.
    pub rehearsals: Vec<Rehearsal>,
    /// Environments without a plan, and why.
    pub blocked: Vec<(Name, Vec<Diagnostic>)>,
}

impl Look {
    /// The settings of an environment before and after the merge.
    pub(crate) fn settings(&self, environment: &Name) -> Vec<&Environment> {
        [&self.base, &self.merge].into_iter().flatten().filter_map(|loaded| loaded.repository.environments.get(environment)).collect()
    }
}

impl Project {
    /// Plans an open pull request. `asked`, by somebody who may write, plans drafts too, and all that a fork wants with the head
    /// that it `covers`.
    pub async fn plan_pull(&self, number: PullNumber, asked: bool, covers: Option<&str>) -> Result<(), FlowError> {
        let pull = self.github.pull(&self.repository, number).await?;
        if pull.state != PullState::Open || pull.base_ref != self.default_branch || (pull.draft && !asked) {
            return Ok(());
        }
        self.mirror.fetch().await?;
        let Some(base) = self.default_tip().await? else { return Ok(()) };
        let head = parse_commit(pull.head_sha.as_str())?;
        // Pushed to the base already, and GitHub will call it merged: what was reviewed is still asked for.
        if self.mirror.run(move |history| history.is_ancestor(head, base)).await?.unwrap_or(false) {
            return Ok(());
        }
        let merged = match self.mirror.run(move |history| history.merge(base, head)).await? {
            Ok(MergeOutcome::Clean(merged)) => merged,
            Ok(MergeOutcome::Conflict { paths, .. }) => return self.conflict(&pull, base, paths).await,
            Err(HistoryError::Snapshot(refusal)) => return self.refused(&pull, base, &refusal).await,
            Err(error) => return Err(error.into()),
        };
        let base_files = match self.mirror.run(move |history| history.snapshot(base)).await? {
            Ok(snapshot) => snapshot.files,
            // The pull request may be the one that mends it.
            Err(HistoryError::Snapshot(_)) => Files::new(),
            Err(error) => return Err(error.into()),
        };
        if base_files == merged.snapshot.files {
            return self.touches_nothing(&pull).await;
        }
        let mut judgement = rules::changed_files(&base_files, &merged.snapshot.files);
        let before = self.load_commit(base).await?;
        let after = self.load_files(merged.snapshot.files).await?;
        judgement.extend(rules::changed_settings(&before, &after));
        let mut mistakes = rules::mistakes(&after);
        mistakes.extend(identities::moved(&before, &after));
        let is_plannable = mistakes.is_empty() && !crate::planning::has_errors(&after);
        let (base, merge) = (Some(before.clone()), Some(after.clone()));
        let mut look = Look { head: pull.head_sha.to_string(), base, merge, mistakes, judgement, ..Look::default() };
        if is_plannable {
            let from_fork = !self.may_reach_further(&pull, covers).await?;
            let commits = Commits { base: Some(before.clone()), merge: after.clone(), from_fork };
            for environment in self.planned_environments(&after) {
                look.rehearsals.extend(self.rehearse(&commits, &environment).await?);
                if let Err(blocked) = self.plan_pull_environment(&pull, &commits, &environment).await? {
                    look.blocked.push((environment, blocked));
                }
            }
        }
        self.show_pull(&pull, &look).await
    }

    /// The environments of a commit that this daemon may act on.
    pub(crate) fn planned_environments(&self, loaded: &Loaded) -> Vec<Name> {
        loaded.repository.environments.keys().filter(|name| self.environments.contains(name)).cloned().collect()
    }

    async fn plan_pull_environment(
        &self,
        pull: &PullRequest,
        commits: &Commits,
        environment: &Name,
    ) -> Result<Result<(), Vec<Diagnostic>>, FlowError> {
        let Some(settings) = commits.merge.repository.environments.get(environment) else { return Ok(Ok(())) };
        let judge = commits.base.as_ref().filter(|base| base.repository.environments.contains_key(environment)).unwrap_or(&commits.merge);
        let records = self.records(&settings.id, &judge.repository).await?;
        if let Records::Stopped { why } = &records {
            return Ok(Err(vec![crate::preview::stopped(environment, why)]));
        }
        let known = self.reviewed_pins(pull.number, environment).await?;
        let planned = match self.planning.plan(commits, environment, &records.applied(), &known).await {
            Ok(planned) => planned,
            Err(blocked) => return Ok(Err(blocked.diagnostics)),
        };
        let verdict = self.judged(commits, settings, &planned.plan, Some(pull)).await?;
        let hash = self.store.blobs().put(planned.plan.to_json().to_string().as_bytes()).await?;
        let entry = PlanEntry {
            subject: self.subject(pull.number, environment),
            head: pull.head_sha.to_string(),
            plan_hash: hash,
            digest: planned.plan.digest.as_str().to_owned(),
            verdict: serde_json::to_string(&verdict)?,
        };
        self.store.plans().record(&entry).await?;
        Ok(Ok(()))
    }

    /// The merge result holds something that is not read, such as a link.
    async fn refused(&self, pull: &PullRequest, base: CommitId, refusal: &SnapshotRefusal) -> Result<(), FlowError> {
        let (head, base) = (pull.head_sha.to_string(), Some(self.load_commit(base).await?));
        let merge = Some(Arc::new(crate::commits::refused(refusal)));
        self.show_pull(pull, &Look { head, base, merge, ..Look::default() }).await
    }

    async fn conflict(&self, pull: &PullRequest, base: CommitId, paths: Vec<String>) -> Result<(), FlowError> {
        let managed: Vec<String> = paths.into_iter().filter(|path| is_managed(path)).collect();
        let head = parse_commit(pull.head_sha.as_str())?;
        let is_ours = self
            .mirror
            .run(move |history| {
                let start = history.merge_base(base, head)?.unwrap_or(base);
                history.is_changed(start, head)
            })
            .await??;
        if managed.is_empty() && !is_ours {
            return self.touches_nothing(pull).await;
        }
        self.show_pull(pull, &Look { head: pull.head_sha.to_string(), conflict: Some(managed), ..Look::default() }).await
    }

    /// No noise about what is not ours; but a comment that is there already must not go on saying what is no longer so.
    /// Merged just now, it touches nothing more, and what was reviewed is still asked for.
    async fn touches_nothing(&self, pull: &PullRequest) -> Result<(), FlowError> {
        if self.github.pull(&self.repository, pull.number).await?.state != PullState::Open {
            return Ok(());
        }
        self.store.plans().forget(self.repository.to_string().as_str(), self.subject_number(pull.number)).await?;
        if self.has_living_comment(pull.number).await? {
            self.show_pull(pull, &Look { head: pull.head_sha.to_string(), ..Look::default() }).await?;
        }
        Ok(())
    }

    pub(crate) fn subject(&self, number: PullNumber, environment: &Name) -> PlanSubject {
        PlanSubject { repository: self.repository.to_string(), number: self.subject_number(number), environment: environment.to_string() }
    }

    pub(crate) fn subject_number(&self, number: PullNumber) -> i64 {
        i64::try_from(number.0).unwrap_or(i64::MAX)
    }
}

/// Whether a path is one of those that say what is wanted.
pub(crate) fn is_managed(path: &str) -> bool {
    path == "ipr.yaml" || ["blueprints/", "templates/", "policies/"].iter().any(|folder| path.starts_with(folder))
}

/// Why an environment has no plan, with positions.
pub(crate) fn explained(blocked: &Blocked, loaded: &Loaded) -> String {
    blocked.diagnostics.iter().map(|diagnostic| diagnostic.render(&loaded.sources)).collect::<Vec<_>>().join("\n")
}
