//! How do comments and reactions come, change and go?

use serde_json::{Value, json};

use crate::github::json::{REACTIONS, with};
use crate::github::refusal::Refusal;
use crate::github::webhook::Event;
use crate::github::world::{Comment, Edit, Reaction, Subject, World};

use super::BODY_CHARACTERS_MAX;

impl World {
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

    fn emit_comment(&mut self, full_name: &str, comment: &Comment, action: &'static str, by: &str, more: Value) {
        self.emit(full_name, Event::new("issue_comment", action), by, |world| {
            let issue = world.issue(full_name, comment.number).ok().map(|issue| world.issue_json(full_name, issue));
            let fields = json!({ "issue": issue, "comment": world.comment_json(full_name, comment) });
            with(fields, more)
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
