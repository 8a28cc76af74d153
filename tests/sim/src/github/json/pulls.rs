//! How is a pull request shown?

use serde_json::{Value, json};

use super::{node_id, with};
use crate::github::world::{Issue, Pull, World};

impl World {
    /// The short form of lists. `null` if there is no such pull request.
    pub(crate) fn simple_pull_json(&self, full_name: &str, number: u64) -> Value {
        let Some((issue, pull)) = self.repositories.get(full_name).and_then(|found| found.pull(number)) else {
            return Value::Null;
        };
        let owner = full_name.split('/').next().unwrap_or_default();
        let merge_commit = match &pull.merged {
            Some(merged) => Some(&merged.sha),
            None => pull.test_merge.as_ref().and_then(|test| test.commit.as_ref()),
        };
        let value = json!({
            "id": issue.id, "node_id": node_id("PR", issue.id), "number": number,
            "state": if issue.open { "open" } else { "closed" }, "locked": false, "active_lock_reason": null,
            "title": issue.title, "body": issue.body, "user": self.user_json(&issue.author), "draft": pull.draft,
            "labels": self.labels_json(full_name, &issue.labels), "milestone": null, "assignee": null, "assignees": [],
            "requested_reviewers": [], "requested_teams": [], "auto_merge": null,
            "created_at": issue.created_at.to_string(), "updated_at": issue.updated_at.to_string(),
            "closed_at": issue.closed_at.map(|time| time.to_string()),
            "merged_at": pull.merged.as_ref().map(|merged| merged.at.to_string()), "merge_commit_sha": merge_commit,
            "author_association": self.association(full_name, &issue.author),
            "head": self.head_json(pull),
            "base": {
                "label": format!("{owner}:{}", pull.base_branch), "ref": pull.base_branch, "sha": pull.base_sha,
                "user": self.user_json(owner), "repo": self.repository_json(full_name),
            },
        });
        with(value, self.pull_links(full_name, number, pull))
    }

    fn head_json(&self, pull: &Pull) -> Value {
        let known = pull.head_repository.as_ref().filter(|name| self.repositories.contains_key(*name));
        let owner = known.and_then(|name| name.split('/').next());
        json!({
            "label": owner.map(|owner| format!("{owner}:{}", pull.head_branch)), "ref": pull.head_branch, "sha": pull.head_sha,
            "user": self.user_or_null(owner), "repo": known.map_or(Value::Null, |name| self.repository_json(name)),
        })
    }

    fn pull_links(&self, full_name: &str, number: u64, pull: &Pull) -> Value {
        let repository_url = self.repository_url(full_name);
        let url = format!("{repository_url}/pulls/{number}");
        let issue_url = format!("{repository_url}/issues/{number}");
        let html_url = format!("{}/{full_name}/pull/{number}", self.web_url);
        let statuses_url = format!("{repository_url}/statuses/{}", pull.head_sha);
        let link = |target: String| json!({ "href": target });
        json!({
            "url": url, "html_url": html_url, "diff_url": format!("{html_url}.diff"), "patch_url": format!("{html_url}.patch"),
            "issue_url": issue_url, "commits_url": format!("{url}/commits"), "review_comments_url": format!("{url}/comments"),
            "review_comment_url": format!("{repository_url}/pulls/comments{{/number}}"),
            "comments_url": format!("{issue_url}/comments"), "statuses_url": statuses_url,
            "_links": {
                "self": link(url.clone()), "html": link(html_url), "issue": link(issue_url.clone()),
                "comments": link(format!("{issue_url}/comments")), "commits": link(format!("{url}/commits")),
                "review_comments": link(format!("{url}/comments")),
                "review_comment": link(format!("{repository_url}/pulls/comments{{/number}}")), "statuses": link(statuses_url),
            },
        })
    }

    /// The long form of one pull request.
    pub(crate) fn pull_json(&self, full_name: &str, number: u64) -> Value {
        let Some((issue, pull)) = self.repositories.get(full_name).and_then(|found| found.pull(number)) else {
            return Value::Null;
        };
        let mergeable = mergeable(issue, pull);
        let state = match mergeable {
            None => "unknown",
            Some(false) => "dirty",
            Some(true) if pull.draft => "draft",
            Some(true) => "clean",
        };
        let test = pull.test_merge.as_ref();
        let merged_by = pull.merged.as_ref().map(|merged| merged.by.as_str());
        with(
            self.simple_pull_json(full_name, number),
            json!({
                "merged": pull.merged.is_some(), "merged_by": self.user_or_null(merged_by),
                "mergeable": mergeable, "rebaseable": mergeable, "mergeable_state": state,
                "comments": self.comment_count(full_name, number), "review_comments": 0, "maintainer_can_modify": false,
                "commits": test.map_or(0, |test| test.commits), "additions": test.map_or(0, |test| test.additions),
                "deletions": test.map_or(0, |test| test.deletions), "changed_files": test.map_or(0, |test| test.changed_files),
            }),
        )
    }
}

/// `None` until the background job has looked at this head, and once the pull request is closed.
fn mergeable(issue: &Issue, pull: &Pull) -> Option<bool> {
    let test = pull.test_merge.as_ref().filter(|test| issue.open && test.head == pull.head_sha)?;
    Some(test.commit.is_some())
}
