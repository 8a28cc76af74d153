//! Who may log in, and what may they do?

use std::collections::BTreeSet;

use subtle::ConstantTimeEq;

use super::World;
use crate::calls::Via;
use crate::commands::Caller;
use crate::values::{self, AddressRange};

impl World {
    /// The caller that a name and a password make, if they are right and the user may come this way and from there.
    pub(crate) fn log_in(&mut self, name: &str, password: &str, via: Via, connection: u64) -> Option<Caller> {
        let user = self.config.entries("/user").named(name).filter(|user| !user.is_disabled())?;
        let expected = user.get("password").unwrap_or_default();
        if !bool::from(expected.as_bytes().ct_eq(password.as_bytes())) {
            return None;
        }
        let client = self.connections.get(&connection)?.client();
        let allowed = values::list(user.get("address").unwrap_or_default());
        let is_allowed = |text: &String| AddressRange::parse(text).is_some_and(|range| range.contains(client.into()));
        if !allowed.is_empty() && !allowed.iter().any(is_allowed) {
            return None;
        }
        let policies = self.policies_of(user.get("group")?);
        let (needed, session) = if via == Via::Rest { ("rest-api", None) } else { ("api", Some(connection)) };
        let caller = Caller { user: name.to_owned(), policies, via, connection: session };
        caller.may(needed).then_some(caller)
    }

    pub(crate) fn policies_of(&self, group: &str) -> BTreeSet<String> {
        let group = self.config.entries("/user/group").named(group);
        values::list(group.and_then(|group| group.get("policy")).unwrap_or_default()).into_iter().collect()
    }
}
