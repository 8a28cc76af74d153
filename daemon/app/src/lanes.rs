//! In which lanes does this process work? The queue gives a job to another worker when its own shows no sign of life. One that
//! slept with the machine, or that hung, goes on all the same, and two of them would carry out one run.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

#[derive(Default)]
pub(crate) struct Lanes {
    busy: Mutex<BTreeSet<String>>,
}

/// A lane that nobody else in this process works in until this is dropped.
pub(crate) struct Held<'a> {
    lanes: &'a Lanes,
    lane: String,
}

impl Lanes {
    /// `None`: somebody in this process works in it.
    pub(crate) fn hold(&self, lane: &str) -> Option<Held<'_>> {
        let is_free = self.busy.lock().unwrap_or_else(PoisonError::into_inner).insert(lane.to_owned());
        is_free.then(|| Held { lanes: self, lane: lane.to_owned() })
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.lanes.busy.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.lane);
    }
}
