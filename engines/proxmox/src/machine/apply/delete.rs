//! How does a machine go? Shut down, and then removed with its disks.

use engine_api::{EngineError, ErrorKind};

use super::task::Found;
use crate::apply::Task;

pub(super) async fn delete(task: &Task<'_>) -> Result<(), EngineError> {
    let Some(found) = task.find().await? else { return Ok(()) };
    task.check_ours(&found)?;
    remove(task, found).await
}

pub(super) async fn remove(task: &Task<'_>, found: Found) -> Result<(), EngineError> {
    let machine = found.machine();
    if found.config.is_set("protection") {
        if !was_protected_by_us(task) {
            return Err(task.refused("it was protected in Proxmox by hand; take the protection off there first"));
        }
        let parameters = vec![("delete".to_owned(), "protection".to_owned())];
        task.calls.configure(&machine, parameters, found.config.digest.as_deref(), false).await?;
    }
    if task.reader.is_running(&machine.node, machine.vmid).await? {
        task.calls.shut_down(&machine).await?;
    }
    task.calls.discard(&machine).await?;
    let Some(volume) = super::seed::volume_of(&found.config, machine.vmid) else { return Ok(()) };
    match task.calls.discard_volume(&machine.node, &volume).await {
        // The machine is gone, which is what was asked for. The image is small, and holds nothing secret.
        Err(error) if error.kind == ErrorKind::Unauthorised => tracing::warn!(volume, error = %error, "a cloud-init image stays behind"),
        other => other?,
    }
    Ok(())
}

/// The author's own flag is part of what was reviewed; one that was set by hand is somebody's will.
fn was_protected_by_us(task: &Task<'_>) -> bool {
    let applied = task.order.applied.as_ref().and_then(|applied| applied.values.get("specs"));
    applied.and_then(|specs| specs.get("protection")).and_then(serde_json::Value::as_bool) == Some(true)
}
