//! What did somebody ask for in a comment, and is it done? Reads commands, judges who asks, and carries decisions out.

use core_config::Environment;
use core_model::plan::Plan;
use core_model::record::{Parked, Record, RecordKind, RunResult};
use core_model::{Hash, Name};
use core_planner::{Cover, cover};
use daemon_github::{Comment, CommentId, GitHubError, GitHubErrorKind, IssueNumber, Login, Permission, PullState, Reaction};

use crate::authorise::{Asked, Condition, Operation, all_met, authorise};
use crate::commands::{self, Command, Parsed};
use crate::error::FlowError;
use crate::jobs::{Decision, JobKind};
use crate::merges::Group;
use crate::planning::Commits;
use crate::project::Project;
use crate::records::{Records, Tip, parse_commit, state_of};
use crate::run::{Purpose, RunStart};
use crate::untold::Telling;

const ANSWERED: &str = "answered";

impl Project {
    /// Reads a comment and does, or queues, what it asks for.
    pub(crate) async fn read_comment(&self, issue: IssueNumber, id: CommentId) -> Result<(), FlowError> {
        let comment = match self.github.comment(&self.repository, id).await {
            Ok(comment) => comment,
            Err(GitHubError { kind: GitHubErrorKind::NotFound, .. }) => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        let Some(author) = comment.author.clone().filter(|author| *author != self.viewer && !comment.author_is_bot) else { return Ok(()) };
        let parsed = commands::parse(&comment.body);
        if parsed.is_empty() || self.is_answered(id).await? {
            return Ok(());
        }
        if comment.updated_at != comment.created_at {
            self.tell_edited(issue, id).await?;
            return self.answered(id).await;
        }
        self.react(id, Reaction::Eyes).await?;
        for (place, command) in parsed.iter().enumerate() {
            self.command(issue, &comment, &author, place, command).await?;
        }
        self.answered(id).await
    }

    async fn command(&self, issue: IssueNumber, comment: &Comment, author: &Login, place: usize, parsed: &Parsed) -> Result<(), FlowError> {
        let command = match &parsed.command {
            Ok(command) => command,
            Err(error) => return self.tell_command_error(issue, comment.id, place, parsed, error).await,
        };
        match command {
            Command::Help => self.tell_help(issue, comment.id).await,
            Command::Why { address } => self.tell_why(issue, comment.id, address.as_ref()).await,
            Command::Plan { .. } => {
                if self.may(issue, comment, author, parsed, Operation::Plan).await? {
                    self.enqueue(JobKind::Pull { number: issue.as_pull(), asked: true }).await?;
                    self.react(comment.id, Reaction::PlusOne).await?;
                }
                Ok(())
            }
            Command::Apply { environment, digest, deletes } => {
                if self.may(issue, comment, author, parsed, Operation::Plan).await? {
                    let decision = Decision::Apply { digest: digest.clone(), deletes: *deletes, issue };
                    self.enqueue_decision(issue, comment.id, environment.as_deref(), decision).await?;
                }
                Ok(())
            }
            Command::Skip { environment } => {
                if self.may(issue, comment, author, parsed, Operation::Skip).await? {
                    self.enqueue_decision(issue, comment.id, environment.as_deref(), Decision::Skip { issue }).await?;
                }
                Ok(())
            }
        }
    }

    /// Judges the person alone; the plan is judged in the environment's lane.
    async fn may(&self, issue: IssueNumber, comment: &Comment, author: &Login, parsed: &Parsed, operation: Operation) -> Result<bool, FlowError> {
        let permission = self.github.permission(&self.repository, author).await?;
        let conditions = authorise(&Asked {
            operation,
            by: Some((author, permission)),
            settings: [None, None],
            approvals: &[],
            plan: None,
            verdict: None,
            teams: &[],
            named_digest: false,
            named_deletes: None,
        });
        if !all_met(&conditions) {
            self.refuse(issue, comment.id, &parsed.line, &conditions).await?;
            return Ok(false);
        }
        Ok(true)
    }

    /// To the environment that was named, or to every one where something of this pull request or issue waits.
    async fn enqueue_decision(&self, issue: IssueNumber, comment: CommentId, named: Option<&str>, decision: Decision) -> Result<(), FlowError> {
        self.mirror.fetch().await?;
        let mut waiting = Vec::new();
        for environment in &self.environments {
            if named.is_some_and(|name| name != environment.as_str()) {
                continue;
            }
            let Some((_, tip)) = self.environment_tip(environment).await? else { continue };
            let own = self.is_own_issue(issue, environment).await?;
            if tip.record.run.parked.iter().any(|parked| is_about(parked, issue, own)) {
                waiting.push(environment.clone());
            }
        }
        if waiting.is_empty() {
            self.tell_nothing_waits(issue, comment, &decision).await?;
            return self.react(comment, Reaction::Confused).await;
        }
        for environment in waiting {
            self.enqueue(JobKind::Decide { environment, comment, decision: decision.clone() }).await?;
        }
        Ok(())
    }

    /// Carries a decision out, in the environment's lane.
    pub(crate) async fn decide(&self, environment: &Name, comment: CommentId, decision: &Decision) -> Result<(), FlowError> {
        self.advance(environment).await?;
        let Some((newest, tip)) = self.environment_tip(environment).await? else { return Ok(()) };
        let Some(settings) = newest.repository.environments.get(environment) else { return Ok(()) };
        let author = self.github.comment(&self.repository, comment).await?.author;
        let Some(author) = author else { return Ok(()) };
        let issue = match decision {
            Decision::Apply { issue, .. } | Decision::Skip { issue } => *issue,
        };
        let own = self.is_own_issue(issue, environment).await?;
        let mut about = tip.record.run.parked.iter().filter(|parked| is_about(parked, issue, own));
        let chosen = match decision {
            Decision::Apply { digest: Some(digest), .. } => about.clone().find(|parked| parked.digest.is_named_by(digest)).or_else(|| about.next()),
            _ => about.next(),
        };
        // Nothing waits any more: this command was carried out before a restart, or another one was.
        let Some(parked) = chosen.cloned() else { return Ok(()) };
        match decision {
            Decision::Skip { .. } => {
                self.skip(environment, settings, &tip, &parked, &author).await?;
                self.react(comment, Reaction::PlusOne).await
            }
            Decision::Apply { digest, deletes, .. } => {
                let request = ApplyRequest { environment, comment, issue, author: &author, digest: digest.as_deref(), deletes: *deletes };
                self.apply_parked(&request, &tip, &parked).await
            }
        }
    }

    async fn skip(&self, environment: &Name, settings: &Environment, tip: &Tip, parked: &Parked, author: &Login) -> Result<(), FlowError> {
        let mut run = self.next_run(&settings.id, Some(tip), RecordKind::Noted);
        run.parked.retain(|other| other.commit != parked.commit);
        run.source = Some(parked.commit.clone());
        run.pull_request = parked.pull_request;
        run.requested_by = author.as_str().to_owned();
        run.result = Some(RunResult::Skipped);
        let record = Record { run, plan: None, state: state_of(Some(tip)) };
        let message = format!("ipr: {} skipped a merge in {environment}", author.as_str());
        let tip = self.append(environment, Some(tip.commit), record, message).await?;
        self.tell_untold(environment, settings, &tip, Telling::AtOnce).await?;
        self.refresh_issue(environment).await
    }

    async fn apply_parked(&self, request: &ApplyRequest<'_>, tip: &Tip, parked: &Parked) -> Result<(), FlowError> {
        let environment = request.environment;
        let group = self.group_of(parked).await?;
        let commits: Commits = self.commits_of(&group).await?;
        let Some(settings) = commits.merge.repository.environments.get(environment).cloned() else {
            return self.refuse(request.issue, request.comment, "/apply", &[unreadable()]).await;
        };
        let known = match parked.pull_request {
            Some(number) => self.reviewed_pins(daemon_github::PullNumber(number), environment).await?,
            None => tip.record.plan.as_ref().map(crate::planning::pins_of).unwrap_or_default(),
        };
        let planned = match self.planning.plan(&commits, environment, &tip.applied(), &known).await {
            Ok(planned) => planned,
            Err(_) => return self.refuse(request.issue, request.comment, "/apply", &[unreadable()]).await,
        };
        let start = RunStart { environment, settings: &settings, tip: Some(tip), group: &group, commits: &commits };
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
                self.park_anew(&start, &planned, parked).await?;
            }
            return self.refuse(request.issue, request.comment, "/apply", &[condition]).await;
        };
        let permission = self.github.permission(&self.repository, request.author).await?;
        let approvals = match &group.pull {
            Some(pull) => self.approvals(pull, environment, named.as_str()).await?,
            None => Vec::new(),
        };
        let verdict = self.judged(&commits, &settings, &planned.plan, group.pull.as_ref()).await;
        let is_author = group.pull.as_ref().is_some_and(|pull| pull.author.as_ref() == Some(request.author));
        let named = Some(request.author).filter(|_| !is_author && permission >= Permission::Write);
        let teams = self.team_approvals(&verdict, &approvals, named).await?;
        let mut conditions = authorise(&Asked {
            operation: Operation::Apply,
            by: Some((request.author, permission)),
            settings: start.both_settings(),
            approvals: &approvals,
            plan: Some(&planned.plan),
            verdict: Some(&verdict),
            teams: &teams,
            named_digest: true,
            named_deletes: request.deletes,
        });
        if let Some(unseen) = planned.plan.unknown.iter().find(|unknown| unknown.in_scope) {
            conditions.push(Condition {
                met: false,
                text: format!("`{}` can be seen ({})", unseen.address, unseen.why),
                who: "whoever runs the target".to_owned(),
            });
        }
        if !all_met(&conditions) {
            return self.refuse(request.issue, request.comment, "/apply", &conditions).await;
        }
        let cursor = tip.record.run.cursor.clone().unwrap_or_else(|| parked.commit.clone());
        let purpose = Purpose { requested_by: format!("@{}", request.author.as_str()), approvals, cursor, settles: Some(parked.commit.clone()) };
        let finished = self.run(&start, planned, purpose).await?;
        let reaction = if finished.record.run.result == Some(RunResult::Applied) { Reaction::Rocket } else { Reaction::MinusOne };
        self.react(request.comment, reaction).await?;
        self.refresh_issue(environment).await
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

    async fn group_of(&self, parked: &Parked) -> Result<Group, FlowError> {
        let base = Some(parked.base.as_str()).filter(|base| !base.is_empty()).map(parse_commit).transpose()?;
        let pull = match parked.pull_request {
            Some(number) => Some(self.github.pull(&self.repository, daemon_github::PullNumber(number)).await?),
            None => None,
        };
        Ok(Group { base, head: parse_commit(&parked.commit)?, pull })
    }

    /// The default branch and the newest record of an environment, if it has a believable one.
    pub(crate) async fn environment_tip(&self, environment: &Name) -> Result<Option<(std::sync::Arc<core_config::Loaded>, Tip)>, FlowError> {
        let Some(main) = self.default_tip().await? else { return Ok(None) };
        let newest = self.load_commit(main).await?;
        let Some(settings) = newest.repository.environments.get(environment) else { return Ok(None) };
        match self.records(&settings.id, &newest.repository).await? {
            Records::Tip(tip) => Ok(Some((newest, *tip))),
            Records::None | Records::Stopped { .. } => Ok(None),
        }
    }

    pub(crate) async fn is_answered(&self, id: CommentId) -> Result<bool, FlowError> {
        if self.store.facts().recall(ANSWERED, &self.key(&id.0.to_string())).await?.is_some() {
            return Ok(true);
        }
        // After a loss of the database, our own reaction tells.
        let ours = self.github.reactions_by(&self.repository, id, &self.viewer).await?;
        Ok(ours.iter().any(|reaction| !matches!(reaction, Reaction::Eyes)))
    }

    async fn answered(&self, id: CommentId) -> Result<(), FlowError> {
        Ok(self.store.facts().remember(ANSWERED, &self.key(&id.0.to_string()), "yes").await?)
    }

    pub(crate) async fn react(&self, comment: CommentId, reaction: Reaction) -> Result<(), FlowError> {
        let word = match reaction {
            Reaction::Eyes => "eyes",
            Reaction::Rocket => "rocket",
            Reaction::PlusOne => "+1",
            Reaction::MinusOne => "-1",
            Reaction::Confused => "confused",
            Reaction::Hooray => "hooray",
        };
        let write = crate::deliver::ReactionWrite { comment, reaction: word.to_owned() };
        self.post("reaction", &format!("{} {word}", comment.0), serde_json::to_string(&write)?).await
    }

    /// Whether an issue is the environment's own one.
    async fn is_own_issue(&self, issue: IssueNumber, environment: &Name) -> Result<bool, FlowError> {
        let title = crate::comment::issue_title(environment.as_str());
        Ok(self.github.find_open_issue(&self.repository, &self.viewer, &title).await?.is_some_and(|found| found.number == issue))
    }

    /// Whether a pull request is still open: then merging it is what applies it.
    pub(crate) async fn is_open_pull(&self, issue: IssueNumber) -> Result<bool, FlowError> {
        match self.github.pull(&self.repository, issue.as_pull()).await {
            Ok(pull) => Ok(pull.state == PullState::Open),
            Err(GitHubError { kind: GitHubErrorKind::NotFound, .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }
}

struct ApplyRequest<'a> {
    environment: &'a Name,
    comment: CommentId,
    issue: IssueNumber,
    author: &'a Login,
    digest: Option<&'a str>,
    deletes: Option<usize>,
}

fn is_about(parked: &Parked, issue: IssueNumber, own_issue: bool) -> bool {
    match parked.pull_request {
        Some(number) => number == issue.0,
        None => own_issue,
    }
}

fn unreadable() -> Condition {
    Condition {
        met: false,
        text: "the merged commit can be planned".to_owned(),
        who: "the author mends the blueprints; `ipr validate` shows what is wrong".to_owned(),
    }
}
