//! How is a repository shown?

use serde_json::{Map, Value, json};

use super::{node_id, with};
use crate::github::world::{Permission, World};

/// The URL templates that every form of a repository has: key and what follows the repository's API URL.
const API_URLS: &[(&str, &str)] = &[
    ("archive_url", "/{archive_format}{/ref}"),
    ("assignees_url", "/assignees{/user}"),
    ("blobs_url", "/git/blobs{/sha}"),
    ("branches_url", "/branches{/branch}"),
    ("collaborators_url", "/collaborators{/collaborator}"),
    ("comments_url", "/comments{/number}"),
    ("commits_url", "/commits{/sha}"),
    ("compare_url", "/compare/{base}...{head}"),
    ("contents_url", "/contents/{+path}"),
    ("contributors_url", "/contributors"),
    ("deployments_url", "/deployments"),
    ("downloads_url", "/downloads"),
    ("events_url", "/events"),
    ("forks_url", "/forks"),
    ("git_commits_url", "/git/commits{/sha}"),
    ("git_refs_url", "/git/refs{/sha}"),
    ("git_tags_url", "/git/tags{/sha}"),
    ("hooks_url", "/hooks"),
    ("issue_comment_url", "/issues/comments{/number}"),
    ("issue_events_url", "/issues/events{/number}"),
    ("issues_url", "/issues{/number}"),
    ("keys_url", "/keys{/key_id}"),
    ("labels_url", "/labels{/name}"),
    ("languages_url", "/languages"),
    ("merges_url", "/merges"),
    ("milestones_url", "/milestones{/number}"),
    ("notifications_url", "/notifications{?since,all,participating}"),
    ("pulls_url", "/pulls{/number}"),
    ("releases_url", "/releases{/id}"),
    ("stargazers_url", "/stargazers"),
    ("statuses_url", "/statuses/{sha}"),
    ("subscribers_url", "/subscribers"),
    ("subscription_url", "/subscription"),
    ("tags_url", "/tags"),
    ("teams_url", "/teams"),
    ("trees_url", "/git/trees{/sha}"),
];

impl World {
    pub(crate) fn repository_url(&self, full_name: &str) -> String {
        format!("{}/repos/{full_name}", self.api_url())
    }

    pub(crate) fn repository_json(&self, full_name: &str) -> Value {
        let Some(repository) = self.repositories.get(full_name) else { return Value::Null };
        let url = self.repository_url(full_name);
        let html_url = format!("{}/{full_name}", self.web_url);
        let open_issues = repository.issues.values().filter(|issue| issue.open).count();
        let urls: Map<String, Value> = API_URLS.iter().map(|(key, rest)| ((*key).to_owned(), json!(format!("{url}{rest}")))).collect();
        let facts = json!({
            "id": repository.id, "node_id": node_id("R", repository.id), "name": repository.name, "full_name": full_name,
            "owner": self.user_json(&repository.owner), "private": true, "visibility": "private", "description": null,
            "fork": repository.fork, "url": url, "html_url": html_url, "clone_url": format!("{html_url}.git"),
            "git_url": format!("git://127.0.0.1/{full_name}.git"), "ssh_url": format!("git@127.0.0.1:{full_name}.git"),
            "svn_url": html_url, "mirror_url": null, "homepage": "", "language": null, "license": null, "topics": [],
            "default_branch": repository.default_branch, "size": 0, "is_template": false,
            "created_at": repository.created_at.to_string(), "updated_at": repository.pushed_at.to_string(),
            "pushed_at": repository.pushed_at.to_string(),
        });
        let counts_and_switches = json!({
            "forks": 0, "forks_count": 0, "stargazers_count": 0, "watchers": 0, "watchers_count": 0,
            "open_issues": open_issues, "open_issues_count": open_issues,
            "has_issues": true, "has_projects": false, "has_wiki": false, "has_pages": false, "has_downloads": true,
            "has_discussions": false, "archived": false, "disabled": false, "allow_forking": true,
            "web_commit_signoff_required": false,
        });
        with(with(Value::Object(urls), facts), counts_and_switches)
    }

    /// The form of `GET /repos/{owner}/{repo}`, which also says what the caller may do.
    pub(crate) fn full_repository_json(&self, full_name: &str, viewer: &str) -> Value {
        let Some(repository) = self.repositories.get(full_name) else { return Value::Null };
        let permission = repository.permission(viewer);
        with(
            self.repository_json(full_name),
            json!({
                "subscribers_count": 0, "network_count": 0,
                "allow_rebase_merge": true, "allow_squash_merge": true, "allow_merge_commit": true, "allow_auto_merge": false,
                "delete_branch_on_merge": false, "allow_update_branch": false,
                "permissions": {
                    "admin": permission >= Permission::Admin, "maintain": permission >= Permission::Maintain,
                    "push": permission >= Permission::Write, "triage": permission >= Permission::Triage,
                    "pull": permission >= Permission::Read,
                },
            }),
        )
    }

    /// The form inside `push` events, where some dates are numbers.
    pub(crate) fn pushed_repository_json(&self, full_name: &str) -> Value {
        let Some(repository) = self.repositories.get(full_name) else { return Value::Null };
        with(
            self.repository_json(full_name),
            json!({
                "created_at": repository.created_at.as_second(), "pushed_at": repository.pushed_at.as_second(),
                "stargazers": 0, "master_branch": repository.default_branch, "organization": repository.owner,
            }),
        )
    }
}
