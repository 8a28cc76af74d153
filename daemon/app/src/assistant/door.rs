//! Who comes in, and by which door? Webhooks and the sweep bring keys; a comment comes here when it holds no command.

use daemon_github::{Comment, IssueNumber, Timestamp};
use daemon_store::RequestEntry;

use super::request::{Origin, State};
use super::thread::mentions;
use crate::error::FlowError;
use crate::jobs::JobKind;
use crate::project::Project;

/// Up to when issues were looked at.
const ISSUES_SEEN: &str = "issues-seen";

impl Project {
    /// An issue changed. What it says is read by the job.
    pub(crate) async fn ring(&self, issue: IssueNumber) -> Result<(), FlowError> {
        if self.assistant.is_none() {
            return Ok(());
        }
        self.enqueue(JobKind::Attend { issue }).await
    }

    /// A comment without a command: does it call us, or answer a question of ours? Its author is asked for by the job.
    pub(crate) async fn knock(&self, comment: &Comment) -> Result<(), FlowError> {
        let Some(settings) = &self.assistant else { return Ok(()) };
        let requests = self.store.requests().of_issue(&self.repository.to_string(), number(comment.issue)).await?;
        let id = i64::try_from(comment.id.0).unwrap_or(i64::MAX);
        let is_known = |request: &RequestEntry| request.seen >= id || request.origin == Origin::Comment(comment.id).to_string();
        if requests.iter().any(is_known) {
            return Ok(());
        }
        if mentions(&comment.body, settings) || requests.iter().any(|request| State::Asking.is_of(request)) {
            self.ring(comment.issue).await?;
        }
        Ok(())
    }

    /// Requests that no webhook told of. Without anything remembered, every open issue is looked at once.
    pub(crate) async fn sweep_requests(&self) -> Result<(), FlowError> {
        let Some(settings) = &self.assistant else { return Ok(()) };
        let (facts, key) = (self.store.facts(), self.repository.to_string());
        let seen = facts.recall(ISSUES_SEEN, &key).await?.and_then(|text| text.parse::<Timestamp>().ok());
        let mut newest = seen;
        for issue in self.github.open_issues(&self.repository, seen).await? {
            newest = newest.max(Some(issue.updated_at));
            let is_labelled = settings.label.as_ref().is_some_and(|label| issue.labels.iter().any(|own| own.eq_ignore_ascii_case(label)));
            let is_ours = issue.author.as_ref() == Some(&self.viewer) || issue.author_is_bot;
            if !is_ours && (is_labelled || mentions(&format!("{}\n\n{}", issue.title, issue.body), settings)) && !self.is_known(issue.number).await? {
                self.ring(issue.number).await?;
            }
        }
        if let Some(newest) = newest {
            facts.remember(ISSUES_SEEN, &key, &newest.to_string()).await?;
        }
        Ok(())
    }

    /// Whether the issue itself was read. What is still to be said about it waits in the queue; answers are comments.
    async fn is_known(&self, issue: IssueNumber) -> Result<bool, FlowError> {
        let requests = self.store.requests().of_issue(&self.repository.to_string(), number(issue)).await?;
        Ok(requests.iter().any(|request| request.origin == Origin::Issue.to_string()))
    }
}

pub(crate) fn number(issue: IssueNumber) -> i64 {
    i64::try_from(issue.0).unwrap_or(i64::MAX)
}
