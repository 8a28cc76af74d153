//! When is an interface what it was, or what it is to be? All that the file says of it counts, and nothing of how it is doing.
//!
//! Whoever stages a change of one interface has Proxmox write the whole file anew, and some stanzas of others then say more or less
//! than before. That is nobody's change.

use std::collections::BTreeMap;

use super::form;
use crate::reader::Interface;

/// How an interface is doing, and what is worked out of other options at each reading.
const WORKED_OUT: [&str; 12] =
    ["iface", "active", "exists", "priority", "families", "altnames", "address", "netmask", "address6", "netmask6", "digest", "type"];
/// What Proxmox reads and never writes again (pve-common `PVE/Network/Interfaces.pm`, `$done` of `__interface_to_string`).
const NOT_WRITTEN: [&str; 3] = ["broadcast", "broadcast6", "bridge-disable-mac-learning"];
/// Lists without an order of their own.
const LISTS: [&str; 6] = ["bridge_ports", "bridge_vids", "slaves", "ovs_ports", "ovs_bonds", "ovs_options"];

/// What is written where nobody says it, by type.
const USUAL: [(&str, &str, &str); 4] =
    [("bridge", "bridge_stp", "off"), ("bridge", "bridge_fd", "0"), ("bond", "bond_miimon", "100"), ("bond", "bond_mode", "balance-rr")];

/// An interface of somebody else, in one form.
pub(super) fn said(interface: &Interface) -> BTreeMap<String, String> {
    let kind = interface.get("type").unwrap_or_default();
    let is_silent = |option: &str| WORKED_OUT.contains(&option) || NOT_WRITTEN.contains(&option);
    let told = interface.options.iter().filter(|(option, text)| !is_silent(option) && !text.is_empty());
    let mut options: BTreeMap<String, String> = told.map(|(option, text)| (option.clone(), in_one_form(option, text))).collect();
    options.insert("type".to_owned(), kind.to_owned());
    for (_, option, text) in USUAL.iter().filter(|(of, _, _)| *of == kind) {
        options.entry((*option).to_owned()).or_insert_with(|| (*text).to_owned());
    }
    // Writing the file makes cards of bonds start with the node, and ports of Open vSwitch with their bridge.
    if !form::KINDS.contains(&kind) || interface.get("autostart") != Some("1") {
        options.remove("autostart");
    }
    if interface.get("bridge_vlan_aware").is_some() {
        options.entry("bridge_vids".to_owned()).or_insert_with(|| form::ALL_VLANS.to_owned());
    } else {
        options.remove("bridge_vids");
    }
    if kind == "bond" {
        let mode = options.get("bond_mode").cloned().unwrap_or_default();
        options.retain(|option, _| match option.as_str() {
            "bond_xmit_hash_policy" => matches!(mode.as_str(), "balance-xor" | "802.3ad"),
            "bond-primary" => mode == "active-backup",
            _ => true,
        });
    }
    options
}

fn in_one_form(option: &str, text: &str) -> String {
    if LISTS.contains(&option) {
        let mut words: Vec<&str> = text.split([' ', ',', ';']).filter(|word| !word.is_empty()).collect();
        words.sort_unstable();
        return words.join(" ");
    }
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.join("\n").trim_end().to_owned()
}

/// What the file says beyond our table: `post-up` lines, spanning tree. Proxmox's API can leave it as it is, and cannot set it.
pub(super) fn beyond(interface: &Interface) -> BTreeMap<String, String> {
    let mut options = said(interface);
    options.retain(|option, text| {
        let is_usual = USUAL.iter().any(|(_, usual, value)| usual == option && value == text);
        let is_worked_out = matches!(option.as_str(), "method" | "method6") && matches!(text.as_str(), "static" | "manual");
        !is_usual && !is_worked_out && !form::knows(option) && !matches!(option.as_str(), "type" | "comments")
    });
    options
}

/// Whether an interface is what a step makes of it: its own fields, and beyond them what was there.
pub(super) fn is_as_wanted(name: &str, found: Option<&Interface>, wanted: Option<&Interface>, was: Option<&Interface>) -> bool {
    match (found, wanted) {
        (Some(found), Some(wanted)) => form::is_so(name, found, wanted) && beyond(found) == was.map(beyond).unwrap_or_default(),
        (found, wanted) => found.is_none() && wanted.is_none(),
    }
}

/// Whether an interface is what it was.
pub(super) fn is_as_before(found: Option<&Interface>, was: Option<&Interface>) -> bool {
    found.map(said) == was.map(said)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn interface(options: &[(&str, &str)]) -> Interface {
        Interface { options: options.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect() }
    }

    /// What Proxmox adds when it writes the file.
    #[test]
    fn what_writing_the_file_adds_is_no_change() {
        type Options = &'static [(&'static str, &'static str)];
        let pairs: [(Options, Options); 4] = [
            (
                &[("type", "bond"), ("slaves", "eno2 eno1"), ("bond_xmit_hash_policy", "layer2")],
                &[("type", "bond"), ("slaves", "eno1 eno2"), ("bond_miimon", "100"), ("bond_mode", "balance-rr"), ("active", "1")],
            ),
            (&[("type", "eth")], &[("type", "eth"), ("autostart", "1"), ("exists", "1")]),
            (&[("type", "bridge"), ("bridge_vlan_aware", "1")], &[("type", "bridge"), ("bridge_vlan_aware", "1"), ("bridge_vids", "2-4094")]),
            (&[("type", "eth"), ("comments", "a ")], &[("type", "eth"), ("comments", "a\n")]),
        ];
        for (before, after) in pairs {
            assert!(is_as_before(Some(&interface(after)), Some(&interface(before))), "{before:?}");
        }
    }

    #[test]
    fn what_is_outside_of_our_table_counts() {
        let plain = interface(&[("type", "bridge"), ("bridge_stp", "off"), ("method", "manual")]);
        for change in [("bridge_stp", "on"), ("options", "post-up ip route add 10.9.0.0/16 dev vmbr5"), ("method", "dhcp"), ("ovs_tag", "7")] {
            let mut changed = plain.clone();
            changed.options.insert(change.0.to_owned(), change.1.to_owned());
            assert!(!is_as_before(Some(&changed), Some(&plain)), "{change:?}");
            assert!(!is_as_wanted("vmbr5", Some(&changed), Some(&plain), Some(&plain)), "{change:?}");
        }
        assert!(beyond(&plain).is_empty());
    }
}
