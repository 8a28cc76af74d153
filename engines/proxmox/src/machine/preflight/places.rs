//! Is there what a machine is put on? Its node, its storages and its bridges.

use std::collections::{BTreeMap, BTreeSet};

use core_model::plan::{Problem, Step};
use engine_api::EngineError;
use engine_api::fields::Flat;
use serde_json::Value;

use super::{guest_of, wanted};
use crate::cluster::Cluster;
use crate::machine::capacity::too_many_processors;
use crate::machine::types::{Source, split_os};
use crate::preflight::{makes, problem};
use crate::reader::{Guest, Node, Reader, Storage};

/// What was read of one node.
struct Place {
    storages: Vec<Storage>,
    bridges: BTreeSet<String>,
}

pub(super) async fn missing(cluster: &Cluster<'_>, steps: &[&Step], guests: &[Guest]) -> Result<Vec<Problem>, EngineError> {
    let (reader, owner_id) = (cluster.reader, cluster.options.owner_id.as_str());
    let nodes = reader.nodes().await?;
    let mut places: BTreeMap<String, Place> = BTreeMap::new();
    let mut problems = Vec::new();
    for step in steps {
        problems.extend(too_many_processors(step, guests, &nodes, owner_id));
        let values = wanted(step);
        let touched: BTreeSet<&str> = step.changes.iter().map(|change| change.path.as_str()).collect();
        let Some(node) = node_of(step, &values, guests, &nodes, owner_id) else { continue };
        match nodes.iter().find(|known| known.name == node) {
            None => {
                let names: Vec<&str> = nodes.iter().map(|node| node.name.as_str()).collect();
                problems.push(problem(step, format!("`metadata.node`: the cluster has no node `{node}`."), &format!("one of: {}", names.join(", "))));
                continue;
            }
            Some(known) if !known.is_online => {
                problems.push(problem(step, format!("The node `{node}` is offline."), "wait for it, or choose another node"));
                continue;
            }
            Some(_) => {}
        }
        problems.extend(bound(reader, step, guest_of(step, guests, owner_id), &node).await?);
        if !places.contains_key(&node) {
            let (storages, bridges) = tokio::join!(reader.storages(&node), reader.bridges(&node));
            places.insert(node.clone(), Place { storages: storages?, bridges: bridges? });
        }
        if let Some(place) = places.get(&node) {
            problems.extend(storages(step, &values, &touched, &node, place));
            problems.extend(bridges(step, &values, &touched, &node, place));
        }
    }
    Ok(problems)
}

/// Where the machine will be: what the author says for a new or moved one, and else where it is.
pub(in crate::machine) fn node_of(step: &Step, values: &Flat, guests: &[Guest], nodes: &[Node], owner_id: &str) -> Option<String> {
    let declared = || values.get("metadata.node").and_then(Value::as_str).map(str::to_owned);
    let is_moved = step.changes.iter().any(|change| change.path == "metadata.node");
    if makes(step) || is_moved {
        return declared()
            .or_else(|| template_node(values, guests))
            .or_else(|| nodes.iter().find(|node| node.is_online).map(|node| node.name.clone()));
    }
    guest_of(step, guests, owner_id).map(|guest| guest.node.clone())
}

/// A machine that is to move, and that something holds where it is.
async fn bound(reader: Reader<'_>, step: &Step, guest: Option<&Guest>, node: &str) -> Result<Option<Problem>, EngineError> {
    let moves = step.changes.iter().any(|change| change.path == "metadata.node") && !makes(step);
    let Some(guest) = guest.filter(|guest| moves && guest.node != node) else { return Ok(None) };
    let holding = reader.bound_to_node(&guest.node, guest.vmid).await?;
    if holding.is_empty() {
        return Ok(None);
    }
    let detail = format!("`metadata.node`: the machine cannot move to `{node}`: only `{}` has {}.", guest.node, holding.join(", "));
    Ok(Some(problem(step, detail, "take it off the machine first, or keep the node")))
}

fn template_node(values: &Flat, guests: &[Guest]) -> Option<String> {
    let (_, source) = split_os(values.get("specs.os")?.as_str()?)?;
    let Source::Template { vmid } = source else { return None };
    guests.iter().find(|guest| guest.vmid == vmid).map(|guest| guest.node.clone())
}

fn storages(step: &Step, values: &Flat, touched: &BTreeSet<&str>, node: &str, place: &Place) -> Vec<Problem> {
    let is_storage = |path: &str| {
        (path.starts_with("specs.disks.") || path.starts_with("specs.efi.") || path.starts_with("specs.tpm.")) && path.ends_with(".storage")
    };
    let named = values.iter().filter(|(path, _)| is_storage(path) && touched.contains(path.as_str()));
    named
        .filter_map(|(path, value)| {
            let name = value.as_str()?;
            match place.storages.iter().find(|storage| storage.name == name) {
                None => {
                    let fit: Vec<&str> =
                        place.storages.iter().filter(|storage| storage.content.contains("images")).map(|storage| storage.name.as_str()).collect();
                    Some(problem(
                        step,
                        format!("`{path}`: the node `{node}` has no storage `{name}`."),
                        &format!("disks can be on: {}", fit.join(", ")),
                    ))
                }
                Some(storage) if !storage.content.contains("images") => Some(problem(
                    step,
                    format!("`{path}`: the storage `{name}` does not take disks."),
                    "add `images` to its contents, or choose another",
                )),
                Some(storage) if !storage.is_active => {
                    Some(problem(step, format!("`{path}`: the storage `{name}` is not active on `{node}`."), "choose another"))
                }
                Some(_) => None,
            }
        })
        .collect()
}

fn bridges(step: &Step, values: &Flat, touched: &BTreeSet<&str>, node: &str, place: &Place) -> Vec<Problem> {
    let is_bridge = |path: &str| (path.starts_with("specs.network.") || path.starts_with("specs.networks.")) && path.ends_with(".bridge");
    let named = values.iter().filter(|(path, _)| is_bridge(path) && touched.contains(path.as_str()));
    let missing = named.filter_map(|(path, value)| Some((path, value.as_str()?))).filter(|(_, bridge)| !place.bridges.contains(*bridge));
    let known: Vec<&str> = place.bridges.iter().map(String::as_str).collect();
    missing
        .map(|(path, bridge)| {
            problem(step, format!("`{path}`: the node `{node}` has no bridge `{bridge}`."), &format!("one of: {}", known.join(", ")))
        })
        .collect()
}
