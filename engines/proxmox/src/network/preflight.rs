//! What would go wrong with the network of a node for certain? Judged on what the node will have once all steps of the plan
//! are done, so that a port may move from one bridge to another in one plan.

use std::collections::BTreeMap;

use core_model::plan::{Action, FieldChange, Problem, Step};
use engine_api::EngineError;
use serde_json::{Map, Value};

use super::batch::own_name;
use super::form::list;
use super::{form, parts, stage, staged};
use crate::cluster::Cluster;
use crate::preflight::{lacking, problem};
use crate::reader::{Guest, Interface, NodeStatus};
use crate::usage;

/// Where a card of a guest is when nobody says it.
const USUAL_BRIDGE: &str = "vmbr0";

type Interfaces = BTreeMap<String, Interface>;

pub(super) async fn preflight(cluster: &Cluster<'_>, steps: &[&Step]) -> Result<Vec<Problem>, EngineError> {
    let (statuses, permissions) = tokio::try_join!(cluster.reader.statuses(), cluster.permissions())?;
    let mut problems = Vec::new();
    let mut by_node: BTreeMap<&str, Vec<&Step>> = BTreeMap::new();
    for step in steps.iter().copied() {
        let Some((node, _)) = parts(&step.object) else { continue };
        let privilege = (vec![format!("/nodes/{node}")], "Sys.Modify");
        problems.extend(lacking(step, [privilege], permissions));
        by_node.entry(node).or_default().push(step);
    }
    for (node, steps) in by_node {
        match statuses.iter().find(|status| status.name == node) {
            None => {
                let names: Vec<&str> = statuses.iter().map(|status| status.name.as_str()).collect();
                let hint = format!("one of: {}", names.join(", "));
                problems.extend(steps.iter().map(|step| problem(step, format!("`metadata.node`: the cluster has no node `{node}`."), &hint)));
            }
            Some(status) if !status.is_online => {
                problems.extend(steps.iter().map(|step| problem(step, format!("The node `{node}` is offline."), "wait for it")));
            }
            Some(status) => problems.extend(of_node(cluster, status, &steps).await?),
        }
    }
    Ok(problems)
}

async fn of_node(cluster: &Cluster<'_>, status: &NodeStatus, steps: &[&Step]) -> Result<Vec<Problem>, EngineError> {
    let node = status.name.as_str();
    let network = cluster.reader.network(node).await?;
    if let Some(changes) = network.changes.as_ref().filter(|changes| !staged::is_only_of(changes, steps.iter().copied())) {
        let detail = format!("Before this step, {}.", staged::words(node, changes));
        return Ok(steps.iter().map(|step| problem(step, detail.clone(), "whoever staged them decides")).collect());
    }
    let later = foreseen(&network.interfaces, steps);
    let mut problems = Vec::new();
    for step in steps {
        let name = own_name(&step.object);
        if let Some(found) = network.interfaces.get(name)
            && let Some(why) = stage::unmanageable(found)
        {
            problems.push(problem(step, format!("`{}` is left alone: {why}.", step.object), "choose another `specs.name`"));
            continue;
        }
        match later.get(name) {
            Some(wanted) => {
                problems.extend(ports(step, name, wanted, &later));
                problems.extend(device(step, name, wanted, &later));
                problems.extend(gateways(step, name, wanted, &later));
            }
            None => problems.extend(still_named(step, name, &later)),
        }
        if takes_away(step) {
            problems.extend(in_use(cluster, step, node, name).await?);
        }
        problems.extend(own_address(step, status, name, &network.interfaces, &later));
    }
    Ok(problems)
}

fn takes_away(step: &Step) -> bool {
    matches!(step.action, Action::Delete | Action::Replace)
}

/// What the node will have once the steps are done.
fn foreseen(now: &Interfaces, steps: &[&Step]) -> Interfaces {
    let mut later = now.clone();
    for step in steps {
        let name = own_name(&step.object);
        if step.action == Action::Delete {
            later.remove(name);
        } else {
            let wanted = form::wanted(step, now.get(name), &step.desired);
            later.insert(name.to_owned(), wanted);
        }
    }
    later
}

fn ports(step: &Step, name: &str, wanted: &Interface, later: &Interfaces) -> Vec<Problem> {
    let mut problems = Vec::new();
    for port in list(wanted, "bridge_ports") {
        let mut say = |detail: String, hint: &str| problems.push(problem(step, format!("`specs.ports`: {detail}."), hint));
        // `eno1.20` needs no stanza of its own.
        let parent = port.rsplit_once('.').map_or(port, |(parent, _)| parent);
        if !later.contains_key(port) && !later.contains_key(parent) {
            let cards: Vec<&str> =
                later.iter().filter(|(_, interface)| interface.get("type") == Some("eth")).map(|(name, _)| name.as_str()).collect();
            say(format!("the node has no interface `{port}`"), &format!("its cards are: {}", cards.join(", ")));
            continue;
        }
        let holds = |interface: &Interface| {
            ["bridge_ports", "slaves", "ovs_ports", "ovs_bonds"].into_iter().any(|option| list(interface, option).any(|other| other == port))
        };
        if let Some((holder, _)) = later.iter().find(|(other, interface)| *other != name && holds(interface)) {
            say(format!("`{port}` is in `{holder}` already"), "take it out there first, or in the same plan");
        }
        match later.get(port) {
            Some(interface) if interface.get("cidr").or(interface.get("cidr6")).is_some() => {
                say(format!("`{port}` has an address of its own, and a port has none"), "give the address to the bridge");
            }
            // Proxmox takes it, and the node loses the address with which it may be reached.
            Some(interface) if stage::is_dynamic(interface) => {
                say(format!("`{port}` gets an address by DHCP or from a router, and a port has none"), "give the address to the bridge");
            }
            _ => {}
        }
        problems.extend(later.get(port).and_then(|carrier| too_large(step, port, carrier, wanted)));
    }
    problems
}

/// What carries packets must take all that it is given.
fn too_large(step: &Step, carrier_name: &str, carrier: &Interface, wanted: &Interface) -> Option<Problem> {
    let mtu = |interface: &Interface| interface.get("mtu").and_then(|text| text.parse::<u32>().ok());
    // A bond that says none takes what it is given (pve-common `Interfaces.pm`, `$check_mtu`).
    if carrier.get("type") == Some("bond") && mtu(carrier).is_none() {
        return None;
    }
    let (asked_for, given) = (mtu(wanted)?, mtu(carrier).unwrap_or(1_500));
    let detail = format!("`specs.mtu`: `{carrier_name}` takes packets of {given} bytes, not of {asked_for}.");
    (asked_for > given).then(|| problem(step, detail, "raise it there first"))
}

fn device(step: &Step, name: &str, wanted: &Interface, later: &Interfaces) -> Option<Problem> {
    if wanted.get("type") != Some("vlan") {
        return None;
    }
    let device = name.rsplit_once('.').map(|(device, _)| device).or(wanted.get("vlan-raw-device"))?;
    match later.get(device) {
        None => Some(problem(step, format!("`specs.device`: the node has no interface `{device}`."), "make it in the same plan, or name another")),
        Some(carrier) => too_large(step, device, carrier, wanted),
    }
}

fn gateways(step: &Step, name: &str, wanted: &Interface, later: &Interfaces) -> Vec<Problem> {
    let taken = |gateway: &str| {
        wanted.get(gateway)?;
        let (holder, _) = later.iter().find(|(other, interface)| *other != name && interface.get(gateway).is_some())?;
        let detail = format!("`specs.{gateway}`: the node has a default gateway already, on `{holder}`.");
        Some(problem(step, detail, "a node has one; leave it out here, or take it out there in the same plan"))
    };
    ["gateway", "gateway6"].into_iter().filter_map(taken).collect()
}

/// A port or a device that goes while others name it.
fn still_named(step: &Step, name: &str, later: &Interfaces) -> Vec<Problem> {
    let is_named = |other: &str, interface: &Interface| {
        let as_device = interface.get("type") == Some("vlan")
            && (other.rsplit_once('.').is_some_and(|(device, _)| device == name) || interface.get("vlan-raw-device") == Some(name));
        as_device || list(interface, "bridge_ports").any(|port| port == name)
    };
    let holders = later.iter().filter(|(other, interface)| is_named(other, interface));
    holders.map(|(holder, _)| problem(step, format!("`{holder}` is made over `{name}`."), "change or delete that one in the same plan")).collect()
}

/// Guests whose cards are in a bridge that goes, unless the same plan takes them elsewhere.
async fn in_use(cluster: &Cluster<'_>, step: &Step, node: &str, name: &str) -> Result<Option<Problem>, EngineError> {
    let mut users = Vec::new();
    if let Some(why) = usage::unseen(cluster.permissions().await?) {
        let detail = format!("Nobody can tell whose bridge `{name}` is: {why}.");
        return Ok(Some(problem(step, detail, "give its role `VM.Audit`; docs/engines/proxmox.md has the whole list")));
    }
    for guest in cluster.guests().await?.iter().filter(|guest| guest.node == node) {
        let cards = cluster.reader.cards_of(guest).await?;
        if cards.iter().any(|(slot, bridge)| bridge == name && !leaves(cluster.steps, guest, slot, name)) {
            users.push(format!("`{}` ({})", guest.name, guest.vmid));
        }
    }
    if users.is_empty() {
        return Ok(None);
    }
    let detail = format!("`{name}` is the bridge of {}.", users.join(", "));
    Ok(Some(problem(step, detail, "put them into another bridge first, or in the same plan")))
}

/// Whether the plan takes a card of a guest out of a bridge, or removes the guest.
fn leaves(steps: &[Step], guest: &Guest, slot: &str, bridge: &str) -> bool {
    let card = if slot == "net0" { "specs.network".to_owned() } else { format!("specs.networks.{slot}") };
    let field = format!("{card}.bridge");
    // Without a word a card is in the usual bridge.
    let goes_to = |value: &Value| value.as_str().unwrap_or(USUAL_BRIDGE) != bridge;
    let is_card = |change: &FieldChange| card == change.path || card.strip_prefix(&change.path).is_some_and(|rest| rest.starts_with('.'));
    let moves = |change: &FieldChange| (change.path == field && goes_to(&change.after)) || (is_card(change) && change.after.is_null());
    let mut own = steps.iter().filter(|step| step.object == guest.name && step.type_name == guest.kind.facts().name);
    own.any(|step| match step.action {
        Action::Delete => true,
        // What comes in its place is looked at as it will be.
        Action::Replace => bridge_at(&step.desired, slot).is_none_or(|bridge| goes_to(&bridge)),
        _ => step.changes.iter().any(moves),
    })
}

/// The bridge of a card in a blueprint; nothing where it has no such card.
fn bridge_at(desired: &Map<String, Value>, slot: &str) -> Option<Value> {
    let specs = desired.get("specs")?;
    let card = if slot == "net0" { specs.get("network") } else { specs.get("networks").and_then(|cards| cards.get(slot)) };
    card.map(|card| card.get("bridge").cloned().unwrap_or_default())
}

/// The node is reached by its own address: an interface that carries it may move, but not go.
fn own_address(step: &Step, status: &NodeStatus, name: &str, now: &Interfaces, later: &Interfaces) -> Option<Problem> {
    let address = status.address.as_deref()?;
    let carries = |interface: &Interface| {
        ["cidr", "cidr6"].into_iter().filter_map(|option| interface.get(option)).any(|cidr| cidr.split('/').next() == Some(address))
    };
    let carried = now.get(name).is_some_and(carries);
    let still = later.values().any(carries);
    if !carried || still {
        return None;
    }
    let detail = format!("`{}` carries {address}, by which the node `{}` is reached, and nothing would carry it any more.", step.object, status.name);
    Some(problem(step, detail, "a node gets another address by hand, at its console (Proxmox VE, Cluster Manager)"))
}
