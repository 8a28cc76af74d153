//! What would go wrong with a guest of either kind for certain?

use core_model::Marker;
use core_model::plan::{Action, Problem, Step};
use engine_api::fields::{Flat, flatten};
use serde_json::Value;

use super::{GuestKind, size};
use crate::options::ProxmoxOptions;
use crate::preflight::{makes, problem};
use crate::reader::Guest;
use crate::stamp;

/// What the author sets, by path.
pub(crate) fn wanted(step: &Step) -> Flat {
    flatten(GuestKind::of_type(&step.type_name).facts(), &step.desired)
}

/// The guest that a step speaks of.
pub(crate) fn guest_of<'g>(step: &Step, guests: &'g [Guest], owner_id: &str) -> Option<&'g Guest> {
    let may_be_it = |marker: &Marker| marker.owner_id == owner_id && is_of_environment(step, marker);
    let is_it = |marker: &Marker| marker.address == step.address && may_be_it(marker);
    stamp::find(guests, (GuestKind::of_type(&step.type_name), &step.object), is_it, may_be_it)
}

/// A step does not say its environment; its digest covers it.
fn is_of_environment(step: &Step, marker: &Marker) -> bool {
    step.compute_digest(&marker.environment) == step.digest
}

/// Disks of an existing guest that would become smaller. `disks` is the path under which they stand by slot.
pub(crate) fn shrinking(step: &Step, disks: &str) -> Vec<Problem> {
    let is_size = |path: &str| path == "specs.storage" || (path.starts_with(disks) && path.ends_with(".size"));
    let changes = step.changes.iter().filter(|change| is_size(&change.path) && !makes(step) && !change.unset);
    let shrunk =
        changes.filter_map(|change| Some((change, change.before.as_u64()?, change.after.as_u64()?))).filter(|(_, before, after)| after < before);
    shrunk
        .map(|(change, before, after)| {
            problem(
                step,
                format!("`{}`: {}.", change.path, size::shrinks(&format!("the disk of `{}`", step.object), before, after)),
                &format!(
                    "keep the size; or add a smaller disk in `{}`, and copy what you need",
                    disks.trim_start_matches("specs.").trim_end_matches('.')
                ),
            )
        })
        .collect()
}

pub(crate) fn number_taken(step: &Step, guests: &[Guest], options: &ProxmoxOptions) -> Option<Problem> {
    let vmid = wanted(step).get("specs.vmid").and_then(Value::as_u64).and_then(|vmid| u32::try_from(vmid).ok());
    let vmid = vmid.filter(|_| makes(step))?;
    let holder = guests.iter().find(|guest| guest.vmid == vmid)?;
    // Ours from an earlier attempt, or the old guest of a replacement.
    let is_this = |marker: &Marker| marker.owner_id == options.owner_id && marker.address == step.address && is_of_environment(step, marker);
    let is_own = holder.markers.iter().any(is_this);
    let is_of_kind = holder.kind == GuestKind::of_type(&step.type_name);
    if is_own || (step.action == Action::Replace && holder.name == step.object && is_of_kind) {
        return None;
    }
    Some(problem(
        step,
        format!("`specs.vmid`: the number {vmid} is taken by `{}` on `{}`.", holder.name, holder.node),
        "choose another number, or leave `vmid` out",
    ))
}
