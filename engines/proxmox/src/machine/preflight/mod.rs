//! What would go wrong with a machine for certain?

mod permissions;
pub(super) mod places;

use core_model::Marker;
use core_model::plan::{Action, Problem, Step};
use core_model::resource_type::ResourceType as _;
use engine_api::EngineError;
use engine_api::fields::{Flat, flatten};
use serde_json::Value;

use crate::cluster::Cluster;
use crate::machine::form::{disks, size};
use crate::machine::types::{Compute, Source, split_os};
use crate::options::ProxmoxOptions;
use crate::preflight::{lacking, makes, problem};
use crate::reader::{Guest, Reader};
use crate::stamp;

pub(super) async fn preflight(cluster: &Cluster<'_>, steps: &[&Step]) -> Result<Vec<Problem>, EngineError> {
    let (guests, permissions) = tokio::try_join!(cluster.guests(), cluster.permissions())?;
    let reader = cluster.reader;
    let mut problems = Vec::new();
    for step in steps {
        problems.extend(shrinking(step));
        problems.extend(number_taken(step, guests, cluster.options));
        problems.extend(template_gone(step, guests));
        problems.extend(template_too_large(reader, step, guests).await?);
        problems.extend(lacking(step, permissions::needed(step, guest_of(step, guests, &cluster.options.owner_id)), permissions));
    }
    problems.extend(places::missing(cluster, steps, guests).await?);
    Ok(problems)
}

/// What the author sets, by path.
pub(super) fn wanted(step: &Step) -> Flat {
    flatten(Compute.facts(), &step.desired)
}

/// The machine that a step speaks of.
fn guest_of<'g>(step: &Step, guests: &'g [Guest], owner_id: &str) -> Option<&'g Guest> {
    let may_be_it = |marker: &Marker| marker.owner_id == owner_id && is_of_environment(step, marker);
    let is_it = |marker: &Marker| marker.address == step.address && may_be_it(marker);
    stamp::find(guests, &step.object, is_it, may_be_it)
}

/// A step does not say its environment; its digest covers it.
fn is_of_environment(step: &Step, marker: &Marker) -> bool {
    step.compute_digest(&marker.environment) == step.digest
}

fn shrinking(step: &Step) -> Vec<Problem> {
    let is_size = |path: &str| path == "specs.storage" || (path.starts_with("specs.disks.") && path.ends_with(".size"));
    let changes = step.changes.iter().filter(|change| is_size(&change.path) && !makes(step) && !change.unset);
    let shrunk =
        changes.filter_map(|change| Some((change, change.before.as_u64()?, change.after.as_u64()?))).filter(|(_, before, after)| after < before);
    shrunk
        .map(|(change, before, after)| {
            problem(
                step,
                format!("`{}`: {}.", change.path, disks::shrinks(&step.object, before, after)),
                "keep the size, or add a smaller disk beside it",
            )
        })
        .collect()
}

fn number_taken(step: &Step, guests: &[Guest], options: &ProxmoxOptions) -> Option<Problem> {
    let vmid = wanted(step).get("specs.vmid").and_then(Value::as_u64).and_then(|vmid| u32::try_from(vmid).ok());
    let vmid = vmid.filter(|_| makes(step))?;
    let holder = guests.iter().find(|guest| guest.vmid == vmid)?;
    // Ours from an earlier attempt, or the old machine of a replacement.
    let is_own = holder
        .tags
        .iter()
        .filter_map(|tag| stamp::marker_of_tag(tag, vmid))
        .any(|marker| marker.owner_id == options.owner_id && marker.address == step.address && is_of_environment(step, &marker));
    if is_own || (step.action == Action::Replace && holder.name == step.object) {
        return None;
    }
    Some(problem(
        step,
        format!("`specs.vmid`: the number {vmid} is taken by `{}` on `{}`.", holder.name, holder.node),
        "choose another number, or leave `vmid` out",
    ))
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
    let Some(config) = reader.config(&template.node, vmid).await? else { return Ok(None) };
    let disk = disks::boot_slot(&config).and_then(|slot| Some((config.properties(&slot)?.get("size").and_then(size::parse)?, slot)));
    let Some((least, slot)) = disk else { return Ok(None) };
    let asked_for = values.get(&format!("specs.disks.{slot}.size")).or_else(|| values.get("specs.storage")).and_then(Value::as_u64);
    let too_small = asked_for.filter(|bytes| *bytes < least);
    Ok(too_small.map(|bytes| {
        let detail = format!("`specs.storage`: the template `{name}`: {}.", disks::shrinks(&slot, least, bytes));
        problem(step, detail, &format!("at least {}GB", size::gibibytes(least)))
    }))
}
