//! How is a machine changed? The least that works: options in one call, disks that grow or move, its pool, its node, its
//! power; and a restart only where the plan says so.

use core_model::plan::Action;
use engine_api::EngineError;

use crate::apply::Task;
use crate::guest::edits::Edits;
use crate::guest::find::Found;
use crate::guest::wanted::Wanted;
use crate::guest::{pool, words};
use crate::machine::form::{self, Making};

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
        configure(task, &found, &wanted).await?;
        resize(task, &found, &wanted).await?;
        pool::bring(task, &found, &wanted).await?;
    }
    power(task, &found, &wanted).await
}

async fn configure(task: &Task<'_>, found: &Found, wanted: &Wanted) -> Result<(), EngineError> {
    let machine = found.place();
    let storage = task.disk_storage_for(found).await?;
    let making = Making { marker: task.marker(), disk_storage: storage.as_deref(), is_new: false, image: None };
    let mut edits = form::edits(&found.config, wanted, &making).map_err(|why| task.refused(why))?;
    words::change(task, found, wanted, &mut edits);
    let reaches_guest = wanted.touches_any(&CLOUD_INIT);
    if reaches_guest {
        super::seed::add_drive(task, &found.config, wanted, storage.as_deref(), &mut edits)?;
    }
    if edits.has_options() {
        task.calls.configure(&machine, edits.parameters(), found.config.digest.as_deref(), edits.allocates).await?;
        if reaches_guest && super::seed::has_drive(&found.config) {
            task.calls.regenerate_cloud_init(&machine).await?;
        }
    }
    shift_disks(task, found, &edits).await
}

async fn shift_disks(task: &Task<'_>, found: &Found, edits: &Edits) -> Result<(), EngineError> {
    for (slot, storage) in &edits.moves {
        task.calls.shift_disk(&found.place(), slot, storage).await?;
    }
    Ok(())
}

/// Disks of a machine that was just made go to the storage that is asked for, where the template has them on another one.
pub(super) async fn place_disks(task: &Task<'_>, found: &Found, wanted: &Wanted) -> Result<(), EngineError> {
    if !wanted.touches_any(&["specs.disks", "specs.efi", "specs.tpm"]) {
        return Ok(());
    }
    let found = task.again(found.guest.vmid).await?;
    let making = Making { marker: task.marker(), disk_storage: Some(""), is_new: false, image: None };
    let edits = form::edits(&found.config, wanted, &making).map_err(|why| task.refused(why))?;
    shift_disks(task, &found, &edits).await
}

/// Disks grow to what is wanted. Read anew, for another digest holds after every write.
pub(super) async fn resize(task: &Task<'_>, found: &Found, wanted: &Wanted) -> Result<(), EngineError> {
    if !wanted.touches_any(&["specs.storage", "specs.disks"]) {
        return Ok(());
    }
    let found = task.again(found.guest.vmid).await?;
    let making = Making { marker: task.marker(), disk_storage: Some(""), is_new: false, image: None };
    let edits = form::edits(&found.config, wanted, &making).map_err(|why| task.refused(why))?;
    for (slot, bytes) in &edits.grow {
        task.calls.grow_disk(&found.place(), slot, *bytes, None).await?;
    }
    Ok(())
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
    if task.step().action != Action::Restart || !is_running {
        return Ok(());
    }
    let waits = !task.reader.pending(&machine).await?.is_empty();
    if waits || task.step().changes.is_empty() { task.calls.reboot(&machine).await } else { Ok(()) }
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
