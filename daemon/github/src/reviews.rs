//! Who reviewed a pull request, how, and at which commit?

use serde::Deserialize;

use crate::client::GitHub;
use crate::error::GitHubError;
use crate::ids::{CommitSha, PullNumber};
use crate::names::{Login, RepositoryName};
use crate::timestamp::Timestamp;
use crate::transport::Call;
use crate::wire::Account;

/// One review. A person may have several; which one counts, the caller decides.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "ReviewBody")]
pub struct Review {
    /// `None` when the account was deleted.
    pub author: Option<Login>,
    pub state: ReviewState,
    /// The head that was reviewed. `None` when that commit is gone.
    pub commit_id: Option<CommitSha>,
    /// `None` while the review is pending.
    pub submitted_at: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ReviewState {
    Approved,
    ChangesRequested,
    Commented,
    Dismissed,
    Pending,
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
struct ReviewBody {
    user: Option<Account>,
    state: ReviewState,
    commit_id: Option<CommitSha>,
    submitted_at: Option<Timestamp>,
}

impl From<ReviewBody> for Review {
    fn from(body: ReviewBody) -> Self {
        Self { author: body.user.as_ref().and_then(Account::login), state: body.state, commit_id: body.commit_id, submitted_at: body.submitted_at }
    }
}

impl GitHub {
    /// All reviews, the oldest first.
    pub async fn reviews(&self, repository: &RepositoryName, number: PullNumber) -> Result<Vec<Review>, GitHubError> {
        let url = self.repository_url(repository, &["pulls", &number.to_string(), "reviews"]);
        self.list(Call::get(url, format!("list the reviews of {repository}#{number}"))).await
    }
}
