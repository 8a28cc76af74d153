//! Which number or hash is which? One type for each kind of id, so that none is taken for another.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The number of a pull request in its repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PullNumber(pub u64);

/// The number of an issue in its repository. Each pull request is an issue with the same number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct IssueNumber(pub u64);

impl IssueNumber {
    /// The pull request of this number. Whether there is one, the caller knows.
    pub fn as_pull(self) -> PullNumber {
        PullNumber(self.0)
    }
}

impl From<PullNumber> for IssueNumber {
    fn from(number: PullNumber) -> Self {
        Self(number.0)
    }
}

/// The id of a comment in the conversation of an issue or pull request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CommentId(pub u64);

/// The name of a commit: 40 lower-case hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CommitSha(String);

/// A text that is not 40 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a commit is named by 40 hexadecimal digits")]
pub struct InvalidCommitSha;

impl CommitSha {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for CommitSha {
    type Err = InvalidCommitSha;

    fn from_str(text: &str) -> Result<Self, InvalidCommitSha> {
        if text.len() != 40 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(InvalidCommitSha);
        }
        Ok(Self(text.to_ascii_lowercase()))
    }
}

impl TryFrom<String> for CommitSha {
    type Error = InvalidCommitSha;

    fn try_from(text: String) -> Result<Self, InvalidCommitSha> {
        text.parse()
    }
}

impl From<CommitSha> for String {
    fn from(sha: CommitSha) -> String {
        sha.0
    }
}

impl fmt::Display for CommitSha {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

macro_rules! display_number {
    ($($name:ident),*) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(formatter, "{}", self.0)
            }
        }
    )*};
}

display_number!(PullNumber, IssueNumber, CommentId);

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_commit_has_forty_hexadecimal_digits() {
        let upper = "ABCDEF0123456789abcdef0123456789abcdef01";
        assert_eq!(upper.parse::<CommitSha>().unwrap().as_str(), upper.to_ascii_lowercase());
        for wrong in ["", "abc", "main", &"g".repeat(40), &"a".repeat(64)] {
            assert_eq!(wrong.parse::<CommitSha>(), Err(InvalidCommitSha), "{wrong}");
        }
    }
}
