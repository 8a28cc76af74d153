//! Which entries does the router make itself?
//!
//! They are dynamic: shown among the others, never exported, and refused to everybody who would change them.

use std::collections::{BTreeMap, BTreeSet};

use super::{Item, World};
use crate::network;
use crate::values::boolean;

type Values = BTreeMap<String, String>;

/// Where derived entries stand among the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    First,
    Last,
}

fn values<const COUNT: usize>(pairs: [(&str, &str); COUNT]) -> Values {
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

impl World {
    /// Makes again what follows from other entries.
    pub(crate) fn derive(&mut self) {
        self.derive_routes();
        self.derive_bridge_vlans();
        self.derive_fasttrack();
    }

    /// A route for every network of an address.
    fn derive_routes(&mut self) {
        let routes = network::connected_routes(self);
        let wanted =
            routes.iter().map(|(network, interface)| values([("dst-address", network), ("gateway", interface), ("distance", "0"), ("scope", "10")]));
        self.put_derived("/ip/route", Place::Last, wanted.collect());
    }

    /// A bridge that filters makes every port a member of the port's own VLAN.
    fn derive_bridge_vlans(&mut self) {
        let mut wanted = BTreeSet::new();
        let (Some(bridges), Some(ports)) = (self.menu("/interface/bridge"), self.menu("/interface/bridge/port")) else { return };
        for bridge in self.config.entries(&bridges.path).items.iter().filter(|item| !item.is_disabled()) {
            let name = bridge.get("name").unwrap_or_default();
            if bridge.effective(&bridges, "vlan-filtering").and_then(boolean) != Some(true) {
                continue;
            }
            let own = bridge.effective(&bridges, "pvid");
            let of_ports = self.config.entries(&ports.path).items.iter().filter(|item| item.get("bridge") == Some(name) && !item.is_disabled());
            let vlans = of_ports.filter_map(|item| item.effective(&ports, "pvid")).chain(own);
            wanted.extend(vlans.map(|vlan| (name.to_owned(), vlan.to_owned())));
        }
        let said: BTreeSet<(String, String)> = self
            .config
            .entries("/interface/bridge/vlan")
            .items
            .iter()
            .filter(|item| !item.is_dynamic)
            .filter_map(|item| Some((item.get("bridge")?.to_owned(), item.get("vlan-ids")?.to_owned())))
            .collect();
        let wanted = wanted.difference(&said).map(|(bridge, vlan)| values([("bridge", bridge), ("vlan-ids", vlan), ("comment", "added by pvid")]));
        self.put_derived("/interface/bridge/vlan", Place::Last, wanted.collect());
    }

    /// A rule that fasttracks puts one at the head of the lists that nobody wrote, to show its counters.
    fn derive_fasttrack(&mut self) {
        let rules = &self.config.entries("/ip/firewall/filter").items;
        let has_fasttrack = rules.iter().any(|item| item.get("action") == Some("fasttrack-connection") && !item.is_disabled());
        for (path, chains) in [
            ("/ip/firewall/filter", &["forward"][..]),
            ("/ip/firewall/mangle", &["prerouting", "forward", "postrouting"]),
            ("/ip/firewall/raw", &["prerouting"]),
        ] {
            let comment = "special dummy rule to show fasttrack counters";
            let wanted =
                chains.iter().filter(|_| has_fasttrack).map(|chain| values([("chain", chain), ("action", "passthrough"), ("comment", comment)]));
            self.put_derived(path, Place::First, wanted.collect());
        }
    }

    /// Puts exactly these derived entries into a menu. One that stays keeps its identity.
    fn put_derived(&mut self, path: &str, place: Place, mut wanted: Vec<Values>) {
        let Some(menu) = self.menu(path) else { return };
        let present: Vec<Item> = self.config.entries(path).items.iter().filter(|item| item.is_dynamic).cloned().collect();
        for item in present {
            match wanted.iter().position(|values| *values == item.values) {
                Some(index) => drop(wanted.remove(index)),
                None => drop(self.config.entries_mut(path).remove(&menu, item.id)),
            }
        }
        for (index, values) in wanted.into_iter().enumerate() {
            let mut item = Item::new(self.config.next_id(&menu), values);
            item.is_dynamic = true;
            let position = if place == Place::First { index } else { usize::MAX };
            self.config.entries_mut(path).insert(&menu, position, item);
        }
    }
}
