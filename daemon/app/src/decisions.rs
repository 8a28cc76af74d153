//! What did somebody ask for in a comment, and is it done? Reads commands, judges who asks, and carries decisions out.

use std::sync::Arc;

use core_config::{Environment, Loaded};
use core_model::Name;
use core_model::record::{CommandId, Parked, Record, RecordKind, Run, RunResult};
use daemon_github::{Comment, CommentId, GitHubError, GitHubErrorKind, IssueNumber, Login, PullState, Reaction};
use daemon_history::record::RecordError;

use crate::authorise::{Asked, Condition, Operation, all_met, authorise};
use crate::commands::{self, Command, Parsed};
use crate::error::FlowError;
use crate::jobs::{Decision, JobKind};
use crate::parked::ApplyRequest;
use crate::project::Project;
use crate::records::{Records, Tip, state_of};
use crate::untold::Telling;
use crate::waiting::{Meant, be_clear, meant};

const ANSWERED: &str = "answered";
/// Records walked to find whether a command was carried out.
const RECORDS_WALKED: usize = 200;

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
        if parsed.is_empty() {
            return self.knock(&comment).await;
        }
        if self.is_answered(id).await? {
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
                    let covers = self.looked_at_before(issue.as_pull(), comment.created_at).await?;
                    self.enqueue(JobKind::Pull { number: issue.as_pull(), asked: true, covers }).await?;
                    self.react(comment.id, Reaction::PlusOne).await?;
                }
                Ok(())
            }
            Command::Apply { environment, digest, deletes } => {
                if self.may(issue, comment, author, parsed, Operation::Plan).await? {
                    let decision = Decision::Apply { digest: digest.clone(), deletes: *deletes, issue };
                    self.enqueue_decision(issue, command_id(comment.id, place), environment.as_deref(), decision).await?;
                }
                Ok(())
            }
            Command::Skip { environment, named } => {
                if self.may(issue, comment, author, parsed, Operation::Skip).await? {
                    let decision = Decision::Skip { named: named.clone(), issue };
                    self.enqueue_decision(issue, command_id(comment.id, place), environment.as_deref(), decision).await?;
                }
                Ok(())
            }
        }
    }

    /// Judges the person alone; the plan is judged in the environment's lane.
    async fn may(&self, issue: IssueNumber, comment: &Comment, author: &Login, parsed: &Parsed, operation: Operation) -> Result<bool, FlowError> {
        let permission = self.github.permission(&self.repository, author).await?;
        let conditions = authorise(&Asked::of_person(operation, author, permission));
        if !all_met(&conditions) {
            self.refuse(issue, comment.id, &parsed.line, &conditions).await?;
            return Ok(false);
        }
        Ok(true)
    }

    /// To the environment that was named, or to every one where something of this pull request or issue waits, or where a record
    /// says that the command is done already: after a loss of the database it is read again.
    async fn enqueue_decision(&self, issue: IssueNumber, id: CommandId, named: Option<&str>, decision: Decision) -> Result<(), FlowError> {
        let comment = CommentId(id.comment);
        self.mirror.fetch().await?;
        let (mut waiting, mut held) = (Vec::new(), Vec::new());
        for environment in &self.environments {
            if named.is_some_and(|name| name != environment.as_str()) {
                continue;
            }
            let tip = match self.environment_tip(environment).await? {
                Newest::Tip(_, tip) => tip,
                Newest::Nothing => continue,
                Newest::Held(why) => {
                    held.push(goes_on(environment, &why));
                    continue;
                }
            };
            let own = self.is_own_issue(issue, environment).await?;
            let waits = tip.record.run.parked.iter().any(|parked| is_about(parked, issue, own));
            if waits || self.carried_out(&tip, id).await?.is_some() {
                waiting.push(environment.clone());
            }
        }
        if waiting.is_empty() && !held.is_empty() {
            return self.refuse(issue, comment, decision.command(), &held).await;
        }
        if waiting.is_empty() {
            self.tell_nothing_waits(issue, comment, &decision).await?;
            return self.react(comment, Reaction::Confused).await;
        }
        for environment in waiting {
            self.enqueue(JobKind::Decide { environment, comment, place: id.place, decision: decision.clone() }).await?;
        }
        Ok(())
    }

    /// Carries a decision out, in the environment's lane.
    pub(crate) async fn decide(&self, environment: &Name, id: CommandId, decision: &Decision) -> Result<(), FlowError> {
        let comment = CommentId(id.comment);
        self.advance(environment).await?;
        let issue = decision.issue();
        let (newest, tip) = match self.environment_tip(environment).await? {
            Newest::Tip(newest, tip) => (newest, tip),
            Newest::Nothing => return self.tell_nothing_waits(issue, comment, decision).await,
            Newest::Held(why) => return self.refuse(issue, comment, decision.command(), &[goes_on(environment, &why)]).await,
        };
        if let Some(done) = self.carried_out(&tip, id).await? {
            return self.acknowledge(environment, comment, done.result).await;
        }
        let Some(settings) = newest.repository.environments.get(environment) else { return Ok(()) };
        let author = self.github.comment(&self.repository, comment).await?.author;
        let Some(author) = author else { return Ok(()) };
        let own = self.is_own_issue(issue, environment).await?;
        let about = tip.record.run.parked.iter().filter(|parked| is_about(parked, issue, own)).collect();
        let parked = match meant(about, decision.named(), matches!(decision, Decision::Apply { .. })) {
            Meant::One(parked) => parked.clone(),
            // Another command was carried out meanwhile.
            Meant::Nothing => return self.tell_nothing_waits(issue, comment, decision).await,
            Meant::Unclear(waiting) => {
                let condition = be_clear(decision.command(), &waiting);
                return self.refuse(issue, comment, decision.command(), &[condition]).await;
            }
        };
        match decision {
            Decision::Skip { .. } => {
                self.skip(&Skip { environment, settings, parked: &parked, author: &author, command: id }, &tip).await?;
                self.acknowledge(environment, comment, Some(RunResult::Skipped)).await
            }
            Decision::Apply { digest, deletes, .. } => {
                let request = ApplyRequest { environment, command: id, issue, author: &author, digest: digest.as_deref(), deletes: *deletes };
                self.apply_parked(&request, &newest, &tip, &parked).await.map(drop)
            }
        }
    }

    async fn skip(&self, skip: &Skip<'_>, tip: &Tip) -> Result<(), FlowError> {
        let Skip { environment, settings, parked, author, command } = skip;
        let mut run = self.next_run(&settings.id, Some(tip), RecordKind::Noted);
        run.parked.retain(|other| other.commit != parked.commit);
        run.source = Some(parked.commit.clone());
        run.pull_request = parked.pull_request;
        run.requested_by = author.as_str().to_owned();
        run.command = Some(*command);
        run.result = Some(RunResult::Skipped);
        let record = Record { run, plan: None, state: state_of(Some(tip)) };
        let message = format!("ipr: {} skipped a merge in {environment}", author.as_str());
        let tip = self.append(environment, Some(tip.commit), record, message).await?;
        self.tell_untold(environment, settings, &tip, Telling::AtOnce).await
    }

    /// What the records say of a command: the newest run or note that carried it out. Records outlive the database, so a command
    /// is carried out once whatever becomes of the job.
    async fn carried_out(&self, tip: &Tip, command: CommandId) -> Result<Option<Run>, FlowError> {
        let environment = tip.record.run.environment.clone();
        let found = self.mirror.run(move |history| {
            for commit in history.record_chain(&environment, RECORDS_WALKED)? {
                // A record below a verified tip is covered by the chain of parents that the tip's signature covers.
                let Ok(record) = Record::from_files(&history.record_files(commit)?) else { continue };
                if record.run.command == Some(command) {
                    return Ok::<_, RecordError>(Some(record.run));
                }
            }
            Ok(None)
        });
        Ok(found.await??)
    }

    /// Says on the comment itself how its command ended.
    pub(crate) async fn acknowledge(&self, environment: &Name, comment: CommentId, result: Option<RunResult>) -> Result<(), FlowError> {
        let reaction = match result {
            Some(RunResult::Applied) => Reaction::Rocket,
            Some(RunResult::Failed | RunResult::RolledBack) => Reaction::MinusOne,
            _ => Reaction::PlusOne,
        };
        self.react(comment, reaction).await?;
        self.refresh_issue(environment).await
    }

    /// The default branch and the newest record of an environment, if it has a believable one.
    pub(crate) async fn environment_tip(&self, environment: &Name) -> Result<Newest, FlowError> {
        let Some(main) = self.default_tip().await? else { return Ok(Newest::Nothing) };
        let newest = self.load_commit(main).await?;
        let Some(settings) = newest.repository.environments.get(environment) else {
            let unreadable = || format!("what `{}` wants cannot be read", self.default_branch);
            return Ok(if crate::planning::has_errors(&newest) { Newest::Held(unreadable()) } else { Newest::Nothing });
        };
        Ok(match self.records(&settings.id, &newest.repository).await? {
            // The records of another environment are not those of this one.
            Records::Tip(tip) if self.is_another(environment, settings, Some(&tip)).await?.is_some() => {
                Newest::Held(format!("`{}` makes it another environment", self.default_branch))
            }
            Records::Tip(tip) => Newest::Tip(newest, tip),
            Records::Stopped { why } => Newest::Held(why),
            Records::None => Newest::Nothing,
        })
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

/// What an environment is at.
pub(crate) enum Newest {
    Tip(Arc<Loaded>, Box<Tip>),
    /// There is no such environment, or no record of it.
    Nothing,
    /// Its records, or its settings, are not believed, and why: what waits there is not known.
    Held(String),
}

/// What a command to an environment that is stopped has to wait for.
fn goes_on(environment: &Name, why: &str) -> Condition {
    Condition {
        met: false,
        text: format!("`{environment}` is not stopped ({why})"),
        who: "the issue of the environment says how it goes on".to_owned(),
    }
}

/// A person lets go of a merge.
struct Skip<'a> {
    environment: &'a Name,
    settings: &'a Environment,
    parked: &'a Parked,
    author: &'a Login,
    command: CommandId,
}

fn command_id(comment: CommentId, place: usize) -> CommandId {
    CommandId { comment: comment.0, place: place as u64 }
}

fn is_about(parked: &Parked, issue: IssueNumber, own_issue: bool) -> bool {
    match parked.pull_request {
        Some(number) => number == issue.0,
        None => own_issue,
    }
}
