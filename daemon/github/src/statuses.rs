//! What do commit statuses say about a commit, and how is one set?

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::client::GitHub;
use crate::error::GitHubError;
use crate::ids::CommitSha;
use crate::names::{Login, RepositoryName};
use crate::timestamp::Timestamp;
use crate::transport::Call;
use crate::wire::{Account, null_as_default};

/// GitHub refuses longer descriptions.
const DESCRIPTION_LENGTH_MAX: usize = 140;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StatusState {
    Pending,
    Success,
    Failure,
    Error,
}

/// A status to set. The context is its name: the newest status of a context counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommitStatus {
    pub state: StatusState,
    pub context: String,
    /// Cut to 140 characters when it is sent.
    pub description: String,
    pub target_url: Option<String>,
}

/// A status as GitHub has it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "StatusBody")]
pub struct PublishedStatus {
    pub state: StatusState,
    pub context: String,
    pub description: String,
    pub target_url: Option<String>,
    /// Anybody with write access can set a status: look here before believing one.
    pub creator: Option<Login>,
    pub created_at: Option<Timestamp>,
}

#[derive(Deserialize)]
struct StatusBody {
    state: StatusState,
    #[serde(default, deserialize_with = "null_as_default")]
    context: String,
    description: Option<String>,
    target_url: Option<String>,
    creator: Option<Account>,
    created_at: Option<Timestamp>,
}

impl From<StatusBody> for PublishedStatus {
    fn from(body: StatusBody) -> Self {
        Self {
            state: body.state,
            context: body.context,
            description: body.description.unwrap_or_default(),
            target_url: body.target_url.filter(|url| !url.is_empty()),
            creator: body.creator.as_ref().and_then(Account::login),
            created_at: body.created_at,
        }
    }
}

impl GitHub {
    /// Sent once: GitHub keeps each status, and at most 1,000 of a commit and context.
    pub async fn set_status(&self, repository: &RepositoryName, commit: &CommitSha, status: &CommitStatus) -> Result<(), GitHubError> {
        let mut body = json!({
            "state": status.state,
            "context": status.context,
            "description": cut(&status.description),
        });
        if let Some(target_url) = &status.target_url {
            body["target_url"] = json!(target_url);
        }
        let url = self.repository_url(repository, &["statuses", commit.as_str()]);
        let attempted = format!("set the status `{}` of commit {commit} in {repository}", status.context);
        self.send(Call::post(url, body, attempted)).await
    }

    /// All statuses that a commit ever had, the newest first.
    pub async fn status_history(&self, repository: &RepositoryName, commit: &CommitSha) -> Result<Vec<PublishedStatus>, GitHubError> {
        let url = self.repository_url(repository, &["commits", commit.as_str(), "statuses"]);
        self.list(Call::get(url, format!("list the statuses of commit {commit} in {repository}"))).await
    }

    /// The newest status of each context.
    pub async fn statuses(&self, repository: &RepositoryName, commit: &CommitSha) -> Result<Vec<PublishedStatus>, GitHubError> {
        let mut statuses = self.status_history(repository, commit).await?;
        let mut seen = BTreeSet::new();
        statuses.retain(|status| seen.insert(status.context.clone()));
        Ok(statuses)
    }
}

fn cut(description: &str) -> String {
    if description.chars().count() <= DESCRIPTION_LENGTH_MAX {
        return description.to_owned();
    }
    let mut text: String = description.chars().take(DESCRIPTION_LENGTH_MAX - 1).collect();
    text.push('…');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_description_is_cut_to_140_characters() {
        let exact = "é".repeat(140);
        assert_eq!(cut(&exact), exact);
        let long = cut(&"é".repeat(141));
        assert_eq!(long.chars().count(), 140);
        assert!(long.ends_with('…'));
    }
}
