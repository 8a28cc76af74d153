//! Which rules of rulesets hold for a branch? Whoever may read the repository may ask.

use serde::Deserialize;

use crate::client::GitHub;
use crate::error::GitHubError;
use crate::names::RepositoryName;
use crate::transport::Call;

/// One rule that holds for a branch, by GitHub's word: `update`, `deletion`, `non_fast_forward`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct BranchRule {
    #[serde(rename = "type")]
    pub kind: String,
}

impl GitHub {
    /// The rules of active rulesets for a branch, which need not exist. Old branch protections are not among them.
    pub async fn branch_rules(&self, repository: &RepositoryName, branch: &str) -> Result<Vec<BranchRule>, GitHubError> {
        let url = self.repository_url(repository, &["rules", "branches", branch]);
        self.list(Call::get(url, format!("read the rules of the branch `{branch}` of {repository}"))).await
    }
}
