//! Does a rule match a packet?

use std::net::{IpAddr, Ipv4Addr};

use crate::values::{AddressRange, list, negated};
use crate::world::{Item, World};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    New,
    Established,
}

/// A packet of TCP, and where it is.
#[derive(Clone, Debug)]
pub(super) struct Packet {
    source: Ipv4Addr,
    source_port: u16,
    pub(super) destination: Ipv4Addr,
    destination_port: u16,
    in_interface: Option<String>,
    out_interface: Option<String>,
    state: State,
}

impl Packet {
    pub(super) fn tcp(source: Ipv4Addr, source_port: u16, destination: Ipv4Addr, destination_port: u16) -> Self {
        Self { source, source_port, destination, destination_port, in_interface: None, out_interface: None, state: State::New }
    }

    pub(super) fn into_interface(mut self, name: &str) -> Self {
        self.in_interface = Some(name.to_owned());
        self
    }

    pub(super) fn out_of_interface(mut self, name: &str) -> Self {
        self.out_interface = Some(name.to_owned());
        self
    }

    pub(super) fn in_state(mut self, state: State) -> Self {
        self.state = state;
        self
    }
}

/// Fields of a rule that say what to do, not with what.
const NO_MATCHERS: &[&str] = &[
    "chain",
    "action",
    "disabled",
    "comment",
    "log",
    "log-prefix",
    "jump-target",
    "reject-with",
    "to-addresses",
    "to-ports",
    "passthrough",
    "address-list",
    "address-list-timeout",
    "hw-offload",
    "new-connection-mark",
    "new-packet-mark",
    "new-routing-mark",
];

/// Whether every matcher of a rule holds; one that is not known here never does.
pub(super) fn matches(world: &World, rule: &Item, packet: &Packet) -> bool {
    let matchers = rule.values.iter().filter(|(name, _)| !NO_MATCHERS.contains(&name.as_str()));
    matchers.into_iter().all(|(name, value)| {
        let (sign, bare) = negated(value);
        holds(world, name, bare, packet).is_some_and(|holds| holds != (sign == "!"))
    })
}

/// Nothing for a matcher that is not known.
fn holds(world: &World, name: &str, value: &str, packet: &Packet) -> Option<bool> {
    let within = |address: Ipv4Addr| AddressRange::parse(value).is_some_and(|range| range.contains(IpAddr::V4(address)));
    let is_interface = |interface: &Option<String>| interface.as_deref() == Some(value);
    let in_list = |interface: &Option<String>| interface.as_deref().is_some_and(|name| is_listed(world, value, name, 0));
    let truth = match name {
        "src-address" => within(packet.source),
        "dst-address" => within(packet.destination),
        "src-address-list" => is_in_address_list(world, value, packet.source),
        "dst-address-list" => is_in_address_list(world, value, packet.destination),
        "protocol" => value == "tcp",
        "src-port" => has_port(value, packet.source_port),
        "dst-port" => has_port(value, packet.destination_port),
        "port" => has_port(value, packet.source_port) || has_port(value, packet.destination_port),
        "in-interface" => is_interface(&packet.in_interface),
        "out-interface" => is_interface(&packet.out_interface),
        "in-interface-list" => in_list(&packet.in_interface),
        "out-interface-list" => in_list(&packet.out_interface),
        "connection-state" => {
            let state = if packet.state == State::New { "new" } else { "established" };
            list(value).iter().any(|word| word == state)
        }
        _ => return None,
    };
    Some(truth)
}

fn has_port(value: &str, port: u16) -> bool {
    list(value).iter().any(|part| {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        matches!((first.parse::<u16>(), last.parse::<u16>()), (Ok(first), Ok(last)) if (first..=last).contains(&port))
    })
}

fn is_in_address_list(world: &World, name: &str, address: Ipv4Addr) -> bool {
    let entries = world.config.entries("/ip/firewall/address-list").items.iter();
    entries.filter(|item| item.get("list") == Some(name) && !item.is_disabled()).any(|item| {
        let range = item.get("address").and_then(AddressRange::parse);
        range.is_some_and(|range| range.contains(IpAddr::V4(address)))
    })
}

/// Lists that include lists may do so in a circle.
const LISTS_DEEP_MAX: usize = 16;

fn is_listed(world: &World, list_name: &str, interface: &str, depth: usize) -> bool {
    if depth > LISTS_DEEP_MAX {
        return false;
    }
    match list_name {
        "all" | "static" => return true,
        "none" | "dynamic" => return false,
        _ => {}
    }
    let members = world.config.entries("/interface/list/member").items.iter();
    let is_member = |item: &Item| item.get("list") == Some(list_name) && item.get("interface") == Some(interface) && !item.is_disabled();
    let Some(entry) = world.config.entries("/interface/list").named(list_name) else { return false };
    let any_of = |field: &str| list(entry.get(field).unwrap_or_default()).iter().any(|other| is_listed(world, other, interface, depth + 1));
    (members.into_iter().any(is_member) || any_of("include")) && !any_of("exclude")
}
