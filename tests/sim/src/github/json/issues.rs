//! How are issues, comments, reactions, labels, reviews and statuses shown?

use serde_json::{Value, json};

use super::{node_id, with};
use crate::github::world::{Comment, Issue, Reaction, Review, Status, Subject, World};

/// GitHub's closed list of reactions.
pub(crate) const REACTIONS: &[&str] = &["+1", "-1", "laugh", "confused", "heart", "hooray", "rocket", "eyes"];

impl World {
    pub(crate) fn issue_json(&self, full_name: &str, issue: &Issue) -> Value {
        let repository_url = self.repository_url(full_name);
        let url = format!("{repository_url}/issues/{}", issue.number);
        let kind = if issue.pull.is_some() { "pull" } else { "issues" };
        let html_url = format!("{}/{full_name}/{kind}/{}", self.web_url, issue.number);
        let value = json!({
            "id": issue.id, "node_id": node_id("I", issue.id), "number": issue.number,
            "url": url, "repository_url": repository_url, "labels_url": format!("{url}/labels{{/name}}"),
            "comments_url": format!("{url}/comments"), "events_url": format!("{url}/events"),
            "timeline_url": format!("{url}/timeline"), "html_url": html_url,
            "title": issue.title, "body": issue.body, "user": self.user_or_null(Some(&issue.author)),
            "state": if issue.open { "open" } else { "closed" }, "state_reason": issue.state_reason,
            "labels": self.labels_json(full_name, &issue.labels), "assignee": null, "assignees": [], "milestone": null,
            "locked": false, "active_lock_reason": null, "comments": self.comment_count(full_name, issue.number),
            "created_at": issue.created_at.to_string(), "updated_at": issue.updated_at.to_string(),
            "closed_at": issue.closed_at.map(|time| time.to_string()),
            "closed_by": self.user_or_null(issue.closed_by.as_deref()),
            "author_association": self.association(full_name, &issue.author), "performed_via_github_app": null,
            "reactions": self.rollup_json(full_name, Subject::Issue(issue.number)),
        });
        let Some(pull) = &issue.pull else { return value };
        let merged_at = pull.merged.as_ref().map(|merged| merged.at.to_string());
        with(
            value,
            json!({
                "draft": pull.draft,
                "pull_request": {
                    "url": format!("{repository_url}/pulls/{}", issue.number), "html_url": html_url,
                    "diff_url": format!("{html_url}.diff"), "patch_url": format!("{html_url}.patch"), "merged_at": merged_at,
                },
            }),
        )
    }

    pub(crate) fn comment_count(&self, full_name: &str, number: u64) -> usize {
        self.repositories.get(full_name).map_or(0, |found| found.comments.values().filter(|comment| comment.number == number).count())
    }

    pub(crate) fn comment_json(&self, full_name: &str, comment: &Comment) -> Value {
        let repository_url = self.repository_url(full_name);
        let repository = self.repositories.get(full_name);
        let on_pull = repository.is_some_and(|found| found.pull(comment.number).is_some());
        let kind = if on_pull { "pull" } else { "issues" };
        json!({
            "id": comment.id, "node_id": node_id("IC", comment.id),
            "url": format!("{repository_url}/issues/comments/{}", comment.id),
            "html_url": format!("{}/{full_name}/{kind}/{}#issuecomment-{}", self.web_url, comment.number, comment.id),
            "issue_url": format!("{repository_url}/issues/{}", comment.number),
            "body": comment.body, "user": self.user_or_null(Some(&comment.author)),
            "created_at": comment.created_at.to_string(), "updated_at": comment.updated_at.to_string(),
            "author_association": self.association(full_name, &comment.author), "performed_via_github_app": null,
            "reactions": self.rollup_json(full_name, Subject::Comment(comment.id)),
        })
    }

    fn rollup_json(&self, full_name: &str, on: Subject) -> Value {
        let url = match on {
            Subject::Issue(number) => format!("{}/issues/{number}/reactions", self.repository_url(full_name)),
            Subject::Comment(id) => format!("{}/issues/comments/{id}/reactions", self.repository_url(full_name)),
        };
        let reactions = self.repositories.get(full_name).map_or(&[][..], |found| &found.reactions);
        let here: Vec<&Reaction> = reactions.iter().filter(|reaction| reaction.on == on).collect();
        let mut rollup = json!({ "url": url, "total_count": here.len() });
        for content in REACTIONS {
            let count = here.iter().filter(|reaction| reaction.content == *content).count();
            rollup[*content] = json!(count);
        }
        rollup
    }

    pub(crate) fn reaction_json(&self, reaction: &Reaction) -> Value {
        json!({
            "id": reaction.id, "node_id": node_id("REA", reaction.id), "user": self.user_or_null(Some(&reaction.user)),
            "content": reaction.content, "created_at": reaction.created_at.to_string(),
        })
    }

    pub(crate) fn labels_json(&self, full_name: &str, names: &[String]) -> Value {
        let label = |name: &String| {
            let id = self.repositories.get(full_name).and_then(|found| found.labels.get(name)).copied().unwrap_or_default();
            let url = format!("{}/labels/{name}", self.repository_url(full_name));
            json!({
                "id": id, "node_id": node_id("LA", id), "url": url, "name": name, "description": "", "color": "ededed",
                "default": false,
            })
        };
        names.iter().map(label).collect()
    }

    pub(crate) fn review_json(&self, full_name: &str, number: u64, review: &Review) -> Value {
        let html_url = format!("{}/{full_name}/pull/{number}#pullrequestreview-{}", self.web_url, review.id);
        let pull_url = format!("{}/pulls/{number}", self.repository_url(full_name));
        json!({
            "id": review.id, "node_id": node_id("PRR", review.id), "user": self.user_or_null(Some(&review.author)),
            "body": review.body, "state": review.state, "html_url": html_url, "pull_request_url": pull_url,
            "_links": { "html": { "href": html_url }, "pull_request": { "href": pull_url } },
            "submitted_at": review.submitted_at.to_string(), "updated_at": review.submitted_at.to_string(), "commit_id": review.commit,
            "author_association": self.association(full_name, &review.author),
        })
    }

    pub(crate) fn status_json(&self, full_name: &str, status: &Status) -> Value {
        let id = self.users.get(&status.creator).map_or(0, |user| user.id);
        json!({
            "id": status.id, "node_id": node_id("SC", status.id),
            "url": format!("{}/statuses/{}", self.repository_url(full_name), status.sha),
            "avatar_url": format!("{}/avatars/{id}", self.web_url), "state": status.state, "context": status.context,
            "description": status.description, "target_url": status.target_url,
            "created_at": status.created_at.to_string(), "updated_at": status.created_at.to_string(),
            "creator": self.user_or_null(Some(&status.creator)),
        })
    }
}
