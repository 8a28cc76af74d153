//! What did the last look at a cluster read, and how long may the check of a plan rest on it?
//! See `docs/decisions/0034-the-check-rests-on-the-look.md`.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::OnceCell;
use tokio::time::Instant;

use crate::cluster::Permissions;
use crate::reader::{Guest, Node};

/// Lists that were read, or will be when they are first asked for.
#[derive(Debug, Default)]
pub(crate) struct Lists {
    pub(crate) guests: OnceCell<Arc<Vec<Guest>>>,
    pub(crate) permissions: OnceCell<Permissions>,
    pub(crate) nodes: OnceCell<Vec<Node>>,
}

/// How long the check of a plan may rest on what was read for the plan.
const SEEN_AGE_MAX: Duration = Duration::from_secs(5);

/// The lists of the last look, for the check of the plan that follows it.
#[derive(Debug, Default)]
pub(crate) struct Seen(Mutex<Option<(Instant, Arc<Lists>)>>);

impl Seen {
    /// New lists, that the check of a plan may use too.
    pub(crate) fn anew(&self) -> Arc<Lists> {
        let lists = Arc::<Lists>::default();
        *self.held() = Some((Instant::now(), lists.clone()));
        lists
    }

    /// The lists of the last look, where it was just now; else new ones.
    pub(crate) fn lately(&self) -> Arc<Lists> {
        let held = self.held().clone().filter(|(read, _)| read.elapsed() < SEEN_AGE_MAX);
        held.map_or_else(|| self.anew(), |(_, lists)| lists)
    }

    /// Something is changed: what was read is no longer so.
    pub(crate) fn forget(&self) {
        *self.held() = None;
    }

    fn held(&self) -> MutexGuard<'_, Option<(Instant, Arc<Lists>)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
