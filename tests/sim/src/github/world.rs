//! What does the simulated GitHub remember?
//!
//! Plain data behind one mutex. Everything that changes it lives in `act`; everything that shows it lives in `json`.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::clock::Clock;
use super::contract::Judge;
use super::fault::Faults;
use super::git::Git;
use super::inspect::RequestRecord;
use super::webhook::{Hook, Outbox};

/// What a user may do in a repository; each includes the ones before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Permission {
    None,
    Read,
    Triage,
    Write,
    Maintain,
    Admin,
}

impl Permission {
    /// GitHub's `role_name`.
    pub(crate) fn role(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Read => "read",
            Self::Triage => "triage",
            Self::Write => "write",
            Self::Maintain => "maintain",
            Self::Admin => "admin",
        }
    }

    /// GitHub's older `permission`, which knows neither triage nor maintain.
    pub(crate) fn legacy(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Read | Self::Triage => "read",
            Self::Write | Self::Maintain => "write",
            Self::Admin => "admin",
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct User {
    pub(crate) id: u64,
    /// `User`, `Bot` or `Organization`.
    pub(crate) kind: &'static str,
}

#[derive(Clone, Debug)]
pub(crate) struct Merged {
    pub(crate) at: Timestamp,
    pub(crate) by: String,
    pub(crate) sha: String,
    /// The base branch before the merge; what a revert goes back to.
    pub(crate) base_before: String,
}

#[derive(Clone, Debug)]
pub(crate) struct Review {
    pub(crate) id: u64,
    pub(crate) author: String,
    pub(crate) state: &'static str,
    pub(crate) body: String,
    pub(crate) commit: String,
    pub(crate) submitted_at: Timestamp,
}

/// What the background job found out about a pull request for one pair of head and base.
#[derive(Clone, Debug)]
pub(crate) struct TestMerge {
    pub(crate) head: String,
    pub(crate) base: String,
    /// The commit behind `refs/pull/N/merge`; `None` is a conflict.
    pub(crate) commit: Option<String>,
    pub(crate) commits: u64,
    pub(crate) additions: u64,
    pub(crate) deletions: u64,
    pub(crate) changed_files: u64,
}

#[derive(Clone, Debug)]
pub(crate) struct Pull {
    /// `None` once the head repository was deleted.
    pub(crate) head_repository: Option<String>,
    pub(crate) head_branch: String,
    pub(crate) head_sha: String,
    pub(crate) base_branch: String,
    pub(crate) base_sha: String,
    pub(crate) draft: bool,
    pub(crate) merged: Option<Merged>,
    pub(crate) test_merge: Option<TestMerge>,
    pub(crate) reviews: Vec<Review>,
}

/// An issue, or the issue half of a pull request.
#[derive(Clone, Debug)]
pub(crate) struct Issue {
    pub(crate) id: u64,
    pub(crate) number: u64,
    pub(crate) title: String,
    pub(crate) body: Option<String>,
    pub(crate) author: String,
    pub(crate) open: bool,
    pub(crate) state_reason: Option<String>,
    pub(crate) labels: Vec<String>,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
    pub(crate) closed_at: Option<Timestamp>,
    pub(crate) closed_by: Option<String>,
    pub(crate) pull: Option<Pull>,
}

/// A former text of a comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    pub by: String,
    pub at: Timestamp,
    pub former_body: String,
}

/// A comment on an issue or pull request, with what it said before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    pub id: u64,
    pub number: u64,
    pub author: String,
    pub body: String,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub edits: Vec<Edit>,
}

/// What a reaction is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    Issue(u64),
    Comment(u64),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reaction {
    pub id: u64,
    pub on: Subject,
    pub user: String,
    pub content: String,
    pub created_at: Timestamp,
}

/// A commit status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    pub id: u64,
    pub sha: String,
    pub state: String,
    pub context: String,
    pub description: Option<String>,
    pub target_url: Option<String>,
    pub creator: String,
    pub created_at: Timestamp,
}

#[derive(Debug)]
pub(crate) struct Repository {
    pub(crate) id: u64,
    pub(crate) owner: String,
    pub(crate) name: String,
    pub(crate) default_branch: String,
    pub(crate) fork: bool,
    pub(crate) git: Git,
    /// The refs on disk, kept in step with every change.
    pub(crate) refs: BTreeMap<String, String>,
    pub(crate) permissions: BTreeMap<String, Permission>,
    pub(crate) last_number: u64,
    pub(crate) issues: BTreeMap<u64, Issue>,
    pub(crate) comments: BTreeMap<u64, Comment>,
    pub(crate) reactions: Vec<Reaction>,
    pub(crate) statuses: Vec<Status>,
    pub(crate) labels: BTreeMap<String, u64>,
    pub(crate) hooks: Vec<Hook>,
    /// What rulesets say of branches: the beginning of their names, and the words of the rules.
    pub(crate) rulesets: Vec<(String, Vec<String>)>,
    pub(crate) created_at: Timestamp,
    pub(crate) pushed_at: Timestamp,
}

impl Repository {
    pub(crate) fn full_name(&self) -> String {
        format!("{}/{}", self.owner, self.name)
    }

    pub(crate) fn branch(&self, branch: &str) -> Option<&str> {
        self.refs.get(&format!("refs/heads/{branch}")).map(String::as_str)
    }

    pub(crate) fn permission(&self, login: &str) -> Permission {
        if login == self.owner {
            return Permission::Admin;
        }
        self.permissions.get(login).copied().unwrap_or(Permission::None)
    }

    pub(crate) fn pull(&self, number: u64) -> Option<(&Issue, &Pull)> {
        let issue = self.issues.get(&number)?;
        issue.pull.as_ref().map(|pull| (issue, pull))
    }

    pub(crate) fn pull_mut(&mut self, number: u64) -> Option<&mut Pull> {
        self.issues.get_mut(&number)?.pull.as_mut()
    }

    pub(crate) fn open_pulls(&self) -> impl Iterator<Item = (u64, &Pull)> {
        let open = self.issues.values().filter(|issue| issue.open);
        open.filter_map(|issue| issue.pull.as_ref().map(|pull| (issue.number, pull)))
    }
}

/// A push to the branch that a pull request wants to get into.
#[derive(Debug)]
pub(crate) struct PushToBase {
    pub(crate) repository: String,
    pub(crate) number: u64,
    pub(crate) by: String,
    pub(crate) before: String,
    pub(crate) after: String,
}

#[derive(Debug)]
pub(crate) struct World {
    pub(crate) clock: Clock,
    /// `https://127.0.0.1:PORT`.
    pub(crate) web_url: String,
    pub(crate) root: PathBuf,
    pub(crate) users: BTreeMap<String, User>,
    /// Token to login.
    pub(crate) tokens: BTreeMap<String, String>,
    /// The members of each team, by organisation and slug. The owner of a repository is an organisation as soon as it has one.
    pub(crate) teams: BTreeMap<(String, String), BTreeSet<String>>,
    /// By full name.
    pub(crate) repositories: BTreeMap<String, Repository>,
    pub(crate) last_id: u64,
    pub(crate) mergeable_is_slow: bool,
    /// How long every answer takes on its way.
    pub(crate) latency: Duration,
    /// Pushes that may have merged a pull request without GitHub having noticed. `None`: it notices at once.
    pub(crate) unnoticed: Option<Vec<PushToBase>>,
    pub(crate) rate_used: BTreeMap<String, u64>,
    pub(crate) faults: Faults,
    pub(crate) requests: VecDeque<RequestRecord>,
    pub(crate) judge: Judge,
    pub(crate) outbox: Arc<Outbox>,
}

impl World {
    pub(crate) fn next_id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }

    pub(crate) fn api_url(&self) -> String {
        format!("{}/api/v3", self.web_url)
    }

    /// Makes sure that a login exists.
    pub(crate) fn add_user(&mut self, login: &str, kind: &'static str) {
        if !self.users.contains_key(login) {
            let id = self.next_id();
            self.users.insert(login.to_owned(), User { id, kind });
        }
    }
}
