//! Who may log in, and what may they do?

use std::collections::BTreeSet;

use subtle::ConstantTimeEq;

use super::World;
use crate::calls::Via;
use crate::commands::Caller;
use crate::values::{self, AddressRange};

impl World {
    /// The caller that a name and a password make, if they are right and the user may come this way and from there.
    pub(crate) fn log_in(&self, name: &str, password: &str, via: Via, connection: u64) -> Option<Caller> {
        let user = self.config.entries("/user").named(name)?;
        let expected = user.get("password").unwrap_or_default();
        // Whoever has a key comes with it alone, unless a router is told otherwise, which is not simulated.
        let is_refused = via == Via::Ssh && self.keys_of(name).next().is_some();
        if is_refused || !bool::from(expected.as_bytes().ct_eq(password.as_bytes())) {
            return None;
        }
        self.admit(name, via, connection)
    }

    /// The caller that has proved to have the key, which is in the form `ssh-ed25519 AAAA..`.
    pub(crate) fn log_in_by_key(&self, name: &str, key: &str, connection: u64) -> Option<Caller> {
        let words = |text: &str| text.split_whitespace().take(2).map(str::to_owned).collect::<Vec<_>>();
        self.keys_of(name).find(|known| words(known) == words(key))?;
        self.admit(name, Via::Ssh, connection)
    }

    fn keys_of(&self, name: &str) -> impl Iterator<Item = &str> {
        self.ssh_keys.iter().filter(move |(user, _)| user == name).map(|(_, key)| key.as_str())
    }

    /// Whoever is who they say, if they may come this way and from there.
    fn admit(&self, name: &str, via: Via, connection: u64) -> Option<Caller> {
        let user = self.config.entries("/user").named(name).filter(|user| !user.is_disabled())?;
        let client = self.connections.get(&connection)?.client();
        let allowed = values::list(user.get("address").unwrap_or_default());
        let is_allowed = |text: &String| AddressRange::parse(text).is_some_and(|range| range.contains(client.into()));
        if !allowed.is_empty() && !allowed.iter().any(is_allowed) {
            return None;
        }
        let policies = self.policies_of(user.get("group")?);
        let (needed, session) = match via {
            Via::Rest => ("rest-api", None),
            Via::Ssh => ("ssh", Some(connection)),
            Via::Api | Via::Script => ("api", Some(connection)),
        };
        let caller = Caller { user: name.to_owned(), policies, via, connection: session };
        caller.may(needed).then_some(caller)
    }

    pub(crate) fn policies_of(&self, group: &str) -> BTreeSet<String> {
        let group = self.config.entries("/user/group").named(group);
        values::list(group.and_then(|group| group.get("policy")).unwrap_or_default()).into_iter().collect()
    }
}
