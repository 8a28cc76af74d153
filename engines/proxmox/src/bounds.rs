//! How much is done at a time? A node copies only so many disks at once: more of them would wait for the storage's lock, and
//! fail when the wait is over.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Clones, imports, moves and migrations of one node at the same time.
const HEAVY_PER_NODE_MAX: usize = 4;

/// The turns of one cluster, shared by all steps.
#[derive(Debug, Default)]
pub(crate) struct Bounds {
    nodes: Turns,
    /// One turn for each name.
    alone: Turns,
}

type Turns = Mutex<HashMap<String, Arc<Semaphore>>>;

impl Bounds {
    /// Waits for a turn on the node. `None` cannot happen, since no semaphore is ever closed.
    pub(crate) async fn turn(&self, node: &str) -> Option<OwnedSemaphorePermit> {
        Self::wait(&self.nodes, node, HEAVY_PER_NODE_MAX).await
    }

    /// Waits until nobody else does what is called so.
    pub(crate) async fn alone(&self, what: &str) -> Option<OwnedSemaphorePermit> {
        Self::wait(&self.alone, what, 1).await
    }

    async fn wait(turns: &Turns, name: &str, count: usize) -> Option<OwnedSemaphorePermit> {
        let turns = {
            let mut turns = turns.lock().unwrap_or_else(PoisonError::into_inner);
            turns.entry(name.to_owned()).or_insert_with(|| Arc::new(Semaphore::new(count))).clone()
        };
        turns.acquire_owned().await.ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_node_has_only_so_many_turns_and_others_their_own() {
        let bounds = Bounds::default();
        let mut held = Vec::new();
        for _ in 0..HEAVY_PER_NODE_MAX {
            held.push(bounds.turn("pve1").await);
        }
        let mut next = std::pin::pin!(bounds.turn("pve1"));
        assert!(futures::poll!(next.as_mut()).is_pending());
        assert!(bounds.turn("pve2").await.is_some());
        held.pop();
        assert!(next.await.is_some());
        let _first = bounds.alone("a download").await;
        assert!(futures::poll!(std::pin::pin!(bounds.alone("a download"))).is_pending());
    }
}
