//! What was merged since the cursor, and what becomes of it? Every merge ends in exactly one of: applied, nothing to do,
//! superseded, or parked.

use std::collections::BTreeSet;

use core_config::{Environment, Loaded};
use core_model::plan::Plan;
use core_model::record::{Confirmed, Parked, ParkedReason, Record, RecordKind, RunResult};
use core_model::{Address, Name};
use core_planner::{Cover, cover};
use daemon_github::{PullNumber, PullRequest};
use daemon_history::CommitId;

use crate::authorise::{Asked, Operation, all_met, authorise};
use crate::error::FlowError;
use crate::jobs::JobKind;
use crate::line::Ahead;
use crate::planning::{Commits, Planned};
use crate::project::Project;
use crate::pull::explained;
use crate::records::{Records, Tip, parse_commit};
use crate::review::Reviewed;
use crate::rules::Judges;
use crate::run::{Purpose, RunStart};
use crate::untold::Telling;
use crate::windows;

/// Commits of the default branch that belong together: a merged pull request, or pushes without one.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    /// `None` at the first installation: everything there is is new.
    pub base: Option<CommitId>,
    pub head: CommitId,
    pub pull: Option<PullRequest>,
    /// Why nobody reviewed it, where that is more than that it was pushed.
    pub unreviewed: Option<String>,
}

/// So many merges are dealt with in one go; the next job goes on.
const GROUPS_MAX: usize = 200;
/// After so many commits that asked nothing, a record says so.
const QUIET_MAX: usize = 100;

impl Project {
    /// Deals with everything that was merged since the environment's cursor. Runs for one environment are never parallel: the
    /// caller holds its lane.
    pub async fn advance(&self, environment: &Name) -> Result<(), FlowError> {
        self.mirror.fetch().await?;
        let Some(main) = self.default_tip().await? else { return Ok(()) };
        let newest = self.load_commit(main).await?;
        let Some(settings) = newest.repository.environments.get(environment) else {
            return self.without_settings(environment, main, &newest).await;
        };
        let mut tip = match self.records(&settings.id, &newest.repository).await? {
            Records::None => None,
            Records::Tip(tip) => Some(*tip),
            Records::Stopped { why } => return self.environment_stopped(environment, settings, why).await,
        };
        if let Some(moved) = self.is_another(environment, settings, tip.as_ref()).await? {
            let why = format!("`{}` makes it another environment", self.default_branch);
            return self.environment_held(environment, &why, &settings.notify.failed, &[moved.render(&newest.sources)]).await;
        }
        self.environment_goes_on(environment).await?;
        if let Some(tip) = &tip {
            self.tell_untold(environment, settings, tip, Telling::Afterwards).await?;
        }
        if let Some(open) = tip.as_ref().filter(|tip| tip.record.is_open()) {
            tip = Some(self.resume(environment, open, &newest.repository).await?);
        }
        let Some(followed) = tip.as_ref().filter(|tip| tip.record.run.cursor.is_some()).cloned() else {
            return self.first_installation(environment, settings, tip, main).await;
        };
        self.follow(environment, settings, followed, main).await?;
        self.go_on_in_windows(environment, &newest).await?;
        self.look_for_drift(environment, settings, &newest).await?;
        self.refresh_issue(environment).await
    }

    /// An environment that somebody took out of `ipr.yaml` is none of ours. One that cannot be read there stays as it is, visibly.
    async fn without_settings(&self, environment: &Name, main: CommitId, newest: &Loaded) -> Result<(), FlowError> {
        if !crate::planning::has_errors(newest) {
            self.watching.forget(environment);
            return self.forget_id(environment).await;
        }
        let mistakes: Vec<String> =
            newest.diagnostics.iter().filter(|mistake| mistake.is_error()).map(|mistake| mistake.render(&newest.sources)).collect();
        self.environment_held(environment, &format!("what `{}` wants at `{main}` cannot be read", self.default_branch), &[], &mistakes).await
    }

    /// Deals with what came to the default branch after the cursor.
    async fn follow(&self, environment: &Name, settings: &Environment, mut tip: Tip, main: CommitId) -> Result<(), FlowError> {
        let cursor = parse_commit(tip.record.run.cursor.as_deref().unwrap_or_default())?;
        let mut line = match self.ahead(&tip, cursor, main).await? {
            Ahead::Line(line) => line,
            Ahead::Broken(why) => {
                let group = Group { base: Some(cursor), head: main, pull: None, unreviewed: Some(why) };
                self.deal(environment, Some(&tip), &group).await?;
                return self.plan_open_pulls().await;
            }
        };
        let from = line.base;
        for _ in 0..GROUPS_MAX {
            let group = self.next_group(environment, &mut line).await?;
            if line.quiet >= QUIET_MAX {
                let until = group.as_ref().and_then(|group| group.base).unwrap_or(line.base);
                tip = self.note_quiet(environment, settings, &tip, until).await?;
                line.quiet = 0;
            }
            let Some(group) = group else { break };
            match self.deal(environment, Some(&tip), &group).await? {
                Some(recorded) => (tip, line.quiet) = (recorded, 0),
                None => line.quiet += 1,
            }
        }
        if line.base != from {
            self.remember_quiet(&tip, &line).await?;
        }
        if !line.is_at_its_end() {
            self.enqueue(JobKind::Merges { environment: environment.clone() }).await?;
        }
        if line.has_changes {
            self.plan_open_pulls().await?;
        }
        Ok(())
    }

    /// Moves the cursor over commits that asked nothing, so that the way to the tip of the branch stays short.
    async fn note_quiet(&self, environment: &Name, settings: &Environment, tip: &Tip, until: CommitId) -> Result<Tip, FlowError> {
        let mut run = self.next_run(&settings.id, Some(tip), RecordKind::Noted);
        run.cursor = Some(until.to_string());
        run.source = Some(until.to_string());
        run.result = Some(RunResult::NothingToDo);
        let record = Record { run, plan: None, state: crate::records::state_of(Some(tip)) };
        let noted = self.append(environment, Some(tip.commit), record, format!("ipr: nothing to do in {environment} for a while")).await?;
        self.tell_untold(environment, settings, &noted, Telling::AtOnce).await?;
        Ok(noted)
    }

    /// Nothing was recorded yet: what the default branch wants was never reviewed here, so it waits for a person.
    async fn first_installation(&self, environment: &Name, settings: &Environment, tip: Option<Tip>, main: CommitId) -> Result<(), FlowError> {
        if settings.desired.resources.is_empty() {
            let mut run = self.next_run(&settings.id, tip.as_ref(), RecordKind::Initial);
            run.cursor = Some(main.to_string());
            run.source = Some(main.to_string());
            let record = Record { run, plan: None, state: crate::records::state_of(tip.as_ref()) };
            self.append(environment, tip.map(|tip| tip.commit), record, format!("ipr: first record of {environment}")).await?;
            return Ok(());
        }
        self.deal(environment, tip.as_ref(), &Group { base: None, head: main, pull: None, unreviewed: None }).await?;
        self.refresh_issue(environment).await
    }

    /// Deals with one merge. Returns the new tip if a record was written.
    async fn deal(&self, environment: &Name, tip: Option<&Tip>, group: &Group) -> Result<Option<Tip>, FlowError> {
        let commits = self.commits_of(group).await?;
        let Some(settings) = commits.merge.repository.environments.get(environment).cloned() else {
            // Somebody took the environment out of `ipr.yaml` here and brought it back later: this merge asked nothing of it.
            if !crate::planning::has_errors(&commits.merge) {
                return Ok(None);
            }
            return self.park_unplannable(environment, tip, group, "the merged commit cannot be read; see `ipr validate`".to_owned(), &commits).await;
        };
        if tip.is_some_and(|tip| tip.record.run.environment != settings.id) {
            let detail = format!("it gives `{environment}` the id `{}`, and the environment is known by another one", settings.id);
            return self.park_unplannable(environment, tip, group, detail, &commits).await;
        }
        let applied = tip.map(Tip::applied).unwrap_or_default();
        let known = match &group.pull {
            Some(pull) => self.reviewed_pins(pull.number, environment).await?,
            None => Default::default(),
        };
        let planned = match self.planning.plan(&commits, environment, &applied, &known).await {
            Ok(planned) => planned,
            Err(blocked) => return self.park_unplannable(environment, tip, group, explained(&blocked, &commits.merge), &commits).await,
        };
        if planned.plan.is_empty() && planned.plan.problems.is_empty() && !planned.plan.unknown.iter().any(|unknown| unknown.in_scope) {
            let before = commits.base.as_ref().and_then(|base| base.repository.environments.get(environment));
            // Neither a branch that was rewritten nor an id that was put back is to be looked at twice.
            let must_be_noted =
                group.unreviewed.is_some() || before.is_some_and(|before| before.id != settings.id) || supersedes(tip, &planned.scope);
            return self.nothing_to_do(environment, &settings, tip, group, &planned, must_be_noted).await;
        }
        let start = RunStart { environment, settings: &settings, tip, group, commits: &commits };
        match self.verdict(&start, &planned, None).await? {
            Verdict::Go { approvals } => {
                let purpose = Purpose { requested_by: requested_by(group), command: None, approvals, cursor: group.head.to_string(), settles: None };
                self.run(&start, planned, purpose).await.map(Some)
            }
            Verdict::Park { reason, detail } => self.park(&start, &planned, reason, detail).await.map(Some),
        }
    }

    pub(crate) async fn commits_of(&self, group: &Group) -> Result<Commits, FlowError> {
        let base = match group.base {
            Some(base) => Some(self.load_commit(base).await?),
            None => None,
        };
        Ok(Commits { base, merge: self.load_commit(group.head).await?, from_fork: false })
    }

    /// Whether a merge may run now. One that waited is judged by what is merged now as well.
    pub(crate) async fn verdict(&self, start: &RunStart<'_>, planned: &Planned, newest: Option<&Loaded>) -> Result<Verdict, FlowError> {
        let park = |reason, detail: String| Ok(Verdict::Park { reason, detail });
        if let Some(blocker) = overlapping(start, &planned.scope) {
            let (reason, what) = match blocker.reason {
                ParkedReason::Window => (ParkedReason::Window, "a window"),
                _ => (ParkedReason::Refused, "a person"),
            };
            return park(reason, format!("it changes what {} changes too, and that one waits for {what}", named(blocker)));
        }
        if let Some(unseen) = planned.plan.unknown.iter().find(|unknown| unknown.in_scope) {
            return park(ParkedReason::Refused, format!("`{}` could not be seen: {}", unseen.address, unseen.why));
        }
        let Some(pull) = &start.group.pull else {
            let why = start.group.unreviewed.clone();
            return park(ParkedReason::Unreviewed, why.unwrap_or_default());
        };
        let merged_at = pull.merged_at.unwrap_or_else(|| self.clock.now());
        let reviewed_digest = match self.reviewed(pull, start.environment, merged_at).await? {
            Reviewed::Nothing => return park(ParkedReason::NotCovered, "it was merged before its plan was shown".to_owned()),
            Reviewed::Unsettled { before, latest } => {
                let short = |digest: &str| digest.chars().take(12).collect::<String>();
                return park(
                    ParkedReason::NotCovered,
                    format!(
                        "the plan changed from `{}` to `{}` within the minute before the merge, so nobody can tell which one was meant",
                        short(&before),
                        short(&latest)
                    ),
                );
            }
            Reviewed::Plan(reviewed) => {
                if let Cover::NotCovered(steps) = cover(&reviewed, &planned.plan) {
                    let list: Vec<String> = steps.iter().map(|step| format!("`{}`: {}", step.address, step.why)).collect();
                    return park(ParkedReason::NotCovered, list.join("; "));
                }
                reviewed.digest.as_str().to_owned()
            }
            Reviewed::DigestOnly(digest) if !planned.plan.digest.is_named_by(&digest) => {
                return park(ParkedReason::NotCovered, format!("the reviewed digest is `{digest}`, and it is `{}` now", planned.plan.digest));
            }
            Reviewed::DigestOnly(_) => planned.plan.digest.as_str().to_owned(),
        };
        let approvals = self.approvals(pull, start.environment, &reviewed_digest).await?;
        let judges = newest.into_iter().fold(Judges::of(start.commits), |judges, newest| judges.and(start.commits, newest));
        let verdict = self.judged_by(judges, start.commits, start.settings, &planned.plan, Some(pull)).await?;
        let teams = self.team_approvals(&verdict, &approvals).await?;
        let settings = start.settings_that_judge(newest);
        let conditions = authorise(&Asked {
            operation: Operation::Apply,
            by: None,
            settings: &settings,
            approvals: &approvals,
            is_author_known: self.is_author_known(start.group).await?,
            plan: Some(&planned.plan),
            verdict: Some(&verdict),
            teams: &teams,
            named_digest: false,
            named_deletes: None,
        });
        if all_met(&conditions) {
            return Ok(match windows::held(&settings, &planned.plan, self.time_that_judges().unix_seconds()) {
                Some(held) => Verdict::Park { reason: held.reason(), detail: held.detail },
                None => Verdict::Go { approvals },
            });
        }
        let unmet: Vec<&str> = conditions.iter().filter(|condition| !condition.met).map(|condition| condition.text.as_str()).collect();
        let is_possible = planned.plan.problems.is_empty() && verdict.permits();
        let reason = if is_possible { ParkedReason::Waiting } else { ParkedReason::Refused };
        park(reason, format!("it waits for: {}", unmet.join("; ")))
    }

    async fn nothing_to_do(
        &self,
        environment: &Name,
        settings: &Environment,
        tip: Option<&Tip>,
        group: &Group,
        planned: &Planned,
        must_be_noted: bool,
    ) -> Result<Option<Tip>, FlowError> {
        let before = crate::records::state_of(tip);
        let applied = tip.map(Tip::applied).unwrap_or_default();
        let mut state = daemon_executor::state_after(&applied, &planned.plan, &[]);
        self.stamp(&mut state, &planned.plan, group);
        let unchanged = state.iter().all(|(address, after)| before.get(address).is_some_and(|had| same_but_provenance(had, after)));
        if unchanged && state.len() == before.len() && tip.is_some() && !must_be_noted {
            return Ok(None);
        }
        let mut run = self.next_run(&settings.id, tip, RecordKind::Noted);
        run.cursor = Some(group.head.to_string());
        run.source = Some(group.head.to_string());
        run.pull_request = group.pull.as_ref().map(|pull| pull.number.0);
        run.result = Some(RunResult::NothingToDo);
        run.parked.retain(|parked| !is_superseded(parked, &planned.scope));
        let record = Record { run, plan: Some(planned.plan.clone()), state };
        let message = format!("ipr: nothing to do in {environment} for {}", group_name(group));
        let tip = self.append(environment, tip.map(|tip| tip.commit), record, message).await?;
        self.tell_untold(environment, settings, &tip, Telling::AtOnce).await?;
        Ok(Some(tip))
    }

    async fn park_unplannable(
        &self,
        environment: &Name,
        tip: Option<&Tip>,
        group: &Group,
        detail: String,
        commits: &Commits,
    ) -> Result<Option<Tip>, FlowError> {
        let known = commits.base.as_ref().and_then(|base| base.repository.environments.get(environment));
        let Some(mut settings) = known.or_else(|| commits.merge.repository.environments.get(environment)).cloned() else { return Ok(None) };
        // The records stay those of this environment, whatever id the commit gives it.
        if let Some(tip) = tip {
            settings.id = tip.record.run.environment.clone();
        }
        let start = RunStart { environment, settings: &settings, tip, group, commits };
        let digest = Plan::compute_digest(&settings.id, &[]);
        let parked = self.parked_entry(&start, &digest, BTreeSet::new(), ParkedReason::Refused, detail);
        self.append_parked(&start, parked, None, Some(group.head.to_string())).await.map(Some)
    }

    /// Parks a merge that is dealt with for the first time: the cursor moves to it.
    async fn park(&self, start: &RunStart<'_>, planned: &Planned, reason: ParkedReason, detail: String) -> Result<Tip, FlowError> {
        let parked = self.parked_entry(start, &planned.plan.digest, planned.scope.clone(), reason, detail);
        self.append_parked(start, parked, Some(planned.plan.clone()), Some(start.group.head.to_string())).await
    }

    /// Writes down what a merge that waits already would do now, and for what it waits. Later merges were dealt with since, so the
    /// cursor stays where it is.
    pub(crate) async fn park_anew(&self, start: &RunStart<'_>, planned: &Planned, waits: Waits) -> Result<Tip, FlowError> {
        let mut parked = self.parked_entry(start, &planned.plan.digest, planned.scope.clone(), waits.reason, waits.detail);
        parked.confirmed = waits.confirmed;
        let cursor = start.tip.and_then(|tip| tip.record.run.cursor.clone());
        self.append_parked(start, parked, Some(planned.plan.clone()), cursor).await
    }

    fn parked_entry(
        &self,
        start: &RunStart<'_>,
        digest: &core_model::Hash,
        addresses: BTreeSet<Address>,
        reason: ParkedReason,
        detail: String,
    ) -> Parked {
        Parked {
            commit: start.group.head.to_string(),
            pull_request: start.group.pull.as_ref().map(|pull| pull.number.0),
            base: start.group.base.map(|base| base.to_string()).unwrap_or_default(),
            reason,
            detail,
            digest: digest.clone(),
            addresses,
            confirmed: None,
        }
    }

    pub(crate) async fn append_parked(
        &self,
        start: &RunStart<'_>,
        parked: Parked,
        plan: Option<Plan>,
        cursor: Option<String>,
    ) -> Result<Tip, FlowError> {
        let mut run = self.next_run(&start.settings.id, start.tip, RecordKind::Noted);
        run.cursor = cursor;
        run.source = Some(start.group.head.to_string());
        run.pull_request = parked.pull_request;
        run.command = parked.confirmed.as_ref().map(|confirmed| confirmed.command);
        run.digest = Some(parked.digest.clone());
        // Those that wait stay in the order in which they were merged.
        match run.parked.iter_mut().find(|other| other.commit == parked.commit) {
            Some(other) => *other = parked,
            None => run.parked.push(parked),
        }
        let record = Record { run, plan, state: crate::records::state_of(start.tip) };
        let message = format!("ipr: {} waits in {}", group_name(start.group), start.environment);
        let tip = self.append(start.environment, start.tip.map(|tip| tip.commit), record, message).await?;
        self.tell_untold(start.environment, start.settings, &tip, Telling::AtOnce).await?;
        Ok(tip)
    }
}

/// Why a merge goes on waiting.
pub(crate) struct Waits {
    pub reason: ParkedReason,
    pub detail: String,
    pub confirmed: Option<Confirmed>,
}

pub(crate) enum Verdict {
    Go { approvals: Vec<core_model::record::Approval> },
    Park { reason: ParkedReason, detail: String },
}

/// A parked merge that shares addresses with this one without being contained in it. What waits behind this one does not count.
fn overlapping<'a>(start: &RunStart<'a>, scope: &BTreeSet<Address>) -> Option<&'a Parked> {
    let head = start.group.head.to_string();
    let before = start.tip?.record.run.parked.iter().take_while(|parked| parked.commit != head);
    before.into_iter().find(|parked| !parked.addresses.is_disjoint(scope) && !is_superseded(parked, scope))
}

/// Whether a merge takes the place of any that waits.
fn supersedes(tip: Option<&Tip>, scope: &BTreeSet<Address>) -> bool {
    tip.is_some_and(|tip| tip.record.run.parked.iter().any(|parked| is_superseded(parked, scope)))
}

/// A merge that decides about every address of a parked one takes its place.
pub(crate) fn is_superseded(parked: &Parked, scope: &BTreeSet<Address>) -> bool {
    !parked.addresses.is_empty() && parked.addresses.is_subset(scope)
}

fn named(parked: &Parked) -> String {
    parked.pull_request.map_or_else(|| format!("the commit {}", &parked.commit[..parked.commit.len().min(12)]), |number| format!("#{number}"))
}

/// `#12`, or the commit.
pub(crate) fn group_name(group: &Group) -> String {
    match &group.pull {
        Some(pull) => format!("#{}", pull.number.0),
        None => group.head.to_string().chars().take(12).collect(),
    }
}

pub(crate) fn requested_by(group: &Group) -> String {
    match &group.pull {
        Some(PullRequest { number: PullNumber(number), .. }) => format!("the merge of #{number}"),
        None => "a push".to_owned(),
    }
}

/// Whether two records of a resource differ in anything but who asked for it.
fn same_but_provenance(left: &core_model::record::AppliedResource, right: &core_model::record::AppliedResource) -> bool {
    let mut left = left.clone();
    left.provenance = right.provenance.clone();
    left == *right
}
