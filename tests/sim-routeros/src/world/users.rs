//! Who may log in, and what may they do?

use std::collections::BTreeSet;

use subtle::ConstantTimeEq;

use super::World;
use crate::calls::Via;
use crate::commands::Caller;
use crate::values;

impl World {
    /// The caller that a name and a password make, if they are right and the user may come this way.
    pub(crate) fn log_in(&mut self, name: &str, password: &str, via: Via, connection: Option<u64>) -> Option<Caller> {
        let user = self.config.entries("/user").named(name).filter(|user| !user.is_disabled())?;
        let expected = user.get("password").unwrap_or_default();
        if !bool::from(expected.as_bytes().ct_eq(password.as_bytes())) {
            return None;
        }
        let policies = self.policies_of(user.get("group")?);
        let needed = if via == Via::Rest { "rest-api" } else { "api" };
        let caller = Caller { user: name.to_owned(), policies, via, connection };
        caller.may(needed).then_some(caller)
    }

    pub(crate) fn policies_of(&self, group: &str) -> BTreeSet<String> {
        let group = self.config.entries("/user/group").named(group);
        values::list(group.and_then(|group| group.get("policy")).unwrap_or_default()).into_iter().collect()
    }
}
