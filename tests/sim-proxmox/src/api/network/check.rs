//! Which networks does a node refuse to stage?
//!
//! Source: pve-manager `PVE/API2/Network.pm`; pve-common `PVE/Network/Interfaces.pm`, `__write_etc_network_interfaces`.

use std::collections::BTreeMap;

use crate::refusal::Refusal;
use crate::verify::Parameters;
use crate::world::Interface;

type Network = BTreeMap<String, Interface>;

/// What the request itself says, beside what is there.
pub(super) fn request(network: &Network, name: &str, options: &Parameters) -> Result<(), Refusal> {
    for gateway in ["gateway", "gateway6"].into_iter().filter(|gateway| options.contains_key(*gateway)) {
        let holder = network.iter().find(|(other, interface)| *other != name && interface.options.contains_key(gateway));
        if let Some((holder, _)) = holder {
            let words = if gateway == "gateway" { "Default gateway" } else { "Default ipv6 gateway" };
            return Err(Refusal::parameter(gateway, format!("{words} already exists on interface '{holder}'.")));
        }
    }
    for ports in ["bridge_ports", "slaves"] {
        for port in list(options.get(ports)) {
            let uses = |interface: &Interface| {
                ["bridge_ports", "slaves"].into_iter().any(|ports| list(interface.options.get(ports)).any(|other| other == port))
            };
            if let Some((holder, _)) = network.iter().find(|(other, interface)| *other != name && uses(interface)) {
                return Err(Refusal::parameter(ports, format!("{port} is already used on interface '{holder}'.")));
            }
        }
    }
    Ok(())
}

fn list(text: Option<&String>) -> impl Iterator<Item = &str> {
    text.map(String::as_str).unwrap_or_default().split([' ', ',', ';']).filter(|item| !item.is_empty())
}

/// What is looked at when the file is written.
pub(super) fn whole(network: &Network) -> Result<(), Refusal> {
    for (name, interface) in network {
        let option = |option: &str| interface.options.get(option).map(String::as_str);
        match option("type") {
            Some("vlan") => vlan(network, name, option("vlan-raw-device"))?,
            Some("bridge") => list(interface.options.get("bridge_ports")).try_for_each(|port| bridge_port(network, name, port))?,
            _ => {}
        }
    }
    Ok(())
}

fn vlan(network: &Network, name: &str, device: Option<&str>) -> Result<(), Refusal> {
    let parent = name.rsplit_once('.').map(|(parent, _)| parent).or(device).unwrap_or_default();
    if !network.contains_key(parent) {
        return Err(Refusal::failed(format!("vlan '{name}' - unable to find parent '{parent}'")));
    }
    larger_than(network, parent, name)
}

fn bridge_port(network: &Network, bridge: &str, port: &str) -> Result<(), Refusal> {
    let Some(found) = network.get(port) else {
        // A VLAN of an interface needs no stanza of its own.
        let has_parent = port.rsplit_once('.').is_some_and(|(parent, _)| network.contains_key(parent));
        let missing = || Refusal::failed(format!("bridge '{bridge}' - unable to find bridge port '{port}'"));
        return has_parent.then_some(()).ok_or_else(missing);
    };
    if found.options.contains_key("cidr") || found.options.contains_key("cidr6") {
        return Err(Refusal::failed(format!("iface {port} - ip address can't be set on interface if bridged in {bridge}")));
    }
    larger_than(network, port, bridge)
}

/// What carries packets takes all that it is given.
fn larger_than(network: &Network, parent: &str, child: &str) -> Result<(), Refusal> {
    let mtu = |name: &str| network.get(name).and_then(|interface| interface.options.get("mtu")).and_then(|text| text.parse::<u32>().ok());
    let Some(wanted) = mtu(child) else { return Ok(()) };
    // Source: `$check_mtu`: a bond without one takes its child's.
    let is_bond = network.get(parent).is_some_and(|parent| parent.options.get("type").is_some_and(|kind| kind == "bond"));
    if is_bond && mtu(parent).is_none() {
        return Ok(());
    }
    let given = mtu(parent).unwrap_or(1_500);
    if given >= wanted {
        return Ok(());
    }
    Err(Refusal::failed(format!("interface '{parent}' - mtu {given} is lower than '{child}' - mtu {wanted}")))
}
