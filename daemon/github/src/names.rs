//! How are repositories and people named, and when are two names the same?
//!
//! GitHub keeps the case of a name and ignores it when it compares. So do these types: equality, order and hash are
//! those of the lower-case text, `Display` is the text as given.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

const NAME_LENGTH_MAX: usize = 100;

/// A text that is no name. It does not repeat the text, which may come from anywhere.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidName(&'static str);

/// `owner/name` of a repository.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RepositoryName {
    owner: String,
    name: String,
}

impl RepositoryName {
    pub fn owner(&self) -> &str {
        &self.owner
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    fn key(&self) -> (String, String) {
        (self.owner.to_ascii_lowercase(), self.name.to_ascii_lowercase())
    }
}

impl FromStr for RepositoryName {
    type Err = InvalidName;

    fn from_str(text: &str) -> Result<Self, InvalidName> {
        let invalid = InvalidName("a repository is named `owner/name`: letters, digits, `-`, `_` and `.`");
        let Some((owner, name)) = text.split_once('/') else {
            return Err(invalid);
        };
        // `.` and `..` would change the path of a request.
        let plain = |part: &str| is_plain(part, "-_.") && part != "." && part != "..";
        if !plain(owner) || !plain(name) {
            return Err(invalid);
        }
        Ok(Self { owner: owner.to_owned(), name: name.to_owned() })
    }
}

impl fmt::Display for RepositoryName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.owner, self.name)
    }
}

/// The name of an account: `octocat`, or `ipr[bot]` for an App.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Login(String);

impl Login {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn key(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

impl FromStr for Login {
    type Err = InvalidName;

    fn from_str(text: &str) -> Result<Self, InvalidName> {
        if !is_plain(text, "-_[]") {
            return Err(InvalidName("a login has letters, digits, `-` and `_`; that of an App ends in `[bot]`"));
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for Login {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

fn is_plain(text: &str, also: &str) -> bool {
    let allowed = |letter: char| letter.is_ascii_alphanumeric() || also.contains(letter);
    !text.is_empty() && text.len() <= NAME_LENGTH_MAX && text.chars().all(allowed)
}

/// Text conversions, and comparison by `key()`, for a name.
macro_rules! compare_by_key {
    ($name:ident) => {
        impl TryFrom<String> for $name {
            type Error = InvalidName;
            fn try_from(text: String) -> Result<Self, InvalidName> {
                text.parse()
            }
        }
        impl From<$name> for String {
            fn from(name: $name) -> String {
                name.to_string()
            }
        }
        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.key() == other.key()
            }
        }
        impl Eq for $name {}
        impl PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
                Some(self.cmp(other))
            }
        }
        impl Ord for $name {
            fn cmp(&self, other: &Self) -> std::cmp::Ordering {
                self.key().cmp(&other.key())
            }
        }
        impl Hash for $name {
            fn hash<H: Hasher>(&self, state: &mut H) {
                self.key().hash(state);
            }
        }
    };
}

compare_by_key!(RepositoryName);
compare_by_key!(Login);

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_repository_has_an_owner_and_a_name() {
        let name: RepositoryName = "acme/infra.live".parse().unwrap();
        assert_eq!((name.owner(), name.name()), ("acme", "infra.live"));
        assert_eq!(name.to_string(), "acme/infra.live");
        for wrong in ["", "acme", "acme/", "/infra", "a/b/c", "acme/..", "./infra", "ac me/infra", "acme/inf?ra", "acme/ünfra"] {
            assert!(wrong.parse::<RepositoryName>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn names_are_compared_without_case() {
        assert_eq!("Acme/Infra".parse::<RepositoryName>().unwrap(), "acme/infra".parse().unwrap());
        assert_eq!("Alice".parse::<Login>().unwrap(), "alice".parse().unwrap());
        assert_ne!("alice".parse::<Login>().unwrap(), "bob".parse().unwrap());
    }

    #[test]
    fn an_app_has_a_login() {
        assert!("ipr[bot]".parse::<Login>().is_ok());
        for wrong in ["", "a b", "a/b", "a?b", &"x".repeat(101)] {
            assert!(wrong.parse::<Login>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn json_is_the_plain_text_and_is_checked() {
        let name: RepositoryName = serde_json::from_str("\"acme/infra\"").unwrap();
        assert_eq!(serde_json::to_string(&name).unwrap(), "\"acme/infra\"");
        assert!(serde_json::from_str::<RepositoryName>("\"acme\"").is_err());
    }
}
