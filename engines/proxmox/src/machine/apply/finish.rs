//! What is left to do on a machine that was just made? Its own values, the size of its disks, its node, and that it runs.

use engine_api::EngineError;

use super::create::is_unfinished;
use crate::apply::Task;
use crate::guest::find::Found;
use crate::guest::wanted::Wanted;
use crate::guest::words;
use crate::machine::form::{self, Making};
use crate::stamp::Stamp;

/// Also after an interruption: what is so already is left alone.
pub(super) async fn finish(task: &Task<'_>, mut found: Found) -> Result<(), EngineError> {
    let wanted = Wanted::all(task.order);
    // The copy of a template on local storage is made beside it, and goes before its drive holds an image that only this node
    // has. Once the machine ran, it stays where it is.
    if let Some(node) = task.declared_node().filter(|node| *node != found.guest.node)
        && !task.reader.is_running(&found).await?
    {
        task.migrate(&found.place(), node, false).await?;
        found = task.again(found.guest.vmid).await?;
    }
    if is_unfinished(&found) {
        give_values(task, &found, &wanted).await?;
        found = task.again(found.guest.vmid).await?;
    }
    // Disks of a copy and of an image have the size of what they were made from.
    found = super::change::shift_disks(task, found, &wanted).await?;
    if wanted.text("specs.power") != Some("off") && !task.reader.is_running(&found).await? {
        task.start(&found.place()).await?;
    }
    Ok(())
}

/// One call writes everything, the finished stamp among it: after a crash it was made whole, or not at all.
async fn give_values(task: &Task<'_>, found: &Found, wanted: &Wanted) -> Result<(), EngineError> {
    let storage = form::disks::boot_slot(&found.config).and_then(|slot| found.config.properties(&slot));
    let storage = storage.as_ref().and_then(form::disks::volume).and_then(form::disks::storage_of);
    let making = Making { marker: task.marker(), disk_storage: storage, is_new: true, image: None };
    let mut edits = form::edits(&found.config, wanted, &making).map_err(|why| task.refused(why))?;
    let stamp = Stamp::new(task.marker(), found.guest.vmid, task.step());
    words::name_and_mark(task, wanted, &stamp, &mut edits);
    let machine = found.place();
    super::seed::put(task, &machine, &found.config, wanted, storage, &mut edits).await?;
    task.calls.configure(&machine, edits.parameters(), found.config.digest.as_deref(), edits.allocates).await
}
