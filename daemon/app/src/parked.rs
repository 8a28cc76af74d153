//! How does a merge that waits go on? It is planned and judged again, and carried out when a person has named what they saw.

use std::collections::BTreeSet;

use core_config::{Environment, Loaded};
use core_model::plan::Plan;
use core_model::record::{CommandId, Confirmed, Parked, ParkedReason};
use core_model::{Address, Hash, Name};
use core_planner::{Cover, cover};
use daemon_github::{CommentId, IssueNumber, Login};

use crate::authorise::{Asked, Condition, Operation, all_met, authorise};
use crate::error::FlowError;
use crate::merges::{Group, Waits};
use crate::planning::Commits;
use crate::project::Project;
use crate::records::{Tip, parse_commit};
use crate::rules::Judges;
use crate::run::{Purpose, RunStart};
use crate::waiting::short_commit;
use crate::windows;

/// More addresses than this are not named.
const NAMES_MAX: usize = 5;

impl Project {
    pub(crate) async fn apply_parked(&self, request: &ApplyRequest<'_>, newest: &Loaded, tip: &Tip, parked: &Parked) -> Result<Came, FlowError> {
        let environment = request.environment;
        let group = self.group_of(parked).await?;
        let commits: Commits = self.commits_of(&group).await?;
        let Some(settings) = commits.merge.repository.environments.get(environment).cloned() else {
            return self.turn_down(request, &[unreadable()]).await;
        };
        let known = match parked.pull_request {
            Some(number) => self.reviewed_pins(daemon_github::PullNumber(number), environment).await?,
            None => tip.record.plan.as_ref().map(crate::planning::pins_of).unwrap_or_default(),
        };
        let planned = match self.planning.plan(&commits, environment, &tip.applied(), &known).await {
            Ok(planned) => planned,
            Err(_) => return self.turn_down(request, &[unreadable()]).await,
        };
        let start = RunStart { environment, settings: &settings, tip: Some(tip), group: &group, commits: &commits };
        if let Some(overtaken) = overtaken(newest, &settings, tip, parked, &planned.scope) {
            return self.turn_down(request, &[overtaken]).await;
        }
        let named = self.named_digest(request.digest, &settings, parked, &planned.plan).await?;
        let Some(named) = named else {
            let condition = Condition {
                met: false,
                text: match request.digest {
                    Some(typed) => format!("the plan is `{}` now, not `{typed}`", planned.plan.digest),
                    None => format!("the plan is `{}`; name it, so that it is clear what you saw", planned.plan.digest),
                },
                who: format!("look at it with `ipr plan` or in the comment above, then comment `/apply {}`", planned.plan.digest),
            };
            if planned.plan.digest != parked.digest {
                self.park_anew(&start, &planned, waits_on(parked)).await?;
            }
            return self.turn_down(request, &[condition]).await;
        };
        let permission = self.github.permission(&self.repository, request.author).await?;
        let approvals = self.agreed(request.issue, &group, environment, [&named, &planned.plan.digest]).await?;
        // What was merged since may ask for more than what held when this was merged.
        let judges = Judges::of(&commits).and(&commits, newest);
        let verdict = self.judged_by(judges, &commits, &settings, &planned.plan, group.pull.as_ref()).await?;
        let teams = self.team_approvals(&verdict, &approvals).await?;
        let judging = start.settings_that_judge(Some(newest));
        let mut conditions = authorise(&Asked {
            operation: Operation::Apply,
            by: Some((request.author, permission)),
            settings: &judging,
            approvals: &approvals,
            is_author_known: self.is_author_known(&group).await?,
            plan: Some(&planned.plan),
            verdict: Some(&verdict),
            teams: &teams,
            named_digest: true,
            named_deletes: request.deletes,
        });
        if let Some(unseen) = planned.plan.unknown.iter().find(|unknown| unknown.in_scope) {
            // What was confirmed is tried again as long as its window is open.
            if parked.confirmed.as_ref().is_some_and(|confirmed| confirmed.command == request.command) {
                tracing::info!(%environment, address = %unseen.address, why = unseen.why, "what was confirmed cannot be seen now");
                return Ok(Came::Held);
            }
            conditions.push(Condition {
                met: false,
                text: format!("`{}` can be seen ({})", unseen.address, unseen.why),
                who: "whoever runs the target".to_owned(),
            });
        }
        if !all_met(&conditions) {
            return self.turn_down(request, &conditions).await;
        }
        if let Some(held) = windows::held(&judging, &planned.plan, self.time_that_judges().unix_seconds()) {
            let waits = Waits { reason: held.reason(), detail: held.detail, confirmed: Some(request.confirmed(planned.plan.digest.clone())) };
            self.park_anew(&start, &planned, waits).await?;
            self.acknowledge(environment, request.comment(), None).await?;
            return Ok(Came::Held);
        }
        let cursor = tip.record.run.cursor.clone().unwrap_or_else(|| parked.commit.clone());
        let requested_by = format!("@{}", request.author.as_str());
        let purpose = Purpose { requested_by, command: Some(request.command), approvals, cursor, settles: Some(parked.commit.clone()) };
        let finished = self.run(&start, planned, purpose).await?;
        self.acknowledge(environment, request.comment(), finished.record.run.result).await?;
        Ok(Came::Ran)
    }

    async fn turn_down(&self, request: &ApplyRequest<'_>, conditions: &[Condition]) -> Result<Came, FlowError> {
        self.refuse(request.issue, request.comment(), "/apply", conditions).await?;
        Ok(Came::Refused)
    }

    /// The digest that was typed, if it names what would be done now, or the plan that waits and that plan covers it: after a
    /// failed run fewer of its steps are left.
    async fn named_digest(&self, typed: Option<&str>, settings: &Environment, parked: &Parked, now: &Plan) -> Result<Option<Hash>, FlowError> {
        let Some(typed) = typed else { return Ok(None) };
        if now.digest.is_named_by(typed) {
            return Ok(Some(now.digest.clone()));
        }
        if !parked.digest.is_named_by(typed) {
            return Ok(None);
        }
        let waiting = self.waiting_plan(settings, parked).await?;
        Ok(waiting.filter(|waiting| cover(waiting, now) == Cover::Covered).map(|waiting| waiting.digest))
    }

    pub(crate) async fn group_of(&self, parked: &Parked) -> Result<Group, FlowError> {
        let base = Some(parked.base.as_str()).filter(|base| !base.is_empty()).map(parse_commit).transpose()?;
        let pull = match parked.pull_request {
            Some(number) => Some(self.github.pull(&self.repository, daemon_github::PullNumber(number)).await?),
            None => None,
        };
        Ok(Group { base, head: parse_commit(&parked.commit)?, pull, unreviewed: None })
    }
}

/// What came of an `/apply`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Came {
    /// There was a run, whatever became of it.
    Ran,
    /// It is kept, and carried out later.
    Held,
    /// Its author was told why not.
    Refused,
}

/// For what a merge waits whose plan is another one now. What was confirmed was the plan before, and it does not go on by itself.
fn waits_on(parked: &Parked) -> Waits {
    match &parked.confirmed {
        None => Waits { reason: parked.reason, detail: parked.detail.clone(), confirmed: None },
        Some(_) => Waits { reason: ParkedReason::Waiting, detail: "what was confirmed is another plan now".to_owned(), confirmed: None },
    }
}

/// A person's `/apply` on something that waits.
pub(crate) struct ApplyRequest<'a> {
    pub environment: &'a Name,
    pub command: CommandId,
    pub issue: IssueNumber,
    pub author: &'a Login,
    pub digest: Option<&'a str>,
    pub deletes: Option<usize>,
}

impl ApplyRequest<'_> {
    fn comment(&self) -> CommentId {
        CommentId(self.command.comment)
    }

    fn confirmed(&self, digest: Hash) -> Confirmed {
        Confirmed { command: self.command, issue: self.issue.0, login: self.author.as_str().to_owned(), digest, deletes: self.deletes }
    }
}

/// Addresses that the default branch decides otherwise by now, and not by a merge that waits behind this one: applying this one
/// would bring back what nobody wants any more.
pub(crate) fn overtaken(newest: &Loaded, settings: &Environment, tip: &Tip, parked: &Parked, scope: &BTreeSet<Address>) -> Option<Condition> {
    let wanted = &newest.repository.environments.values().find(|known| known.id == settings.id)?.desired.resources;
    let behind = tip.record.run.parked.iter().skip_while(|other| other.commit != parked.commit).skip(1);
    let undecided: BTreeSet<&Address> = behind.flat_map(|other| &other.addresses).collect();
    let is_overtaken = |address: &&Address| {
        let (then, now) = (settings.desired.resources.get(*address), wanted.get(*address));
        let is_same = match (then, now) {
            (Some(then), Some(now)) => then.wants_the_same(now),
            (None, None) => true,
            _ => false,
        };
        !undecided.contains(address) && !is_same
    };
    let names: Vec<String> = scope.iter().filter(is_overtaken).take(NAMES_MAX).map(|address| format!("`{address}`")).collect();
    (!names.is_empty()).then(|| Condition {
        met: false,
        text: format!("no later merge decides about {}", names.join(", ")),
        who: format!("let it go with `/skip {}`, and propose again what is still wanted", short_commit(parked)),
    })
}

fn unreadable() -> Condition {
    Condition {
        met: false,
        text: "the merged commit can be planned".to_owned(),
        who: "the author mends the blueprints; `ipr validate` shows what is wrong".to_owned(),
    }
}
