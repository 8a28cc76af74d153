//! What was said in the conversation of an issue or pull request, and how do we take part?

use std::ops::ControlFlow;

use serde::Deserialize;
use serde_json::json;

use crate::client::GitHub;
use crate::error::GitHubError;
use crate::ids::{CommentId, IssueNumber};
use crate::names::{Login, RepositoryName};
use crate::timestamp::Timestamp;
use crate::transport::Call;
use crate::wire::Account;

/// A comment as GitHub had it when it was read.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "CommentBody")]
pub struct Comment {
    pub id: CommentId,
    /// The issue or pull request that it belongs to.
    pub issue: IssueNumber,
    /// `None` when the account was deleted.
    pub author: Option<Login>,
    pub author_is_bot: bool,
    pub body: String,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub html_url: String,
}

#[derive(Deserialize)]
struct CommentBody {
    id: CommentId,
    issue_url: String,
    user: Option<Account>,
    body: Option<String>,
    created_at: Timestamp,
    updated_at: Timestamp,
    html_url: Option<String>,
}

#[derive(Deserialize)]
struct Created {
    id: CommentId,
}

impl TryFrom<CommentBody> for Comment {
    type Error = &'static str;

    fn try_from(body: CommentBody) -> Result<Self, Self::Error> {
        let number = body.issue_url.rsplit('/').next().and_then(|number| number.parse().ok());
        Ok(Self {
            id: body.id,
            issue: IssueNumber(number.ok_or("issue_url does not end in a number")?),
            author: body.user.as_ref().and_then(Account::login),
            author_is_bot: body.user.as_ref().is_some_and(Account::is_bot),
            body: body.body.unwrap_or_default(),
            created_at: body.created_at,
            updated_at: body.updated_at,
            html_url: body.html_url.unwrap_or_default(),
        })
    }
}

impl GitHub {
    /// All comments of an issue or pull request, the oldest first.
    pub async fn comments(&self, repository: &RepositoryName, number: impl Into<IssueNumber>) -> Result<Vec<Comment>, GitHubError> {
        let number = number.into();
        let url = self.repository_url(repository, &["issues", &number.to_string(), "comments"]);
        self.list(Call::get(url, format!("list the comments of {repository}#{number}"))).await
    }

    /// Comments anywhere in the repository that were written or edited at `since` or later, the least recently changed
    /// first. Ends at 3,000: ask again from the last one's `updated_at`.
    pub async fn comments_since(&self, repository: &RepositoryName, since: Timestamp) -> Result<Vec<Comment>, GitHubError> {
        let url = self.repository_url(repository, &["issues", "comments"]);
        let call = Call::get(url, format!("list the comments of {repository} since {since}"));
        let call = call.query(&[("sort", "updated"), ("direction", "asc"), ("since", &since.to_string())]);
        let mut comments = Vec::new();
        let take = |page: Vec<Comment>| {
            comments.extend(page);
            ControlFlow::Continue(())
        };
        self.each_page(call, take).await?;
        Ok(comments)
    }

    pub async fn comment(&self, repository: &RepositoryName, id: CommentId) -> Result<Comment, GitHubError> {
        let url = self.repository_url(repository, &["issues", "comments", &id.to_string()]);
        self.json(Call::get(url, format!("read comment {id} in {repository}"))).await
    }

    /// Sent once. After an ambiguous failure the caller looks for its comment before it tries again.
    pub async fn create_comment(&self, repository: &RepositoryName, number: impl Into<IssueNumber>, body: &str) -> Result<CommentId, GitHubError> {
        let number = number.into();
        let url = self.repository_url(repository, &["issues", &number.to_string(), "comments"]);
        let call = Call::post(url, json!({"body": body}), format!("create a comment on {repository}#{number}"));
        let created: Created = self.json(call).await?;
        Ok(created.id)
    }

    /// Replaces the text. Repeated after an ambiguous failure: the same text twice is the same text.
    pub async fn update_comment(&self, repository: &RepositoryName, id: CommentId, body: &str) -> Result<(), GitHubError> {
        let url = self.repository_url(repository, &["issues", "comments", &id.to_string()]);
        self.send(Call::patch(url, json!({"body": body}), format!("update comment {id} in {repository}")).repeatable()).await
    }
}
