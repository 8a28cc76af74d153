//! What would go wrong with a pool for certain?

use std::collections::BTreeSet;

use core_model::plan::{Action, Problem, Step};
use core_model::resource_type::ResourceType as _;
use engine_api::EngineError;
use engine_api::fields::flatten;
use serde_json::Value;

use super::TYPE;
use super::apply::is_below;
use super::types::Pool as PoolType;
use crate::cluster::Cluster;
use crate::order;
use crate::preflight::{Need, lacking, makes, problem};
use crate::reader::{Guest, Pool};
use crate::stamp;

pub(super) async fn preflight(cluster: &Cluster<'_>, steps: &[&Step]) -> Result<Vec<Problem>, EngineError> {
    let (pools, storages, permissions) = tokio::try_join!(cluster.reader.pools(), cluster.reader.storage_names(), cluster.permissions())?;
    let mut problems = Vec::new();
    for step in steps {
        problems.extend(lacking(step, needed(step), permissions));
        problems.extend(parent_missing(cluster, step, &pools));
        problems.extend(storages_missing(cluster, step, &storages));
        if step.action == Action::Delete
            && let Some(pool) = cluster.reader.pool(&step.object).await?
        {
            problems.extend(not_empty(cluster, step, &pool, &pools).await?);
        }
    }
    Ok(problems)
}

fn storages_of(step: &Step) -> BTreeSet<String> {
    let flat = flatten(PoolType.facts(), &step.desired);
    let items = flat.get("specs.storages").and_then(Value::as_array).into_iter().flatten();
    items.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Proxmox asks for `Pool.Allocate`, and for the right to change what is put in or taken out.
fn needed(step: &Step) -> BTreeSet<Need> {
    let mut needed: BTreeSet<Need> = [(vec![format!("/pool/{}", step.object)], "Pool.Allocate")].into();
    let items = |value: &Value| value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect::<BTreeSet<_>>();
    for change in step.changes.iter().filter(|change| change.path == "specs.storages") {
        let moved = items(&change.before).symmetric_difference(&items(&change.after)).cloned().collect::<Vec<_>>();
        needed.extend(moved.into_iter().map(|storage| (vec![format!("/storage/{storage}")], "Datastore.Allocate")));
    }
    needed
}

/// `a/b` needs `a`, made before it.
fn parent_missing(cluster: &Cluster<'_>, step: &Step, pools: &[Pool]) -> Option<Problem> {
    let (parent, _) = step.object.rsplit_once('/').filter(|_| makes(step))?;
    if pools.iter().any(|pool| pool.name == parent) {
        return None;
    }
    match order::coming(cluster.steps, TYPE, parent) {
        Some(maker) => order::unordered(cluster.steps, step, maker, "specs.name"),
        None => Some(problem(
            step,
            format!("`specs.name`: there is no pool `{parent}` to put it below."),
            "make that one too, or leave it out of the name",
        )),
    }
}

/// Proxmox takes the name of a storage that does not exist, and does not tell it back.
fn storages_missing(cluster: &Cluster<'_>, step: &Step, storages: &BTreeSet<String>) -> Vec<Problem> {
    if !step.changes.iter().any(|change| change.path == "specs.storages") {
        return Vec::new();
    }
    let wanted = storages_of(step).into_iter().filter(|name| !storages.contains(name));
    let missing = wanted.filter_map(|name| match order::coming(cluster.steps, "storage", &name) {
        Some(maker) => order::unordered(cluster.steps, step, maker, "specs.storages"),
        None => Some(problem(step, format!("`specs.storages`: the cluster has no storage `{name}`."), "see `pvesm status` for their names")),
    });
    missing.collect()
}

/// What is in a pool and not ours keeps it. Machines of ours may go in the same run.
async fn not_empty(cluster: &Cluster<'_>, step: &Step, pool: &Pool, pools: &[Pool]) -> Result<Option<Problem>, EngineError> {
    let guests = cluster.guests().await?;
    let owner = cluster.options.owner_id.as_str();
    let is_ours = |guest: &Guest| guest.markers.iter().any(|marker| stamp::belongs(marker, owner, None));
    let ours = |vmid: &u32| guests.iter().any(|guest| guest.vmid == *vmid && is_ours(guest));
    let mut left: Vec<String> =
        pool.guests.iter().filter(|(vmid, _)| !ours(vmid)).map(|(vmid, name)| format!("the guest `{name}` ({vmid})")).collect();
    let is_deleted = |name: &str| cluster.steps.iter().any(|step| step.type_name == TYPE && step.action == Action::Delete && step.object == name);
    left.extend(
        pools.iter().filter(|other| is_below(&other.name, &pool.name) && !is_deleted(&other.name)).map(|other| format!("the pool `{}`", other.name)),
    );
    if left.is_empty() {
        return Ok(None);
    }
    let detail = format!("The pool `{}` holds what is not ours, and Proxmox deletes empty pools only: {}.", pool.name, left.join(", "));
    Ok(Some(problem(step, detail, "take them out in Proxmox first, or keep the pool in the blueprint")))
}

/// Machines and containers that are put into a pool: it exists, or this plan makes it before them.
pub(crate) async fn of_members(cluster: &Cluster<'_>) -> Result<Vec<Problem>, EngineError> {
    let pool_of = |step: &Step| step.desired.get("metadata")?.get("pool")?.as_str().map(str::to_owned);
    let is_touched = |step: &&Step| step.action.mutates() && (makes(step) || step.changes.iter().any(|change| change.path == "metadata.pool"));
    let members: Vec<(&Step, String)> = cluster.steps.iter().filter(is_touched).filter_map(|step| Some((step, pool_of(step)?))).collect();
    if members.is_empty() || !super::observe::may_see_all(cluster.permissions().await?) {
        return Ok(Vec::new());
    }
    let pools = cluster.reader.pools().await?;
    let missing = members.into_iter().filter(|(_, name)| !pools.iter().any(|pool| pool.name == *name));
    let found = missing.filter_map(|(step, name)| match order::coming(cluster.steps, TYPE, &name) {
        Some(maker) => order::unordered(cluster.steps, step, maker, "metadata.pool"),
        None => Some(problem(step, format!("`metadata.pool`: the cluster has no pool `{name}`."), "make it with `type: pool`, or in Proxmox")),
    });
    Ok(found.collect())
}
