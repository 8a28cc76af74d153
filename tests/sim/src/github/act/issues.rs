//! How do issues, comments, labels, reactions and statuses change?

use serde_json::json;

use crate::github::json::REACTIONS;
use crate::github::refusal::Refusal;
use crate::github::webhook::Event;
use crate::github::world::{Comment, Edit, Issue, Pull, Reaction, Status, Subject, World};

use super::BODY_CHARACTERS_MAX;

/// The longest description GitHub takes for a commit status.
const STATUS_DESCRIPTION_CHARACTERS_MAX: usize = 140;
/// GitHub takes this many statuses for one commit and context.
const STATUSES_MAX: usize = 1_000;

#[derive(Debug)]
pub(crate) struct NewIssue<'a> {
    pub(crate) author: &'a str,
    pub(crate) title: &'a str,
    pub(crate) body: Option<&'a str>,
    pub(crate) labels: &'a [String],
}

/// What to change on an issue; `None` leaves a thing alone.
#[derive(Debug, Default)]
pub(crate) struct IssueEdit {
    pub(crate) title: Option<String>,
    pub(crate) body: Option<String>,
    pub(crate) open: Option<bool>,
    pub(crate) state_reason: Option<String>,
    pub(crate) labels: Option<Vec<String>>,
}

#[derive(Debug)]
pub(crate) struct NewStatus<'a> {
    pub(crate) sha: &'a str,
    pub(crate) state: &'a str,
    pub(crate) context: &'a str,
    pub(crate) description: Option<&'a str>,
    pub(crate) target_url: Option<&'a str>,
}

impl World {
    pub(crate) fn open_issue(&mut self, full_name: &str, order: &NewIssue<'_>) -> Result<u64, Refusal> {
        let number = self.insert_issue(full_name, order.author, order.title, order.body, None)?;
        self.set_labels(full_name, number, order.labels.to_vec())?;
        self.emit_issue(full_name, number, "opened", order.author);
        Ok(number)
    }

    pub(super) fn insert_issue(
        &mut self,
        full_name: &str,
        author: &str,
        title: &str,
        body: Option<&str>,
        pull: Option<Pull>,
    ) -> Result<u64, Refusal> {
        if body.is_some_and(|body| body.chars().count() > BODY_CHARACTERS_MAX) {
            return Err(Refusal::too_long("Issue", BODY_CHARACTERS_MAX));
        }
        let (id, now) = (self.next_id(), self.clock.tick());
        let repository = self.repository_mut(full_name)?;
        repository.last_number += 1;
        let number = repository.last_number;
        let issue = Issue {
            id,
            number,
            title: title.to_owned(),
            body: body.map(str::to_owned),
            author: author.to_owned(),
            open: true,
            state_reason: None,
            labels: Vec::new(),
            created_at: now,
            updated_at: now,
            closed_at: None,
            closed_by: None,
            pull,
        };
        repository.issues.insert(number, issue);
        Ok(number)
    }

    fn issue(&self, full_name: &str, number: u64) -> Result<&Issue, Refusal> {
        self.repository(full_name)?.issues.get(&number).ok_or(Refusal::NOT_FOUND)
    }

    fn emit_issue(&mut self, full_name: &str, number: u64, action: &'static str, by: &str) {
        self.emit(full_name, Event::new("issues", action), by, |world| {
            let issue = world.issue(full_name, number).ok();
            json!({ "issue": issue.map(|issue| world.issue_json(full_name, issue)) })
        });
    }

    pub(crate) fn edit_issue(&mut self, full_name: &str, number: u64, by: &str, edit: IssueEdit) -> Result<(), Refusal> {
        let now = self.clock.tick();
        if let Some(labels) = edit.labels {
            self.set_labels(full_name, number, labels)?;
        }
        let issue = self.repository_mut(full_name)?.issues.get_mut(&number).ok_or(Refusal::NOT_FOUND)?;
        issue.updated_at = now;
        issue.title = edit.title.unwrap_or_else(|| issue.title.clone());
        issue.body = edit.body.or_else(|| issue.body.clone());
        let (was_open, is_pull) = (issue.open, issue.pull.is_some());
        let Some(open) = edit.open.filter(|open| *open != was_open) else { return Ok(()) };
        if is_pull {
            let edit = super::PullEdit { open: Some(open), ..Default::default() };
            return self.edit_pull(full_name, number, by, edit);
        }
        let reason = edit.state_reason.unwrap_or_else(|| if open { "reopened" } else { "completed" }.to_owned());
        issue.state_reason = Some(reason);
        self.set_open(full_name, number, by, open)?;
        self.emit_issue(full_name, number, if open { "reopened" } else { "closed" }, by);
        Ok(())
    }

    pub(super) fn set_open(&mut self, full_name: &str, number: u64, by: &str, open: bool) -> Result<(), Refusal> {
        let now = self.clock.tick();
        let issue = self.repository_mut(full_name)?.issues.get_mut(&number).ok_or(Refusal::NOT_FOUND)?;
        issue.open = open;
        issue.updated_at = now;
        issue.closed_at = (!open).then_some(now);
        issue.closed_by = (!open).then(|| by.to_owned());
        Ok(())
    }

    /// Replaces the labels of an issue; labels that the repository lacks are made.
    pub(crate) fn set_labels(&mut self, full_name: &str, number: u64, mut labels: Vec<String>) -> Result<(), Refusal> {
        let mut seen = std::collections::BTreeSet::new();
        labels.retain(|label| seen.insert(label.clone()));
        for label in &labels {
            if !self.repository(full_name)?.labels.contains_key(label) {
                let id = self.next_id();
                self.repository_mut(full_name)?.labels.insert(label.clone(), id);
            }
        }
        let issue = self.repository_mut(full_name)?.issues.get_mut(&number).ok_or(Refusal::NOT_FOUND)?;
        issue.labels = labels;
        Ok(())
    }

    pub(crate) fn add_comment(&mut self, full_name: &str, number: u64, author: &str, body: &str) -> Result<Comment, Refusal> {
        check_comment(body)?;
        self.issue(full_name, number)?;
        let (id, now) = (self.next_id(), self.clock.tick());
        let comment = Comment { id, number, author: author.to_owned(), body: body.to_owned(), created_at: now, updated_at: now, edits: Vec::new() };
        let repository = self.repository_mut(full_name)?;
        repository.comments.insert(id, comment.clone());
        if let Some(issue) = repository.issues.get_mut(&number) {
            issue.updated_at = now;
        }
        self.emit_comment(full_name, &comment, "created", author, json!({}));
        Ok(comment)
    }

    pub(crate) fn edit_comment(&mut self, full_name: &str, id: u64, by: &str, body: &str) -> Result<Comment, Refusal> {
        check_comment(body)?;
        let now = self.clock.tick();
        let comment = self.repository_mut(full_name)?.comments.get_mut(&id).ok_or(Refusal::NOT_FOUND)?;
        let former_body = std::mem::replace(&mut comment.body, body.to_owned());
        comment.updated_at = now;
        comment.edits.push(Edit { by: by.to_owned(), at: now, former_body: former_body.clone() });
        let comment = comment.clone();
        let changes = json!({ "changes": { "body": { "from": former_body } } });
        self.emit_comment(full_name, &comment, "edited", by, changes);
        Ok(comment)
    }

    pub(crate) fn delete_comment(&mut self, full_name: &str, id: u64, by: &str) -> Result<(), Refusal> {
        self.clock.tick();
        let comment = self.repository_mut(full_name)?.comments.remove(&id).ok_or(Refusal::NOT_FOUND)?;
        self.emit_comment(full_name, &comment, "deleted", by, json!({}));
        Ok(())
    }

    fn emit_comment(&mut self, full_name: &str, comment: &Comment, action: &'static str, by: &str, more: serde_json::Value) {
        self.emit(full_name, Event::new("issue_comment", action), by, |world| {
            let issue = world.issue(full_name, comment.number).ok().map(|issue| world.issue_json(full_name, issue));
            let fields = json!({ "issue": issue, "comment": world.comment_json(full_name, comment) });
            crate::github::json::with(fields, more)
        });
    }

    /// Adds a reaction, or answers the one that is there; the flag says whether it is new.
    pub(crate) fn react(&mut self, full_name: &str, on: Subject, user: &str, content: &str) -> Result<(Reaction, bool), Refusal> {
        if !REACTIONS.contains(&content) {
            return Err(Refusal::field("Reaction", "content", "invalid"));
        }
        let repository = self.repository(full_name)?;
        let exists = match on {
            Subject::Issue(number) => repository.issues.contains_key(&number),
            Subject::Comment(id) => repository.comments.contains_key(&id),
        };
        if !exists {
            return Err(Refusal::NOT_FOUND);
        }
        let same = |reaction: &&Reaction| reaction.on == on && reaction.user == user && reaction.content == content;
        if let Some(reaction) = repository.reactions.iter().find(same) {
            return Ok((reaction.clone(), false));
        }
        let (id, created_at) = (self.next_id(), self.clock.tick());
        let reaction = Reaction { id, on, user: user.to_owned(), content: content.to_owned(), created_at };
        self.repository_mut(full_name)?.reactions.push(reaction.clone());
        Ok((reaction, true))
    }

    pub(crate) fn add_status(&mut self, full_name: &str, by: &str, order: &NewStatus<'_>) -> Result<Status, Refusal> {
        let repository = self.repository(full_name)?;
        if !["error", "failure", "pending", "success"].contains(&order.state) {
            return Err(Refusal::field("Status", "state", "invalid"));
        }
        if order.description.is_some_and(|text| text.chars().count() > STATUS_DESCRIPTION_CHARACTERS_MAX) {
            return Err(Refusal::custom("Status", "description is too long (maximum is 140 characters)"));
        }
        let sha = repository.git.resolve_commit(order.sha).filter(|sha| sha == order.sha);
        let sha = sha.ok_or_else(|| Refusal::invalid(&format!("No commit found for SHA: {}", order.sha)))?;
        let before = repository.statuses.iter().filter(|status| status.sha == sha && status.context == order.context);
        if before.count() >= STATUSES_MAX {
            let message = "This SHA and context has reached the maximum number of statuses.";
            return Err(Refusal::custom("Status", message));
        }
        let (id, created_at) = (self.next_id(), self.clock.tick());
        let status = Status {
            id,
            sha,
            state: order.state.to_owned(),
            context: order.context.to_owned(),
            description: order.description.map(str::to_owned),
            target_url: order.target_url.map(str::to_owned),
            creator: by.to_owned(),
            created_at,
        };
        self.repository_mut(full_name)?.statuses.push(status.clone());
        self.emit_status(full_name, by, &status)?;
        Ok(status)
    }

    fn emit_status(&mut self, full_name: &str, by: &str, status: &Status) -> Result<(), Refusal> {
        let repository = self.repository(full_name)?;
        if repository.hooks.is_empty() {
            return Ok(());
        }
        let commit = repository.git.commit(&status.sha)?;
        self.emit(full_name, Event::plain("status"), by, |world| {
            let heads = world.repositories.get(full_name).into_iter().flat_map(|found| &found.refs);
            let here = heads.filter(|(_, sha)| **sha == status.sha).filter_map(|(name, _)| name.strip_prefix("refs/heads/"));
            let url = format!("{}/commits/{}", world.repository_url(full_name), status.sha);
            let commit_ref = json!({ "sha": status.sha, "url": url });
            let branches = here.map(|name| json!({ "name": name, "commit": commit_ref, "protected": false }));
            let branches: Vec<_> = branches.collect();
            let fields = json!({
                "name": full_name, "sha": status.sha, "commit": world.commit_json(full_name, &commit), "branches": branches,
            });
            crate::github::json::with(world.status_json(full_name, status), fields)
        });
        Ok(())
    }
}

fn check_comment(body: &str) -> Result<(), Refusal> {
    if body.chars().count() > BODY_CHARACTERS_MAX {
        return Err(Refusal::too_long("IssueComment", BODY_CHARACTERS_MAX));
    }
    if body.trim().is_empty() {
        return Err(Refusal::custom("IssueComment", "body cannot be blank"));
    }
    Ok(())
}
