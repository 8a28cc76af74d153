//! How does a pull request open, change, close, and follow its branches?

use serde_json::{Value, json};

use crate::github::refusal::Refusal;
use crate::github::webhook::Event;
use crate::github::world::{Issue, Pull, PushToBase, Review, World};

use super::{BODY_CHARACTERS_MAX, RefMove};

/// A pull request to open. `head` is `branch` or `owner:branch`.
#[derive(Debug)]
pub(crate) struct PullOrder<'a> {
    pub(crate) author: &'a str,
    pub(crate) head: &'a str,
    pub(crate) base: &'a str,
    pub(crate) title: &'a str,
    pub(crate) body: Option<&'a str>,
    pub(crate) draft: bool,
}

/// What to change on a pull request; `None` leaves a thing alone.
#[derive(Debug, Default)]
pub(crate) struct PullEdit {
    pub(crate) title: Option<String>,
    pub(crate) body: Option<String>,
    pub(crate) base: Option<String>,
    pub(crate) open: Option<bool>,
}

impl World {
    pub(crate) fn open_pull(&mut self, full_name: &str, order: &PullOrder<'_>) -> Result<u64, Refusal> {
        let (head_repository, head_branch) = self.head_of(full_name, order.head)?;
        let repository = self.repository(full_name)?;
        let base_sha = repository.branch(order.base).ok_or_else(|| Refusal::field("PullRequest", "base", "invalid"))?.to_owned();
        let head_sha = self.repository(&head_repository)?.branch(&head_branch);
        let head_sha = head_sha.ok_or_else(|| Refusal::field("PullRequest", "head", "invalid"))?.to_owned();
        if order.body.is_some_and(|body| body.chars().count() > BODY_CHARACTERS_MAX) {
            return Err(Refusal::too_long("PullRequest", BODY_CHARACTERS_MAX));
        }
        let same = |pull: &Pull| {
            pull.head_repository.as_deref() == Some(&head_repository) && pull.head_branch == head_branch && pull.base_branch == order.base
        };
        let owner = head_repository.split('/').next().unwrap_or_default();
        if repository.open_pulls().any(|(_, pull)| same(pull)) {
            let message = format!("A pull request already exists for {owner}:{head_branch}.");
            return Err(Refusal::custom("PullRequest", &message));
        }
        self.bring_head(full_name, &head_repository, &head_sha)?;
        let git = &self.repository(full_name)?.git;
        if git.merge_base(&base_sha, &head_sha).is_err() {
            let message = format!("The {head_branch} branch has no history in common with {}", order.base);
            return Err(Refusal::custom("PullRequest", &message));
        }
        if git.is_ancestor(&head_sha, &base_sha)? {
            let message = format!("No commits between {} and {}", order.base, order.head);
            return Err(Refusal::custom("PullRequest", &message));
        }
        let pull = Pull {
            head_repository: Some(head_repository),
            head_branch,
            head_sha,
            base_branch: order.base.to_owned(),
            base_sha,
            draft: order.draft,
            merged: None,
            test_merge: None,
            reviews: Vec::new(),
        };
        let number = self.insert_issue(full_name, order.author, order.title, order.body, Some(pull))?;
        self.keep_head(full_name, number)?;
        self.emit_pull(full_name, number, "opened", order.author, json!({}));
        Ok(number)
    }

    /// Which repository and branch `branch` or `owner:branch` means.
    fn head_of(&self, full_name: &str, head: &str) -> Result<(String, String), Refusal> {
        let Some((owner, branch)) = head.split_once(':') else {
            return Ok((full_name.to_owned(), head.to_owned()));
        };
        let name = &self.repository(full_name)?.name;
        let head_repository = format!("{owner}/{name}");
        if !self.repositories.contains_key(&head_repository) {
            return Err(Refusal::field("PullRequest", "head", "invalid"));
        }
        Ok((head_repository, branch.to_owned()))
    }

    /// Copies a head from its fork, so that the base repository has its commits.
    fn bring_head(&self, full_name: &str, head_repository: &str, sha: &str) -> Result<(), Refusal> {
        if head_repository == full_name {
            return Ok(());
        }
        let path = self.repository(head_repository)?.git.directory().to_string_lossy().into_owned();
        self.repository(full_name)?.git.text(&["fetch", "--quiet", "--no-tags", &path, sha])?;
        Ok(())
    }

    /// Points `refs/pull/N/head` at the head.
    fn keep_head(&mut self, full_name: &str, number: u64) -> Result<(), Refusal> {
        let repository = self.repository_mut(full_name)?;
        let Some((_, pull)) = repository.pull(number) else { return Err(Refusal::NOT_FOUND) };
        let (name, sha) = (format!("refs/pull/{number}/head"), pull.head_sha.clone());
        repository.git.set_ref(&name, Some(&sha))?;
        repository.refs.insert(name, sha);
        Ok(())
    }

    pub(crate) fn emit_pull(&mut self, full_name: &str, number: u64, action: &'static str, by: &str, more: Value) {
        self.emit(full_name, Event::new("pull_request", action), by, |world| {
            let fields = json!({ "number": number, "pull_request": world.pull_json(full_name, number) });
            crate::github::json::with(fields, more)
        });
    }

    pub(crate) fn edit_pull(&mut self, full_name: &str, number: u64, by: &str, edit: PullEdit) -> Result<(), Refusal> {
        let (issue, pull) = self.repository(full_name)?.pull(number).ok_or(Refusal::NOT_FOUND)?;
        let (was_open, is_merged) = (issue.open, pull.merged.is_some());
        let mut changes = json!({});
        let mut changed = issue.clone();
        if let Some(title) = edit.title.filter(|title| *title != changed.title) {
            changes["title"] = json!({ "from": changed.title });
            changed.title = title;
        }
        if let Some(body) = edit.body.filter(|body| Some(body) != changed.body.as_ref()) {
            changes["body"] = json!({ "from": changed.body.unwrap_or_default() });
            changed.body = Some(body);
        }
        if let (Some(base), Some(pull)) = (edit.base, changed.pull.as_mut()) {
            let sha = self.repository(full_name)?.branch(&base);
            let sha = sha.ok_or_else(|| Refusal::field("PullRequest", "base", "invalid"))?.to_owned();
            changes["base"] = json!({ "ref": { "from": pull.base_branch }, "sha": { "from": pull.base_sha } });
            (pull.base_branch, pull.base_sha, pull.test_merge) = (base, sha, None);
        }
        if changes != json!({}) {
            changed.updated_at = self.clock.tick();
            self.repository_mut(full_name)?.issues.insert(number, changed);
            self.emit_pull(full_name, number, "edited", by, json!({ "changes": changes }));
        }
        match edit.open {
            Some(true) if is_merged => Err(Refusal::custom("PullRequest", "state cannot be changed. The pull request is merged.")),
            Some(true) if !was_open => self.reopen_pull(full_name, number, by),
            Some(false) if was_open => self.close_pull(full_name, number, by),
            _ => Ok(()),
        }
    }

    pub(crate) fn close_pull(&mut self, full_name: &str, number: u64, by: &str) -> Result<(), Refusal> {
        self.set_open(full_name, number, by, false)?;
        self.emit_pull(full_name, number, "closed", by, json!({}));
        Ok(())
    }

    fn reopen_pull(&mut self, full_name: &str, number: u64, by: &str) -> Result<(), Refusal> {
        let (_, pull) = self.repository(full_name)?.pull(number).ok_or(Refusal::NOT_FOUND)?;
        let head_repository = pull.head_repository.clone().unwrap_or_default();
        let head = self.repositories.get(&head_repository).and_then(|found| found.branch(&pull.head_branch));
        let Some(head) = head.map(str::to_owned) else {
            let message = format!("state cannot be changed. The {} branch has been deleted.", pull.head_branch);
            return Err(Refusal::custom("PullRequest", &message));
        };
        self.bring_head(full_name, &head_repository, &head)?;
        if let Some(pull) = self.repository_mut(full_name)?.pull_mut(number) {
            pull.head_sha = head;
        }
        self.keep_head(full_name, number)?;
        self.set_open(full_name, number, by, true)?;
        self.emit_pull(full_name, number, "reopened", by, json!({}));
        Ok(())
    }

    pub(crate) fn set_draft(&mut self, full_name: &str, number: u64, by: &str, draft: bool) -> Result<(), Refusal> {
        let now = self.clock.tick();
        let repository = self.repository_mut(full_name)?;
        let issue = repository.issues.get_mut(&number).ok_or(Refusal::NOT_FOUND)?;
        let pull = issue.pull.as_mut().ok_or(Refusal::NOT_FOUND)?;
        if pull.draft == draft {
            return Ok(());
        }
        pull.draft = draft;
        issue.updated_at = now;
        let action = if draft { "converted_to_draft" } else { "ready_for_review" };
        self.emit_pull(full_name, number, action, by, json!({}));
        Ok(())
    }

    pub(crate) fn review_pull(&mut self, full_name: &str, number: u64, author: &str, state: &'static str, body: &str) -> Result<Review, Refusal> {
        let (id, now) = (self.next_id(), self.clock.tick());
        let pull = self.repository_mut(full_name)?.pull_mut(number).ok_or(Refusal::NOT_FOUND)?;
        let commit = pull.head_sha.clone();
        let review = Review { id, author: author.to_owned(), state, body: body.to_owned(), commit, submitted_at: now };
        pull.reviews.push(review.clone());
        let shown = review.clone();
        self.emit(full_name, Event::new("pull_request_review", "submitted"), author, |world| {
            let review = world.review_json(full_name, number, &shown);
            let state = json!({ "state": shown.state.to_lowercase() });
            let review = crate::github::json::with(review, state);
            json!({ "review": review, "pull_request": world.simple_pull_json(full_name, number) })
        });
        Ok(review)
    }

    /// Lets open pull requests follow a branch that moved, as head and as base.
    pub(super) fn pulls_follow(&mut self, full_name: &str, by: &str, branch: &str, moved: &RefMove) -> Result<(), Refusal> {
        let mut heads = Vec::new();
        for (name, repository) in &self.repositories {
            let mine = |pull: &Pull| pull.head_repository.as_deref() == Some(full_name) && pull.head_branch == branch;
            heads.extend(repository.open_pulls().filter(|(_, pull)| mine(pull)).map(|(number, _)| (name.clone(), number)));
        }
        for (base_repository, number) in heads {
            match &moved.new {
                Some(new) => self.synchronize(&base_repository, number, by, (full_name, new))?,
                None => self.close_pull(&base_repository, number, by)?,
            }
        }
        let based = self.repository(full_name)?.open_pulls().filter(|(_, pull)| pull.base_branch == branch);
        let based: Vec<u64> = based.map(|(number, _)| number).collect();
        for number in based {
            match (&moved.old, &moved.new) {
                (_, None) => self.close_pull(full_name, number, by)?,
                (Some(old), Some(new)) => match &mut self.unnoticed {
                    Some(unnoticed) => unnoticed.push(PushToBase {
                        repository: full_name.to_owned(),
                        number,
                        by: by.to_owned(),
                        before: old.clone(),
                        after: new.clone(),
                    }),
                    None => self.merged_by_push(full_name, number, by, (old, new))?,
                },
                _ => {}
            }
        }
        Ok(())
    }

    fn synchronize(&mut self, full_name: &str, number: u64, by: &str, head: (&str, &str)) -> Result<(), Refusal> {
        let (head_repository, new) = head;
        self.bring_head(full_name, head_repository, new)?;
        let now = self.clock.now();
        let repository = self.repository_mut(full_name)?;
        let base_tip = repository.pull(number).and_then(|(_, pull)| repository.branch(&pull.base_branch)).map(str::to_owned);
        let Some(Issue { pull: Some(pull), updated_at, .. }) = repository.issues.get_mut(&number) else {
            return Err(Refusal::NOT_FOUND);
        };
        let before = std::mem::replace(&mut pull.head_sha, new.to_owned());
        pull.test_merge = None;
        pull.base_sha = base_tip.unwrap_or_else(|| pull.base_sha.clone());
        *updated_at = now;
        self.keep_head(full_name, number)?;
        self.emit_pull(full_name, number, "synchronize", by, json!({ "before": before, "after": new }));
        Ok(())
    }
}
