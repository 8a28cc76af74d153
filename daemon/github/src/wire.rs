//! Which pieces do many of GitHub's answers share, and how are their nulls read?

use serde::{Deserialize, Deserializer};

use crate::names::Login;

/// An account inside an answer. GitHub gives null in its place when the account was deleted.
#[derive(Deserialize)]
pub(crate) struct Account {
    login: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
}

impl Account {
    /// `None` for a login of a form we do not know: nobody is authorised under it, and the rest of a list can be read.
    pub(crate) fn login(&self) -> Option<Login> {
        self.login.as_deref()?.parse().ok()
    }

    pub(crate) fn is_bot(&self) -> bool {
        self.kind.as_deref() == Some("Bot")
    }
}

/// Reads null as the type's default. Use it together with `#[serde(default)]`, which covers the absent field.
pub(crate) fn null_as_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Option::<T>::deserialize(deserializer).map(Option::unwrap_or_default)
}
