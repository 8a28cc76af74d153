//! Is there room? What steps would take of a node's memory and of a storage, and what is free now. It moves, so it is a word of
//! caution; how many processors a node has does not, and asking for more of them is a problem.

use std::collections::BTreeMap;

use core_model::plan::{Problem, Step};
use core_model::units::Size;
use engine_api::EngineError;
use engine_api::fields::Flat;
use serde_json::Value;

use super::preflight::places::node_of;
use super::preflight::wanted;
use crate::cluster::Cluster;
use crate::preflight::{makes, problem};
use crate::reader::{Guest, Node};

/// The bytes that steps would take, by what they take them from.
type Needs = BTreeMap<String, u64>;

pub(super) async fn cautions(cluster: &Cluster<'_>, steps: &[&Step]) -> Result<Vec<String>, EngineError> {
    let guests = cluster.guests().await?;
    let nodes = cluster.reader.nodes().await?;
    let mut memory = Needs::new();
    let mut space: BTreeMap<String, Needs> = BTreeMap::new();
    for step in steps {
        let values = wanted(step);
        let Some(node) = node_of(step, &values, guests, &nodes, &cluster.options.owner_id) else { continue };
        add(&mut memory, node.clone(), memory_taken(step, &values));
        for (storage, bytes) in space_taken(step, &values) {
            add(space.entry(node.clone()).or_default(), storage, bytes);
        }
    }
    let free = |name: &str| nodes.iter().find(|node| node.name == name).and_then(|node| node.memory_free);
    let mut cautions: Vec<String> =
        memory.iter().filter_map(|(node, needed)| short(&format!("the node `{node}`"), "of memory", *needed, free(node)?)).collect();
    for (node, needs) in space {
        let storages = cluster.reader.storages(&node).await?;
        let free = |name: &str| storages.iter().find(|storage| storage.name == name).and_then(|storage| storage.bytes_free);
        cautions.extend(needs.iter().filter_map(|(storage, needed)| short(&format!("the storage `{storage}`"), "of space", *needed, free(storage)?)));
    }
    Ok(cautions)
}

fn add(needs: &mut Needs, of: String, bytes: u64) {
    let needed = needs.entry(of).or_default();
    *needed = needed.saturating_add(bytes);
}

fn short(place: &str, what: &str, needed: u64, free: u64) -> Option<String> {
    let size = |bytes: u64| Size { bytes }.to_string();
    (needed > free).then(|| format!("these changes may take {} {what} of {place}, which has {} free now", size(needed), size(rounded(free))))
}

/// In whole gibibytes, for people.
fn rounded(bytes: u64) -> u64 {
    bytes / super::form::size::GIBIBYTE * super::form::size::GIBIBYTE
}

/// How much more memory than before the machine may use. One that is to be off takes none.
fn memory_taken(step: &Step, values: &Flat) -> u64 {
    if values.get("specs.power").and_then(Value::as_str) == Some("off") {
        return 0;
    }
    let bytes = |path: &str| values.get(path).and_then(Value::as_u64).unwrap_or_default();
    match makes(step) {
        true => bytes("specs.memory"),
        false => grown(step, "specs.memory"),
    }
}

/// How much more space than before its further disks take, by storage. What the first disk takes depends on its template, and
/// on storages that only write what is used it says little.
fn space_taken(step: &Step, values: &Flat) -> Vec<(String, u64)> {
    let slots = values.iter().filter_map(|(path, value)| Some((path.strip_prefix("specs.disks.")?.strip_suffix(".storage")?, value.as_str()?)));
    slots
        .map(|(slot, storage)| {
            let path = format!("specs.disks.{slot}.size");
            let bytes = if makes(step) { values.get(&path).and_then(Value::as_u64).unwrap_or_default() } else { grown(step, &path) };
            (storage.to_owned(), bytes)
        })
        .collect()
}

fn grown(step: &Step, path: &str) -> u64 {
    let change = step.changes.iter().find(|change| change.path == path);
    change.and_then(|change| change.after.as_u64()?.checked_sub(change.before.as_u64().unwrap_or_default())).unwrap_or_default()
}

/// A machine with more processors than its node has does not start.
pub(super) fn too_many_processors(step: &Step, guests: &[Guest], nodes: &[Node], owner_id: &str) -> Option<Problem> {
    let values = wanted(step);
    let is_asked = makes(step) || step.changes.iter().any(|change| matches!(change.path.as_str(), "specs.cpu" | "metadata.node"));
    let asked = values.get("specs.cpu").and_then(Value::as_u64).filter(|_| is_asked)?.div_ceil(1_000);
    let node = node_of(step, &values, guests, nodes, owner_id)?;
    let there = nodes.iter().find(|known| known.name == node)?.processors?;
    let detail = || format!("`specs.cpu`: {asked} processors are asked for, and the node `{node}` has {there}; the machine would not start.");
    (asked > there).then(|| problem(step, detail(), &format!("{there} at most, or another node")))
}
