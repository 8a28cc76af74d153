//! How are things called? Checked names, addresses and markers.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Why a text is not a name. The message completes the sentence "`x` ...".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NameError(pub &'static str);

/// A DNS label: `[a-z][a-z0-9-]{0,39}`. Blueprints and resources are named so.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Name(String);

const NAME_LENGTH_MAX: usize = 40;
const RESERVED: [&str; 2] = ["specs", "metadata"];

impl Name {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Name {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let mut letters = text.chars();
        match letters.next() {
            None => return Err(NameError("is empty")),
            Some('a'..='z') => {}
            Some(_) => return Err(NameError("does not start with a lower-case letter")),
        }
        if letters.any(|letter| !matches!(letter, 'a'..='z' | '0'..='9' | '-')) {
            return Err(NameError("holds something other than lower-case letters, digits and `-`"));
        }
        if text.len() > NAME_LENGTH_MAX {
            return Err(NameError("is longer than 40 characters"));
        }
        if RESERVED.contains(&text) {
            return Err(NameError("is reserved"));
        }
        Ok(Self(text.to_owned()))
    }
}

/// Where a resource is declared: `<blueprint>.<resource>`, unique in an environment.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Address {
    pub blueprint: Name,
    pub resource: Name,
}

impl Address {
    pub fn new(blueprint: Name, resource: Name) -> Self {
        Self { blueprint, resource }
    }
}

impl FromStr for Address {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let (blueprint, resource) = text.split_once('.').ok_or(NameError("is not of the form `<blueprint>.<resource>`"))?;
        Ok(Self { blueprint: blueprint.parse()?, resource: resource.parse()? })
    }
}

impl fmt::Display for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}", self.blueprint, self.resource)
    }
}

/// The lasting id of an environment (its `id:` in ipr.yaml). Renaming an environment keeps it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EnvironmentId(String);

impl EnvironmentId {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for EnvironmentId {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        Name::from_str(text).map(|name| Self(name.0))
    }
}

/// A named, reachable endpoint, or a member of a group of them: `dock-01`, `rack1/r1-n01`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TargetName(String);

impl TargetName {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The group's or the single target's own name: what ipr.yaml and the daemon's configuration list.
    pub fn group(&self) -> &str {
        self.0.split('/').next().unwrap_or(&self.0)
    }

    pub fn member(&self) -> Option<&str> {
        self.0.split_once('/').map(|(_, member)| member)
    }
}

impl FromStr for TargetName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let mut parts = text.splitn(2, '/');
        parts.next().unwrap_or_default().parse::<Name>()?;
        if let Some(member) = parts.next() {
            member.parse::<Name>()?;
        }
        Ok(Self(text.to_owned()))
    }
}

/// Says on the target whose an object is: `<owner id>/<environment id>/<address>`. Nothing that changes later is in it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Marker {
    pub owner_id: String,
    pub environment: EnvironmentId,
    pub address: Address,
}

impl FromStr for Marker {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let mut parts = text.splitn(3, '/');
        let (Some(owner_id), Some(environment), Some(address)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(NameError("is not of the form `<owner id>/<environment id>/<address>`"));
        };
        Ok(Self { owner_id: owner_id.to_owned(), environment: environment.parse()?, address: address.parse()? })
    }
}

impl fmt::Display for Marker {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}/{}", self.owner_id, self.environment, self.address)
    }
}

macro_rules! text_form {
    ($($name:ident),*) => {$(
        impl TryFrom<String> for $name {
            type Error = NameError;

            fn try_from(text: String) -> Result<Self, NameError> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> String {
                value.to_string()
            }
        }
    )*};
}

macro_rules! shown_as_text {
    ($($name:ident),*) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }
    )*};
}

text_form!(Name, Address, EnvironmentId, TargetName, Marker);
shown_as_text!(Name, EnvironmentId, TargetName);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_dns_labels() {
        for good in ["a", "web-01", &"a".repeat(40)] {
            assert!(good.parse::<Name>().is_ok(), "{good}");
        }
        for bad in ["", "1a", "A", "a.b", "a_b", "-a", "specs", "metadata", &"a".repeat(41)] {
            assert!(bad.parse::<Name>().is_err(), "{bad}");
        }
    }

    #[test]
    fn text_forms_round_trip() {
        let marker: Marker = "6f0c2a9e/prod/shop.web-01".parse().expect("a marker");
        assert_eq!(marker.to_string(), "6f0c2a9e/prod/shop.web-01");
        assert_eq!(marker.address.resource.as_str(), "web-01");
        let target: TargetName = "rack1/r1-n01".parse().expect("a target");
        assert_eq!((target.group(), target.member()), ("rack1", Some("r1-n01")));
        assert!("rack1/".parse::<TargetName>().is_err());
    }
}
