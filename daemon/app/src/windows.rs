//! When does what was merged and is permitted start? In the windows of its environment. What comes at another time waits, and
//! goes on by itself. A run that has begun is not cut off by the end of a window.

mod opening;

use core_config::{Environment, Loaded, Window, WindowPurpose};
use core_model::plan::{Action, Plan, Risk, Step};
use core_model::record::{Confirmed, Parked, ParkedReason};
use core_model::{Address, Name};
use daemon_github::{IssueNumber, Login};

use crate::decisions::Newest;
use crate::error::FlowError;
use crate::merges::{Verdict, Waits, requested_by};
use crate::parked::{ApplyRequest, Came, overtaken};
use crate::project::{Clock, Project};
use crate::pull::explained;
use crate::records::Tip;
use crate::run::{Purpose, RunStart};

use opening::{Opening, opening};

/// More addresses than this are counted.
const NAMES_MAX: usize = 3;

/// What keeps a plan from starting.
#[derive(Debug, PartialEq)]
pub(crate) struct Held {
    pub detail: String,
    opens_ever: bool,
}

impl Held {
    /// What never opens waits for a person.
    pub(crate) fn reason(&self) -> ParkedReason {
        if self.opens_ever { ParkedReason::Window } else { ParkedReason::Refused }
    }
}

/// Why a plan may not start at a moment, in seconds since 1970. The windows of all these settings must be open: those before a
/// merge and those after it.
pub(crate) fn held(settings: &[&Environment], plan: &Plan, now_s: i64) -> Option<Held> {
    let interrupted = interrupted(settings, plan);
    let sets = sets(settings, !interrupted.is_empty());
    let when = match opening(&sets, now_s) {
        Opening::Now => return None,
        Opening::At(moment) => moment,
        Opening::Never => {
            return Some(Held { detail: "Its windows are never open at the same time; mend `windows` in ipr.yaml.".to_owned(), opens_ever: false });
        }
    };
    let what = if interrupted.is_empty() { String::new() } else { format!("It interrupts {}. ", listed(&interrupted)) };
    Some(Held { detail: format!("{what}The next window opens {when}."), opens_ever: true })
}

/// Why a plan may not start now, in words; `None` where it may.
pub fn why_held(settings: &[&Environment], plan: &Plan, clock: &dyn Clock) -> Option<String> {
    held(settings, plan, clock.now().unix_seconds()).map(|held| held.detail)
}

/// How a plan that waits for windows is told to whoever merges it: `mon-thu 08:00-18:00 Europe/Rome`.
pub(crate) fn in_words(settings: &[&Environment], plan: &Plan) -> Option<String> {
    let sets = sets(settings, !interrupted(settings, plan).is_empty());
    let mut texts: Vec<String> = Vec::new();
    for set in &sets {
        let text = set.iter().map(|window| window.text.as_str()).collect::<Vec<_>>().join(" or ");
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    (!texts.is_empty()).then(|| texts.join(", and "))
}

/// Of each set one window must be open: those for restarts where the plan interrupts something and there are any, those for changes
/// otherwise.
fn sets<'a>(settings: &[&'a Environment], interrupts: bool) -> Vec<Vec<&'a Window>> {
    let of = |settings: &'a Environment, purpose| settings.windows.iter().filter(|window| window.purpose == purpose).collect::<Vec<&Window>>();
    let set = |settings: &&'a Environment| match of(settings, WindowPurpose::Restarts) {
        restarts if interrupts && !restarts.is_empty() => restarts,
        _ => of(settings, WindowPurpose::Changes),
    };
    settings.iter().map(set).filter(|windows| !windows.is_empty()).collect()
}

/// The resources with `lifecycle.restart: window` that the plan interrupts.
fn interrupted(settings: &[&Environment], plan: &Plan) -> Vec<Address> {
    let waits = |step: &&Step| {
        let wanted = settings.iter().filter_map(|settings| settings.desired.resources.get(&step.address));
        interrupts(step) && wanted.into_iter().any(|resource| resource.lifecycle.restarts_in_window)
    };
    plan.steps.iter().filter(waits).map(|step| step.address.clone()).collect()
}

/// What is created runs for nobody yet, and what is deleted is meant to stop.
fn interrupts(step: &Step) -> bool {
    !matches!(step.action, Action::Create | Action::Delete) && step.risk >= Risk::Restart
}

fn listed(addresses: &[Address]) -> String {
    let mut names: Vec<String> = addresses.iter().take(NAMES_MAX).map(|address| format!("`{address}`")).collect();
    if addresses.len() > names.len() {
        names.push(format!("{} more", addresses.len() - names.len()));
    }
    names.join(", ")
}

impl Project {
    /// Goes on with what waits for a window, in the order in which it was merged, where one is open now.
    pub(crate) async fn go_on_in_windows(&self, environment: &Name, newest: &Loaded) -> Result<(), FlowError> {
        let mut seen: Vec<String> = Vec::new();
        while let Newest::Tip(_, tip) = self.environment_tip(environment).await? {
            let waits = |parked: &&Parked| parked.reason == ParkedReason::Window && !seen.contains(&parked.commit);
            let Some(parked) = tip.record.run.parked.iter().find(waits).cloned() else { break };
            seen.push(parked.commit.clone());
            self.go_on(environment, newest, &tip, &parked).await?;
        }
        Ok(())
    }

    async fn go_on(&self, environment: &Name, newest: &Loaded, tip: &Tip, parked: &Parked) -> Result<(), FlowError> {
        let group = self.group_of(parked).await?;
        let commits = self.commits_of(&group).await?;
        let Some(settings) = commits.merge.repository.environments.get(environment).cloned() else { return Ok(()) };
        let start = RunStart { environment, settings: &settings, tip: Some(tip), group: &group, commits: &commits };
        // What was found when it was parked tells whether it is worth to look at the targets again.
        if let Some(plan) = self.waiting_plan(&settings, parked).await?
            && held(&start.settings_that_judge(Some(newest)), &plan, self.time_that_judges().unix_seconds()).is_some()
        {
            return Ok(());
        }
        match &parked.confirmed {
            Some(confirmed) => self.go_on_as_confirmed(newest, &start, parked, confirmed).await,
            None => self.go_on_as_merged(newest, &start, parked).await,
        }
    }

    /// As if the command came now. Where it is refused now, its author is told, and the merge waits for a person.
    async fn go_on_as_confirmed(&self, newest: &Loaded, start: &RunStart<'_>, parked: &Parked, confirmed: &Confirmed) -> Result<(), FlowError> {
        let (Some(tip), Ok(author)) = (start.tip, confirmed.login.parse::<Login>()) else { return Ok(()) };
        let request = ApplyRequest {
            environment: start.environment,
            command: confirmed.command,
            issue: IssueNumber(confirmed.issue),
            author: &author,
            digest: Some(confirmed.digest.as_str()),
            deletes: confirmed.deletes,
        };
        if self.apply_parked(&request, newest, tip, parked).await? != Came::Refused {
            return Ok(());
        }
        let Newest::Tip(_, tip) = self.environment_tip(start.environment).await? else { return Ok(()) };
        let is_still_kept = tip.record.run.parked.iter().any(|other| other == parked);
        if is_still_kept { self.wait_for_a_person(&RunStart { tip: Some(&tip), ..*start }, parked).await } else { Ok(()) }
    }

    async fn wait_for_a_person(&self, start: &RunStart<'_>, parked: &Parked) -> Result<(), FlowError> {
        let detail = "its window is open, and what was confirmed cannot be done as it was; the answer to the command says why".to_owned();
        let waiting = Parked { reason: ParkedReason::Waiting, detail, confirmed: None, ..parked.clone() };
        let plan = self.waiting_plan(start.settings, parked).await?;
        let cursor = start.tip.and_then(|tip| tip.record.run.cursor.clone());
        self.append_parked(start, waiting, plan, cursor).await.map(drop)
    }

    async fn go_on_as_merged(&self, newest: &Loaded, start: &RunStart<'_>, parked: &Parked) -> Result<(), FlowError> {
        let Some(tip) = start.tip else { return Ok(()) };
        let known = match parked.pull_request {
            Some(number) => self.reviewed_pins(daemon_github::PullNumber(number), start.environment).await?,
            None => Default::default(),
        };
        let planned = match self.planning.plan(start.commits, start.environment, &tip.applied(), &known).await {
            Ok(planned) => planned,
            Err(blocked) => {
                let refused = Parked { reason: ParkedReason::Refused, detail: explained(&blocked, &start.commits.merge), ..parked.clone() };
                let plan = self.waiting_plan(start.settings, parked).await?;
                return self.append_parked(start, refused, plan, tip.record.run.cursor.clone()).await.map(drop);
            }
        };
        if let Some(unseen) = planned.plan.unknown.iter().find(|unknown| unknown.in_scope) {
            // It is tried again as long as the window is open, and the reason is told once.
            let detail = format!("`{}` could not be seen when it was tried last: {}", unseen.address, unseen.why);
            let waits = Waits { reason: ParkedReason::Window, detail, confirmed: None };
            return if waits.detail == parked.detail { Ok(()) } else { self.park_anew(start, &planned, waits).await.map(drop) };
        }
        let verdict = match overtaken(newest, start.settings, tip, parked, &planned.scope) {
            Some(condition) => Verdict::Park { reason: ParkedReason::Refused, detail: format!("it waits for: {}", condition.text) },
            None => self.verdict(start, &planned, Some(newest)).await?,
        };
        match verdict {
            Verdict::Go { approvals } => {
                let cursor = tip.record.run.cursor.clone().unwrap_or_else(|| parked.commit.clone());
                let settles = Some(parked.commit.clone());
                let purpose = Purpose { requested_by: requested_by(start.group), command: None, approvals, cursor, settles };
                self.run(start, planned, purpose).await.map(drop)
            }
            Verdict::Park { reason, detail } if reason == parked.reason && detail == parked.detail && planned.plan.digest == parked.digest => Ok(()),
            Verdict::Park { reason, detail } => self.park_anew(start, &planned, Waits { reason, detail, confirmed: None }).await.map(drop),
        }
    }
}
