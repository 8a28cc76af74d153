//! How many sessions are open on all BMCs of a rack at once, at most?

use std::sync::atomic::{AtomicUsize, Ordering};

/// Counted by every BMC that was made with it.
#[derive(Debug, Default)]
pub struct Crowd {
    now: AtomicUsize,
    most: AtomicUsize,
}

impl Crowd {
    pub fn most(&self) -> usize {
        self.most.load(Ordering::SeqCst)
    }

    pub(super) fn enter(&self) {
        self.most.fetch_max(self.now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
    }

    pub(super) fn leave(&self) {
        self.now.fetch_sub(1, Ordering::SeqCst);
    }
}
