//! How does a machine go? Shut down, and then removed with its disks.

use engine_api::{EngineError, ErrorKind};

use super::task::Found;
use crate::apply::Task;
use crate::writer::MachineRef;

/// How often a machine is looked for on another node than the one it was on.
const MOVES_FOLLOWED_MAX: usize = 3;

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
        task.shut_down(&machine).await?;
    }
    let machine = discard(task, machine).await?;
    let Some(volume) = super::seed::volume_of(&found.config, machine.vmid) else { return Ok(()) };
    match task.calls.discard_volume(&machine.node, &volume).await {
        // The machine is gone, which is what was asked for. The image is small, and holds nothing secret.
        Err(error) if error.kind == ErrorKind::Unauthorised => tracing::warn!(volume, error = %error, "a cloud-init image stays behind"),
        other => other?,
    }
    Ok(())
}

/// A machine that has moved is gone from its node, and is there all the same. Gives where it was at last.
async fn discard(task: &Task<'_>, mut machine: MachineRef) -> Result<MachineRef, EngineError> {
    for _ in 0..MOVES_FOLLOWED_MAX {
        let Err(error) = task.calls.discard(&machine).await else { return Ok(machine) };
        if error.kind != ErrorKind::NotFound {
            return Err(error);
        }
        match task.reader.guest(machine.vmid).await? {
            None => return Ok(machine),
            Some(guest) if guest.node == machine.node => return Err(error),
            Some(guest) => machine.node = guest.node,
        }
    }
    Err(task.error(ErrorKind::Busy, format!("the machine {} moves from node to node", machine.vmid)))
}

/// The author's own flag is part of what was reviewed; one that was set by hand is somebody's will.
fn was_protected_by_us(task: &Task<'_>) -> bool {
    let applied = task.order.applied.as_ref().and_then(|applied| applied.values.get("specs"));
    applied.and_then(|specs| specs.get("protection")).and_then(serde_json::Value::as_bool) == Some(true)
}
