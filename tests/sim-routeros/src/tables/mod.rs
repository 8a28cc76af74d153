//! What does each menu hold, and what did each release change about it?
//!
//! The tables are text, one line a field: name, kind, default, what is special. They are our own knowledge of RouterOS; the
//! names and the releases that have them are held to the public command trees by a test. A menu that stands in no table is
//! still served where such a tree is at hand, with fields of any text and without defaults.

mod kind;
mod menu;
mod read;

use std::sync::OnceLock;

pub(crate) use kind::Kind;
pub(crate) use menu::{Field, Menu, Seed, Shape, Versions};

/// The texts, by what they are about.
const TABLES: &[(&str, &str)] = &[
    ("interface", include_str!("../../menus/interface.menus")),
    ("interface-bridge", include_str!("../../menus/interface-bridge.menus")),
    ("interface-lists", include_str!("../../menus/interface-lists.menus")),
    ("interface-wireguard", include_str!("../../menus/interface-wireguard.menus")),
    ("ip", include_str!("../../menus/ip.menus")),
    ("ip-dhcp", include_str!("../../menus/ip-dhcp.menus")),
    ("ip-firewall", include_str!("../../menus/ip-firewall.menus")),
    ("ipv6", include_str!("../../menus/ipv6.menus")),
    ("ipv6-firewall", include_str!("../../menus/ipv6-firewall.menus")),
    ("queue-ppp", include_str!("../../menus/queue-ppp.menus")),
    ("routing", include_str!("../../menus/routing.menus")),
    ("system", include_str!("../../menus/system.menus")),
];

/// Every menu of the tables, with the fields of all releases.
pub(crate) fn all() -> &'static [Menu] {
    static MENUS: OnceLock<Vec<Menu>> = OnceLock::new();
    MENUS.get_or_init(|| TABLES.iter().flat_map(|(table, text)| read::menus(table, text)).collect())
}
