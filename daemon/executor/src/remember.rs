//! What did an earlier attempt of this run leave behind, before the daemon ended? The journal tells, and where it does not, the target.

use core_model::plan::Step;
use engine_api::{Classification, Engine, Entry, Outcome, Repeat};

use crate::attempt::may_have_taken_effect;
use crate::{Executor, RunOrder};

/// Whether a step may begin.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Remembered {
    /// Nothing stands in the way: what was begun converges when it is carried out again.
    Nothing,
    /// What may be done once was done.
    DoneOnce,
    /// Nobody knows what was done, and a person is asked. In words.
    Uncertain(String),
    /// The journal cannot be read. In words.
    Unread(String),
}

impl Executor {
    /// Reads the journal, and asks the engine of open calls that a fresh read tells of. In a batch the engine itself has undone them.
    pub(crate) async fn remembered(&self, run: &RunOrder<'_>, engine: &dyn Engine, step: &Step, is_batched: bool) -> Remembered {
        let calls = match self.journal.calls_of(run.run_id, &step.digest).await {
            Ok(calls) => calls,
            Err(error) => return Remembered::Unread(format!("what was done before is not known: {error}")),
        };
        let (mut once_done, mut open) = (false, Vec::new());
        for call in &calls {
            match call.intent.repeat {
                Repeat::Never if is_uncertain(call) => return Remembered::Uncertain(uncertain(call)),
                Repeat::Never => once_done |= call.outcome == Some(Outcome::Done),
                Repeat::Check if call.outcome.is_none() && !is_batched => open.push(call),
                Repeat::Check | Repeat::Safe => {}
            }
        }
        if once_done {
            return Remembered::DoneOnce;
        }
        for call in open {
            match engine.classify(&call.intent).await {
                Ok(Classification::Done | Classification::NotDone) => {}
                Ok(Classification::Unknown) => return Remembered::Uncertain(uncertain(call)),
                // The step itself will meet the same failure, and has its tries.
                Err(error) => tracing::warn!(%error, operation = call.intent.operation, "an open call could not be classified"),
            }
        }
        Remembered::Nothing
    }
}

/// Whether a call may have taken effect without anybody having seen it.
fn is_uncertain(call: &Entry) -> bool {
    match &call.outcome {
        None => true,
        Some(Outcome::Failed { error, .. }) => may_have_taken_effect(*error),
        Some(Outcome::Done) => false,
    }
}

fn uncertain(call: &Entry) -> String {
    format!(
        "the daemon ended while `{}` (`{}`) was under way, and whether it took effect is not known. Look at the target: what was done must not be \
         done again",
        call.intent.operation, call.intent.key
    )
}
