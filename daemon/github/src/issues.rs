//! How are issues found, opened and kept up to date?

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::client::GitHub;
use crate::error::GitHubError;
use crate::ids::IssueNumber;
use crate::names::{Login, RepositoryName};
use crate::transport::Call;
use crate::wire::null_as_default;

/// An issue as GitHub had it when it was read.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Issue {
    pub number: IssueNumber,
    pub title: String,
    #[serde(default, deserialize_with = "null_as_default")]
    pub body: String,
    pub state: IssueState,
    #[serde(default, deserialize_with = "null_as_default")]
    pub html_url: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum IssueState {
    Open,
    Closed,
}

/// What to change about an issue. What is `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct IssueUpdate {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<IssueState>,
}

/// An entry of the list of issues, which holds the pull requests too.
#[derive(Deserialize)]
struct Entry {
    #[serde(flatten)]
    issue: Issue,
    pull_request: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
struct Created {
    number: IssueNumber,
}

impl GitHub {
    /// The open issue of exactly this title that `creator` opened; the oldest where there are several.
    pub async fn find_open_issue(&self, repository: &RepositoryName, creator: &Login, title: &str) -> Result<Option<Issue>, GitHubError> {
        let url = self.repository_url(repository, &["issues"]);
        let call = Call::get(url, format!("list the open issues of {creator} in {repository}"));
        let entries: Vec<Entry> = self.list(call.query(&[("state", "open"), ("creator", creator.as_str())])).await?;
        let found = entries.into_iter().filter(|entry| entry.pull_request.is_none() && entry.issue.title == title);
        Ok(found.map(|entry| entry.issue).min_by_key(|issue| issue.number))
    }

    /// Sent once. After an ambiguous failure look with [`GitHub::find_open_issue`] before trying again.
    pub async fn create_issue(&self, repository: &RepositoryName, title: &str, body: &str) -> Result<IssueNumber, GitHubError> {
        let url = self.repository_url(repository, &["issues"]);
        let call = Call::post(url, json!({"title": title, "body": body}), format!("open an issue in {repository}"));
        let created: Created = self.json(call).await?;
        Ok(created.number)
    }

    /// Repeated after an ambiguous failure: it sets values.
    pub async fn update_issue(&self, repository: &RepositoryName, number: IssueNumber, update: &IssueUpdate) -> Result<(), GitHubError> {
        let url = self.repository_url(repository, &["issues", &number.to_string()]);
        self.send(Call::patch(url, json!(update), format!("update issue {repository}#{number}")).repeatable()).await
    }
}
