//! How do issues and labels change?

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::github::json::with;
use crate::github::refusal::Refusal;
use crate::github::webhook::Event;
use crate::github::world::{Issue, Pull, World};

use super::BODY_CHARACTERS_MAX;

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

impl World {
    pub(crate) fn open_issue(&mut self, full_name: &str, order: &NewIssue<'_>) -> Result<u64, Refusal> {
        let number = self.insert_issue(full_name, order.author, order.title, order.body, None)?;
        self.emit_issue(full_name, number, "opened", (order.author, json!({})));
        self.set_labels(full_name, number, order.author, order.labels.to_vec())?;
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

    pub(super) fn issue(&self, full_name: &str, number: u64) -> Result<&Issue, Refusal> {
        self.repository(full_name)?.issues.get(&number).ok_or(Refusal::NOT_FOUND)
    }

    /// `cause` is who did it, and what the event has beside the issue.
    fn emit_issue(&mut self, full_name: &str, number: u64, action: &'static str, cause: (&str, Value)) {
        let (by, more) = cause;
        self.emit(full_name, Event::new("issues", action), by, |world| {
            let issue = world.issue(full_name, number).ok();
            with(json!({ "issue": issue.map(|issue| world.issue_json(full_name, issue)) }), more)
        });
    }

    pub(crate) fn edit_issue(&mut self, full_name: &str, number: u64, by: &str, edit: IssueEdit) -> Result<(), Refusal> {
        if let Some(labels) = edit.labels {
            self.set_labels(full_name, number, by, labels)?;
        }
        if self.issue(full_name, number)?.pull.is_some() {
            let edit = super::PullEdit { title: edit.title, body: edit.body, base: None, open: edit.open };
            return self.edit_pull(full_name, number, by, edit);
        }
        self.edit_words(full_name, number, by, (edit.title, edit.body))?;
        let issue = self.repository_mut(full_name)?.issues.get_mut(&number).ok_or(Refusal::NOT_FOUND)?;
        let Some(open) = edit.open.filter(|open| *open != issue.open) else { return Ok(()) };
        let reason = if open { "reopened" } else { "completed" };
        issue.state_reason = edit.state_reason.or_else(|| Some(reason.to_owned()));
        self.set_open(full_name, number, by, open)?;
        self.emit_issue(full_name, number, if open { "reopened" } else { "closed" }, (by, json!({})));
        Ok(())
    }

    /// Changes title and body of an issue, each if given and different.
    fn edit_words(&mut self, full_name: &str, number: u64, by: &str, words: (Option<String>, Option<String>)) -> Result<(), Refusal> {
        let now = self.clock.tick();
        let issue = self.repository_mut(full_name)?.issues.get_mut(&number).ok_or(Refusal::NOT_FOUND)?;
        let mut changes = json!({});
        if let Some(title) = words.0.filter(|title| *title != issue.title) {
            changes["title"] = json!({ "from": std::mem::replace(&mut issue.title, title) });
        }
        if let Some(body) = words.1.filter(|body| Some(body) != issue.body.as_ref()) {
            changes["body"] = json!({ "from": issue.body.replace(body).unwrap_or_default() });
        }
        if changes != json!({}) {
            issue.updated_at = now;
            self.emit_issue(full_name, number, "edited", (by, json!({ "changes": changes })));
        }
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

    /// Replaces the labels of an issue or pull request; labels that the repository lacks are made.
    pub(crate) fn set_labels(&mut self, full_name: &str, number: u64, by: &str, mut labels: Vec<String>) -> Result<(), Refusal> {
        let mut seen = BTreeSet::new();
        labels.retain(|label| seen.insert(label.clone()));
        for label in &labels {
            if !self.repository(full_name)?.labels.contains_key(label) {
                let id = self.next_id();
                self.repository_mut(full_name)?.labels.insert(label.clone(), id);
            }
        }
        let now = self.clock.tick();
        let issue = self.repository_mut(full_name)?.issues.get_mut(&number).ok_or(Refusal::NOT_FOUND)?;
        let before = std::mem::replace(&mut issue.labels, labels.clone());
        issue.updated_at = now;
        let is_pull = issue.pull.is_some();
        let added = labels.iter().filter(|label| !before.contains(label)).map(|label| ("labeled", label));
        let removed = before.iter().filter(|label| !labels.contains(label)).map(|label| ("unlabeled", label));
        for (action, label) in added.chain(removed) {
            let shown = self.labels_json(full_name, std::slice::from_ref(label));
            let more = json!({ "label": shown[0] });
            if is_pull {
                self.emit_pull(full_name, number, action, by, more);
            } else {
                self.emit_issue(full_name, number, action, (by, more));
            }
        }
        Ok(())
    }
}
