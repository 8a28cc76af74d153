//! What would go wrong with a file for certain?

use std::collections::BTreeSet;

use core_model::plan::{Action, Problem, Step};
use engine_api::EngineError;
use serde_json::Value;

use super::name::FileName;
use super::places::{Places, Reach, ambiguous, find, undecided};
use crate::cluster::{Cluster, Permissions};
use crate::preflight::{Need, has, lacking, makes, problem};
use crate::reader::Remote;
use crate::storage::planned;
use crate::usage::{self, Use};

pub(super) async fn preflight(cluster: &Cluster<'_>, steps: &[&Step]) -> Result<Vec<Problem>, EngineError> {
    let (permissions, places) = tokio::join!(cluster.permissions(), Places::read(cluster.reader));
    let (permissions, places) = (permissions?, places?);
    let mut problems = Vec::new();
    for (step, file) in steps.iter().filter_map(|step| Some((*step, FileName::parse(&step.object)?))) {
        let reach = places.of(&file);
        problems.extend(lacking(step, needed(step, &file), permissions));
        if makes(step) {
            problems.extend(node_missing(step, &file, &places));
            problems.extend(storage_unfit(cluster, step, &file, &reach));
            let node =
                reach.nodes.first().cloned().or_else(|| places.0.iter().find(|place| place.storages.is_some()).map(|place| place.node.clone()));
            if let Some(node) = node {
                problems.extend(network(cluster, step, &node, permissions).await?);
            }
        }
        if matches!(step.action, Action::Delete | Action::Replace) {
            problems.extend(in_use(cluster, step, &file, &reach).await?);
        }
    }
    Ok(problems)
}

/// pve-storage, `Status.pm` and `Content.pm`: downloading and deleting ask for different things.
fn needed(step: &Step, file: &FileName) -> BTreeSet<Need> {
    let storage = || vec![format!("/storage/{}", file.storage)];
    let mut needed = BTreeSet::new();
    if step.action != Action::Delete {
        needed.insert((storage(), "Datastore.AllocateTemplate"));
    }
    if matches!(step.action, Action::Delete | Action::Replace) {
        needed.insert((storage(), "Datastore.Allocate"));
    }
    needed
}

fn node_missing(step: &Step, file: &FileName, places: &Places) -> Option<Problem> {
    let node = file.node.as_ref()?;
    match places.0.iter().find(|place| place.node == *node) {
        None => {
            let names: Vec<&str> = places.0.iter().map(|place| place.node.as_str()).collect();
            Some(problem(step, format!("`metadata.node`: the cluster has no node `{node}`."), &format!("one of: {}", names.join(", "))))
        }
        Some(place) if place.storages.is_none() => {
            Some(problem(step, format!("The node `{node}` is offline."), "wait for it, or choose another node"))
        }
        Some(_) => None,
    }
}

/// The storage must be there and take such files, now or once the plan's own step for it is done.
fn storage_unfit(cluster: &Cluster<'_>, step: &Step, file: &FileName, reach: &Reach) -> Option<Problem> {
    let FileName { storage, content, .. } = file;
    let is_there = !reach.nodes.is_empty() || !reach.unseen.is_empty();
    let takes_it = is_there && reach.content.contains(content);
    let planned = planned::planned(cluster.steps, storage).filter(|_| !takes_it);
    if let Some(late) = planned.and_then(|planned| planned::comes_late(step, "specs.storage", planned, cluster.steps)) {
        return Some(late);
    }
    let contents = planned.and_then(planned::contents).or_else(|| is_there.then(|| reach.content.clone()));
    match contents {
        None => {
            let place = file.node.as_ref().map_or_else(|| "no node has".to_owned(), |node| format!("the node `{node}` does not have"));
            let detail = format!("`specs.storage`: {place} a storage `{storage}`.");
            Some(problem(step, detail, "name another storage, or define this one with a resource of the type `storage`"))
        }
        Some(contents) if !contents.contains(content) => {
            let detail = format!("`specs.content`: the storage `{storage}` does not take `{content}`.");
            Some(problem(step, detail, &format!("it takes: {}; add `{content}` to its contents, or name another storage", contents.join(", "))))
        }
        Some(_) if reach.nodes.len() > 1 => {
            Some(problem(step, format!("`specs.storage`: {}.", undecided(file, &reach.nodes)), "set `metadata.node`"))
        }
        Some(_) => None,
    }
}

/// The node must be allowed to reach out, and the address must not be dead.
async fn network(cluster: &Cluster<'_>, step: &Step, node: &str, permissions: &Permissions) -> Result<Option<Problem>, EngineError> {
    if !may_ask(permissions, node) {
        let detail = format!("The credential lacks `Sys.AccessNetwork` on /nodes/{node}, which this step needs.");
        return Ok(Some(problem(step, detail, "give it the role of docs/engines/proxmox.md; in older versions `Sys.Modify` on / does the same")));
    }
    let spec = |name: &str| step.desired.get("specs").and_then(|specs| specs.get(name));
    let Some(url) = spec("url").and_then(Value::as_str) else { return Ok(None) };
    let verifies = spec("verify_certificates") != Some(&Value::Bool(false));
    Ok(match cluster.reader.remote(node, url, verifies).await? {
        Remote::Gone { status } => Some(problem(step, format!("`specs.url`: the server answers `{status}`."), "look whether the file has moved")),
        Remote::Found { .. } | Remote::Unknown { .. } => None,
    })
}

/// Whether the credential may have a node ask others, which is one privilege, or two old ones.
pub(super) fn may_ask(permissions: &Permissions, node: &str) -> bool {
    has(permissions, &format!("/nodes/{node}"), "Sys.AccessNetwork")
        || ["Sys.Audit", "Sys.Modify"].iter().all(|privilege| has(permissions, "/", privilege))
}

/// A medium in a drive: the machine would not start again.
async fn in_use(cluster: &Cluster<'_>, step: &Step, file: &FileName, reach: &Reach) -> Result<Option<Problem>, EngineError> {
    let found = find(cluster.reader, file, reach).await?;
    if let Some(why) = ambiguous(file, &found) {
        return Ok(Some(problem(step, format!("`metadata.node`: {why}."), "set `metadata.node`, in a pull request before this one")));
    }
    let Some((node, _)) = found.into_iter().next() else { return Ok(None) };
    if let Some(why) = usage::unseen(cluster.permissions().await?) {
        let detail = format!("Nobody can tell whether the file `{file}` is in use: {why}.");
        return Ok(Some(problem(step, detail, "give its role `VM.Audit`; docs/engines/proxmox.md has the whole list")));
    }
    let volume = file.volume();
    let uses = usage::of(cluster.reader, cluster.guests().await?, |used| used == volume).await?;
    let is_here = |used: &Use| reach.is_shared || used.node == node;
    let left: Vec<Use> = uses.into_iter().filter(|used| is_here(used) && !usage::is_changed_before(used, step, cluster.steps)).collect();
    if left.is_empty() {
        return Ok(None);
    }
    let detail = format!("The file `{file}` is in use: {}.", usage::told(&left));
    Ok(Some(problem(step, detail, "take it out of these drives first, or keep the file")))
}
