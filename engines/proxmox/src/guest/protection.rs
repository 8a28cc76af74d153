//! May Proxmox VE's own protection be taken off a guest? Where the author set it, it is part of what was reviewed; one that was
//! set by hand is somebody's will.

use engine_api::EngineError;
use serde_json::Value;

use super::edits::Edits;
use super::find::Found;
use super::wanted::Wanted;
use crate::apply::Task;

/// Takes the protection off, and tells whether there was one.
pub(crate) async fn lift(task: &Task<'_>, found: &Found) -> Result<bool, EngineError> {
    if !found.config.is_set("protection") {
        return Ok(false);
    }
    if !was_set_by_us(task) {
        return Err(task.refused("it was protected in Proxmox by hand; take the protection off there first"));
    }
    let parameters = vec![("delete".to_owned(), "protection".to_owned())];
    task.calls.configure(&found.place(), parameters, found.config.digest.as_deref(), false).await?;
    Ok(true)
}

/// What was taken off for a change comes back with it in one call, also after an interruption between the two.
pub(crate) fn bring_back(wanted: &Wanted, found: &Found, edits: &mut Edits) {
    if wanted.is_set("specs.protection") && !found.config.is_set("protection") {
        edits.set("protection", "1".to_owned());
    }
}

fn was_set_by_us(task: &Task<'_>) -> bool {
    let applied = task.order.applied.as_ref().and_then(|applied| applied.values.get("specs"));
    applied.and_then(|specs| specs.get("protection")).and_then(Value::as_bool) == Some(true)
}
