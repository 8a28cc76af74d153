//! Which drives are filled and emptied? Those that the reviewed changes name. One that left the blueprint is emptied, unless it is
//! wanted by another name.

use std::collections::BTreeSet;

use engine_api::{EngineError, ErrorKind};

use super::Work;
use crate::driver::{MediaSlot, Medium};

const BELOW: &str = "specs.media.";

pub(super) async fn bring(task: &mut Work<'_>) -> Result<(), EngineError> {
    let order = task.order;
    let changed: BTreeSet<&str> = order.step.changes.iter().filter_map(|change| change.path.strip_prefix(BELOW)?.split('.').next()).collect();
    if changed.is_empty() {
        return Ok(());
    }
    let Some(slots) = task.calls.bmc.media().await? else {
        return Err(task.error(ErrorKind::Rejected, "its BMC does not tell of virtual media"));
    };
    // What goes out goes first: some BMCs fetch one image at a time.
    for called in changed.iter().filter(|called| !task.wanted.media.contains_key(**called)) {
        if let Some(slot) = MediaSlot::find(&slots, called).filter(|slot| slot.medium.is_some() && !is_wanted(task, &slots, slot)) {
            task.calls.eject_media(&slot.name).await?;
        }
    }
    let wanted = task.wanted;
    for (called, medium) in wanted.media.iter().filter(|(called, _)| changed.contains(called.as_str())) {
        fill(task, &slots, called, medium).await?;
    }
    Ok(())
}

fn is_wanted(task: &Work<'_>, slots: &[MediaSlot], slot: &MediaSlot) -> bool {
    task.wanted.media.keys().any(|called| MediaSlot::find(slots, called) == Some(slot))
}

async fn fill(task: &mut Work<'_>, slots: &[MediaSlot], called: &str, medium: &Medium) -> Result<(), EngineError> {
    let Some(slot) = MediaSlot::find(slots, called) else {
        return Err(task.error(ErrorKind::Rejected, &format!("its BMC has no virtual drive `{called}`")));
    };
    if slot.medium.as_ref().is_some_and(|found| found.is_as(medium)) {
        return Ok(());
    }
    task.calls.insert_media(&slot.name, medium).await
}
