//! Which pull request, comment or branch does a webhook want looked at?

use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};

use super::nesting::is_deeper_than;
use crate::ids::{CommentId, CommitSha, IssueNumber, PullNumber};
use crate::names::RepositoryName;

/// GitHub's own payloads stay under ten.
const DEPTH_MAX: usize = 64;

/// What to look at. Keys only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wake {
    /// The webhook was just set up.
    Ping,
    PullRequest {
        repository: RepositoryName,
        number: PullNumber,
        action: PullAction,
    },
    Comment {
        repository: RepositoryName,
        number: IssueNumber,
        comment: CommentId,
        action: CommentAction,
        is_pull_request: bool,
    },
    /// An issue was opened, edited, reopened or labelled.
    Issue {
        repository: RepositoryName,
        number: IssueNumber,
    },
    /// A review was given, edited or dismissed.
    Review {
        repository: RepositoryName,
        number: PullNumber,
    },
    /// A branch or tag moved. `reference` is the full name; `after` is `None` when it was deleted.
    Push {
        repository: RepositoryName,
        reference: String,
        after: Option<CommitSha>,
    },
    /// Nothing that the daemon acts on.
    Ignored {
        event: String,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PullAction {
    Opened,
    Reopened,
    /// The head moved.
    Synchronize,
    /// Title, body or base changed.
    Edited,
    /// Merged, or closed without a merge.
    Closed,
    ReadyForReview,
    ConvertedToDraft,
    /// Rules may ask for a label.
    Labeled,
    Unlabeled,
}

/// What happens to an issue and may make it a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum IssueAction {
    Opened,
    Reopened,
    Edited,
    Labeled,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CommentAction {
    Created,
    Edited,
    Deleted,
}

/// A signed body that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum PayloadError {
    #[error("the `{event}` webhook is nested too deeply")]
    Depth { event: String },
    #[error("the `{event}` webhook is not the JSON that GitHub describes")]
    Json { event: String, source: serde_json::Error },
}

#[derive(Deserialize)]
struct Repository {
    full_name: RepositoryName,
}

#[derive(Deserialize)]
struct Number<N> {
    number: N,
}

#[derive(Deserialize)]
struct PullEvent {
    action: Known<PullAction>,
    pull_request: Number<PullNumber>,
    repository: Repository,
}

#[derive(Deserialize)]
struct CommentEvent {
    action: Known<CommentAction>,
    issue: IssueBody,
    comment: CommentBody,
    repository: Repository,
}

#[derive(Deserialize)]
struct IssueEvent {
    action: Known<IssueAction>,
    issue: IssueBody,
    repository: Repository,
}

#[derive(Deserialize)]
struct IssueBody {
    number: IssueNumber,
    pull_request: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct CommentBody {
    id: CommentId,
}

#[derive(Deserialize)]
struct ReviewEvent {
    pull_request: Number<PullNumber>,
    repository: Repository,
}

#[derive(Deserialize)]
struct PushEvent {
    #[serde(rename = "ref")]
    reference: String,
    /// All zeros when the branch was deleted.
    after: CommitSha,
    repository: Repository,
}

/// A word of ours, or one that GitHub added since.
#[derive(Deserialize)]
#[serde(untagged)]
enum Known<T> {
    Yes(T),
    No(IgnoredAny),
}

/// Reads the keys out of a body whose signature was checked. `event` is the value of `X-GitHub-Event`. Events and actions
/// that the daemon does not act on are [`Wake::Ignored`], so that GitHub sees them accepted.
pub fn parse(event: &str, body: &[u8]) -> Result<Wake, PayloadError> {
    if is_deeper_than(body, DEPTH_MAX) {
        return Err(PayloadError::Depth { event: event.to_owned() });
    }
    match event {
        "ping" => read::<IgnoredAny>(event, body).map(|_| Wake::Ping),
        "pull_request" => read(event, body).map(pull_request),
        "issues" => read(event, body).map(issue),
        "issue_comment" => read(event, body).map(comment),
        "pull_request_review" => read(event, body).map(review),
        "push" => read(event, body).map(push),
        _ => read::<IgnoredAny>(event, body).map(|_| Wake::Ignored { event: event.to_owned() }),
    }
}

fn read<T: DeserializeOwned>(event: &str, body: &[u8]) -> Result<T, PayloadError> {
    serde_json::from_slice(body).map_err(|source| PayloadError::Json { event: event.to_owned(), source })
}

fn pull_request(body: PullEvent) -> Wake {
    match body.action {
        Known::Yes(action) => Wake::PullRequest { repository: body.repository.full_name, number: body.pull_request.number, action },
        Known::No(_) => Wake::Ignored { event: "pull_request".to_owned() },
    }
}

fn issue(body: IssueEvent) -> Wake {
    match body.action {
        Known::Yes(_) => Wake::Issue { repository: body.repository.full_name, number: body.issue.number },
        Known::No(_) => Wake::Ignored { event: "issues".to_owned() },
    }
}

fn comment(body: CommentEvent) -> Wake {
    match body.action {
        Known::Yes(action) => Wake::Comment {
            repository: body.repository.full_name,
            number: body.issue.number,
            comment: body.comment.id,
            action,
            is_pull_request: body.issue.pull_request.is_some(),
        },
        Known::No(_) => Wake::Ignored { event: "issue_comment".to_owned() },
    }
}

fn review(body: ReviewEvent) -> Wake {
    Wake::Review { repository: body.repository.full_name, number: body.pull_request.number }
}

fn push(body: PushEvent) -> Wake {
    let is_gone = body.after.as_str().bytes().all(|byte| byte == b'0');
    Wake::Push { repository: body.repository.full_name, reference: body.reference, after: (!is_gone).then_some(body.after) }
}
