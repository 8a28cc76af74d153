//! Is there room for a machine? What is free moves, and is a word of caution; how many processors a node has does not, and
//! asking for more of them is a problem.

use core_model::plan::{Problem, Step};
use engine_api::EngineError;
use serde_json::Value;

use super::preflight::places::node_of;
use crate::cluster::Cluster;
use crate::guest::capacity;
use crate::guest::preflight::wanted;
use crate::preflight::{makes, problem};
use crate::reader::{Guest, Node};

pub(super) async fn cautions(cluster: &Cluster<'_>, steps: &[&Step]) -> Result<Vec<String>, EngineError> {
    let guests = cluster.guests().await?;
    let nodes = cluster.nodes().await?;
    let owner_id = &cluster.options.owner_id;
    let placed: Vec<(String, &Step)> =
        steps.iter().filter_map(|step| Some((node_of(step, &wanted(step), guests, nodes, owner_id)?, *step))).collect();
    capacity::cautions(cluster, nodes, &placed, "specs.disks.").await
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
