//! Where does a branch or tag of the repository on GitHub point?

use serde::Deserialize;

use crate::client::GitHub;
use crate::error::{GitHubError, GitHubErrorKind};
use crate::ids::CommitSha;
use crate::names::RepositoryName;
use crate::transport::Call;

#[derive(Deserialize)]
pub(crate) struct ReferenceBody {
    #[serde(rename = "ref")]
    pub(crate) name: String,
    pub(crate) object: ObjectBody,
}

#[derive(Deserialize)]
pub(crate) struct ObjectBody {
    pub(crate) sha: CommitSha,
}

impl GitHub {
    /// What a reference such as `heads/main` points to. `None` only when the repository can be read and has no such
    /// reference: a token that lost its access is an error, and never looks like a branch that is gone.
    pub async fn reference(&self, repository: &RepositoryName, name: &str) -> Result<Option<CommitSha>, GitHubError> {
        match self.known_reference(repository, name).await {
            Err(error) if error.kind == GitHubErrorKind::NotFound => self.repository(repository).await.map(|_| None),
            answer => answer,
        }
    }

    /// As [`GitHub::reference`], without asking whether the repository can be read: `None` may also mean that it cannot. For callers
    /// that learn this from another answer, and one round trip cheaper.
    pub async fn reference_if_seen(&self, repository: &RepositoryName, name: &str) -> Result<Option<CommitSha>, GitHubError> {
        match self.known_reference(repository, name).await {
            Err(error) if error.kind == GitHubErrorKind::NotFound => Ok(None),
            answer => answer,
        }
    }

    /// "Not found" says that the reference is not there, or that the repository is not for us.
    async fn known_reference(&self, repository: &RepositoryName, name: &str) -> Result<Option<CommitSha>, GitHubError> {
        let attempted = format!("read the reference `{name}` of {repository}");
        let mut segments = vec!["git", "ref"];
        segments.extend(name.split('/'));
        let call = Call::get(self.repository_url(repository, &segments), attempted.clone());
        match self.json::<ReferenceBody>(call).await {
            Ok(body) if body.name == format!("refs/{name}") => Ok(Some(body.object.sha)),
            Ok(_) => Err(GitHubError::protocol(&attempted, "the answer is about another reference")),
            Err(error) if is_empty_repository(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// GitHub answers 409 to git calls as long as a repository has no commit at all.
fn is_empty_repository(error: &GitHubError) -> bool {
    error.kind == GitHubErrorKind::Conflict && error.message.contains("is empty")
}
