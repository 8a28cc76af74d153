//! What was set out to be done, for tests: a journal in memory that can end or fail at a given call, and a lease that holds.

use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use tokio::sync::Notify;

use core_model::Hash;

use crate::gate::{Entry, Intent, IntentId, Journal, JournalError, Lease, Outcome};

/// Where in a mutating call something goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// The intent cannot be written: the call is not made.
    IntentRefused,
    /// The process ends with the intent written and the call not made.
    StoppedBefore,
    /// The process ends with the call made and its outcome not written.
    StoppedAfter,
    /// The call took effect, and the engine is told of a failure: a lost reply.
    OutcomeRefused,
}

impl Moment {
    pub const ALL: [Self; 4] = [Self::IntentRefused, Self::StoppedBefore, Self::StoppedAfter, Self::OutcomeRefused];
}

/// Something goes wrong once, at one mutating call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interruption {
    pub moment: Moment,
    /// Calls count from 1.
    pub call: usize,
}

#[derive(Default)]
struct Pages {
    entries: Vec<Entry>,
    interruption: Option<Interruption>,
}

/// A journal that forgets everything when it is dropped.
#[derive(Default)]
pub struct MemoryJournal {
    pages: Mutex<Pages>,
    stopped: Notify,
}

impl MemoryJournal {
    pub fn new() -> Self {
        Self::default()
    }

    /// A journal that goes wrong once.
    pub fn interrupted(interruption: Interruption) -> Self {
        Self { pages: Mutex::new(Pages { entries: Vec::new(), interruption: Some(interruption) }), stopped: Notify::new() }
    }

    pub fn entries(&self) -> Vec<Entry> {
        self.pages().entries.clone()
    }

    /// How many mutating calls were announced.
    pub fn calls(&self) -> usize {
        self.pages().entries.len()
    }

    /// Whether the interruption happened, or there was none to happen.
    pub fn is_spent(&self) -> bool {
        self.pages().interruption.is_none()
    }

    /// Returns when the process would have ended. The caller drops what was going on.
    pub async fn stopped(&self) {
        self.stopped.notified().await;
    }

    fn pages(&self) -> MutexGuard<'_, Pages> {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What happens at a call, if anything; it happens once.
    fn take(&self, call: usize, moments: [Moment; 2]) -> Option<Moment> {
        let mut pages = self.pages();
        let found = pages.interruption.filter(|due| due.call == call && moments.contains(&due.moment))?;
        pages.interruption = None;
        Some(found.moment)
    }

    async fn stop<T>(&self) -> T {
        self.stopped.notify_one();
        std::future::pending().await
    }
}

fn refused(attempted: &'static str) -> JournalError {
    JournalError { attempted, source: "the journal was told to fail here".into() }
}

#[async_trait]
impl Journal for MemoryJournal {
    async fn intend(&self, intent: &Intent) -> Result<IntentId, JournalError> {
        let call = self.calls() + 1;
        let moment = self.take(call, [Moment::IntentRefused, Moment::StoppedBefore]);
        if moment == Some(Moment::IntentRefused) {
            return Err(refused("write the intent"));
        }
        self.pages().entries.push(Entry { intent: intent.clone(), outcome: None });
        if moment == Some(Moment::StoppedBefore) {
            return self.stop().await;
        }
        Ok(IntentId(i64::try_from(call).unwrap_or(i64::MAX)))
    }

    async fn outcome(&self, intent: IntentId, outcome: &Outcome) -> Result<(), JournalError> {
        let call = usize::try_from(intent.0).map_err(|_| refused("find the intent"))?;
        match self.take(call, [Moment::StoppedAfter, Moment::OutcomeRefused]) {
            Some(Moment::StoppedAfter) => return self.stop().await,
            Some(_) => return Err(refused("write the outcome")),
            None => {}
        }
        let mut pages = self.pages();
        let entry = call.checked_sub(1).and_then(|index| pages.entries.get_mut(index)).ok_or_else(|| refused("find the intent"))?;
        entry.outcome = Some(outcome.clone());
        Ok(())
    }

    async fn calls_of(&self, run_id: &str, step: &Hash) -> Result<Vec<Entry>, JournalError> {
        let is_of_step = |entry: &Entry| entry.intent.run_id == run_id && entry.intent.step == *step;
        Ok(self.entries().into_iter().filter(is_of_step).collect())
    }
}

/// A lease that is never lost.
#[derive(Debug, Clone, Copy, Default)]
pub struct HeldLease;

impl Lease for HeldLease {
    fn lost(&self) -> Option<String> {
        None
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use core_model::Hash;
    use tokio_util::sync::CancellationToken;

    use super::*;
    use crate::error::EngineError;
    use crate::gate::{Gate, Mutation, Repeat};

    async fn write(journal: &MemoryJournal, called: &mut usize) -> Result<(), EngineError> {
        let (step, cancellation) = (Hash::of_bytes(b"step"), CancellationToken::new());
        let gate = Gate { run_id: "run", step: &step, journal, lease: &HeldLease, cancellation: &cancellation };
        let deadline = std::time::Duration::from_secs(1);
        let mutation = Mutation { attempt: "write".into(), operation: "Write", key: "x".into(), repeat: Repeat::Safe, deadline };
        gate.mutate(mutation, |_permit| async {
            *called += 1;
            Ok(())
        })
        .await
    }

    #[tokio::test]
    async fn a_refused_intent_makes_no_call_and_a_refused_outcome_does() {
        for (moment, calls) in [(Moment::IntentRefused, 0), (Moment::OutcomeRefused, 1)] {
            let journal = MemoryJournal::interrupted(Interruption { moment, call: 1 });
            let mut called = 0;
            assert!(write(&journal, &mut called).await.is_err(), "{moment:?}");
            assert_eq!(called, calls, "{moment:?}");
            assert!(journal.is_spent());
            write(&journal, &mut called).await.unwrap();
            assert_eq!(journal.entries().last().unwrap().outcome, Some(Outcome::Done));
        }
    }

    #[tokio::test]
    async fn a_stop_leaves_the_call_open() {
        for (moment, calls) in [(Moment::StoppedBefore, 0), (Moment::StoppedAfter, 1)] {
            let journal = MemoryJournal::interrupted(Interruption { moment, call: 1 });
            let mut called = 0;
            tokio::select! {
                _ = write(&journal, &mut called) => panic!("{moment:?}: it went on"),
                () = journal.stopped() => {}
            }
            assert_eq!(called, calls, "{moment:?}");
            assert_eq!(journal.entries()[0].outcome, None, "{moment:?}");
        }
    }
}
