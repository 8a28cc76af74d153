//! Who must be told, and where? New comments where a person must act or the work ended; an edit is never the only notice.

use core_config::Environment;
use core_model::plan::Plan;
use core_model::record::{Parked, ParkedReason, Record, RunResult};
use core_model::{Address, Name};
use daemon_github::{CommentId, IssueNumber, PullNumber};

use crate::authorise::Condition;
use crate::commands::{CommandError, Parsed};
use crate::comment::{self, ParkedView, Requirement, RunView, WaitingMerge, WaitingView, Why};
use crate::decisions::Newest;
use crate::deliver::{IssueWrite, News, NoticeWrite};
use crate::error::FlowError;
use crate::jobs::Decision;
use crate::project::Project;
use crate::records::Tip;
use crate::review::stored_verdict;
use crate::untold::Telling;

const STOPPED: &str = "stopped";
/// What the environment's issue was last told to say.
const ISSUE_TEXT: &str = "issue-text";
const RECORDS_WALKED: usize = 50;

impl Project {
    async fn notice(&self, issue: IssueNumber, key: String, body: String) -> Result<(), FlowError> {
        self.notice_of_record(issue, key, body, Telling::AtOnce).await
    }

    /// A comment that is looked for first where another process may have written it.
    pub(crate) async fn notice_of_record(&self, issue: IssueNumber, key: String, body: String, telling: Telling) -> Result<(), FlowError> {
        let write = NoticeWrite { issue, key: key.clone(), body, look_first: telling == Telling::Afterwards };
        self.post("notice", &format!("{} {key}", issue.0), serde_json::to_string(&write)?).await
    }

    /// A merge waits for a person.
    pub(crate) async fn tell_parked(&self, environment: &Name, settings: &Environment, parked: &Parked, telling: Telling) -> Result<(), FlowError> {
        let Some(number) = parked.pull_request else { return self.refresh_issue(environment).await };
        let number = PullNumber(number);
        let plan = self.waiting_plan(settings, parked).await?;
        let body = comment::parked(&ParkedView {
            environment: environment.as_str(),
            reason: parked.reason,
            detail: &parked.detail,
            digest: &parked.digest,
            plan: plan.as_ref(),
            registry: &self.planning.registry,
            notify: &settings.notify.waiting,
        });
        // The same plan may wait for a window first, and for a person then.
        let word = if parked.reason == ParkedReason::Window { "held" } else { "parked" };
        self.notice_of_record(number.into(), format!("{word} {environment} {} {}", parked.commit, parked.digest), body, telling).await?;
        self.refresh_living(number).await
    }

    /// A run ended.
    pub(crate) async fn tell_finished(&self, environment: &Name, settings: &Environment, finished: &Tip, telling: Telling) -> Result<(), FlowError> {
        let run = &finished.record.run;
        let Some(number) = run.pull_request.map(PullNumber) else { return self.refresh_issue(environment).await };
        let record: String = finished.commit.to_string().chars().take(12).collect();
        let url = self.commit_url(&finished.commit.to_string());
        let applied = run.result == Some(RunResult::Applied);
        let view = RunView {
            environment: environment.as_str(),
            plan: finished.record.plan.as_ref(),
            outcomes: &run.outcomes,
            record: &record,
            record_url: Some(&url),
            notes: &run.notes,
            digest: run.digest.as_ref().filter(|_| !applied),
            notify: if applied { &[] } else { &settings.notify.failed },
        };
        let body = match run.result {
            Some(RunResult::Applied) => comment::applied(&view),
            Some(RunResult::RolledBack) => comment::rolled_back(&view),
            _ => comment::failed(&view),
        };
        self.notice_of_record(number.into(), format!("finished {environment} {}", run.run_id), body, telling).await?;
        self.refresh_living(number).await
    }

    pub(crate) async fn refuse(&self, issue: IssueNumber, comment: CommentId, command: &str, conditions: &[Condition]) -> Result<(), FlowError> {
        let requirements: Vec<Requirement> = conditions.iter().cloned().map(Requirement::from).collect();
        let body = comment::refused(command, &requirements);
        // One comment may hold several commands, and one command may go to several environments.
        let key = format!("refused {} {}", comment.0, core_model::Hash::of_bytes(body.as_bytes()).short());
        self.notice(issue, key, body).await?;
        self.react(comment, daemon_github::Reaction::MinusOne).await
    }

    pub(crate) async fn tell_edited(&self, issue: IssueNumber, id: CommentId) -> Result<(), FlowError> {
        let line = self.github.comment(&self.repository, id).await?.body.lines().find(|line| line.starts_with('/')).unwrap_or("/").to_owned();
        self.notice(issue, format!("edited {}", id.0), comment::edited_command_ignored(&line)).await
    }

    pub(crate) async fn tell_command_error(
        &self,
        issue: IssueNumber,
        id: CommentId,
        place: usize,
        parsed: &Parsed,
        error: &CommandError,
    ) -> Result<(), FlowError> {
        self.notice(issue, format!("command {} {place}", id.0), comment::command_error(parsed, error)).await?;
        self.react(id, daemon_github::Reaction::Confused).await
    }

    pub(crate) async fn tell_help(&self, issue: IssueNumber, id: CommentId) -> Result<(), FlowError> {
        self.notice(issue, format!("help {}", id.0), comment::help()).await?;
        self.react(id, daemon_github::Reaction::PlusOne).await
    }

    /// What the rules said of the newest plan in each environment.
    pub(crate) async fn tell_why(&self, issue: IssueNumber, id: CommentId, about: Option<&Address>) -> Result<(), FlowError> {
        let mut verdicts = Vec::new();
        for environment in &self.environments {
            if let Some((stored, _)) = self.latest_plan(issue.as_pull(), environment).await? {
                verdicts.push((environment, stored_verdict(&stored)?));
            }
        }
        let environments: Vec<Why<'_>> = verdicts.iter().map(|(environment, verdict)| Why { environment: environment.as_str(), verdict }).collect();
        self.notice(issue, format!("why {}", id.0), comment::why(&environments, about)).await?;
        self.react(id, daemon_github::Reaction::PlusOne).await
    }

    pub(crate) async fn tell_nothing_waits(&self, issue: IssueNumber, id: CommentId, decision: &Decision) -> Result<(), FlowError> {
        let is_apply = matches!(decision, Decision::Apply { .. });
        let body = if is_apply && self.is_open_pull(issue).await? {
            let condition = Condition {
                met: false,
                text: "the pull request is merged".to_owned(),
                who: "merge it: the reviewed plan is applied then".to_owned(),
            };
            comment::refused("/apply", &[condition.into()])
        } else {
            comment::nothing_to_apply(if is_apply { "/apply" } else { "/skip" }, None)
        };
        self.notice(issue, format!("nothing {}", id.0), body).await
    }

    /// Writes, edits or closes the environment's one issue: what waits there and has no pull request to say it on.
    pub(crate) async fn refresh_issue(&self, environment: &Name) -> Result<(), FlowError> {
        let Newest::Tip(newest, tip) = self.environment_tip(environment).await? else { return Ok(()) };
        let Some(settings) = newest.repository.environments.get(environment) else { return Ok(()) };
        let waiting: Vec<&Parked> = tip.record.run.parked.iter().filter(|parked| parked.pull_request.is_none()).collect();
        let round = self.round(settings).await?;
        let first_installation = waiting.iter().find(|parked| parked.base.is_empty());
        let first_plan = match first_installation {
            Some(parked) => self.waiting_plan(settings, parked).await?,
            None => None,
        };
        let mut plans = Vec::new();
        let mut summaries = Vec::new();
        for parked in &waiting {
            plans.push(self.waiting_plan(settings, parked).await?);
            let commit = crate::records::parse_commit(&parked.commit)?;
            let message = self.mirror.run(move |history| history.commit(commit)).await??.message;
            summaries.push(message.lines().next().unwrap_or_default().to_owned());
        }
        let merges: Vec<WaitingMerge<'_>> = waiting
            .iter()
            .zip(plans.iter().zip(&summaries))
            .filter(|(parked, _)| !parked.base.is_empty())
            .map(|(parked, (plan, summary))| WaitingMerge {
                commit: &parked.commit[..parked.commit.len().min(12)],
                summary,
                reason: parked.reason,
                detail: &parked.detail,
                digest: &parked.digest,
                plan: plan.as_ref(),
            })
            .collect();
        let view = WaitingView {
            environment: environment.as_str(),
            first_installation: first_plan.as_ref(),
            first_held: first_installation.filter(|parked| parked.reason == ParkedReason::Window).map(|parked| parked.detail.as_str()),
            merges: &merges,
            drift: &round.found,
            times: round.times,
            notes: &round.notes,
            registry: &self.planning.registry,
            notify: &settings.notify.waiting,
        };
        let body = (!waiting.is_empty() || !round.found.is_empty()).then(|| comment::waiting_issue(&view));
        let changed = (!round.found.is_empty()).then(|| News {
            mark: comment::drift_mark(round.times),
            key: format!("drift {environment} {} {}", round.times, core_model::Hash::of_bytes(comment::changed_too(&view).as_bytes()).short()),
            comment: comment::changed_too(&view),
        });
        let news = changed.into_iter().chain(merges.iter().map(|merge| News {
            mark: comment::merge_heading(merge),
            key: format!("waits {environment} {} {}", merge.commit, merge.digest.short()),
            comment: comment::waits_too(&view, merge),
        }));
        self.post_issue(environment, body, news.collect()).await
    }

    async fn post_issue(&self, environment: &Name, body: Option<String>, news: Vec<News>) -> Result<(), FlowError> {
        let key = self.key(environment.as_str());
        let text = core_model::Hash::of_bytes(body.as_deref().unwrap_or_default().as_bytes());
        if self.store.facts().recall(ISSUE_TEXT, &key).await?.as_deref() == Some(text.as_str()) {
            return Ok(());
        }
        let write = IssueWrite { title: comment::issue_title(environment.as_str()), body, news };
        self.post("issue", environment.as_str(), serde_json::to_string(&write)?).await?;
        // Last: a daemon that ends before this says the same again, one that ends after it has said it.
        Ok(self.store.facts().remember(ISSUE_TEXT, &key, text.as_str()).await?)
    }

    /// The issue says that the environment is stopped, and why.
    async fn post_stopped(&self, environment: &Name, why: &str, notify: &[String], body: String) -> Result<(), FlowError> {
        let news = News {
            mark: comment::stopped_heading(environment.as_str()),
            key: format!("stopped {environment} {}", core_model::Hash::of_bytes(why.as_bytes()).short()),
            comment: comment::stopped_too(environment.as_str(), notify),
        };
        self.post_issue(environment, Some(body), vec![news]).await
    }

    /// The plan that was made when a merge was parked: it stands in the record that parked it.
    pub(crate) async fn waiting_plan(&self, settings: &Environment, parked: &Parked) -> Result<Option<Plan>, FlowError> {
        let (id, digest, commit) = (settings.id.clone(), parked.digest.clone(), parked.commit.clone());
        let found = self.mirror.run(move |history| {
            for record in history.record_chain(&id, RECORDS_WALKED)? {
                let Ok(record) = Record::from_files(&history.record_files(record)?) else { continue };
                if record.run.source.as_deref() == Some(&commit)
                    && let Some(plan) = record.plan.filter(|plan| plan.digest == digest)
                {
                    return Ok::<_, daemon_history::record::RecordError>(Some(plan));
                }
            }
            Ok(None)
        });
        Ok(found.await??)
    }

    /// The records of an environment are not believed: nothing is done there, and a person is told once.
    pub(crate) async fn environment_stopped(&self, environment: &Name, settings: &Environment, why: String) -> Result<(), FlowError> {
        tracing::error!(environment = %environment, why, "the environment is stopped");
        let key = self.key(environment.as_str());
        self.store.facts().remember(STOPPED, &key, &why).await?;
        let last_seen = self.store.facts().recall(crate::records::LAST_SEEN, &self.key(settings.id.as_str())).await?;
        let notify = &settings.notify.failed;
        let body = comment::environment_stopped(environment.as_str(), &why, last_seen.as_deref(), notify);
        self.post_stopped(environment, &why, notify, body).await
    }

    /// The default branch cannot be followed: the environment stays as it is, and a person is told once.
    pub(crate) async fn environment_held(&self, environment: &Name, why: &str, notify: &[String], mistakes: &[String]) -> Result<(), FlowError> {
        tracing::error!(environment = %environment, why, "the environment is held");
        self.store.facts().remember(STOPPED, &self.key(environment.as_str()), why).await?;
        self.post_stopped(environment, why, notify, comment::environment_held(environment.as_str(), why, mistakes, notify)).await
    }

    /// The records are believed again.
    pub(crate) async fn environment_goes_on(&self, environment: &Name) -> Result<(), FlowError> {
        let key = self.key(environment.as_str());
        if self.store.facts().recall(STOPPED, &key).await?.is_some() {
            self.refresh_issue(environment).await?;
            self.store.facts().forget(STOPPED, &key).await?;
        }
        Ok(())
    }
}
