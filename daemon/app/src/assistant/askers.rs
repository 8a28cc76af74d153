//! Who asked for a pull request? Whoever opened it; and where the assistant did, whose words it carries out. None of them approves it.
//!
//! Read from GitHub alone: the branch names the request, and GitHub knows who wrote it. So it holds without the database, too.

use std::collections::BTreeSet;

use daemon_github::{Comment, CommentId, GitHubError, GitHubErrorKind, IssueNumber, Login, PullRequest};

use super::request::Origin;
use crate::error::FlowError;
use crate::project::Project;

/// The people who asked for a change.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Askers {
    /// Whose words opened it.
    pub author: Option<Login>,
    /// Whether all of them are known. Where not, one of them may be among those who approve.
    pub is_known: bool,
    pub people: BTreeSet<Login>,
}

impl Askers {
    fn all(people: impl IntoIterator<Item = Option<Login>>) -> Self {
        let people: Vec<Option<Login>> = people.into_iter().collect();
        let author = people.first().cloned().flatten();
        Self { author, is_known: people.iter().all(Option::is_some), people: people.into_iter().flatten().collect() }
    }
}

impl Project {
    pub(crate) async fn askers(&self, pull: Option<&PullRequest>) -> Result<Askers, FlowError> {
        let Some(pull) = pull else { return Ok(Askers::default()) };
        let Some((issue, origin)) = Origin::of_branch(&pull.head_ref).filter(|_| self.is_our_proposal(pull)) else {
            return Ok(Askers::all([pull.author.clone()]));
        };
        let comments = self.github.comments(&self.repository, pull.number).await?;
        let amended = comments.iter().filter(|comment| comment.author.as_ref() == Some(&self.viewer)).filter_map(amendment);
        let mut people = vec![self.author_of(issue, origin).await?];
        people.extend(amended.map(|id| comments.iter().find(|comment| comment.id == id).and_then(|comment| comment.author.clone())));
        Ok(Askers::all(people))
    }

    /// Who wrote the text that began a request; `None` when it or its author is gone.
    async fn author_of(&self, issue: IssueNumber, origin: Origin) -> Result<Option<Login>, FlowError> {
        let author = match origin {
            Origin::Issue => self.github.issue(&self.repository, issue).await.map(|issue| issue.author),
            Origin::Comment(id) => self.github.comment(&self.repository, id).await.map(|comment| comment.author),
        };
        match author {
            Ok(author) => Ok(author),
            Err(GitHubError { kind: GitHubErrorKind::NotFound, .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

/// The comment whose words an amendment carries out, as our own note on it says.
fn amendment(comment: &Comment) -> Option<CommentId> {
    let key = comment.body.lines().next()?.strip_prefix("<!-- ipr:request ")?.strip_suffix(" amended -->")?;
    match Origin::parse(key)? {
        Origin::Comment(id) => Some(id),
        Origin::Issue => None,
    }
}
