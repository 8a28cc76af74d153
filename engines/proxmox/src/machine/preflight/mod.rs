//! What would go wrong with a machine for certain?

mod image;
mod permissions;
pub(super) mod places;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use core_model::plan::{FieldChange, Problem, Step};
use engine_api::EngineError;
use serde_json::Value;

use crate::cluster::Cluster;
use crate::config::Config;
use crate::guest::preflight::{guest_of, number_taken, shrinking, wanted};
use crate::guest::{remarks, size, snapshot, volumes};
use crate::machine::form::disks;
use crate::machine::form::plain::CDROM_SLOT;
use crate::machine::types::{Source, needs_it_off, split_os};
use crate::preflight::{lacking, makes, problem};
use crate::reader::{Guest, Reader};

pub(super) async fn preflight(cluster: &Cluster<'_>, steps: &[&Step]) -> Result<Vec<Problem>, EngineError> {
    let (guests, permissions) = tokio::try_join!(cluster.guests(), cluster.permissions())?;
    let reader = cluster.reader;
    let (mut problems, mut templates) = (Vec::new(), Templates::new());
    for step in steps {
        problems.extend(shrinking(step, "specs.disks."));
        problems.extend(number_taken(step, guests, cluster.options));
        problems.extend(template_gone(step, guests));
        problems.extend(template_too_large(reader, step, guests, &mut templates).await?);
        problems.extend(image::missing(cluster, step).await?);
        let guest = guest_of(step, guests, &cluster.options.owner_id);
        if let Some(guest) = guest {
            problems.extend(held_back(reader, step, guest).await?);
        }
        problems.extend(may_not_stop(step));
        problems.extend(protected(reader, step, guest).await?);
        problems.extend(drive_is_taken(reader, step, guest, guests).await?);
        problems.extend(lacking(step, permissions::needed(step, guest), permissions));
        problems.extend(snapshot::preflight::problems(cluster, step).await?);
    }
    problems.extend(places::missing(cluster, steps, guests).await?);
    Ok(problems)
}

/// Disks that would move or grow while something else of them waits for a restart.
async fn held_back(reader: Reader<'_>, step: &Step, guest: &Guest) -> Result<Vec<Problem>, EngineError> {
    let config = match step.changes.iter().any(|change| change.path == "specs.storage") && !makes(step) {
        true => reader.config(guest).await?,
        false => None,
    };
    let first = config.as_ref().and_then(disks::boot_slot);
    volumes::held_back(reader, step, guest, |path| if path == "specs.storage" { first.clone() } else { disks::shifted_slot(path) }).await
}

/// A disk that moves only while the machine is off, where the machine may not be restarted.
fn may_not_stop(step: &Step) -> Vec<Problem> {
    let never = wanted(step).get("specs.restart") == Some(&Value::from("never"));
    let paths = needs_it_off(step).into_iter().filter(|_| never);
    let hint = "switch it off first, or set `restart: when-needed`";
    paths.map(|path| problem(step, format!("`{path}`: the machine would be shut down for this, and `restart: never` forbids it."), hint)).collect()
}

/// A drive that leaves while Proxmox protects the machine, and not by the blueprint's will.
async fn protected(reader: Reader<'_>, step: &Step, guest: Option<&Guest>) -> Result<Option<Problem>, EngineError> {
    let leaves = |change: &&FieldChange| remarks::leaving(change, "specs.disks.").is_some() || (change.path == "specs.cdrom" && change.unset);
    let change = step.changes.iter().find(leaves).filter(|_| !makes(step) && !wanted(step).contains_key("specs.protection"));
    let is_released = step.changes.iter().any(|change| change.path == "specs.protection");
    let (Some(change), Some(guest), false) = (change, guest, is_released) else { return Ok(None) };
    let is_protected = reader.config(guest).await?.is_some_and(|config| config.is_set("protection"));
    let detail = format!("`{}`: Proxmox protects the disks of this machine; somebody set that by hand.", change.path);
    let hint = "take the protection off in Proxmox, or set `protection: true` in the blueprint first";
    Ok(is_protected.then(|| problem(step, detail, hint)))
}

/// A machine, or a template, with a disk where the medium is to go.
async fn drive_is_taken(reader: Reader<'_>, step: &Step, guest: Option<&Guest>, guests: &[Guest]) -> Result<Option<Problem>, EngineError> {
    let values = wanted(step);
    let is_touched = step.changes.iter().any(|change| change.path == "specs.cdrom") || (makes(step) && values.contains_key("specs.cdrom"));
    let template = match values.get("specs.os").and_then(Value::as_str).filter(|_| makes(step)).and_then(split_os) {
        Some((_, Source::Template { vmid })) => guests.iter().find(|guest| guest.vmid == vmid),
        _ => None,
    };
    let Some(holder) = (if makes(step) { template } else { guest }).filter(|_| is_touched) else { return Ok(None) };
    let config = reader.config(holder).await?;
    let is_taken = config.is_some_and(|config| disks::slots(&config).any(|(slot, _)| slot == CDROM_SLOT));
    let hint = "move the disk to another slot in Proxmox, or leave `cdrom` out";
    Ok(is_taken.then(|| problem(step, format!("`specs.cdrom`: `{CDROM_SLOT}` of `{}` holds a disk.", holder.name), hint)))
}

fn template_gone(step: &Step, guests: &[Guest]) -> Option<Problem> {
    let values = wanted(step);
    let os = values.get("specs.os").and_then(Value::as_str).filter(|_| makes(step))?;
    let Some((name, Source::Template { vmid })) = split_os(os) else { return None };
    if guests.iter().any(|guest| guest.vmid == vmid && guest.may_be_template()) {
        return None;
    }
    Some(problem(step, format!("`specs.os`: the template `{name}` ({vmid}) is gone."), "make it again, or name another `os`"))
}

/// The configurations of templates, each read once.
type Templates = BTreeMap<u32, Option<Config>>;

/// A copy's first disk is at least as large as its template's.
async fn template_too_large(reader: Reader<'_>, step: &Step, guests: &[Guest], templates: &mut Templates) -> Result<Option<Problem>, EngineError> {
    let values = wanted(step);
    let source = values.get("specs.os").and_then(Value::as_str).filter(|_| makes(step)).and_then(split_os);
    let Some((name, Source::Template { vmid })) = source else { return Ok(None) };
    let Some(template) = guests.iter().find(|guest| guest.vmid == vmid && guest.is_template) else { return Ok(None) };
    if let Entry::Vacant(unread) = templates.entry(vmid) {
        unread.insert(reader.config(template).await?);
    }
    let Some(config) = templates.get(&vmid).and_then(Option::as_ref) else { return Ok(None) };
    let disk = disks::boot_slot(config).and_then(|slot| Some((config.properties(&slot)?.get("size").and_then(size::parse)?, slot)));
    let Some((least, slot)) = disk else { return Ok(None) };
    let asked_for = values.get(&format!("specs.disks.{slot}.size")).or_else(|| values.get("specs.storage")).and_then(Value::as_u64);
    let too_small = asked_for.filter(|bytes| *bytes < least);
    Ok(too_small.map(|bytes| {
        let detail = format!("`specs.storage`: the template `{name}`: {}.", size::shrinks(&format!("its disk `{slot}`"), least, bytes));
        problem(step, detail, &format!("at least {}GB", size::gibibytes(least)))
    }))
}
