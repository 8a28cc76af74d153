//! How does the undoing script find a row? By our tag, by what tells rows of its menu apart, or by all that was set of it.
//!
//! Never by an id, which a restart may give to another row, and never by somebody else's comment, which many rows may share.

use std::collections::{BTreeMap, BTreeSet};

use super::undo::{Arguments, is_secret};
use crate::change::Change;
use crate::snapshot::Snapshot;
use crate::tag::Tag;
use crate::wire::Row;

/// What tells the rows of a menu apart. In other menus it is the name, where rows have one.
const KEYS: &[(&str, &[&str])] = &[
    ("/interface/bridge/port", &["bridge", "interface"]),
    ("/interface/bridge/vlan", &["bridge", "vlan-ids"]),
    ("/interface/list/member", &["list", "interface"]),
    ("/interface/wireguard/peers", &["interface", "public-key"]),
    ("/ip/address", &["address", "interface"]),
    ("/ip/dhcp-client", &["interface"]),
    ("/ip/dhcp-server/lease", &["server", "address", "mac-address"]),
    ("/ip/dhcp-server/network", &["address"]),
    ("/ip/dns/static", &["name", "type", "address", "cname", "text", "forward-to"]),
    ("/ip/firewall/address-list", &["list", "address"]),
    ("/ip/route", &["dst-address", "gateway", "routing-table"]),
    ("/ipv6/address", &["address", "interface"]),
    ("/ipv6/firewall/address-list", &["list", "address"]),
    ("/ipv6/route", &["dst-address", "gateway", "routing-table"]),
    ("/routing/ospf/interface-template", &["area", "interfaces", "networks"]),
    ("/system/logging", &["action", "topics"]),
];

/// Knows which tags are on more than one row of a menu at some time of the batch, and what rows are made of.
pub(super) struct Finder<'s> {
    shared: BTreeSet<(String, String)>,
    before: &'s Snapshot,
    arguments: &'s Arguments,
}

impl<'s> Finder<'s> {
    pub(super) fn new(before: &'s Snapshot, changes: &[Change], arguments: &'s Arguments) -> Self {
        let mut bearers: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
        let mut bear = |menu: &str, comment: &str, id: &str| {
            bearers.entry((menu.to_owned(), comment.to_owned())).or_default().insert(id.to_owned());
        };
        let rows = before.menus.iter().flat_map(|(menu, rows)| rows.iter().map(move |row| (menu, row)));
        rows.for_each(|(menu, row)| bear(menu, row.get("comment"), &row.id));
        for change in changes {
            let (id, values) = match change {
                Change::Add { handle, values, .. } => (handle, values),
                Change::Set { row, values, .. } => (&row.id, values),
                _ => continue,
            };
            if let Some(comment) = values.get("comment") {
                bear(change.menu(), comment, id);
            }
        }
        let shared = bearers.into_iter().filter(|(_, ids)| ids.len() > 1).map(|(place, _)| place).collect();
        Self { shared, before, arguments }
    }

    /// The conditions of a `find` that is to find a row with these values.
    pub(super) fn conditions(&self, menu: &str, values: &Row) -> String {
        let comment = values.get("comment").filter(|comment| Tag::parse(comment).is_some());
        let told: Vec<(&str, &str)> = match comment {
            Some(comment) if self.shared.contains(&(menu.to_owned(), comment.clone())) => {
                std::iter::once(("comment", comment.as_str())).chain(self.key(menu, values)).collect()
            }
            Some(comment) => vec![("comment", comment)],
            None => self.key(menu, values),
        };
        told.iter().map(|(name, text)| format!("{name}={}", quoted(text))).collect::<Vec<_>>().join(" and ")
    }

    /// The key of the menu, or the name. Where several rows have the same, or none, all that somebody set and that is no secret: what
    /// a router says of a row's state may change at any moment, and a condition of it finds nothing then.
    fn key<'r>(&self, menu: &str, values: &'r Row) -> Vec<(&'r str, &'r str)> {
        let names = KEYS.iter().find(|(known, _)| *known == menu).map_or(&["name"][..], |(_, names)| names);
        let found = names.iter().filter_map(|name| values.get_key_value(*name)).filter(|(_, text)| !text.is_empty());
        let key: Vec<(&str, &str)> = found.map(|(name, text)| (name.as_str(), text.as_str())).collect();
        let alike = self.before.rows(menu).iter().filter(|row| key.iter().all(|(name, text)| row.get(name) == *text)).count();
        if !key.is_empty() && alike <= 1 {
            return key;
        }
        let is_set = |name: &str| self.arguments.get(menu).is_none_or(|known| known.contains(name)) && !is_secret(name);
        values.iter().filter(|(name, text)| is_set(name) && !text.is_empty()).map(|(name, text)| (name.as_str(), text.as_str())).collect()
    }
}

/// A text of the script language.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' | '$' | '?' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_cannot_end_their_quotes() {
        assert_eq!(quoted("a\"; /system reboot; \"$x\\"), r#""a\"; /system reboot; \"\$x\\""#);
        assert_eq!(quoted("two\nlines"), "\"two\\nlines\"");
    }
}
