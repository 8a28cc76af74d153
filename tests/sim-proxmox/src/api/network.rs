//! The network of a node: changes are staged, then applied together or thrown away.
//!
//! Source: pve-manager `PVE/API2/Network.pm`. What is staged stands in `interfaces.new`, and reads show it.

mod check;
mod text;

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
    row.entry("method").or_insert_with(|| is_static("cidr"));
    row.entry("method6").or_insert_with(|| is_static("cidr6"));
    as_parsed(name, interface, &mut row);
    // Lines that the parser does not know are a list (`push @{ $pushto->{options} }, $option`).
    if let Some(lines) = interface.options.get("options") {
        row.insert("options".to_owned(), json!(lines.lines().collect::<Vec<_>>()));
    }
    row.insert("families".to_owned(), json!(if interface.options.contains_key("cidr6") { vec!["inet", "inet6"] } else { vec!["inet"] }));
    // Only what is applied can be up.
    if node.network.contains_key(name) {
        row.insert("active".to_owned(), json!(1));
    }
    row.insert("priority".to_owned(), json!(seen(node).keys().position(|known| known == name).unwrap_or_default() + 3));
    row
}

/// What the parser makes of the lines of a stanza.
fn as_parsed(name: &str, interface: &Interface, row: &mut Map<String, Value>) {
    let own = |option: &str| interface.options.get(option).map(String::as_str);
    match own("type") {
        Some("bridge") => {
            let mut ports: Vec<&str> = own("bridge_ports").unwrap_or_default().split([' ', ',', ';']).filter(|port| !port.is_empty()).collect();
            ports.sort_unstable();
            row.insert("bridge_ports".to_owned(), json!(ports.join(" ")));
            // Its mere presence is written as `yes`.
            if own("bridge_vlan_aware").is_some() {
                row.insert("bridge_vlan_aware".to_owned(), json!(1));
                row.insert("bridge_vids".to_owned(), json!(own("bridge_vids").unwrap_or("2-4094")));
            } else {
                row.remove("bridge_vids");
            }
        }
        Some("vlan") => {
            let id = match name.rsplit_once('.') {
                Some((device, id)) => {
                    row.insert("vlan-raw-device".to_owned(), json!(device));
                    Some(id)
                }
                None => name.strip_prefix("vlan").filter(|id| id.parse::<u16>().is_ok()),
            };
            row.extend(id.map(|id| ("vlan-id".to_owned(), json!(id))));
        }
        _ => {}
    }
    if let Some(comments) = own("comments").filter(|comments| !comments.is_empty()) {
        let lines: String = comments.lines().map(|line| format!("{}\n", line.trim_end())).collect();
        row.insert("comments".to_owned(), json!(lines));
    }
    // What is not up with its node has no such line.
    if own("autostart") == Some("0") {
        row.remove("autostart");
    }
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
    match node.network_staged.as_ref().and_then(|staged| text::difference(&node.network, staged)) {
        Some(changes) => Ok(Reply::WithChanges(Value::Array(rows), changes)),
        None => Ok(Reply::Data(Value::Array(rows))),
    }
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
    check::whole(&staged)?;
    as_written(&mut staged);
    node.network_staged = Some(staged);
    Ok(Reply::NOTHING)
}

/// Whoever writes the file says more of other interfaces than it said before.
///
/// Source: pve-common `PVE/Network/Interfaces.pm`, `__write_etc_network_interfaces` ("check bond") and `__interface_to_string`.
fn as_written(network: &mut BTreeMap<String, Interface>) {
    let is = |interface: &Interface, kind: &str| interface.options.get("type").is_some_and(|own| own == kind);
    let cards: Vec<String> = network
        .values()
        .filter(|interface| is(interface, "bond"))
        .flat_map(|bond| bond.options.get("slaves").map(String::as_str).unwrap_or_default().split_whitespace())
        .map(str::to_owned)
        .collect();
    for (name, interface) in network {
        let is_bond = is(interface, "bond");
        let mut say = |option: &str, value: &str| _ = interface.options.entry(option.to_owned()).or_insert_with(|| value.to_owned());
        if cards.contains(name) {
            say("autostart", "1");
        }
        if is_bond {
            say("bond_miimon", "100");
            say("bond_mode", "balance-rr");
        }
    }
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
    for (method, cidr) in [("method", "cidr"), ("method6", "cidr6")] {
        let word = if options.contains_key(cidr) { "static" } else { "manual" };
        options.insert(method.to_owned(), word.to_owned());
    }
    if let Some(vids) = options.get_mut("bridge_vids") {
        *vids = vids.split([' ', ',', ';']).filter(|vid| !vid.is_empty()).collect::<Vec<_>>().join(" ");
    }
    Ok(options)
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
        check::request(network, &name, &options)?;
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
        check::request(network, &name, &options)?;
        let interface = network.get_mut(&name).ok_or_else(missing)?;
        interface.options.retain(|option, _| !delete.split([',', ';', ' ']).any(|deleted| deleted == option));
        // Families are those that the request has an address of; the file keeps no others.
        interface.options.retain(|option, _| options.contains_key("cidr6") || !matches!(option.as_str(), "cidr6" | "gateway6"));
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

/// `PUT network`: the staged file takes the place of the other at once, and `ifreload` then needs its time. A node that loses what it
/// needs is gone.
pub(super) fn apply(call: &mut Call<'_>) -> Outcome {
    let name = call.node()?;
    let reload_ms = call.world.timing.network_reload_ms;
    let of = name.clone();
    let rename = Phase::run(move |world, _| {
        let node = node_mut(world, &of)?;
        if let Some(staged) = node.network_staged.take() {
            node.network = staged;
        }
        Ok(())
    });
    let reload = Phase::run(move |world, _| {
        let node = node_mut(world, &name)?;
        let is_reachable = node.network_needs.iter().all(|bridge| node.network.contains_key(bridge));
        node.online &= is_reachable;
        node.answers_directly = node.direct_way_needs.iter().all(|interface| node.network.contains_key(interface));
        Ok(())
    });
    call.task("srvreload", "networking", Job::new([rename, Phase::Work(reload_ms), reload]))
}
