//! What do `/etc/network/interfaces` and its staged copy say, and how do they differ?
//!
//! Source: pve-common `PVE/Network/Interfaces.pm`, `__write_etc_network_interfaces`; `PVE/INotify.pm`, `ccache_compute_diff`.

use std::collections::BTreeMap;

use crate::world::Interface;

/// Lines around a change that a unified difference shows.
const CONTEXT: usize = 3;

/// The file, a stanza for each interface and family. The loopback is left out, as it never changes.
fn lines(network: &BTreeMap<String, Interface>) -> Vec<String> {
    network.iter().flat_map(|(name, interface)| stanzas(name, interface)).collect()
}

fn stanzas(name: &str, interface: &Interface) -> Vec<String> {
    let get = |option: &str| interface.options.get(option).map(String::as_str).filter(|text| !text.is_empty());
    let mut lines = Vec::new();
    if get("autostart") == Some("1") {
        lines.push(format!("auto {name}"));
    }
    lines.push(format!("iface {name} inet {}", get("method").unwrap_or("manual")));
    let put = |key: &str, option: &str| get(option).map(|text| format!("\t{key} {text}"));
    lines.extend(put("address", "cidr"));
    lines.extend(put("gateway", "gateway"));
    if get("type") == Some("bridge") {
        lines.push(format!("\tbridge-ports {}", get("bridge_ports").unwrap_or("none")));
        lines.push(format!("\tbridge-stp {}", get("bridge_stp").unwrap_or("off")));
        lines.push(format!("\tbridge-fd {}", get("bridge_fd").unwrap_or("0")));
        if interface.options.contains_key("bridge_vlan_aware") {
            lines.push("\tbridge-vlan-aware yes".to_owned());
            lines.push(format!("\tbridge-vids {}", get("bridge_vids").unwrap_or("2-4094")));
        }
    }
    lines.extend(put("mtu", "mtu"));
    if !name.contains('.') {
        lines.extend(put("vlan-id", "vlan-id").filter(|_| !name.starts_with("vlan")));
        lines.extend(put("vlan-raw-device", "vlan-raw-device"));
    }
    if get("type") == Some("bond") {
        lines.extend(["slaves", "bond_miimon", "bond_mode"].into_iter().filter_map(|option| put(&option.replace('_', "-"), option)));
    }
    lines.extend(get("options").unwrap_or_default().lines().map(|line| format!("\t{line}")));
    lines.extend(get("comments").unwrap_or_default().lines().map(|line| format!("#{line}")));
    lines.push(String::new());
    if get("cidr6").is_some() {
        lines.push(format!("iface {name} inet6 static"));
        lines.extend(put("address", "cidr6"));
        lines.extend(put("gateway", "gateway6"));
        lines.push(String::new());
    }
    lines
}

/// `diff -u`; nothing where both are the same.
pub(super) fn difference(old: &BTreeMap<String, Interface>, new: &BTreeMap<String, Interface>) -> Option<String> {
    let marked = aligned(&lines(old), &lines(new));
    let changed: Vec<usize> = marked.iter().enumerate().filter(|(_, (mark, _))| *mark != ' ').map(|(place, _)| place).collect();
    let mut text = String::new();
    let mut next = 0;
    while let Some(first) = changed.get(next) {
        let mut last = *first;
        while let Some(place) = changed.get(next).filter(|place| **place <= last + 2 * CONTEXT + 1) {
            last = *place;
            next += 1;
        }
        let (start, end) = (first.saturating_sub(CONTEXT), (last + CONTEXT + 1).min(marked.len()));
        text.push_str(&hunk(&marked, start, end));
    }
    (!text.is_empty()).then(|| format!("--- /etc/network/interfaces\n+++ /etc/network/interfaces.new\n{text}"))
}

fn hunk(marked: &[(char, String)], start: usize, end: usize) -> String {
    let count = |lines: &[(char, String)], mark: char| lines.iter().filter(|(found, _)| *found == ' ' || *found == mark).count();
    let (before, part) = (&marked[..start], &marked[start..end]);
    let range = |mark: char| format!("{},{}", count(before, mark) + 1, count(part, mark));
    let body: String = part.iter().map(|(mark, line)| format!("{mark}{line}\n")).collect();
    format!("@@ -{} +{} @@\n{body}", range('-'), range('+'))
}

/// Both files as one: lines of the old, of the new, and of both, by the longest common subsequence.
fn aligned(old: &[String], new: &[String]) -> Vec<(char, String)> {
    let mut lengths = vec![vec![0_usize; new.len() + 1]; old.len() + 1];
    for (i, left) in old.iter().enumerate().rev() {
        for (j, right) in new.iter().enumerate().rev() {
            lengths[i][j] = if left == right { lengths[i + 1][j + 1] + 1 } else { lengths[i + 1][j].max(lengths[i][j + 1]) };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut marked = Vec::new();
    loop {
        match (old.get(i), new.get(j)) {
            (Some(left), Some(right)) if left == right => {
                marked.push((' ', left.clone()));
                (i, j) = (i + 1, j + 1);
            }
            (Some(left), right) if right.is_none() || lengths[i + 1][j] >= lengths[i][j + 1] => {
                marked.push(('-', left.clone()));
                i += 1;
            }
            (_, Some(right)) => {
                marked.push(('+', right.clone()));
                j += 1;
            }
            (_, None) => return marked,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_shows_what_changed_and_three_lines_around() {
        let bridge = |mtu: &str| Interface::new(&[("type", "bridge"), ("bridge_ports", "eno2"), ("mtu", mtu), ("comments", "a\nb")]);
        let network = |mtu: &str| BTreeMap::from([("vmbr1".to_owned(), bridge(mtu))]);
        let text = difference(&network("1500"), &network("9000")).unwrap_or_default();
        let expected = "@@ -2,7 +2,7 @@\n \tbridge-ports eno2\n \tbridge-stp off\n \tbridge-fd 0\n-\tmtu 1500\n+\tmtu 9000\n #a\n #b\n \n";
        assert!(text.ends_with(expected), "{text}");
        assert_eq!(difference(&network("1500"), &network("1500")), None);
    }
}
