//! How are commits and trees named? By their full SHA-1, in a type of its own for each.

use std::{fmt, str::FromStr};

/// The text is not 40 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a full object id of 40 hexadecimal digits")]
pub struct MalformedId {
    text: String,
}

macro_rules! object_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(gix::ObjectId);

        impl $name {
            pub(crate) fn object(self) -> gix::ObjectId {
                self.0
            }
        }

        impl From<gix::ObjectId> for $name {
            fn from(id: gix::ObjectId) -> Self {
                Self(id)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(formatter, "{}", self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(formatter, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = MalformedId;

            fn from_str(text: &str) -> Result<Self, MalformedId> {
                gix::ObjectId::from_hex(text.as_bytes()).map(Self).map_err(|_| MalformedId { text: text.chars().take(80).collect() })
            }
        }
    };
}

object_id! {
    /// A commit, by its full id. Parsing takes 40 hexadecimal digits and nothing shorter.
    CommitId
}

object_id! {
    /// A tree (a folder's content), by its full id. Two commits with one tree hold the same files.
    TreeId
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn an_id_is_forty_hexadecimal_digits() {
        let text = "0123456789abcdef0123456789abcdef01234567";
        assert_eq!(text.parse::<CommitId>().unwrap().to_string(), text);
        for wrong in ["", "0123456", "main", &text[1..], &format!("{text}0"), "g123456789abcdef0123456789abcdef01234567"] {
            assert!(wrong.parse::<CommitId>().is_err(), "{wrong:?}");
        }
    }
}
