//! What would go wrong with a machine for certain?

mod image;
mod permissions;
pub(super) mod places;

use core_model::plan::{Problem, Step};
use engine_api::EngineError;
use serde_json::Value;

use crate::cluster::Cluster;
use crate::guest::preflight::{guest_of, number_taken, shrinking, wanted};
use crate::guest::{size, volumes};
use crate::machine::form::disks;
use crate::machine::types::{Source, needs_it_off, split_os};
use crate::preflight::{lacking, makes, problem};
use crate::reader::{Guest, Reader};

pub(super) async fn preflight(cluster: &Cluster<'_>, steps: &[&Step]) -> Result<Vec<Problem>, EngineError> {
    let (guests, permissions) = tokio::try_join!(cluster.guests(), cluster.permissions())?;
    let reader = cluster.reader;
    let mut problems = Vec::new();
    for step in steps {
        problems.extend(shrinking(step, "specs.disks."));
        problems.extend(number_taken(step, guests, cluster.options));
        problems.extend(template_gone(step, guests));
        problems.extend(template_too_large(reader, step, guests).await?);
        problems.extend(image::missing(cluster, step).await?);
        let guest = guest_of(step, guests, &cluster.options.owner_id);
        if let Some(guest) = guest {
            problems.extend(held_back(reader, step, guest).await?);
        }
        problems.extend(may_not_stop(step));
        problems.extend(lacking(step, permissions::needed(step, guest), permissions));
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

fn template_gone(step: &Step, guests: &[Guest]) -> Option<Problem> {
    let values = wanted(step);
    let os = values.get("specs.os").and_then(Value::as_str).filter(|_| makes(step))?;
    let Some((name, Source::Template { vmid })) = split_os(os) else { return None };
    if guests.iter().any(|guest| guest.vmid == vmid && guest.may_be_template()) {
        return None;
    }
    Some(problem(step, format!("`specs.os`: the template `{name}` ({vmid}) is gone."), "make it again, or name another `os`"))
}

/// A copy's first disk is at least as large as its template's.
async fn template_too_large(reader: Reader<'_>, step: &Step, guests: &[Guest]) -> Result<Option<Problem>, EngineError> {
    let values = wanted(step);
    let source = values.get("specs.os").and_then(Value::as_str).filter(|_| makes(step)).and_then(split_os);
    let Some((name, Source::Template { vmid })) = source else { return Ok(None) };
    let Some(template) = guests.iter().find(|guest| guest.vmid == vmid && guest.is_template) else { return Ok(None) };
    let Some(config) = reader.config(template).await? else { return Ok(None) };
    let disk = disks::boot_slot(&config).and_then(|slot| Some((config.properties(&slot)?.get("size").and_then(size::parse)?, slot)));
    let Some((least, slot)) = disk else { return Ok(None) };
    let asked_for = values.get(&format!("specs.disks.{slot}.size")).or_else(|| values.get("specs.storage")).and_then(Value::as_u64);
    let too_small = asked_for.filter(|bytes| *bytes < least);
    Ok(too_small.map(|bytes| {
        let detail = format!("`specs.storage`: the template `{name}`: {}.", size::shrinks(&format!("its disk `{slot}`"), least, bytes));
        problem(step, detail, &format!("at least {}GB", size::gibibytes(least)))
    }))
}
