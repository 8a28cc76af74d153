//! May a step be tried again, and when? Only if every call of it that was made may be repeated.

use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use core_model::Hash;
use core_model::record::StepState;
use engine_api::{EngineError, Entry, ErrorKind, Intent, IntentId, Journal, JournalError, Outcome, Repeat};

use crate::RunOrder;

/// How often a step is tried when the target says that it may work later.
const TRIES_MAX: u32 = 4;
/// The first pause between tries; each further one is twice as long.
const PAUSE_FIRST: Duration = Duration::from_millis(250);

/// A journal that also remembers what the executor must know of the calls of one step, or of one batch.
pub(crate) struct Calls<'a> {
    journal: &'a dyn Journal,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    /// Whether any call was announced.
    any: bool,
    /// Calls that must not be repeated, and of which nobody knows whether they took effect.
    uncertain: HashSet<IntentId>,
    /// Whether a call that must not be repeated took effect.
    once_done: bool,
}

impl<'a> Calls<'a> {
    pub(crate) fn new(journal: &'a dyn Journal) -> Self {
        Self { journal, seen: Mutex::default() }
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn may_be_repeated(&self) -> bool {
        let seen = self.seen();
        seen.uncertain.is_empty() && !seen.once_done
    }

    /// Whether the target was asked to change anything.
    pub(crate) fn is_any(&self) -> bool {
        self.seen().any
    }

    /// Whether a person has to find out what happened.
    pub(crate) fn is_uncertain(&self) -> bool {
        !self.seen().uncertain.is_empty()
    }

    /// What to say of a step that ended with this error.
    pub(crate) fn state_after(&self, error: &EngineError, run: &RunOrder<'_>) -> StepState {
        if self.is_uncertain() || error.kind == ErrorKind::Timeout {
            StepState::Unknown
        } else if run.is_stopped() && !self.seen().any {
            StepState::NotStarted
        } else {
            StepState::Failed
        }
    }
}

/// Whether a call that ended so may have taken effect all the same.
pub(crate) fn may_have_taken_effect(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::Unreachable | ErrorKind::Timeout | ErrorKind::Protocol)
}

#[async_trait]
impl Journal for Calls<'_> {
    async fn intend(&self, intent: &Intent) -> Result<IntentId, JournalError> {
        let id = self.journal.intend(intent).await?;
        let mut seen = self.seen();
        seen.any = true;
        if intent.repeat == Repeat::Never {
            seen.uncertain.insert(id);
        }
        Ok(id)
    }

    async fn outcome(&self, intent: IntentId, outcome: &Outcome) -> Result<(), JournalError> {
        let may_have_taken_effect = matches!(outcome, Outcome::Failed { error, .. } if may_have_taken_effect(*error));
        if !may_have_taken_effect {
            let mut seen = self.seen();
            let was_once = seen.uncertain.remove(&intent);
            seen.once_done |= was_once && *outcome == Outcome::Done;
        }
        self.journal.outcome(intent, outcome).await
    }

    async fn calls_of(&self, run_id: &str, step: &Hash) -> Result<Vec<Entry>, JournalError> {
        self.journal.calls_of(run_id, step).await
    }
}

/// The tries that are left, and the pause before the next one.
pub(crate) struct Tries {
    left: u32,
    pause: Duration,
}

impl Tries {
    pub(crate) fn new() -> Self {
        Self { left: TRIES_MAX - 1, pause: PAUSE_FIRST }
    }

    /// Waits until it is time for the next try. `false`: there is none, and the error stands.
    pub(crate) async fn again(&mut self, error: &EngineError, calls: &Calls<'_>, run: &RunOrder<'_>) -> bool {
        if !error.kind.is_transient() || self.left == 0 || run.is_stopped() || !calls.may_be_repeated() {
            return false;
        }
        tracing::warn!(%error, tries_left = self.left, "what failed is tried again");
        let pause = self.pause;
        self.left -= 1;
        self.pause *= 2;
        tokio::select! {
            biased;
            () = run.cancellation.cancelled() => false,
            () = tokio::time::sleep(pause) => true,
        }
    }
}
