//! Where does a pull request stand? Gathers plans and records into the one living comment and the commit statuses.

use std::sync::Arc;

use core_model::plan::Plan;
use core_model::record::{ParkedReason, Record, RecordKind, Run, RunResult};
use core_model::{Diagnostic, Name, Sources};
use core_policy::Verdict;
use daemon_github::{CommitStatus, GitHubError, GitHubErrorKind, PullNumber, PullRequest, PullState, StatusState};
use daemon_history::CommitId;
use daemon_store::OutboxEntry;

use crate::authorise::{Asked, Operation, authorise};
use crate::comment::{self, EnvironmentState, EnvironmentView, PullView, Requirement};
use crate::deliver::{LivingWrite, StatusWrite};
use crate::error::FlowError;
use crate::project::Project;
use crate::pull::Look;
use crate::records::Records;
use crate::review::{status_context, stored_verdict};
use crate::windows;

/// GitHub cuts a commit status here.
const STATUS_LENGTH_MAX: usize = 140;
/// Records walked to find what became of a pull request.
const RECORDS_WALKED: usize = 200;

impl Project {
    /// Shows an open pull request after it was planned.
    pub(crate) async fn show_pull(&self, pull: &PullRequest, look: &Look) -> Result<(), FlowError> {
        self.compose(pull, look).await?;
        self.note_look(pull, &look.head).await
    }

    /// Shows what became of a pull request, from plans and records alone.
    pub(crate) async fn refresh_living(&self, number: PullNumber) -> Result<(), FlowError> {
        let pull = match self.github.pull(&self.repository, number).await {
            Ok(pull) => pull,
            // The repository was moved or made anew, and GitHub no longer has it: there is nowhere to say anything.
            Err(GitHubError { kind: GitHubErrorKind::NotFound, .. }) => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        if pull.state == PullState::Open {
            // Its own plan job shows it, with the mistakes that only that job knows.
            return Ok(());
        }
        self.compose(&pull, &Look { head: pull.head_sha.to_string(), ..Look::default() }).await
    }

    async fn compose(&self, pull: &PullRequest, look: &Look) -> Result<(), FlowError> {
        let mut environments = Vec::new();
        let mut plans = Vec::new();
        if look.conflict.is_none() {
            for environment in &self.environments {
                if let Some((view, stored)) = self.environment_view(pull, environment, look).await? {
                    self.post_status(pull, environment, &view).await?;
                    environments.push(view);
                    plans.extend(stored);
                }
            }
        }
        let nothing = Sources::default();
        let loaded = look.merge.as_deref();
        let mut diagnostics: Vec<&Diagnostic> = loaded.map(|loaded| loaded.diagnostics.iter().collect()).unwrap_or_default();
        diagnostics.extend(&look.mistakes);
        diagnostics.extend(look.blocked.iter().flat_map(|(_, blocked)| blocked));
        if environments.is_empty() && diagnostics.is_empty() && look.conflict.is_none() && !self.has_living_comment(pull.number).await? {
            return Ok(());
        }
        let body = comment::living(&PullView {
            marker: comment::MARKER,
            number: pull.number.0,
            head: &look.head[..look.head.len().min(12)],
            environments,
            diagnostics,
            sources: loaded.map_or(&nothing, |loaded| &loaded.sources),
            merge_conflict: look.conflict.clone(),
            judgement: &look.judgement,
            rehearsals: &look.rehearsals,
            registry: &self.planning.registry,
        });
        let write = LivingWrite { number: pull.number, body, plans };
        self.post("living", &pull.number.0.to_string(), serde_json::to_string(&write)?).await
    }

    /// `None` where the pull request has nothing to do with the environment.
    async fn environment_view(
        &self,
        pull: &PullRequest,
        environment: &Name,
        look: &Look,
    ) -> Result<Option<(EnvironmentView, Option<i64>)>, FlowError> {
        let stored = self.latest_plan(pull.number, environment).await?;
        let Standing { record, parked, waiting, open_run } = self.standing(pull.number, environment).await?;
        let blocked = look.blocked.iter().any(|(name, _)| name == environment);
        let current = stored.filter(|(stored, _)| pull.state != PullState::Open || stored.entry.head == look.head);
        // What was said of the plan that is shown. Of one that waits, its own words tell.
        let verdict = match (&current, &record, &waiting) {
            (Some((stored, _)), None, None) => stored_verdict(stored)?,
            _ => Verdict::default(),
        };
        let (id, plan) = match (current, &record) {
            // What waits is what `/apply` would do, whatever the pull request showed while it was open.
            _ if waiting.is_some() => (None, waiting),
            (Some((stored, plan)), _) => (Some(stored.id.0), Some(plan)),
            (None, Some((_, record))) => (None, record.plan.clone()),
            (None, None) => (None, None),
        };
        if plan.is_none() && parked.is_none() && record.is_none() || blocked {
            return Ok(None);
        }
        let untouched =
            plan.as_ref().is_some_and(|plan| plan.is_empty() && plan.problems.is_empty() && !plan.unknown.iter().any(|unknown| unknown.in_scope));
        let state = match (parked, &record) {
            (Some(parked), _) => EnvironmentState::Parked { reason: parked.reason, detail: parked.detail, digest: parked.digest },
            (None, Some((commit, record))) => self.state_of_run(*commit, &record.run),
            (None, None) if untouched => EnvironmentState::NothingToDo,
            (None, None) => match (planned_state(plan.as_ref(), &verdict), open_run) {
                (EnvironmentState::Planned, Some(run)) => {
                    EnvironmentState::Provisional { why: format!("the run `{run}` is under way in this environment") }
                }
                (state, _) => state,
            },
        };
        let requirements = self.requirements(pull, environment, Shown { plan: plan.as_ref(), verdict: &verdict, state: &state }, look).await?;
        let mut next_step = next_steps(&state, &requirements, plan.as_ref());
        if let (Some(plan), EnvironmentState::Planned) = (&plan, &state)
            && let Some(windows) = windows::in_words(&look.settings(environment), plan)
        {
            next_step.push(format!("What is merged outside the window `{windows}` is carried out when it opens."));
        }
        Ok(Some((EnvironmentView { name: environment.to_string(), plan: plan.map(Arc::new), verdict, state, next_step, requirements }, id)))
    }

    fn state_of_run(&self, commit: CommitId, run: &Run) -> EnvironmentState {
        let short = commit.to_string().chars().take(12).collect::<String>();
        match (run.kind, run.result) {
            (RecordKind::Started | RecordKind::TakenOver, _) => EnvironmentState::Running { run: run.run_id.clone() },
            (_, Some(RunResult::Applied)) => EnvironmentState::Applied { record: short, url: Some(self.commit_url(&commit.to_string())) },
            (_, Some(RunResult::Skipped)) => EnvironmentState::Skipped { by: run.requested_by.clone() },
            (_, Some(RunResult::Superseded)) => EnvironmentState::Superseded { by: run.message.clone().unwrap_or_default() },
            // It waited, and no longer does, without having been applied or skipped.
            (RecordKind::Noted, None) | (_, Some(RunResult::Failed | RunResult::RolledBack)) => {
                EnvironmentState::Superseded { by: "a later merge".to_owned() }
            }
            (_, Some(RunResult::NothingToDo) | None) => EnvironmentState::NothingToDoAtMerge,
        }
    }

    /// What the records say of a pull request.
    async fn standing(&self, number: PullNumber, environment: &Name) -> Result<Standing, FlowError> {
        let Some(main) = self.default_tip().await? else { return Ok(Standing::default()) };
        let newest = self.load_commit(main).await?;
        let Some(settings) = newest.repository.environments.get(environment) else { return Ok(Standing::default()) };
        let Records::Tip(tip) = self.records(&settings.id, &newest.repository).await? else { return Ok(Standing::default()) };
        let parked = tip.record.run.parked.iter().find(|parked| parked.pull_request == Some(number.0)).cloned();
        let waiting = match &parked {
            Some(parked) => self.waiting_plan(settings, parked).await?,
            None => None,
        };
        let open_run = tip.record.is_open().then(|| tip.record.run.run_id.clone());
        let id = settings.id.clone();
        let record = self
            .mirror
            .run(move |history| {
                for commit in history.record_chain(&id, RECORDS_WALKED)? {
                    // A record below a verified tip is covered by the chain of parents that the tip's signature covers.
                    let files = history.record_files(commit)?;
                    if let Ok(record) = Record::from_files(&files)
                        && record.run.pull_request == Some(number.0)
                    {
                        return Ok::<_, daemon_history::record::RecordError>(Some((commit, record)));
                    }
                }
                Ok(None)
            })
            .await??;
        Ok(Standing { record, parked, waiting, open_run })
    }

    async fn requirements(&self, pull: &PullRequest, environment: &Name, shown: Shown<'_>, look: &Look) -> Result<Vec<Requirement>, FlowError> {
        let (Some(plan), Some(_), EnvironmentState::Planned) = (shown.plan, &look.merge, shown.state) else { return Ok(Vec::new()) };
        let settings = look.settings(environment);
        let approvals = self.approvals(pull, environment, plan.digest.as_str()).await?;
        let conditions = authorise(&Asked {
            operation: Operation::Apply,
            by: None,
            settings: &settings,
            approvals: &approvals,
            is_author_known: self.askers(Some(pull)).await?.is_known,
            plan: Some(plan),
            verdict: Some(shown.verdict),
            teams: &self.team_approvals(shown.verdict, &approvals).await?,
            named_digest: false,
            named_deletes: None,
        });
        Ok(conditions.into_iter().map(Requirement::from).collect())
    }

    async fn post_status(&self, pull: &PullRequest, environment: &Name, view: &EnvironmentView) -> Result<(), FlowError> {
        // The digest is the last word: after a loss of the database it is read back from here, and only from here.
        let (word, text) = comment::environment_status(view);
        let state = match word {
            comment::StatusState::Success => StatusState::Success,
            comment::StatusState::Pending => StatusState::Pending,
            comment::StatusState::Failure => StatusState::Failure,
        };
        let digest = view.plan.as_ref().map(|plan| plan.digest.short().to_owned()).unwrap_or_default();
        let room = STATUS_LENGTH_MAX - digest.len() - 1;
        let description = format!("{} {digest}", text.chars().take(room).collect::<String>());
        let write = StatusWrite {
            sha: pull.head_sha.clone(),
            status: CommitStatus { state, context: status_context(environment), description, target_url: Some(pull.html_url.clone()) },
        };
        self.post("status", &format!("{} {environment}", pull.head_sha), serde_json::to_string(&write)?).await
    }

    pub(crate) async fn has_living_comment(&self, number: PullNumber) -> Result<bool, FlowError> {
        Ok(self.living_comment(number).await?.is_some())
    }

    /// Puts a write into the outbox. A later one with the same key takes its place.
    pub(crate) async fn post(&self, kind: &str, key: &str, payload: String) -> Result<(), FlowError> {
        let entry = OutboxEntry { coalesce_key: self.key(&format!("{kind} {key}")), kind: kind.to_owned(), payload };
        self.store.outbox().post(&entry).await?;
        Ok(())
    }
}

/// What the records say of a pull request in one environment.
#[derive(Default)]
struct Standing {
    /// The newest record that is about it.
    record: Option<(CommitId, Record)>,
    /// Its entry in the newest record, if it waits for a person.
    parked: Option<core_model::record::Parked>,
    /// The plan of what waits.
    waiting: Option<Plan>,
    /// The run that is under way in the environment, whoever asked for it.
    open_run: Option<String>,
}

impl From<crate::authorise::Condition> for Requirement {
    fn from(condition: crate::authorise::Condition) -> Self {
        Self { met: condition.met, text: condition.text, who: String::new(), how: condition.who }
    }
}

/// What is shown of an environment.
#[derive(Clone, Copy)]
struct Shown<'a> {
    plan: Option<&'a Plan>,
    verdict: &'a Verdict,
    state: &'a EnvironmentState,
}

fn planned_state(plan: Option<&Plan>, verdict: &Verdict) -> EnvironmentState {
    let Some(plan) = plan else { return EnvironmentState::NothingToDo };
    if !plan.problems.is_empty() {
        return EnvironmentState::Problems;
    }
    if !verdict.permits() {
        return EnvironmentState::Denied;
    }
    match plan.unknown.iter().find(|unknown| unknown.in_scope) {
        Some(unknown) => EnvironmentState::Unreachable { why: format!("`{}`: {}", unknown.address, unknown.why) },
        None => EnvironmentState::Planned,
    }
}

fn next_steps(state: &EnvironmentState, requirements: &[Requirement], plan: Option<&Plan>) -> Vec<String> {
    match state {
        EnvironmentState::Planned if requirements.iter().all(|requirement| requirement.met) => {
            vec!["Merge the pull request to apply this plan.".to_owned()]
        }
        EnvironmentState::Planned => vec!["Merging is possible; the apply waits until the conditions are met.".to_owned()],
        EnvironmentState::Parked { .. } if plan.is_none() => {
            vec!["Mend it in another pull request, and comment `/skip` to leave this one.".to_owned()]
        }
        EnvironmentState::Parked { reason: ParkedReason::Window, .. } => vec!["Comment `/skip` to let it go.".to_owned()],
        EnvironmentState::Parked { digest, .. } => vec![format!("Comment `/apply {digest}` to apply it, or `/skip` to leave it.")],
        EnvironmentState::Problems if plan.is_some() => vec!["Solve the problems above and push.".to_owned()],
        EnvironmentState::Unreachable { .. } => vec!["Comment `/plan` once the target can be read again.".to_owned()],
        EnvironmentState::Denied => vec!["Change what the rules forbid and push. `/why` says which rule said what.".to_owned()],
        _ => Vec::new(),
    }
}
