//! Which text began a request, and what is it called where it leaves traces? In the store, in markers, in the name of its branch.

use core_model::Hash;
use daemon_github::{CommentId, IssueNumber, Login};
use daemon_store::RequestEntry;

/// What the names of all branches of the assistant begin with.
const BRANCH: &str = "ipr/request-";

/// The text that began a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The issue itself.
    Issue,
    Comment(CommentId),
}

impl std::fmt::Display for Origin {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Issue => formatter.write_str("issue"),
            Self::Comment(id) => write!(formatter, "comment-{id}"),
        }
    }
}

impl Origin {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text.strip_prefix("comment-") {
            Some(id) => id.parse().ok().map(|id| Self::Comment(CommentId(id))),
            None => (text == "issue").then_some(Self::Issue),
        }
    }

    /// The one branch of a request.
    pub(crate) fn branch(self, issue: IssueNumber) -> String {
        match self {
            Self::Issue => format!("{BRANCH}{issue}"),
            Self::Comment(id) => format!("{BRANCH}{issue}-{id}"),
        }
    }

    /// Which request a branch is for.
    pub(crate) fn of_branch(branch: &str) -> Option<(IssueNumber, Self)> {
        let rest = branch.strip_prefix(BRANCH)?;
        match rest.split_once('-') {
            Some((issue, comment)) => Some((IssueNumber(issue.parse().ok()?), Self::Comment(CommentId(comment.parse().ok()?)))),
            None => Some((IssueNumber(rest.parse().ok()?), Self::Issue)),
        }
    }

    /// Finds our question again.
    pub(crate) fn question_key(self, turn: i64) -> String {
        format!("request {self} question {turn}")
    }

    /// Finds our last word on it again.
    pub(crate) fn end_key(self) -> String {
        format!("request {self} end")
    }

    /// What an amendment says on the pull request that it became part of.
    pub(crate) fn amended_key(self) -> String {
        format!("request {self} amended")
    }
}

/// How far a request is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// A question is open.
    Asking,
    Proposed,
    Answered,
    Refused,
    /// Its text was changed after it was taken.
    Void,
    /// It had ended before the database was lost.
    Over,
}

impl State {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Asking => "asking",
            Self::Proposed => "proposed",
            Self::Answered => "answered",
            Self::Refused => "refused",
            Self::Void => "void",
            Self::Over => "over",
        }
    }

    pub(crate) fn is_of(self, entry: &RequestEntry) -> bool {
        entry.state == self.as_str()
    }
}

/// One text of a person in a thread.
#[derive(Debug, Clone)]
pub(crate) struct Text {
    pub origin: Origin,
    pub author: Login,
    /// What is read.
    pub words: String,
    /// Of what was written, title and all.
    pub hash: String,
    pub at: daemon_github::Timestamp,
    /// It was changed since it was written. Of an issue GitHub does not tell.
    pub is_edited: bool,
    /// It speaks to the assistant: by the label, or by a mention.
    pub is_call: bool,
}

impl Text {
    /// Its place in the thread.
    pub(crate) fn id(&self) -> u64 {
        match self.origin {
            Origin::Issue => 0,
            Origin::Comment(id) => id.0,
        }
    }
}

pub(crate) fn hash_of(parts: &[&str]) -> String {
    Hash::of_bytes(parts.join("\u{0}").as_bytes()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_branch_tells_its_request() {
        for (issue, origin) in [(7, Origin::Issue), (7, Origin::Comment(CommentId(41)))] {
            let issue = IssueNumber(issue);
            assert_eq!(Origin::of_branch(&origin.branch(issue)), Some((issue, origin)));
            assert_eq!(Origin::parse(&origin.to_string()), Some(origin));
        }
        for other in ["ipr/records/prod", "ipr/request-", "ipr/request-x", "ipr/request-7-x", "request-7"] {
            assert_eq!(Origin::of_branch(other), None, "{other}");
        }
    }
}
