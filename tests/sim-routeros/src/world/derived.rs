//! Which entries does the router make itself?

use super::{Item, World};
use crate::network;

const ROUTES: &str = "/ip/route";

impl World {
    /// A route for every network of an address, as a dynamic entry. One that stays keeps its identity.
    pub(crate) fn derive_routes(&mut self) {
        let Some(menu) = self.menu(ROUTES) else { return };
        let mut wanted = network::connected_routes(self);
        let is_wanted = |wanted: &mut Vec<(String, String)>, item: &Item| {
            let found = wanted.iter().position(|(network, interface)| {
                item.get("dst-address") == Some(network.as_str()) && item.get("gateway") == Some(interface.as_str())
            });
            found.map(|index| wanted.remove(index)).is_some()
        };
        let dynamic: Vec<Item> = self.config.entries(ROUTES).items.iter().filter(|item| item.is_dynamic).cloned().collect();
        for item in dynamic {
            if !is_wanted(&mut wanted, &item) {
                self.config.entries_mut(ROUTES).remove(&menu, item.id);
            }
        }
        for (network, interface) in wanted {
            let id = self.config.next_id(&menu);
            let values = [("dst-address", network), ("gateway", interface), ("distance", "0".to_owned()), ("scope", "10".to_owned())];
            let mut item = Item::new(id, values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect());
            item.is_dynamic = true;
            let entries = self.config.entries_mut(ROUTES);
            entries.insert(&menu, entries.items.len(), item);
        }
    }
}
