//! How are issues found, opened and kept up to date?

use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::client::GitHub;
use crate::error::GitHubError;
use crate::ids::IssueNumber;
use crate::names::{Login, RepositoryName};
use crate::timestamp::Timestamp;
use crate::transport::Call;
use crate::wire::{Account, null_as_default};

/// An issue as GitHub had it when it was read. Each pull request is one, too.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "IssueBody")]
pub struct Issue {
    pub number: IssueNumber,
    pub title: String,
    pub body: String,
    pub state: IssueState,
    /// `None` when the account was deleted.
    pub author: Option<Login>,
    pub author_is_bot: bool,
    /// The names of its labels.
    pub labels: Vec<String>,
    pub is_pull_request: bool,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
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

#[derive(Deserialize)]
struct IssueBody {
    number: IssueNumber,
    title: String,
    body: Option<String>,
    state: IssueState,
    user: Option<Account>,
    #[serde(default, deserialize_with = "null_as_default")]
    labels: Vec<Label>,
    pull_request: Option<serde::de::IgnoredAny>,
    created_at: Timestamp,
    updated_at: Timestamp,
    #[serde(default, deserialize_with = "null_as_default")]
    html_url: String,
}

/// GitHub's description allows both forms.
#[derive(Deserialize)]
#[serde(untagged)]
enum Label {
    Whole { name: Option<String> },
    Name(String),
}

impl From<IssueBody> for Issue {
    fn from(body: IssueBody) -> Self {
        let name = |label: Label| match label {
            Label::Whole { name } => name,
            Label::Name(name) => Some(name),
        };
        Self {
            number: body.number,
            title: body.title,
            body: body.body.unwrap_or_default(),
            state: body.state,
            author: body.user.as_ref().and_then(Account::login),
            author_is_bot: body.user.as_ref().is_some_and(Account::is_bot),
            labels: body.labels.into_iter().filter_map(name).collect(),
            is_pull_request: body.pull_request.is_some(),
            created_at: body.created_at,
            updated_at: body.updated_at,
            html_url: body.html_url,
        }
    }
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
        let issues: Vec<Issue> = self.list(call.query(&[("state", "open"), ("creator", creator.as_str())])).await?;
        Ok(issues.into_iter().filter(|issue| !issue.is_pull_request && issue.title == title).min_by_key(|issue| issue.number))
    }

    pub async fn issue(&self, repository: &RepositoryName, number: IssueNumber) -> Result<Issue, GitHubError> {
        let url = self.repository_url(repository, &["issues", &number.to_string()]);
        self.json(Call::get(url, format!("read issue {repository}#{number}"))).await
    }

    /// The open issues that changed at `since` or later, or all of them, the least recently changed first. Pull requests are left
    /// out. Ends at 3,000: ask again from the last one's `updated_at`.
    pub async fn open_issues(&self, repository: &RepositoryName, since: Option<Timestamp>) -> Result<Vec<Issue>, GitHubError> {
        let url = self.repository_url(repository, &["issues"]);
        let call = Call::get(url, format!("list the open issues of {repository}"));
        let mut call = call.query(&[("state", "open"), ("sort", "updated"), ("direction", "asc")]);
        if let Some(since) = since {
            call = call.query(&[("since", &since.to_string())]);
        }
        let mut issues = Vec::new();
        let take = |page: Vec<Issue>| {
            issues.extend(page.into_iter().filter(|issue| !issue.is_pull_request));
            ControlFlow::Continue(())
        };
        self.each_page(call, take).await?;
        Ok(issues)
    }

    /// Repeated after an ambiguous failure: a label that is there stays.
    pub async fn add_label(&self, repository: &RepositoryName, number: impl Into<IssueNumber>, label: &str) -> Result<(), GitHubError> {
        let number = number.into();
        let url = self.repository_url(repository, &["issues", &number.to_string(), "labels"]);
        self.send(Call::post(url, json!({"labels": [label]}), format!("label {repository}#{number}")).repeatable()).await
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
