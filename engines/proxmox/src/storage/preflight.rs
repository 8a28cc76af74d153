//! What would go wrong with a definition for certain?

use std::collections::BTreeSet;

use core_model::plan::{Action, Problem, Step};
use engine_api::EngineError;
use serde_json::Value;

use super::keep::{self, Loss};
use super::types::kinds;
use crate::cluster::{Cluster, sees_all};
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
            problems.extend(lost(step, &definitions));
            problems.extend(in_use(cluster, step).await?);
        }
        if moves(step) {
            problems.extend(pools(cluster, step).await?);
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

/// A storage that is put elsewhere is put back into its pools, which must be seen and may be changed for that.
async fn pools(cluster: &Cluster<'_>, step: &Step) -> Result<Vec<Problem>, EngineError> {
    let permissions = cluster.permissions().await?;
    if !sees_all(permissions, "/pool", &["Pool.Audit"]) {
        let detail = format!("Nobody can tell in which pools the storage `{}` is: the token or user lacks `Pool.Audit` on `/pool`.", step.object);
        return Ok(vec![problem(step, detail, "give its role `Pool.Audit`; docs/engines/proxmox.md has the whole list")]);
    }
    let pools = cluster.reader.pools_with(&step.object).await?;
    let needed: Vec<Need> = pools.iter().map(|pool| (vec![format!("/pool/{pool}")], "Pool.Allocate")).collect();
    Ok(lacking(step, needed, permissions))
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

/// What Proxmox deletes with a definition, and nobody can put back.
fn lost(step: &Step, definitions: &[Definition]) -> Vec<Problem> {
    let Some(found) = definitions.iter().find(|definition| definition.name == step.object) else { return Vec::new() };
    let spec = |name: &str| step.desired.get("specs").and_then(|specs| specs.get(name));
    let keeps_its_kind = spec("kind").and_then(Value::as_str) == found.config.get("type");
    let secret = keep::secret(&found.name, &found.config, |secret| !keeps_its_kind || spec(secret).is_some());
    let losses = keep::key(&found.name, &found.config).into_iter().chain(secret.filter(|_| step.action != Action::Delete));
    losses.map(|Loss { detail, hint }| problem(step, format!("This cannot be taken back: {detail}."), &hint)).collect()
}

async fn in_use(cluster: &Cluster<'_>, step: &Step) -> Result<Option<Problem>, EngineError> {
    if let Some(why) = usage::unseen(cluster.permissions().await?) {
        let detail = format!("Nobody can tell whether the storage `{}` is in use: {why}.", step.object);
        return Ok(Some(problem(step, detail, "give its role `VM.Audit`; docs/engines/proxmox.md has the whole list")));
    }
    let uses = usage::of(cluster.reader, cluster.guests().await?, |volume| usage::is_on(volume, &step.object)).await?;
    let left: Vec<Use> = uses.into_iter().filter(|used| !usage::is_changed_before(used, step, cluster.steps)).collect();
    if left.is_empty() {
        return Ok(None);
    }
    let verb = if step.action == Action::Delete { "taken out" } else { "put elsewhere" };
    let detail = format!("The storage `{}` cannot be {verb}: it is in use: {}.", step.object, usage::told(&left));
    Ok(Some(problem(step, detail, "move these disks and media to another storage first, or keep the storage")))
}
