//! What did an earlier attempt of this run leave behind, before the daemon ended? The journal tells.

use core_model::plan::Step;
use engine_api::{Entry, Outcome, Repeat};

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
    pub(crate) async fn remembered(&self, run: &RunOrder<'_>, step: &Step) -> Remembered {
        let calls = match self.journal.calls_of(run.run_id, &step.digest).await {
            Ok(calls) => calls,
            Err(error) => return Remembered::Unread(format!("what was done before is not known: {error}")),
        };
        let mut once = calls.iter().filter(|call| call.intent.repeat == Repeat::Never);
        if let Some(call) = once.clone().find(|call| is_uncertain(call)) {
            return Remembered::Uncertain(uncertain(call));
        }
        if once.any(|call| call.outcome == Some(Outcome::Done)) { Remembered::DoneOnce } else { Remembered::Nothing }
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
