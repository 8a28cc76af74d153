//! The network of a node: changes are staged, then applied together or thrown away.
//!
//! Source: pve-manager `PVE/API2/Network.pm`. What is staged stands in `interfaces.new`, and reads show it.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{Call, Outcome, Reply};
use crate::job::{Job, Phase};
use crate::refusal::Refusal;
use crate::verify::Parameters;
use crate::world::{Interface, Node, World};

fn node_mut<'world>(world: &'world mut World, name: &str) -> Result<&'world mut Node, Refusal> {
    world.nodes.get_mut(name).ok_or_else(|| Refusal::failed(format!("no such cluster node '{name}'")))
}

/// What reads see: the staged network where there is one.
fn seen(node: &Node) -> &BTreeMap<String, Interface> {
    node.network_staged.as_ref().unwrap_or(&node.network)
}

fn own<'call>(call: &'call Call<'_>) -> Result<&'call Node, Refusal> {
    let name = call.node()?;
    call.world.nodes.get(&name).ok_or_else(|| Refusal::failed(format!("no such cluster node '{name}'")))
}

const NUMBERS: &[&str] = &["autostart", "bridge_vlan_aware", "exists", "mtu", "vlan-id", "active", "priority", "ovs_tag"];

fn shown(node: &Node, name: &str, interface: &Interface) -> Map<String, Value> {
    let number = |option: &str, value: &str| match value.parse::<i64>() {
        Ok(number) if NUMBERS.contains(&option) && option != "mtu" => json!(number),
        _ => json!(value),
    };
    let mut row: Map<String, Value> = interface.options.iter().map(|(option, value)| (option.clone(), number(option, value))).collect();
    for (option, [address, netmask]) in [("cidr", ["address", "netmask"]), ("cidr6", ["address6", "netmask6"])] {
        if let Some((ip, bits)) = interface.options.get(option).and_then(|cidr| cidr.split_once('/')) {
            row.insert(address.to_owned(), json!(ip));
            row.insert(netmask.to_owned(), json!(bits));
        }
    }
    let is_static = |option: &str| json!(if interface.options.contains_key(option) { "static" } else { "manual" });
    row.insert("method".to_owned(), is_static("cidr"));
    row.insert("method6".to_owned(), is_static("cidr6"));
    row.insert("families".to_owned(), json!(if interface.options.contains_key("cidr6") { vec!["inet", "inet6"] } else { vec!["inet"] }));
    // Only what is applied can be up.
    if node.network.contains_key(name) {
        row.insert("active".to_owned(), json!(1));
    }
    row.insert("priority".to_owned(), json!(seen(node).keys().position(|known| known == name).unwrap_or_default() + 3));
    row
}

/// `GET network`: the answer has `changes` beside `data` while something is staged.
pub(super) fn list(call: &mut Call<'_>) -> Outcome {
    let node = own(call)?;
    let kind = call.text("type");
    let fits = |interface: &Interface| {
        let own = interface.options.get("type").map_or("", String::as_str);
        match kind {
            None => true,
            Some("any_bridge" | "any_local_bridge" | "include_sdn") => matches!(own, "bridge" | "OVSBridge"),
            Some(kind) => own == kind,
        }
    };
    let rows: Vec<Value> = seen(node)
        .iter()
        .filter(|(_, interface)| fits(interface))
        .map(|(name, interface)| {
            let mut row = shown(node, name, interface);
            row.insert("iface".to_owned(), json!(name));
            Value::Object(row)
        })
        .collect();
    match &node.network_staged {
        Some(staged) => Ok(Reply::WithChanges(Value::Array(rows), changes(&node.network, staged))),
        None => Ok(Reply::Data(Value::Array(rows))),
    }
}

/// A unified difference of the two files, as far as clients read it: lines with plus and minus.
fn changes(old: &BTreeMap<String, Interface>, new: &BTreeMap<String, Interface>) -> String {
    let lines = |network: &BTreeMap<String, Interface>| -> Vec<String> {
        let line = |name: &String, interface: &Interface| {
            let options = interface.options.iter().map(|(option, value)| format!("\t{option} {value}")).collect::<Vec<_>>();
            std::iter::once(format!("iface {name}")).chain(options).collect::<Vec<_>>().join("\n")
        };
        network.iter().map(|(name, interface)| line(name, interface)).collect()
    };
    let (old, new) = (lines(old), lines(new));
    let marked = |mark: char, lines: &[String], others: &[String]| {
        let only = lines.iter().filter(|line| !others.contains(line));
        only.flat_map(|block| block.lines()).map(|line| format!("{mark}{line}\n")).collect::<String>()
    };
    format!("--- /etc/network/interfaces\n+++ /etc/network/interfaces.new\n{}{}", marked('-', &old, &new), marked('+', &new, &old))
}

pub(super) fn read(call: &mut Call<'_>) -> Outcome {
    let name = call.required("iface")?;
    let node = own(call)?;
    let interface = seen(node).get(&name).ok_or_else(missing)?;
    Ok(Reply::Data(Value::Object(shown(node, &name, interface))))
}

fn missing() -> Refusal {
    Refusal::parameter("iface", "interface does not exist")
}

/// Changes the staged network, which begins as a copy of the applied one.
fn stage(call: &mut Call<'_>, change: impl FnOnce(&mut BTreeMap<String, Interface>) -> Result<(), Refusal>) -> Outcome {
    let name = call.node()?;
    let node = node_mut(call.world, &name)?;
    let mut staged = seen(node).clone();
    change(&mut staged)?;
    node.network_staged = Some(staged);
    Ok(Reply::NOTHING)
}

/// The options of a request, with address and netmask as one.
fn options(call: &Call<'_>) -> Result<Parameters, Refusal> {
    let is_option = |name: &str| !matches!(name, "node" | "iface" | "delete");
    let mut options: Parameters =
        call.parameters.iter().filter(|(name, _)| is_option(name)).map(|(name, value)| (name.clone(), value.clone())).collect();
    for (cidr, address, netmask) in [("cidr", "address", "netmask"), ("cidr6", "address6", "netmask6")] {
        let Some(ip) = options.remove(address) else { continue };
        let bits = options.remove(netmask).unwrap_or_else(|| "24".to_owned());
        if options.contains_key(cidr) {
            return Err(Refusal::parameter(address, format!("address conflicts with {cidr}")));
        }
        options.insert(cidr.to_owned(), format!("{ip}/{bits}"));
    }
    if let Some(vids) = options.get_mut("bridge_vids") {
        *vids = vids.split([' ', ',', ';']).filter(|vid| !vid.is_empty()).collect::<Vec<_>>().join(" ");
    }
    Ok(options)
}

fn check(network: &BTreeMap<String, Interface>, name: &str, options: &Parameters) -> Result<(), Refusal> {
    for gateway in ["gateway", "gateway6"].into_iter().filter(|gateway| options.contains_key(*gateway)) {
        let holder = network.iter().find(|(other, interface)| *other != name && interface.options.contains_key(gateway));
        if let Some((holder, _)) = holder {
            let words = if gateway == "gateway" { "Default gateway" } else { "Default IPv6 gateway" };
            return Err(Refusal::parameter(gateway, format!("{words} already exists on interface '{holder}'.")));
        }
    }
    for ports in ["bridge_ports", "slaves"] {
        for port in options.get(ports).map(String::as_str).unwrap_or_default().split([' ', ',', ';']).filter(|port| !port.is_empty()) {
            let uses = |interface: &Interface| {
                ["bridge_ports", "slaves"]
                    .into_iter()
                    .filter_map(|ports| interface.options.get(ports))
                    .any(|list| list.split(' ').any(|other| other == port))
            };
            if let Some((holder, _)) = network.iter().find(|(other, interface)| *other != name && uses(interface)) {
                return Err(Refusal::parameter(ports, format!("{port} is already used on interface '{holder}'.")));
            }
        }
    }
    Ok(())
}

pub(super) fn create(call: &mut Call<'_>) -> Outcome {
    let (name, options) = (call.required("iface")?, options(call)?);
    if options.get("type").is_some_and(|kind| kind.starts_with("OVS")) {
        return Err(Refusal::failed("Open VSwitch is not installed (need package 'openvswitch-switch')"));
    }
    stage(call, |network| {
        if network.contains_key(&name) {
            return Err(Refusal::parameter("iface", "interface already exists"));
        }
        check(network, &name, &options)?;
        network.insert(name, Interface { options });
        Ok(())
    })
}

/// Options that are not given stay; `delete` removes.
pub(super) fn update(call: &mut Call<'_>) -> Outcome {
    let (name, options) = (call.required("iface")?, options(call)?);
    let delete = call.owned("delete").unwrap_or_default();
    stage(call, |network| {
        if !network.contains_key(&name) {
            return Err(missing());
        }
        check(network, &name, &options)?;
        let interface = network.get_mut(&name).ok_or_else(missing)?;
        interface.options.retain(|option, _| !delete.split([',', ';', ' ']).any(|deleted| deleted == option));
        interface.options.extend(options);
        Ok(())
    })
}

pub(super) fn delete(call: &mut Call<'_>) -> Outcome {
    let name = call.required("iface")?;
    stage(call, |network| network.remove(&name).map(drop).ok_or_else(missing))
}

/// `DELETE network`: nothing is staged any more.
pub(super) fn revert(call: &mut Call<'_>) -> Outcome {
    let name = call.node()?;
    node_mut(call.world, &name)?.network_staged = None;
    Ok(Reply::NOTHING)
}

/// `PUT network`: the staged network comes true. A node that loses what it needs is gone.
pub(super) fn apply(call: &mut Call<'_>) -> Outcome {
    let name = call.node()?;
    let reload_ms = call.world.timing.network_reload_ms;
    let reload = Phase::run(move |world, _| {
        let node = node_mut(world, &name)?;
        if let Some(staged) = node.network_staged.take() {
            node.network = staged;
        }
        let is_reachable = node.network_needs.iter().all(|bridge| node.network.contains_key(bridge));
        node.online &= is_reachable;
        Ok(())
    });
    call.task("srvreload", "networking", Job::new([Phase::Work(reload_ms), reload]))
}
