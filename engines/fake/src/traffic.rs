//! How much goes on at the same time? Counts steps in flight, and lets tests see parallelism without sleeping.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

#[derive(Clone, Copy)]
struct Meeting {
    steps: usize,
    patience: Duration,
}

#[derive(Clone, Copy, Default)]
struct Counts {
    now: usize,
    highest: usize,
    hanging: usize,
    /// How often hanging calls were let go.
    releases: usize,
}

/// Steps of this process that are being carried out on one target.
#[derive(Default)]
pub(crate) struct Traffic {
    counts: watch::Sender<Counts>,
    meeting: Mutex<Option<Meeting>>,
}

/// One step in flight.
pub(crate) struct InFlight<'a>(&'a Traffic);

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.counts.send_modify(|counts| counts.now -= 1);
    }
}

struct Hanging<'a>(&'a Traffic);

impl Drop for Hanging<'_> {
    fn drop(&mut self) {
        self.0.counts.send_modify(|counts| counts.hanging -= 1);
    }
}

impl Traffic {
    pub(crate) fn enter(&self) -> InFlight<'_> {
        self.counts.send_modify(|counts| {
            counts.now += 1;
            counts.highest = counts.highest.max(counts.now);
        });
        InFlight(self)
    }

    pub(crate) fn highest(&self) -> usize {
        self.counts.borrow().highest
    }

    pub(crate) fn set_meeting(&self, steps: usize, patience: Duration) {
        *self.meeting.lock().unwrap_or_else(PoisonError::into_inner) = Some(Meeting { steps, patience });
    }

    /// Waits until so many steps were in flight at once, if a test asked for it.
    pub(crate) async fn meet(&self) {
        let meeting = *self.meeting.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(meeting) = meeting else { return };
        let mut counts = self.counts.subscribe();
        let met = counts.wait_for(|counts| counts.highest >= meeting.steps);
        // Whether they met shows in `highest`; a call that waited long enough goes on.
        let _ = tokio::time::timeout(meeting.patience, met).await;
    }

    /// Waits until released.
    pub(crate) async fn hang(&self) {
        let before = self.counts.borrow().releases;
        self.counts.send_modify(|counts| counts.hanging += 1);
        let _hanging = Hanging(self);
        // The sender lives in `self`, so that the channel cannot close.
        let _ = self.counts.subscribe().wait_for(|counts| counts.releases > before).await;
    }

    pub(crate) fn release(&self) {
        self.counts.send_modify(|counts| counts.releases += 1);
    }

    /// Returns when so many calls hang.
    pub(crate) async fn hanging(&self, calls: usize) {
        let _ = self.counts.subscribe().wait_for(|counts| counts.hanging >= calls).await;
    }
}
