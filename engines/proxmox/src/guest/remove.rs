//! How does a guest go? Shut down, and then removed with its disks, wherever it is by then.

use engine_api::{EngineError, ErrorKind};

use super::find::Found;
use super::{GuestRef, protection};
use crate::apply::Task;

/// How often a guest is looked for on another node than the one it was on.
const MOVES_FOLLOWED_MAX: usize = 3;

pub(crate) async fn delete(task: &Task<'_>) -> Result<(), EngineError> {
    let Some(found) = task.find().await? else { return Ok(()) };
    task.check_ours(&found)?;
    remove(task, &found).await
}

pub(crate) async fn remove(task: &Task<'_>, found: &Found) -> Result<(), EngineError> {
    prepare(task, found).await?;
    discard(task, found.place()).await
}

/// Makes it ready to go: without its protection, and off.
pub(crate) async fn prepare(task: &Task<'_>, found: &Found) -> Result<(), EngineError> {
    let guest = found.place();
    protection::lift(task, found).await?;
    if task.reader.is_running(&guest).await? {
        task.shut_down(&guest).await?;
    }
    Ok(())
}

/// A guest that has moved is gone from its node, and is there all the same.
pub(crate) async fn discard(task: &Task<'_>, mut guest: GuestRef) -> Result<(), EngineError> {
    for _ in 0..MOVES_FOLLOWED_MAX {
        let Err(error) = task.calls.discard(&guest).await else { return Ok(()) };
        if error.kind != ErrorKind::NotFound {
            return Err(error);
        }
        match task.reader.guest(guest.vmid).await? {
            None => return Ok(()),
            Some(seen) if seen.node == guest.node => return Err(error),
            Some(seen) => guest.node = seen.node,
        }
    }
    Err(task.error(ErrorKind::Busy, format!("the {} {} moves from node to node", guest.kind.noun(), guest.vmid)))
}
