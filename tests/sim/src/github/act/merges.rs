//! What do the merge button's three methods do?

use serde_json::json;

use crate::github::git::{Git, Identity, NewCommit};
use crate::github::refusal::Refusal;
use crate::github::world::{Issue, Merged, World};

use super::IssueEdit;

/// How a pull request is merged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MergeMethod {
    /// A commit with two parents.
    Merge,
    /// One commit on top of base.
    Squash,
    /// Each commit again on top of base.
    Rebase,
}

#[derive(Debug)]
pub(crate) struct MergeOrder {
    pub(crate) method: MergeMethod,
    /// The head that the caller has seen; another one is refused.
    pub(crate) expected_head: Option<String>,
    pub(crate) title: Option<String>,
    pub(crate) message: Option<String>,
}

/// The words that GitHub documents.
const CLOSING_WORDS: [&str; 9] = ["close", "closes", "closed", "fix", "fixes", "fixed", "resolve", "resolves", "resolved"];

const NOT_MERGEABLE: Refusal = Refusal::NotMergeable("Pull Request is not mergeable");

/// What a merge is made from.
struct Ingredients {
    issue: Issue,
    head: String,
    base: String,
    merger: Identity,
    forge: Identity,
    author: Identity,
}

impl World {
    /// Merges and answers the commit that base points at afterwards.
    pub(crate) fn merge_pull(&mut self, full_name: &str, number: u64, by: &str, order: &MergeOrder) -> Result<String, Refusal> {
        self.clock.tick();
        let repository = self.repository(full_name)?;
        let (issue, pull) = repository.pull(number).ok_or(Refusal::NOT_FOUND)?;
        if !issue.open {
            return Err(NOT_MERGEABLE);
        }
        if pull.draft {
            return Err(Refusal::NotMergeable("Pull Request is still a draft"));
        }
        if order.expected_head.as_ref().is_some_and(|expected| *expected != pull.head_sha) {
            return Err(Refusal::Conflict("Head branch was modified. Review and try the merge again."));
        }
        let base_name = format!("refs/heads/{}", pull.base_branch);
        let parts = Ingredients {
            head: pull.head_sha.clone(),
            base: repository.branch(&pull.base_branch).ok_or(NOT_MERGEABLE)?.to_owned(),
            merger: self.identity(by),
            forge: self.forge_identity(),
            author: self.identity(&issue.author),
            issue: issue.clone(),
        };
        let git = repository.git.clone();
        // The numbers of the last look stay on the merged pull request.
        self.test_merge(full_name, number)?;
        let sha = match order.method {
            MergeMethod::Merge => merge_commit(&git, full_name, &parts, order)?,
            MergeMethod::Squash => squash_commit(&git, &parts, order)?,
            MergeMethod::Rebase => rebase_commits(&git, &parts)?,
        };
        self.mark_merged(full_name, number, by, (&sha, &parts.base))?;
        self.move_ref(full_name, by, &base_name, Some(&sha))?;
        self.emit_pull(full_name, number, "closed", by, json!({}));
        self.close_named_issues(full_name, &parts.issue, by)?;
        Ok(sha)
    }

    /// A merged pull request whose text says `Closes #n` closes that issue.
    fn close_named_issues(&mut self, full_name: &str, merged: &Issue, by: &str) -> Result<(), Refusal> {
        let is_into_default =
            merged.pull.as_ref().is_some_and(|pull| self.repository(full_name).is_ok_and(|found| found.default_branch == pull.base_branch));
        let body = merged.body.clone().unwrap_or_default();
        let words: Vec<&str> = body.split_whitespace().collect();
        let named = words.windows(2).filter(|pair| CLOSING_WORDS.contains(&pair[0].to_ascii_lowercase().as_str()));
        for number in named.filter_map(|pair| pair[1].strip_prefix('#')?.trim_end_matches(['.', ',']).parse::<u64>().ok()).filter(|_| is_into_default)
        {
            if self.issue(full_name, number).is_ok_and(|issue| issue.open && issue.pull.is_none()) {
                self.edit_issue(full_name, number, by, IssueEdit { open: Some(false), ..IssueEdit::default() })?;
            }
        }
        Ok(())
    }

    fn mark_merged(&mut self, full_name: &str, number: u64, by: &str, commits: (&str, &str)) -> Result<(), Refusal> {
        let (sha, base_before) = commits;
        self.set_open(full_name, number, by, false)?;
        let at = self.clock.now();
        let pull = self.repository_mut(full_name)?.pull_mut(number).ok_or(Refusal::NOT_FOUND)?;
        pull.base_sha = base_before.to_owned();
        pull.merged = Some(Merged { at, by: by.to_owned(), sha: sha.to_owned(), base_before: base_before.to_owned() });
        Ok(())
    }

    /// GitHub calls a pull request merged when a push brings its head into base.
    pub(crate) fn merged_by_push(&mut self, full_name: &str, number: u64, by: &str, base: (&str, &str)) -> Result<(), Refusal> {
        let (old, new) = base;
        let repository = self.repository(full_name)?;
        let (_, pull) = repository.pull(number).ok_or(Refusal::NOT_FOUND)?;
        let head = pull.head_sha.clone();
        if !repository.git.is_ancestor(&head, new)? {
            return Ok(());
        }
        let range = format!("{old}..{new}");
        let arrivals = repository.git.log(&["--first-parent", "--reverse", &range])?;
        let merge = arrivals.iter().find(|commit| commit.parents.contains(&head)).map_or(head, |commit| commit.sha.clone());
        self.mark_merged(full_name, number, by, (&merge, old))?;
        self.emit_pull(full_name, number, "closed", by, json!({}));
        Ok(())
    }
}

fn merge_commit(git: &Git, full_name: &str, parts: &Ingredients, order: &MergeOrder) -> Result<String, Refusal> {
    let tree = git.merge_trees(None, &parts.base, &parts.head)?.ok_or(NOT_MERGEABLE)?;
    let owner = full_name.split('/').next().unwrap_or_default();
    let branch = parts.issue.pull.as_ref().map_or("", |pull| &pull.head_branch);
    let title = format!("Merge pull request #{} from {owner}/{branch}", parts.issue.number);
    let commit = NewCommit {
        tree,
        parents: vec![parts.base.clone(), parts.head.clone()],
        author: parts.merger.clone(),
        committer: parts.forge.clone(),
        message: message(order, title, Some(parts.issue.title.clone())),
    };
    Ok(git.write_commit(&commit)?)
}

fn squash_commit(git: &Git, parts: &Ingredients, order: &MergeOrder) -> Result<String, Refusal> {
    let tree = git.merge_trees(None, &parts.base, &parts.head)?.ok_or(NOT_MERGEABLE)?;
    let range = format!("{}..{}", parts.base, parts.head);
    let commits = git.log(&["--reverse", "--topo-order", &range])?;
    let body = match commits.as_slice() {
        [only] => only.message.split_once("\n\n").map(|(_, body)| body.to_owned()),
        many => Some(many.iter().map(|commit| format!("* {}", commit.message)).collect::<Vec<_>>().join("\n\n")),
    };
    let title = format!("{} (#{})", parts.issue.title, parts.issue.number);
    let commit = NewCommit {
        tree,
        parents: vec![parts.base.clone()],
        author: parts.author.clone(),
        committer: parts.forge.clone(),
        message: message(order, title, body),
    };
    Ok(git.write_commit(&commit)?)
}

fn rebase_commits(git: &Git, parts: &Ingredients) -> Result<String, Refusal> {
    let range = format!("{}..{}", parts.base, parts.head);
    let mut tip = parts.base.clone();
    for commit in git.log(&["--reverse", "--topo-order", "--no-merges", &range])? {
        let parent = commit.parents.first().ok_or(NOT_MERGEABLE)?;
        let tree = git.merge_trees(Some(parent), &tip, &commit.sha)?.ok_or(NOT_MERGEABLE)?;
        tip = git.write_commit(&NewCommit {
            tree,
            parents: vec![tip],
            author: commit.author,
            committer: parts.merger.clone(),
            message: commit.message,
        })?;
    }
    Ok(tip)
}

/// The caller's words where given, else GitHub's.
fn message(order: &MergeOrder, title: String, body: Option<String>) -> String {
    let title = order.title.clone().unwrap_or(title);
    let body = order.message.clone().or(body).filter(|body| !body.is_empty());
    match body {
        Some(body) => format!("{title}\n\n{body}"),
        None => title,
    }
}
