//! What can a test see of the forge without asking over HTTP?

use std::collections::BTreeMap;

use super::contract::Violation;
use super::error::ForgeError;
use super::forge::Forge;
use super::webhook::Delivery;
use super::world::{Comment, Reaction, Repository, Status, Subject, World};

/// Requests that are remembered; older ones are forgotten.
const REQUESTS_MAX: usize = 20_000;

/// One request that the forge got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestRecord {
    pub method: String,
    /// Path and query, without `/api/v3`.
    pub path: String,
    /// The login behind the token, if it was good.
    pub actor: Option<String>,
    /// What was answered; 0 for a connection that was cut.
    pub status: u16,
    pub body: String,
}

impl RequestRecord {
    /// Whether the request asks for a change. Fetches of git post too, and change nothing.
    pub fn is_write(&self) -> bool {
        self.method != "GET" && !self.path.ends_with("/git-upload-pack")
    }
}

/// An issue that is not a pull request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssueView {
    pub number: u64,
    pub title: String,
    pub body: Option<String>,
    pub author: String,
    pub is_open: bool,
    pub labels: Vec<String>,
}

/// A pull request as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PullView {
    pub number: u64,
    pub title: String,
    pub body: String,
    pub labels: Vec<String>,
    pub is_open: bool,
    pub is_draft: bool,
    pub head_branch: String,
    pub head_sha: String,
    pub base_branch: String,
    pub merge_commit: Option<String>,
}

/// One commit of a branch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommitView {
    pub sha: String,
    pub parents: Vec<String>,
    pub tree: String,
    pub author: String,
    pub message: String,
}

impl World {
    pub(crate) fn record(&mut self, record: RequestRecord) {
        if self.requests.len() >= REQUESTS_MAX {
            self.requests.pop_front();
        }
        self.requests.push_back(record);
    }
}

impl Forge {
    fn look<T: Default>(&self, full_name: &str, read: impl FnOnce(&Repository) -> T) -> T {
        self.shared().lock().repositories.get(full_name).map(read).unwrap_or_default()
    }

    /// The comments of an issue or pull request, oldest first, with their former texts.
    pub fn comments(&self, full_name: &str, number: u64) -> Vec<Comment> {
        self.look(full_name, |repository| repository.comments.values().filter(|comment| comment.number == number).cloned().collect())
    }

    /// All statuses of a commit, in the order they were set.
    pub fn statuses(&self, full_name: &str, sha: &str) -> Vec<Status> {
        self.look(full_name, |repository| repository.statuses.iter().filter(|status| status.sha == sha).cloned().collect())
    }

    /// The reactions on an issue, pull request or comment, in the order they were made.
    pub fn reactions(&self, full_name: &str, on: Subject) -> Vec<Reaction> {
        self.look(full_name, |repository| repository.reactions.iter().filter(|reaction| reaction.on == on).cloned().collect())
    }

    /// The issues of a repository, without pull requests.
    pub fn issues(&self, full_name: &str) -> Vec<IssueView> {
        self.look(full_name, |repository| {
            let issues = repository.issues.values().filter(|issue| issue.pull.is_none());
            let view = issues.map(|issue| IssueView {
                number: issue.number,
                title: issue.title.clone(),
                body: issue.body.clone(),
                author: issue.author.clone(),
                is_open: issue.open,
                labels: issue.labels.clone(),
            });
            view.collect()
        })
    }

    /// The numbers of all pull requests.
    pub fn pull_requests(&self, full_name: &str) -> Vec<u64> {
        self.look(full_name, |repository| repository.issues.values().filter(|issue| issue.pull.is_some()).map(|issue| issue.number).collect())
    }

    pub fn pull_request(&self, full_name: &str, number: u64) -> Option<PullView> {
        self.look(full_name, |repository| {
            let (issue, pull) = repository.pull(number)?;
            Some(PullView {
                number,
                title: issue.title.clone(),
                body: issue.body.clone().unwrap_or_default(),
                labels: issue.labels.clone(),
                is_open: issue.open,
                is_draft: pull.draft,
                head_branch: pull.head_branch.clone(),
                head_sha: pull.head_sha.clone(),
                base_branch: pull.base_branch.clone(),
                merge_commit: pull.merged.as_ref().map(|merged| merged.sha.clone()),
            })
        })
    }

    /// What a ref such as `refs/heads/main` points at.
    pub fn ref_sha(&self, full_name: &str, name: &str) -> Option<String> {
        self.look(full_name, |repository| repository.refs.get(name).cloned())
    }

    /// All refs of a repository.
    pub fn refs(&self, full_name: &str) -> BTreeMap<String, String> {
        self.look(full_name, |repository| repository.refs.clone())
    }

    /// The text of a file at a branch, tag, ref or commit; `None` if there is none.
    pub async fn file_at(&self, full_name: &str, revision: &str, path: &str) -> Result<Option<String>, ForgeError> {
        let object = format!("{revision}:{path}");
        self.with_git(full_name, move |git| match git.kind(&object).as_deref() {
            Some("blob") => Ok(Some(String::from_utf8_lossy(&git.blob(&object)?).into_owned())),
            _ => Ok(None),
        })
        .await
    }

    /// All files of a branch, tag, ref or commit, by path.
    pub async fn files_at(&self, full_name: &str, revision: &str) -> Result<BTreeMap<String, Vec<u8>>, ForgeError> {
        let revision = revision.to_owned();
        self.with_git(full_name, move |git| {
            let rows = git.tree(&revision, true)?;
            rows.into_iter().filter(|row| row.kind == "blob").map(|row| Ok((row.path, git.blob(&row.sha)?))).collect()
        })
        .await
    }

    /// The commits of a branch, newest first.
    pub async fn branch_log(&self, full_name: &str, branch: &str) -> Result<Vec<CommitView>, ForgeError> {
        let name = format!("refs/heads/{branch}");
        self.with_git(full_name, move |git| {
            let view = |commit: super::git::Commit| CommitView {
                sha: commit.sha,
                parents: commit.parents,
                tree: commit.tree,
                author: commit.author.name,
                message: commit.message,
            };
            Ok(git.log(&[&name])?.into_iter().map(view).collect())
        })
        .await
    }

    /// The requests so far, oldest first: REST, git and pages.
    pub fn requests(&self) -> Vec<RequestRecord> {
        self.shared().lock().requests.iter().cloned().collect()
    }

    /// Every delivery that left the queue, in order.
    pub fn deliveries(&self) -> Vec<Delivery> {
        self.shared().outbox().done()
    }

    /// Planned faults that no request has met yet.
    pub fn faults_left(&self) -> u32 {
        self.shared().lock().faults.left()
    }

    /// Whether exchanges and payloads are held to GitHub's description.
    pub fn contract_is_on(&self) -> bool {
        self.shared().lock().judge.is_on()
    }

    /// What broke GitHub's description so far.
    pub fn violations(&self) -> Vec<Violation> {
        self.shared().lock().judge.violations().to_vec()
    }

    /// Panics with the list if anything broke GitHub's description.
    pub fn assert_honest(&self) {
        let violations = self.violations();
        let lines: Vec<String> = violations.iter().map(|found| format!("  {}: {}", found.subject, found.problem)).collect();
        assert!(violations.is_empty(), "{} violations of GitHub's contract:\n{}", lines.len(), lines.join("\n"));
    }
}
