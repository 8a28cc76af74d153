//! Who are we on the router? The daemon's own user, its group, and what it may do.

use std::collections::BTreeSet;

use engine_api::EngineError;

use crate::change::Change;
use crate::wire::{Command, Connection};

/// What the undoing script may do at most. With less than it needs it would fail without a word when it runs.
const POLICIES: [&str; 6] = ["read", "write", "policy", "test", "password", "sensitive"];

/// The daemon's own user.
#[derive(Debug, Clone)]
pub(crate) struct Ourselves {
    user: String,
    /// `None`: the router does not tell, as where users are those of a RADIUS server.
    group: Option<String>,
    policies: Option<BTreeSet<String>>,
}

impl Ourselves {
    pub(crate) async fn read(connection: &mut Connection, user: &str) -> Result<Self, EngineError> {
        let attempt = "ask the router what its user may do";
        let found = connection.read(Command::print("/user").only(&["name", "group"]).query("name", user)).await;
        let found = told(found).map_err(|failure| failure.into_error(attempt))?;
        let group = found.and_then(|mut row| row.remove("group"));
        let Some(name) = &group else { return Ok(Self { user: user.to_owned(), group, policies: None }) };
        let found = connection.read(Command::print("/user/group").only(&["name", "policy"]).query("name", name)).await;
        let policy = told(found).map_err(|failure| failure.into_error(attempt))?.and_then(|mut row| row.remove("policy"));
        let policies = policy.map(|text| text.split(',').filter(|word| !word.starts_with('!')).map(str::to_owned).collect());
        Ok(Self { user: user.to_owned(), group, policies })
    }

    pub(crate) fn user(&self) -> &str {
        &self.user
    }

    pub(crate) fn group(&self) -> Option<&str> {
        self.group.as_deref()
    }

    /// What the script is allowed: nobody can hand out a right that they do not have.
    pub(crate) fn policy(&self) -> String {
        let is_held = |policy: &&str| self.policies.as_ref().is_none_or(|held| held.contains(*policy));
        POLICIES.into_iter().filter(is_held).collect::<Vec<_>>().join(",")
    }

    /// Why a change may not be made: it would lock us out in mid-run, and nothing could undo it.
    pub(crate) fn refuses(&self, change: &Change) -> Option<String> {
        let (what, own) = match change.menu() {
            "/user" => ("user", Some(&self.user)),
            "/user/group" => ("group", self.group.as_ref()),
            _ => return None,
        };
        let own = own?;
        change.names().contains(&own.as_str()).then(|| own_account(what, own))
    }
}

/// What to say of a change of our own user or its group.
pub(crate) fn own_account(what: &str, name: &str) -> String {
    format!("`{name}` is the {what} that ipr itself logs in with; a change of it in mid-run would lock ipr out")
}

/// The first row, if the router lets us see it.
fn told(answer: Result<crate::wire::Answer, crate::wire::Failure>) -> Result<Option<crate::wire::Row>, crate::wire::Failure> {
    match answer {
        Ok(answer) => Ok(answer.rows.into_iter().next()),
        Err(failure) if failure.kind.is_transient() => Err(failure),
        Err(_) => Ok(None),
    }
}
