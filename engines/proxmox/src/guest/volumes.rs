//! In which order do disks move, grow and change? Disks that are there move and grow first, and only then is anything written.
//!
//! A change that waits for a restart is a text of its own, which names the volume and the size of the moment it was written. A
//! move frees the old volume and writes only the text in effect (qemu-server `API2/Qemu.pm`, `move_vm_disk`; pve-container
//! `API2/LXC.pm`, `move_volume`), and a growth does the same with the size: at the restart the older text would come back.

use core_model::plan::{Problem, Step};
use engine_api::EngineError;

use super::edits::Edits;
use super::find::Found;
use crate::apply::Task;
use crate::preflight::{makes, problem};
use crate::reader::{Guest, Reader};

/// Moves and grows disks that are there, and gives the guest as it is then.
pub(crate) async fn shift(task: &Task<'_>, mut found: Found, edits: &Edits) -> Result<Found, EngineError> {
    if edits.moves.is_empty() && edits.grow.is_empty() {
        return Ok(found);
    }
    let waiting = task.reader.pending(&found).await?;
    if let Some(slot) = edits.moves.keys().chain(edits.grow.keys()).find(|slot| waiting.contains(slot)) {
        return Err(task.conflict(why(&found.guest, slot)));
    }
    for (slot, storage) in &edits.moves {
        task.calls.shift_disk(&found.place(), slot, storage, found.config.digest.as_deref()).await?;
        found = task.again(found.guest.vmid).await?;
    }
    for (slot, bytes) in &edits.grow {
        task.calls.grow_disk(&found.place(), slot, *bytes, found.config.digest.as_deref()).await?;
        found = task.again(found.guest.vmid).await?;
    }
    Ok(found)
}

/// Disks that a step would move or grow while something else of them waits. `slot_of` says whose place or size a field is.
pub(crate) async fn held_back(
    reader: Reader<'_>,
    step: &Step,
    guest: &Guest,
    slot_of: impl Fn(&str) -> Option<String>,
) -> Result<Vec<Problem>, EngineError> {
    let there = step.changes.iter().filter(|change| !makes(step) && !change.unset && !change.before.is_null());
    let shifted: Vec<(&str, String)> = there.filter_map(|change| Some((change.path.as_str(), slot_of(&change.path)?))).collect();
    if shifted.is_empty() {
        return Ok(Vec::new());
    }
    let waiting = reader.pending(guest).await?;
    let held_back = shifted.into_iter().filter(|(_, slot)| waiting.contains(slot));
    let hint = format!("restart the {}, or take back in Proxmox what waits", guest.kind.noun());
    Ok(held_back.map(|(path, slot)| problem(step, format!("`{path}`: {}.", why(guest, &slot)), &hint)).collect())
}

fn why(guest: &Guest, slot: &str) -> String {
    let noun = guest.kind.noun();
    let word = guest.kind.field_word(slot);
    format!("a change of `{word}` waits for the {noun}'s next restart and names the disk as it is now; it must not move or grow before that")
}
