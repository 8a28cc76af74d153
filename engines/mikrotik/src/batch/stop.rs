//! What happens to a wait when the run is stopped? It ends, and the router is left to undo by itself what was not confirmed.

use std::time::Duration;

use engine_api::{EngineError, ErrorKind, Gate};

/// Waits a while.
pub(super) async fn pause(gate: &Gate<'_>, attempt: &str, how_long: Duration) -> Result<(), EngineError> {
    if let Some(why) = gate.lease.lost() {
        return Err(EngineError::new(ErrorKind::Busy, attempt, why));
    }
    unless_stopped(gate, attempt, async {
        tokio::time::sleep(how_long).await;
        Ok(())
    })
    .await
}

/// Does something that takes its time and changes nothing.
pub(super) async fn unless_stopped<T>(
    gate: &Gate<'_>,
    attempt: &str,
    work: impl Future<Output = Result<T, EngineError>> + Send,
) -> Result<T, EngineError> {
    tokio::select! {
        biased;
        () = gate.cancellation.cancelled() => Err(EngineError::new(ErrorKind::Busy, attempt, "the run was stopped meanwhile")),
        done = work => done,
    }
}
