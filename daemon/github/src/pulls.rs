//! What do pull requests say, which ones are there, and how is one opened?

use std::ops::ControlFlow;

use serde::Deserialize;
use serde_json::json;

use crate::client::GitHub;
use crate::error::GitHubError;
use crate::ids::{CommitSha, PullNumber};
use crate::names::{Login, RepositoryName};
use crate::pages::Extent;
use crate::timestamp::Timestamp;
use crate::transport::Call;
use crate::wire::{Account, null_as_default};

/// A pull request as GitHub had it when it was read.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "PullBody")]
pub struct PullRequest {
    pub number: PullNumber,
    pub title: String,
    pub body: String,
    pub state: PullState,
    pub draft: bool,
    pub merged: bool,
    pub merged_at: Option<Timestamp>,
    /// The commit that the merge made. Before the merge GitHub gives a test merge here, which goes stale: do not use it.
    pub merge_commit_sha: Option<CommitSha>,
    /// `None` when the account was deleted.
    pub author: Option<Login>,
    pub head_sha: CommitSha,
    pub head_ref: String,
    /// Where the head lives. `None` when that fork was deleted.
    pub head_repo: Option<RepositoryName>,
    pub base_ref: String,
    pub base_sha: CommitSha,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub html_url: String,
    /// The names of its labels.
    pub labels: Vec<String>,
}

impl PullRequest {
    /// Whether the head lives outside `repository`, or nobody knows where it lived.
    pub fn is_from_fork(&self, repository: &RepositoryName) -> bool {
        self.head_repo.as_ref() != Some(repository)
    }
}

/// Whether a pull request is open. A merged one is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PullState {
    Open,
    Closed,
}

/// A pull request to open. `head` and `base` are branches of the repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PullDraft {
    pub title: String,
    pub head: String,
    pub base: String,
    pub body: String,
}

#[derive(Deserialize)]
struct PullBody {
    number: PullNumber,
    title: String,
    body: Option<String>,
    state: PullState,
    #[serde(default, deserialize_with = "null_as_default")]
    draft: bool,
    /// Lists leave it out and give `merged_at` alone.
    merged: Option<bool>,
    merged_at: Option<Timestamp>,
    merge_commit_sha: Option<CommitSha>,
    user: Option<Account>,
    head: Side,
    base: Side,
    created_at: Timestamp,
    updated_at: Timestamp,
    #[serde(default, deserialize_with = "null_as_default")]
    html_url: String,
    #[serde(default, deserialize_with = "null_as_default")]
    labels: Vec<Label>,
}

#[derive(Deserialize)]
struct Label {
    name: String,
}

#[derive(Deserialize)]
struct Side {
    sha: CommitSha,
    #[serde(rename = "ref")]
    reference: String,
    repo: Option<SideRepository>,
}

#[derive(Deserialize)]
struct SideRepository {
    full_name: RepositoryName,
}

impl From<PullBody> for PullRequest {
    fn from(body: PullBody) -> Self {
        Self {
            number: body.number,
            title: body.title,
            body: body.body.unwrap_or_default(),
            state: body.state,
            draft: body.draft,
            merged: body.merged.unwrap_or(body.merged_at.is_some()),
            merged_at: body.merged_at,
            merge_commit_sha: body.merge_commit_sha,
            author: body.user.as_ref().and_then(Account::login),
            head_sha: body.head.sha,
            head_ref: body.head.reference,
            head_repo: body.head.repo.map(|repository| repository.full_name),
            base_ref: body.base.reference,
            base_sha: body.base.sha,
            created_at: body.created_at,
            updated_at: body.updated_at,
            html_url: body.html_url,
            labels: body.labels.into_iter().map(|label| label.name).collect(),
        }
    }
}

impl GitHub {
    pub async fn pull(&self, repository: &RepositoryName, number: PullNumber) -> Result<PullRequest, GitHubError> {
        let url = self.repository_url(repository, &["pulls", &number.to_string()]);
        self.json(Call::get(url, format!("read pull request {repository}#{number}"))).await
    }

    /// All open pull requests.
    pub async fn open_pulls(&self, repository: &RepositoryName) -> Result<Vec<PullRequest>, GitHubError> {
        let url = self.repository_url(repository, &["pulls"]);
        let call = Call::get(url, format!("list the open pull requests of {repository}")).query(&[("state", "open")]);
        Ok(without_repeats(self.list(call).await?))
    }

    /// Pull requests, open or closed, that changed at `since` or later; the last changed first.
    pub async fn recently_updated_pulls(&self, repository: &RepositoryName, since: Timestamp) -> Result<Vec<PullRequest>, GitHubError> {
        let attempted = format!("list the pull requests of {repository} changed since {since}");
        let url = self.repository_url(repository, &["pulls"]);
        let call = Call::get(url, attempted.clone()).query(&[("state", "all"), ("sort", "updated"), ("direction", "desc")]);
        let mut recent: Vec<PullRequest> = Vec::new();
        let take = |page: Vec<PullRequest>| {
            let read = page.len();
            let kept = recent.len();
            recent.extend(page.into_iter().take_while(|pull| pull.updated_at >= since));
            let reached_older = recent.len() - kept < read;
            if reached_older { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        match self.each_page(call, take).await? {
            Extent::Whole => Ok(without_repeats(recent)),
            Extent::Part => Err(GitHubError::protocol(&attempted, "more than 3,000 pull requests changed since then")),
        }
    }

    /// The pull requests that a commit belongs to; for a commit on the default branch, the merged one that brought it.
    pub async fn pulls_of_commit(&self, repository: &RepositoryName, commit: &CommitSha) -> Result<Vec<PullRequest>, GitHubError> {
        let url = self.repository_url(repository, &["commits", commit.as_str(), "pulls"]);
        self.list(Call::get(url, format!("list the pull requests of commit {commit} in {repository}"))).await
    }

    /// All pull requests, open or closed, whose head is this branch of the repository itself.
    pub async fn pulls_of_branch(&self, repository: &RepositoryName, branch: &str) -> Result<Vec<PullRequest>, GitHubError> {
        let url = self.repository_url(repository, &["pulls"]);
        let call = Call::get(url, format!("list the pull requests of the branch `{branch}` in {repository}"));
        let head = format!("{}:{branch}", repository.owner());
        let pulls: Vec<PullRequest> = self.list(call.query(&[("state", "all"), ("head", &head)])).await?;
        // GitHub ignores a filter that it does not understand.
        Ok(without_repeats(pulls.into_iter().filter(|pull| pull.head_ref == branch && !pull.is_from_fork(repository)).collect()))
    }

    /// Opens a pull request. `Conflict` when the head has one already.
    pub async fn open_pull(&self, repository: &RepositoryName, draft: &PullDraft) -> Result<PullRequest, GitHubError> {
        let body = json!({"title": draft.title, "head": draft.head, "base": draft.base, "body": draft.body});
        let attempted = format!("open a pull request from {} in {repository}", draft.head);
        self.json(Call::post(self.repository_url(repository, &["pulls"]), body, attempted)).await
    }
}

/// What changes while a list is read moves between pages, and may come twice. The first one read is kept.
fn without_repeats(pulls: Vec<PullRequest>) -> Vec<PullRequest> {
    let mut seen = std::collections::BTreeSet::new();
    pulls.into_iter().filter(|pull| seen.insert(pull.number)).collect()
}
