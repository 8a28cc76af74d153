//! How does a machine go? As every guest does, and our cloud-init image with it.

use engine_api::{EngineError, ErrorKind};

use crate::apply::Task;
use crate::guest::find::Found;
use crate::guest::remove as guest;

pub(super) async fn delete(task: &Task<'_>) -> Result<(), EngineError> {
    let Some(found) = task.find().await? else { return Ok(()) };
    task.check_ours(&found)?;
    remove(task, found).await
}

pub(super) async fn remove(task: &Task<'_>, found: Found) -> Result<(), EngineError> {
    let machine = guest::remove(task, &found).await?;
    let Some(volume) = super::seed::volume_of(&found.config, machine.vmid) else { return Ok(()) };
    match task.calls.discard_volume(&machine.node, &volume).await {
        // The machine is gone, which is what was asked for. The image is small, and holds nothing secret.
        Err(error) if error.kind == ErrorKind::Unauthorised => tracing::warn!(volume, error = %error, "a cloud-init image stays behind"),
        other => other?,
    }
    Ok(())
}
