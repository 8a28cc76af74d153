//! What would go wrong with a container for certain?

mod permissions;
mod places;

pub(super) use places::cautions;

use core_model::plan::{Action, Problem, Step};
use engine_api::EngineError;
use serde_json::Value;

use super::checks::{ROOT, is_mount_slot};
use super::form::mounts;
use super::types::needs_it_off;
use crate::cluster::Cluster;
use crate::config::Config;
use crate::guest::places::moves;
use crate::guest::preflight::{guest_of, number_taken, shrinking, wanted};
use crate::guest::{snapshot, volumes};
use crate::preflight::{lacking, makes, problem};

pub(super) async fn preflight(cluster: &Cluster<'_>, steps: &[&Step]) -> Result<Vec<Problem>, EngineError> {
    let (guests, permissions) = tokio::try_join!(cluster.guests(), cluster.permissions())?;
    let mut problems = Vec::new();
    for step in steps {
        let guest = guest_of(step, guests, &cluster.options.owner_id);
        let config = match guest.filter(|_| needs_config(step)) {
            Some(guest) => cluster.reader.config(guest).await?,
            None => None,
        };
        problems.extend(shrinking(step, &format!("{}.", mounts::GROUP)));
        problems.extend(number_taken(step, guests, cluster.options));
        problems.extend(unsized_mounts(step));
        problems.extend(may_not_stop(step));
        problems.extend(permissions::for_root(step, config.as_ref(), cluster.options.credential.is_root()));
        problems.extend(config.iter().flat_map(|config| bound(step, config).into_iter().chain(protected(step, config))));
        if let Some(guest) = guest {
            problems.extend(volumes::held_back(cluster.reader, step, guest, shifted_slot).await?);
        }
        problems.extend(lacking(step, permissions::needed(step, guest), permissions));
        problems.extend(snapshot::preflight::problems(cluster, step).await?);
    }
    problems.extend(places::missing(cluster, steps, guests, permissions).await?);
    Ok(problems)
}

/// The volume whose size or storage a field is.
fn shifted_slot(path: &str) -> Option<String> {
    if path == "specs.storage" {
        return Some(ROOT.to_owned());
    }
    let (slot, field) = path.strip_prefix(mounts::GROUP)?.strip_prefix('.')?.split_once('.')?;
    matches!(field, "size" | "storage").then(|| slot.to_owned())
}

/// Only some mistakes are seen in the configuration.
fn needs_config(step: &Step) -> bool {
    let concerns = |path: &str| path == "metadata.node" || path.starts_with("specs.features.") || path.starts_with("specs.mounts.");
    step.action != Action::Delete && !makes(step) && step.changes.iter().any(|change| concerns(&change.path))
}

/// New mount points of which nobody says how large they are.
fn unsized_mounts(step: &Step) -> Vec<Problem> {
    let values = wanted(step);
    let slot = |path: &str| path.strip_prefix("specs.mounts.")?.strip_suffix(".path").map(str::to_owned);
    let new = step.changes.iter().filter(|change| change.before.is_null()).filter_map(|change| slot(&change.path));
    new.filter(|slot| slot != ROOT && !values.contains_key(&format!("specs.mounts.{slot}.size")))
        .map(|slot| problem(step, format!("`specs.mounts.{slot}.size`: nobody says how large `{slot}` is."), "for example size: 20GB"))
        .collect()
}

/// A move that needs the container off, where it may not be restarted.
fn may_not_stop(step: &Step) -> Vec<Problem> {
    let never = wanted(step).get("specs.restart") == Some(&Value::from("never"));
    let paths = needs_it_off(step).into_iter().filter(|_| never);
    let hint = "switch it off first, or set `restart: when-needed`";
    paths.map(|path| problem(step, format!("`{path}`: the container would be shut down for this, and `restart: never` forbids it."), hint)).collect()
}

/// A container that is to move, and that something holds where it is.
fn bound(step: &Step, config: &Config) -> Option<Problem> {
    let holding = mounts::of_the_node(config);
    if !moves(step) || holding.is_empty() {
        return None;
    }
    let detail = format!("`metadata.node`: the container cannot move, for {} is a path or a device of its node.", holding.join(", "));
    Some(problem(step, detail, "take it off the container first, or keep the node"))
}

/// Volumes that change while Proxmox protects the container, and not by the blueprint's will.
fn protected(step: &Step, config: &Config) -> Option<Problem> {
    let by_hand = config.is_set("protection") && !wanted(step).contains_key("specs.protection");
    let is_released = step.changes.iter().any(|change| change.path == "specs.protection");
    let is_written = |path: &str| {
        let (slot, field) = path.strip_prefix("specs.mounts.").and_then(|rest| rest.split_once('.')).unwrap_or_default();
        is_mount_slot(slot) && !matches!(field, "size" | "storage")
    };
    let change = step.changes.iter().find(|change| is_written(&change.path)).filter(|_| by_hand && !is_released)?;
    let detail = format!("`{}`: Proxmox protects the volumes of this container; somebody set that by hand.", change.path);
    Some(problem(step, detail, "take the protection off in Proxmox, or set `protection: true` in the blueprint first"))
}
