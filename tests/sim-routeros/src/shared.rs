//! What do connections and tests share?

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use crate::world::World;

#[derive(Clone)]
pub(crate) struct Shared {
    world: Arc<Mutex<World>>,
    latency: Duration,
}

impl Shared {
    pub(crate) fn new(world: World, latency: Duration) -> Self {
        Self { world: Arc::new(Mutex::new(world)), latency }
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, World> {
        // A test that panicked while it held the lock must not hide its message behind poison.
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks again at every connection after something changed, and does what is due.
    pub(crate) fn settle(&self) {
        self.lock().run_due();
    }

    /// Waits until an answer to what came at this moment may leave. Requests that came together wait together.
    pub(crate) async fn wait_for_latency(&self, arrived: Instant) {
        if !self.latency.is_zero() {
            // Nothing ever comes from `pending`: this is the time running out, on tokio's clock.
            let _ = tokio::time::timeout_at(arrived + self.latency, std::future::pending::<()>()).await;
        }
    }
}

/// Does what is due when it is due, on a clock that runs, until the router stops.
pub(crate) async fn keep_time(shared: Shared, mut stop: watch::Receiver<bool>) {
    tokio::select! {
        _ = stop.wait_for(|stop| *stop) => {}
        () = run_due_things(shared) => {}
    }
}

async fn run_due_things(shared: Shared) {
    let wake = shared.lock().wake.clone();
    loop {
        let wait = {
            let world = shared.lock();
            world.due_s().and_then(|due_s| world.clock.until(due_s))
        };
        match wait {
            None => wake.notified().await,
            // Either the time runs out, or something else may be due first.
            Some(wait) => {
                if tokio::time::timeout(wait, wake.notified()).await.is_err() {
                    shared.lock().run_due();
                }
            }
        }
    }
}
