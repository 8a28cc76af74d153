//! How does a guest go? Shut down, and then removed with its disks.

use engine_api::EngineError;

use super::find::Found;
use super::protection;
use crate::apply::Task;

pub(crate) async fn delete(task: &Task<'_>) -> Result<(), EngineError> {
    let Some(found) = task.find().await? else { return Ok(()) };
    task.check_ours(&found)?;
    remove(task, &found).await
}

pub(crate) async fn remove(task: &Task<'_>, found: &Found) -> Result<(), EngineError> {
    let guest = found.place();
    protection::lift(task, found).await?;
    if task.reader.is_running(&guest).await? {
        task.calls.shut_down(&guest).await?;
    }
    task.calls.discard(&guest).await
}
