//! How do we answer a comment without words?

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::client::GitHub;
use crate::error::GitHubError;
use crate::ids::CommentId;
use crate::names::{Login, RepositoryName};
use crate::transport::Call;
use crate::wire::Account;

/// The reactions that we give. Others exist and are not looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Reaction {
    Eyes,
    Rocket,
    #[serde(rename = "+1")]
    PlusOne,
    #[serde(rename = "-1")]
    MinusOne,
    Confused,
    Hooray,
}

#[derive(Deserialize)]
struct ReactionBody {
    user: Option<Account>,
    content: Content,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Content {
    Ours(Reaction),
    Other(serde::de::IgnoredAny),
}

impl GitHub {
    /// Repeated after an ambiguous failure: GitHub keeps one reaction of a kind for each person.
    pub async fn react(&self, repository: &RepositoryName, id: CommentId, reaction: Reaction) -> Result<(), GitHubError> {
        let url = self.repository_url(repository, &["issues", "comments", &id.to_string(), "reactions"]);
        let call = Call::post(url, json!({"content": reaction}), format!("react to comment {id} in {repository}"));
        self.send(call.repeatable()).await
    }

    /// The reactions that `login` gave to a comment.
    pub async fn reactions_by(&self, repository: &RepositoryName, id: CommentId, login: &Login) -> Result<Vec<Reaction>, GitHubError> {
        let url = self.repository_url(repository, &["issues", "comments", &id.to_string(), "reactions"]);
        let all: Vec<ReactionBody> = self.list(Call::get(url, format!("list the reactions to comment {id} in {repository}"))).await?;
        let of_login = |body: &ReactionBody| body.user.as_ref().and_then(Account::login).as_ref() == Some(login);
        Ok(all.into_iter().filter(of_login).filter_map(|body| body.content.ours()).collect())
    }
}

impl Content {
    fn ours(self) -> Option<Reaction> {
        match self {
            Self::Ours(reaction) => Some(reaction),
            Self::Other(_) => None,
        }
    }
}
