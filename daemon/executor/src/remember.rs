//! What did an earlier attempt of this run leave behind, before the daemon ended? The journal tells.

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
    /// Reads the journal for calls that may be made once. Of all others a fresh read tells, with which every step begins: what is
    /// still under way is waited for there, and what was done is not done again.
    pub(crate) async fn remembered(&self, run: &RunOrder<'_>, engine: &dyn Engine, step: &Step) -> Remembered {
        let calls = match self.journal.calls_of(run.run_id, &step.digest).await {
            Ok(calls) => calls,
            Err(error) => return Remembered::Unread(format!("what was done before is not known: {error}")),
        };
        let mut is_done = false;
        for call in calls.iter().filter(|call| call.intent.repeat == Repeat::Never) {
            let may_be_done = is_uncertain(call);
            if may_be_done && !shows(engine, call).await {
                return Remembered::Uncertain(uncertain(call));
            }
            is_done |= may_be_done || call.outcome == Some(Outcome::Done);
        }
        if is_done { Remembered::DoneOnce } else { Remembered::Nothing }
    }
}

/// Whether the target shows that a call took effect. That it does not show is no proof: one that shows it late would get the call
/// twice.
async fn shows(engine: &dyn Engine, call: &Entry) -> bool {
    match engine.classify(&call.intent).await {
        Ok(found) => found == Classification::Done,
        Err(error) => {
            tracing::warn!(%error, operation = call.intent.operation, "the target does not say what became of a call");
            false
        }
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
        "the run was cut off while `{}` (`{}`) was under way, and whether it took effect is not known. Look at the target: what was done must not be \
         done again",
        call.intent.operation, call.intent.key
    )
}
