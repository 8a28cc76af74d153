//! Which resource pool is a guest in?

use engine_api::EngineError;

use super::find::Found;
use super::wanted::Wanted;
use crate::apply::Task;

pub(crate) async fn bring(task: &Task<'_>, found: &Found, wanted: &Wanted) -> Result<(), EngineError> {
    let pool = wanted.text("metadata.pool");
    if !wanted.touches("metadata.pool") || found.guest.pool.as_deref() == pool {
        return Ok(());
    }
    task.calls.set_pool(&found.place(), pool, found.guest.pool.as_deref()).await
}
