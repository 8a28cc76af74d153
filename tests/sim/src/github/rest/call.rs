//! What does a handler know about its request?

use serde_json::Value;

use crate::github::git::Git;
use crate::github::refusal::Refusal;
use crate::github::world::{Permission, Repository, World};

#[derive(Debug)]
pub(crate) struct Call<'a> {
    pub(crate) world: &'a mut World,
    pub(crate) actor: &'a str,
    /// `owner/name`; empty outside `/repos`.
    pub(crate) repository: String,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) body: Value,
    /// The caller asked for bytes instead of JSON.
    pub(crate) wants_raw: bool,
    /// The path below the repository, for links to further pages.
    pub(crate) path_below: String,
}

impl Call<'_> {
    pub(crate) fn repository(&self) -> Result<&Repository, Refusal> {
        self.world.repository(&self.repository)
    }

    pub(crate) fn git(&self) -> Result<&Git, Refusal> {
        Ok(&self.repository()?.git)
    }

    pub(crate) fn permission(&self) -> Permission {
        self.repository().map_or(Permission::None, |repository| repository.permission(self.actor))
    }

    /// Refuses a caller with less than `permission`; `needs` is the fine-grained name of what is missing.
    pub(crate) fn need(&self, permission: Permission, needs: &'static str) -> Result<(), Refusal> {
        if self.permission() >= permission {
            return Ok(());
        }
        let message = "Resource not accessible by personal access token".to_owned();
        Err(Refusal::Forbidden { message, needs })
    }

    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// A text of the request's body.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.body.get(name)?.as_str()
    }

    pub(crate) fn owned(&self, name: &str) -> Option<String> {
        self.text(name).map(str::to_owned)
    }

    /// A text that the body must have.
    pub(crate) fn required(&self, resource: &str, name: &str) -> Result<String, Refusal> {
        self.owned(name).ok_or_else(|| Refusal::field(resource, name, "missing_field"))
    }

    pub(crate) fn texts(&self, name: &str) -> Vec<String> {
        let values = self.body.get(name).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        values.iter().filter_map(Value::as_str).map(str::to_owned).collect()
    }
}

/// A number in a path; anything else is not found.
pub(crate) fn number(text: &str) -> Result<u64, Refusal> {
    text.parse().map_err(|_| Refusal::NOT_FOUND)
}
