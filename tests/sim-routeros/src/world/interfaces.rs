//! Which interfaces are there, over all menus that hold some?

use super::{Item, ItemId, World};
use crate::tables::Menu;

impl World {
    /// Every interface with its menu, by menu.
    pub(crate) fn interfaces(&self) -> impl Iterator<Item = (&Menu, &Item)> {
        let menus = self.menus.values().filter(|menu| menu.is_interface);
        menus.flat_map(|menu| self.config.entries(&menu.path).items.iter().map(move |item| (&**menu, item)))
    }

    pub(crate) fn interface(&self, name: &str) -> Option<(&Menu, &Item)> {
        self.interfaces().find(|(_, item)| item.get("name") == Some(name))
    }

    pub(crate) fn interface_by_id(&self, id: ItemId) -> Option<(&Menu, &Item)> {
        self.interfaces().find(|(_, item)| item.id == id)
    }
}

/// As `/interface` calls the kind of an interface.
pub(crate) fn kind_of(menu: &str) -> &'static str {
    match menu {
        "/interface/ethernet" => "ether",
        "/interface/vlan" => "vlan",
        "/interface/bridge" => "bridge",
        "/interface/bonding" => "bond",
        "/interface/wireguard" => "wg",
        "/interface/pppoe-client" => "pppoe-out",
        _ => "other",
    }
}
