//! Who are we, which repository is this, and what may a person do in it?

use serde::Deserialize;

use crate::client::GitHub;
use crate::error::{GitHubError, GitHubErrorKind};
use crate::names::{Login, RepositoryName};
use crate::transport::Call;
use crate::wire::null_as_default;

/// A repository as the token sees it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Repository {
    /// Stays the same when the repository is renamed or transferred.
    pub id: u64,
    /// The name it has now, which differs from the one asked for after a rename.
    #[serde(rename = "full_name")]
    pub name: RepositoryName,
    pub default_branch: String,
    #[serde(default, deserialize_with = "null_as_default")]
    pub private: bool,
    /// What the token may do. All false when GitHub does not say.
    #[serde(default, deserialize_with = "null_as_default")]
    pub permissions: RepositoryPermissions,
}

/// What the token itself may do in a repository.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct RepositoryPermissions {
    pub admin: bool,
    pub maintain: bool,
    pub push: bool,
    pub triage: bool,
    pub pull: bool,
}

/// What a person may do in a repository, ordered from nothing to everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Permission {
    None,
    Read,
    Triage,
    Write,
    Maintain,
    Admin,
}

#[derive(Deserialize)]
pub(crate) struct ViewerBody {
    pub(crate) login: Login,
}

#[derive(Deserialize)]
struct PermissionBody {
    permission: Option<String>,
    role_name: Option<String>,
}

impl GitHub {
    /// The account that the token belongs to.
    pub async fn viewer(&self) -> Result<Login, GitHubError> {
        let call = Call::get(self.url(&["user"]), "read whose token this is");
        let viewer: ViewerBody = self.json(call).await?;
        Ok(viewer.login)
    }

    pub async fn repository(&self, repository: &RepositoryName) -> Result<Repository, GitHubError> {
        let call = Call::get(self.repository_url(repository, &[]), format!("read the repository {repository}"));
        self.json(call).await
    }

    /// The highest permission that any grant gives `login`. An account that does not exist has none.
    pub async fn permission(&self, repository: &RepositoryName, login: &Login) -> Result<Permission, GitHubError> {
        let url = self.repository_url(repository, &["collaborators", login.as_str(), "permission"]);
        let call = Call::get(url, format!("read the permission of {login} in {repository}"));
        match self.json::<PermissionBody>(call).await {
            Ok(body) => Ok(body.permission()),
            Err(error) if error.kind == GitHubErrorKind::NotFound && error.message.contains("is not a user") => Ok(Permission::None),
            Err(error) => Err(error),
        }
    }
}

impl PermissionBody {
    /// `permission` decides; `role_name` only refines it, because a custom role may have any name. A word we do not know
    /// permits nothing.
    fn permission(&self) -> Permission {
        match (self.permission.as_deref(), self.role_name.as_deref()) {
            (Some("admin"), _) => Permission::Admin,
            (Some("maintain"), _) | (Some("write"), Some("maintain")) => Permission::Maintain,
            (Some("write"), _) => Permission::Write,
            (Some("triage"), _) | (Some("read"), Some("triage")) => Permission::Triage,
            (Some("read"), _) => Permission::Read,
            _ => Permission::None,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_role_refines_a_permission_and_never_raises_it() {
        let rows = [
            (r#"{"permission":"admin","role_name":"admin"}"#, Permission::Admin),
            (r#"{"permission":"write","role_name":"maintain"}"#, Permission::Maintain),
            (r#"{"permission":"maintain"}"#, Permission::Maintain),
            (r#"{"permission":"write","role_name":"deployer"}"#, Permission::Write),
            (r#"{"permission":"read","role_name":"triage"}"#, Permission::Triage),
            (r#"{"permission":"read","role_name":"admin"}"#, Permission::Read),
            (r#"{"permission":"read","role_name":null}"#, Permission::Read),
            (r#"{"permission":"none"}"#, Permission::None),
            (r#"{"permission":"owner"}"#, Permission::None),
            (r#"{"permission":null}"#, Permission::None),
            ("{}", Permission::None),
        ];
        for (body, expected) in rows {
            let read: PermissionBody = serde_json::from_str(body).unwrap();
            assert_eq!(read.permission(), expected, "{body}");
        }
        assert!(Permission::None < Permission::Read && Permission::Maintain < Permission::Admin);
    }
}
