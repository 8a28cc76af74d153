//! How is a person, a bot or an organisation shown?

use serde_json::{Value, json};

use super::{node_id, with};
use crate::github::world::World;

impl World {
    pub(crate) fn user_json(&self, login: &str) -> Value {
        let (id, kind) = self.users.get(login).map_or((0, "User"), |user| (user.id, user.kind));
        let url = format!("{}/users/{login}", self.api_url());
        json!({
            "login": login, "id": id, "node_id": node_id("U", id), "type": kind, "site_admin": false, "user_view_type": "public",
            "avatar_url": format!("{}/avatars/{id}", self.web_url), "gravatar_id": "",
            "url": url, "html_url": format!("{}/{login}", self.web_url),
            "followers_url": format!("{url}/followers"), "following_url": format!("{url}/following{{/other_user}}"),
            "gists_url": format!("{url}/gists{{/gist_id}}"), "starred_url": format!("{url}/starred{{/owner}}{{/repo}}"),
            "subscriptions_url": format!("{url}/subscriptions"), "organizations_url": format!("{url}/orgs"),
            "repos_url": format!("{url}/repos"), "events_url": format!("{url}/events{{/privacy}}"),
            "received_events_url": format!("{url}/received_events"),
        })
    }

    /// The longer form of `GET /user`.
    pub(crate) fn account_json(&self, login: &str) -> Value {
        with(
            self.user_json(login),
            json!({
                "name": login, "company": null, "blog": "", "location": null, "email": null, "hireable": null, "bio": null,
                "twitter_username": null, "public_repos": 0, "public_gists": 0, "followers": 0, "following": 0,
                "created_at": "2020-01-01T00:00:00Z", "updated_at": "2020-01-01T00:00:00Z",
                "private_gists": 0, "total_private_repos": 0, "owned_private_repos": 0, "disk_usage": 0, "collaborators": 0,
                "two_factor_authentication": true,
            }),
        )
    }

    /// `user`, or `null` for someone the forge does not know.
    pub(crate) fn user_or_null(&self, login: Option<&str>) -> Value {
        match login {
            Some(login) if self.users.contains_key(login) => self.user_json(login),
            _ => Value::Null,
        }
    }

    /// Descriptive only: nobody may decide anything from it.
    pub(crate) fn association(&self, repository: &str, login: &str) -> &'static str {
        use crate::github::world::Permission;
        match self.repositories.get(repository).map_or(Permission::None, |found| found.permission(login)) {
            Permission::Admin | Permission::Maintain => "MEMBER",
            Permission::Write | Permission::Triage => "COLLABORATOR",
            Permission::Read | Permission::None => "NONE",
        }
    }
}
