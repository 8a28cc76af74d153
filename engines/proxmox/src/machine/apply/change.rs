//! How is a machine changed? The least that works: its node, disks that grow or move, options in one call, its pool, its power;
//! and a restart only where the plan says so.

use core_model::plan::Action;
use engine_api::EngineError;

use crate::apply::Task;
use crate::guest::find::Found;
use crate::guest::wanted::Wanted;
use crate::guest::{pool, protection, volumes, words};
use crate::machine::form::{self, Making};
use crate::machine::types::needs_it_off;

/// What reaches the guest by its cloud-init drive.
const CLOUD_INIT: [&str; 5] = ["specs.user", "specs.dns", "specs.upgrade", "specs.network", "specs.networks"];

pub(super) async fn change(task: &Task<'_>) -> Result<(), EngineError> {
    let mut found = task.with_snapshot(task.existing().await?).await?;
    let wanted = Wanted::changes(task.order);
    if wanted.touches_the_cluster() {
        if let Some(node) = wanted.text("metadata.node").filter(|node| wanted.touches("metadata.node") && *node != found.guest.node) {
            let is_running = task.reader.is_running(&found).await?;
            task.migrate(&found.place(), node, is_running).await?;
            found = task.again(found.guest.vmid).await?;
        }
        if !needs_it_off(task.step()).is_empty() && task.reader.is_running(&found).await? {
            task.shut_down(&found.place()).await?;
            found = task.again(found.guest.vmid).await?;
        }
        found = shift_disks(task, found, &wanted).await?;
        if takes_drives_off(task, &found, &wanted)? && protection::lift(task, &found).await? {
            found = task.again(found.guest.vmid).await?;
        }
        if configure(task, &found, &wanted).await? {
            // A disk that was just made from an image has the image's size.
            shift_disks(task, task.again(found.guest.vmid).await?, &wanted).await?;
        }
        pool::bring(task, &found, &wanted).await?;
    }
    power(task, &found, &wanted).await
}

/// Proxmox refuses it for a machine that it protects.
fn takes_drives_off(task: &Task<'_>, found: &Found, wanted: &Wanted) -> Result<bool, EngineError> {
    let making = Making { marker: task.marker(), disk_storage: Some(""), is_new: false, image: None };
    let edits = form::edits(&found.config, wanted, &making).map_err(|why| task.refused(why))?;
    Ok(edits.delete.iter().any(|option| form::disks::is_drive(option)))
}

/// Writes options, and says whether a disk was made.
async fn configure(task: &Task<'_>, found: &Found, wanted: &Wanted) -> Result<bool, EngineError> {
    let machine = found.place();
    let storage = task.disk_storage_for(found).await?;
    let making = Making { marker: task.marker(), disk_storage: storage.as_deref(), is_new: false, image: None };
    let mut edits = form::edits(&found.config, wanted, &making).map_err(|why| task.refused(why))?;
    words::change(task, found, wanted, &mut edits);
    let reaches_guest = wanted.touches_any(&CLOUD_INIT);
    if reaches_guest {
        super::seed::add_drive(task, &found.config, wanted, storage.as_deref(), &mut edits)?;
    }
    if edits.delete.iter().any(|option| form::disks::is_drive(option)) {
        protection::bring_back(wanted, found, &mut edits);
    }
    if edits.has_options() {
        task.calls.configure(&machine, edits.parameters(), found.config.digest.as_deref(), edits.allocates).await?;
        if reaches_guest && super::seed::has_drive(&found.config) {
            task.calls.regenerate_cloud_init(&machine).await?;
        }
    }
    Ok(edits.allocates)
}

/// Disks that are there go to the storage and grow to the size that is asked for; those of a copy may be on another storage, and
/// have the size of the template's.
pub(super) async fn shift_disks(task: &Task<'_>, found: Found, wanted: &Wanted) -> Result<Found, EngineError> {
    if !wanted.touches_any(&["specs.storage", "specs.disks", "specs.efi", "specs.tpm"]) {
        return Ok(found);
    }
    let making = Making { marker: task.marker(), disk_storage: Some(""), is_new: false, image: None };
    let edits = form::edits(&found.config, wanted, &making).map_err(|why| task.refused(why))?;
    volumes::shift(task, found, &edits).await
}

/// A step that says "restart" restarts a machine on which something waits, or which was to be restarted for its own sake. A
/// step that says "update" never does, whatever waits.
async fn power(task: &Task<'_>, found: &Found, wanted: &Wanted) -> Result<(), EngineError> {
    let machine = found.place();
    let is_running = task.reader.is_running(&machine).await?;
    match wanted.text("specs.power").filter(|_| wanted.touches("specs.power")) {
        Some("off") if is_running => return task.shut_down(&machine).await,
        Some("on") if !is_running => return task.start(&machine).await,
        _ => {}
    }
    if task.step().action != Action::Restart {
        return Ok(());
    }
    if !is_running {
        // The plan saw it running, and only a move of ours needs it off: also one that was interrupted.
        let was_moved = !needs_it_off(task.step()).is_empty() && wanted.text("specs.power") != Some("off");
        return if was_moved { task.start(&machine).await } else { Ok(()) };
    }
    let waits = !task.reader.pending(&machine).await?.is_empty();
    if waits || task.step().changes.is_empty() { task.restart(&machine).await } else { Ok(()) }
}

impl Task<'_> {
    /// Where a new disk of an existing machine goes when nobody says: beside its first one.
    async fn disk_storage_for(&self, found: &Found) -> Result<Option<String>, EngineError> {
        let disk = form::disks::boot_slot(&found.config).and_then(|slot| found.config.properties(&slot));
        match disk.as_ref().and_then(form::disks::volume).and_then(form::disks::storage_of) {
            Some(storage) => Ok(Some(storage.to_owned())),
            None => self.disk_storage(&found.guest.node).await,
        }
    }
}
