//! Is a snapshot taken before a step? `snapshot_before` says before which; its name follows from the step, so that a step that is
//! carried out again knows its own.

pub(crate) mod preflight;
mod take;

use core_model::plan::{Action, FieldChange, Risk, Step};
use core_model::schema::{Effect, Field, Kind};
use engine_api::{EngineError, Order};
use serde_json::Value;

use super::GuestKind;
use crate::reader::{Guest, Reader};
use crate::stamp::Stamp;

pub(crate) const PATH: &str = "specs.snapshot_before";

/// For the record alone: the cluster is told of the snapshot, and not of the wish.
pub(crate) const FIELD: Field = Field::new(
    "snapshot_before",
    Kind::Word(&["never", "risky", "always"]),
    "Before which changes a snapshot is taken: none, those that restart it or worse or touch its disks, or all; `never` when left out.",
)
.write_only()
.risk(Risk::None);

const PREFIX: &str = "ipr-";
/// A snapshot's name has forty characters at most.
const DIGEST_LENGTH: usize = 16;

/// What the snapshot before a step is called.
pub(crate) fn name(step: &Step) -> String {
    PREFIX.chars().chain(step.digest.as_str().chars().take(DIGEST_LENGTH)).collect()
}

/// Whether one is taken before the step. A guest that is made anew takes its snapshots with it.
pub(crate) fn is_wanted(step: &Step) -> bool {
    let changes = || step.changes.iter().filter(|change| change.risk != Risk::None);
    let is_one = matches!(step.action, Action::Update | Action::Restart) && (step.action == Action::Restart || changes().next().is_some());
    is_one
        && match wish(step) {
            "always" => true,
            "risky" => step.action == Action::Restart || step.risk >= Risk::Restart || changes().any(is_of_a_disk),
            _ => false,
        }
}

fn wish(step: &Step) -> &str {
    step.desired.get("specs").and_then(|specs| specs.get("snapshot_before")).and_then(Value::as_str).unwrap_or_default()
}

/// A disk that is there becomes larger, moves or leaves.
fn is_of_a_disk(change: &FieldChange) -> bool {
    let is_place = change.path.ends_with(".size") || change.path.ends_with(".storage");
    !change.before.is_null() && (change.path == "specs.storage" || (is_place && is_below_disks(&change.path)))
}

fn is_below_disks(path: &str) -> bool {
    ["specs.disks.", "specs.mounts.", "specs.efi.", "specs.tpm."].iter().any(|disks| path.starts_with(disks))
}

/// The fields by which disks that are there go to another storage. Proxmox VE moves none that is in a snapshot.
pub(crate) fn moved(step: &Step) -> impl Iterator<Item = &FieldChange> {
    let is_move = |change: &&FieldChange| {
        let is_elsewhere = !change.before.is_null() && !change.after.is_null() && change.effect != Effect::Replace;
        is_elsewhere && change.path.ends_with(".storage") && is_below_disks(&change.path)
    };
    step.changes.iter().filter(move |change| is_move(change) && matches!(step.action, Action::Update | Action::Restart))
}

/// What the plan says of it.
pub(crate) fn remarks(step: &Step) -> Option<String> {
    let noun = GuestKind::of_type(&step.type_name).noun();
    if is_wanted(step) {
        return Some(format!("the snapshot `{}` is taken first, in place of an older one of ours", name(step)));
    }
    let is_lost = step.action == Action::Replace && matches!(wish(step), "risky" | "always");
    is_lost.then(|| format!("no snapshot is taken, for it would go with the {noun} that is replaced: `snapshot_before` is no backup"))
}

/// What the record says of a step that was carried out.
pub(crate) async fn told(reader: Reader<'_>, guest: &Guest, order: &Order) -> Result<Option<String>, EngineError> {
    if !is_wanted(&order.step) {
        return Ok(None);
    }
    let (name, snapshots) = (name(&order.step), reader.snapshots(guest).await?);
    let is_there = snapshots.iter().any(|snapshot| snapshot.name == name && Stamp::read(Some(&snapshot.description), guest.vmid).is_some());
    Ok(is_there.then(|| format!("the snapshot `{name}` holds what was before")))
}
