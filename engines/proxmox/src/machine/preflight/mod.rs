//! What would go wrong with a machine for certain?

mod image;
mod permissions;
pub(super) mod places;

use core_model::plan::{Problem, Step};
use engine_api::EngineError;
use serde_json::Value;

use crate::cluster::Cluster;
use crate::guest::preflight::{guest_of, number_taken, shrinking, wanted};
use crate::guest::{size, snapshot};
use crate::machine::form::disks;
use crate::machine::types::{Source, split_os};
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
        problems.extend(lacking(step, permissions::needed(step, guest_of(step, guests, &cluster.options.owner_id)), permissions));
        problems.extend(snapshot::preflight::problems(cluster, step).await?);
    }
    problems.extend(places::missing(cluster, steps, guests).await?);
    Ok(problems)
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
