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
    nodes: Mutex<HashMap<String, Arc<Semaphore>>>,
}

impl Bounds {
    /// Waits for a turn on the node. `None` cannot happen, since no semaphore is ever closed.
    pub(crate) async fn turn(&self, node: &str) -> Option<OwnedSemaphorePermit> {
        let turns = {
            let mut nodes = self.nodes.lock().unwrap_or_else(PoisonError::into_inner);
            nodes.entry(node.to_owned()).or_insert_with(|| Arc::new(Semaphore::new(HEAVY_PER_NODE_MAX))).clone()
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
    }
}
