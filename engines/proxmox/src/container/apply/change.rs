//! How is a container changed? The least that works: its node, volumes that grow or move, options in one call, its pool, its
//! power; and a restart only where the plan says so.

use core_model::plan::Action;
use core_model::schema::Effect;
use engine_api::EngineError;

use crate::apply::Task;
use crate::container::checks::{ROOT, is_mount_slot};
use crate::container::form::{self, Making, mounts};
use crate::container::types::needs_it_off;
use crate::guest::edits::Edits;
use crate::guest::find::Found;
use crate::guest::wanted::Wanted;
use crate::guest::{pool, protection, volumes, words};

const NODE: &str = "metadata.node";

pub(super) async fn change(task: &Task<'_>) -> Result<(), EngineError> {
    let mut found = task.with_snapshot(task.existing().await?).await?;
    let wanted = Wanted::changes(task.order);
    if wanted.touches_the_cluster() {
        let node = wanted.text(NODE).filter(|node| wanted.touches(NODE) && *node != found.guest.node);
        if is_changed_while_off(task, &found, &wanted, node).await? && task.reader.is_running(&found).await? {
            task.shut_down(&found.place()).await?;
        }
        if let Some(node) = node {
            let is_running = task.reader.is_running(&found).await?;
            if is_running && task.step().action != Action::Restart {
                return Err(task.conflict("it was off when this was planned, and runs now: a move would restart it; plan again"));
            }
            task.migrate(&found.place(), node, is_running).await?;
            found = task.again(found.guest.vmid).await?;
        }
        if wanted.touches_any(&["specs.storage", mounts::GROUP]) {
            let edits = edits(task, &found, &wanted).await?;
            found = volumes::shift(task, found, &edits).await?;
        }
        configure(task, &found, &wanted).await?;
        pool::bring(task, &found, &wanted).await?;
    }
    power(task, &found, &wanted).await
}

/// Volumes move only while the container is off. A node's own migration shuts it down and starts it again by itself; where more
/// needs a restart, all of it is done in the one pause.
async fn is_changed_while_off(task: &Task<'_>, found: &Found, wanted: &Wanted, node: Option<&str>) -> Result<bool, EngineError> {
    if task.step().action != Action::Restart || needs_it_off(task.step()).is_empty() {
        return Ok(false);
    }
    let restarts = task.step().changes.iter().filter(|change| change.effect == Effect::Restart).count();
    Ok((node.is_some() && restarts > 1) || !edits(task, found, wanted).await?.moves.is_empty())
}

async fn edits(task: &Task<'_>, found: &Found, wanted: &Wanted) -> Result<Edits, EngineError> {
    let storage = task.volume_storage_for(found).await?;
    let making = Making { marker: task.marker(), storage: storage.as_deref(), is_new: false };
    let mut edits = form::edits(&found.config, wanted, &making).map_err(|why| task.refused(why))?;
    words::change(task, found, wanted, &mut edits);
    Ok(edits)
}

async fn configure(task: &Task<'_>, found: &Found, wanted: &Wanted) -> Result<(), EngineError> {
    let mut edits_to_make = edits(task, found, wanted).await?;
    let touches_volumes = edits_to_make.set.keys().chain(&edits_to_make.delete).any(|option| is_mount_slot(option));
    if touches_volumes && protection::lift(task, found).await? {
        let lifted = task.again(found.guest.vmid).await?;
        edits_to_make = edits(task, &lifted, wanted).await?;
        protection::bring_back(wanted, &lifted, &mut edits_to_make);
        write(task, &lifted, &edits_to_make).await?;
    } else {
        if touches_volumes {
            protection::bring_back(wanted, found, &mut edits_to_make);
        }
        write(task, found, &edits_to_make).await?;
    }
    Ok(())
}

async fn write(task: &Task<'_>, found: &Found, edits: &Edits) -> Result<(), EngineError> {
    if !edits.has_options() {
        return Ok(());
    }
    task.calls.configure(&found.place(), edits.parameters(), found.config.digest.as_deref(), edits.allocates).await
}

/// A step that says "restart" restarts a container on which something waits, or which was to be restarted for its own sake, and
/// starts one that was shut down for a move. A step that says "update" never does, whatever waits.
async fn power(task: &Task<'_>, found: &Found, wanted: &Wanted) -> Result<(), EngineError> {
    let container = found.place();
    let is_running = task.reader.is_running(&container).await?;
    match wanted.text("specs.power").filter(|_| wanted.touches("specs.power")) {
        Some("off") if is_running => return task.shut_down(&container).await,
        Some("on") if !is_running => return task.start(&container).await,
        _ => {}
    }
    if task.step().action != Action::Restart {
        return Ok(());
    }
    if !is_running {
        // The plan saw it running, and only a move of ours needs it off: also one that was interrupted.
        let was_moved = !needs_it_off(task.step()).is_empty() && wanted.text("specs.power") != Some("off");
        return if was_moved { task.start(&container).await } else { Ok(()) };
    }
    let waits = !task.reader.pending(&container).await?.is_empty();
    if waits || task.step().changes.is_empty() { task.restart(&container).await } else { Ok(()) }
}

impl Task<'_> {
    /// Where a new mount point goes when nobody says: beside the root.
    async fn volume_storage_for(&self, found: &Found) -> Result<Option<String>, EngineError> {
        match found.config.properties(ROOT).as_ref().and_then(mounts::storage_of) {
            Some(storage) => Ok(Some(storage.to_owned())),
            None => self.volume_storage(&found.guest.node).await,
        }
    }
}
