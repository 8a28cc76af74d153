//! How does a machine go? As every guest does, and our cloud-init image before it.

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
    guest::prepare(task, &found).await?;
    let machine = found.place();
    // Before the machine: once that is gone, nobody knows of the image any more.
    if let Some(volume) = super::seed::volume_of(&found.config, machine.vmid) {
        match task.calls.discard_volume(&machine.node, &volume).await {
            // The image is small, and holds nothing secret.
            Err(error) if error.kind == ErrorKind::Unauthorised => tracing::warn!(volume, error = %error, "a cloud-init image stays behind"),
            other => other?,
        }
    }
    guest::discard(task, machine).await
}
