//! What would go wrong with a definition for certain?

use std::collections::BTreeSet;

use core_model::plan::{Action, Problem, Step};
use engine_api::EngineError;
use serde_json::Value;

use super::types::kinds;
use crate::cluster::Cluster;
use crate::preflight::{Need, lacking, problem};
use crate::reader::Definition;
use crate::usage::{self, Use};

const PRIVILEGE: &str = "Datastore.Allocate";
/// Proxmox puts this one back when it is taken out.
const ALWAYS_THERE: &str = "local";

pub(super) async fn preflight(cluster: &Cluster<'_>, steps: &[&Step]) -> Result<Vec<Problem>, EngineError> {
    let (permissions, nodes, definitions) = tokio::join!(cluster.permissions(), cluster.reader.nodes(), cluster.reader.definitions());
    let (permissions, definitions) = (permissions?, definitions?);
    let nodes: BTreeSet<String> = nodes?.into_iter().map(|node| node.name).collect();
    let mut problems = Vec::new();
    for step in steps {
        let need: Need = (vec!["/storage".to_owned()], PRIVILEGE);
        problems.extend(lacking(step, [need], permissions));
        problems.extend(unknown_nodes(step, &nodes));
        if step.action == Action::Delete || moves(step) {
            problems.extend(base_of_another(step, &definitions));
            problems.extend(in_use(cluster, step).await?);
        }
        if step.action == Action::Delete && step.object == ALWAYS_THERE {
            let detail = format!("Proxmox always has a storage `{ALWAYS_THERE}`, and would put it back.");
            problems.push(problem(step, detail, "let go of it with `lifecycle: {on_delete: keep}`"));
        }
    }
    Ok(problems)
}

/// Whether the definition is taken out and put back. One that is new has no old place.
fn moves(step: &Step) -> bool {
    step.action != Action::Create && step.changes.iter().any(|change| kinds::is_place(&change.path) && !change.before.is_null())
}

fn unknown_nodes(step: &Step, nodes: &BTreeSet<String>) -> Vec<Problem> {
    let wanted = step.desired.get("specs").and_then(|specs| specs.get("nodes")).and_then(Value::as_array);
    let unknown = wanted.into_iter().flatten().filter_map(Value::as_str).filter(|node| !nodes.contains(*node));
    let known = nodes.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
    unknown.map(|node| problem(step, format!("`specs.nodes`: the cluster has no node `{node}`."), &format!("one of: {known}"))).collect()
}

/// `base` of an LVM storage names a volume of an iSCSI storage.
fn base_of_another(step: &Step, definitions: &[Definition]) -> Vec<Problem> {
    let is_base = |definition: &&Definition| definition.config.get("base").is_some_and(|base| usage::is_on(base, &step.object));
    let users = definitions.iter().filter(is_base);
    users
        .map(|user| {
            let detail = format!("The storage `{}` is the base of the storage `{}`.", step.object, user.name);
            problem(step, detail, "take that one out first")
        })
        .collect()
}

async fn in_use(cluster: &Cluster<'_>, step: &Step) -> Result<Option<Problem>, EngineError> {
    let uses = usage::of(cluster.reader, cluster.guests().await?, |volume| usage::is_on(volume, &step.object)).await?;
    let left: Vec<Use> = uses.into_iter().filter(|used| !usage::is_changed_before(used, step, cluster.steps)).collect();
    if left.is_empty() {
        return Ok(None);
    }
    let verb = if step.action == Action::Delete { "taken out" } else { "put elsewhere" };
    let detail = format!("The storage `{}` cannot be {verb}: it is in use: {}.", step.object, usage::told(&left));
    Ok(Some(problem(step, detail, "move these disks and media to another storage first, or keep the storage")))
}
