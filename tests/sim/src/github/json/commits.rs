//! How are commits, refs and diffs shown?

use serde_json::{Value, json};

use super::node_id;
use crate::github::git::{Commit, FileChange, Identity};
use crate::github::world::World;

/// The account behind what GitHub's own buttons commit.
pub(crate) const FORGE_LOGIN: &str = "web-flow";

/// The address the forge uses for a user's commits.
pub(crate) fn email(login: &str) -> String {
    format!("{login}@users.example.com")
}

impl World {
    /// The login behind a commit's address, as GitHub links it.
    fn login_of(&self, identity: &Identity) -> Option<&str> {
        let login = identity.email.strip_suffix("@users.example.com")?;
        self.users.get_key_value(login).map(|(login, _)| login.as_str())
    }

    pub(crate) fn commit_json(&self, full_name: &str, commit: &Commit) -> Value {
        let repository_url = self.repository_url(full_name);
        let url = format!("{repository_url}/commits/{}", commit.sha);
        json!({
            "sha": commit.sha, "node_id": node_id("C", &commit.sha), "url": url,
            "html_url": format!("{}/{full_name}/commit/{}", self.web_url, commit.sha), "comments_url": format!("{url}/comments"),
            "author": self.user_or_null(self.login_of(&commit.author)),
            "committer": self.user_or_null(self.login_of(&commit.committer)),
            "parents": self.parents_json(full_name, commit, "commits"),
            "commit": {
                "url": format!("{repository_url}/git/commits/{}", commit.sha), "message": commit.message, "comment_count": 0,
                "author": person(&commit.author), "committer": person(&commit.committer),
                "tree": { "sha": commit.tree, "url": format!("{repository_url}/git/trees/{}", commit.tree) },
                "verification": unsigned(),
            },
        })
    }

    fn parents_json(&self, full_name: &str, commit: &Commit, route: &str) -> Value {
        let repository_url = self.repository_url(full_name);
        let parent = |sha: &String| {
            json!({
                "sha": sha, "url": format!("{repository_url}/{route}/{sha}"),
                "html_url": format!("{}/{full_name}/commit/{sha}", self.web_url),
            })
        };
        commit.parents.iter().map(parent).collect()
    }

    /// The form of the Git Data API.
    pub(crate) fn git_commit_json(&self, full_name: &str, commit: &Commit) -> Value {
        let repository_url = self.repository_url(full_name);
        json!({
            "sha": commit.sha, "node_id": node_id("C", &commit.sha),
            "url": format!("{repository_url}/git/commits/{}", commit.sha),
            "html_url": format!("{}/{full_name}/commit/{}", self.web_url, commit.sha),
            "author": person(&commit.author), "committer": person(&commit.committer), "message": commit.message,
            "tree": { "sha": commit.tree, "url": format!("{repository_url}/git/trees/{}", commit.tree) },
            "parents": self.parents_json(full_name, commit, "git/commits"), "verification": unsigned(),
        })
    }

    pub(crate) fn ref_json(&self, full_name: &str, name: &str, sha: &str, kind: &str) -> Value {
        let repository_url = self.repository_url(full_name);
        json!({
            "ref": name, "node_id": node_id("REF", name), "url": format!("{repository_url}/git/{name}"),
            "object": { "type": kind, "sha": sha, "url": format!("{repository_url}/git/{kind}s/{sha}") },
        })
    }

    pub(crate) fn file_json(&self, full_name: &str, at: &str, file: &FileChange) -> Value {
        let repository_url = self.repository_url(full_name);
        let html_url = format!("{}/{full_name}", self.web_url);
        let mut value = json!({
            "sha": file.sha, "filename": file.path, "status": file.status, "additions": file.additions,
            "deletions": file.deletions, "changes": file.additions + file.deletions,
            "blob_url": format!("{html_url}/blob/{at}/{}", file.path), "raw_url": format!("{html_url}/raw/{at}/{}", file.path),
            "contents_url": format!("{repository_url}/contents/{}?ref={at}", file.path),
        });
        if let Some(patch) = &file.patch {
            value["patch"] = json!(patch);
        }
        if let Some(previous) = &file.previous_path {
            value["previous_filename"] = json!(previous);
        }
        value
    }

    /// The form inside `push` events.
    pub(crate) fn pushed_commit_json(&self, full_name: &str, commit: &Commit, files: &[FileChange]) -> Value {
        let paths = |status: &str| -> Vec<&str> { files.iter().filter(|file| file.status == status).map(|file| file.path.as_str()).collect() };
        let person = |identity: &Identity| {
            let mut value = json!({ "name": identity.name, "email": identity.email });
            if let Some(login) = self.login_of(identity) {
                value["username"] = json!(login);
            }
            value
        };
        let renamed = files.iter().filter_map(|file| file.previous_path.as_deref());
        let removed: Vec<&str> = paths("removed").into_iter().chain(renamed).collect();
        let added: Vec<&str> = paths("added").into_iter().chain(paths("renamed")).collect();
        json!({
            "id": commit.sha, "tree_id": commit.tree, "distinct": true, "message": commit.message,
            "timestamp": commit.committer.time.to_string(),
            "url": format!("{}/{full_name}/commit/{}", self.web_url, commit.sha),
            "author": person(&commit.author), "committer": person(&commit.committer),
            "added": added, "removed": removed, "modified": paths("modified"),
        })
    }
}

fn person(identity: &Identity) -> Value {
    json!({ "name": identity.name, "email": identity.email, "date": identity.time.to_string() })
}

fn unsigned() -> Value {
    json!({ "verified": false, "reason": "unsigned", "signature": null, "payload": null, "verified_at": null })
}
