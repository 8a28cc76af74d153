//! How is a list of rules brought to what was reviewed? Call by call, with a fresh look after each.
//!
//! Rules are addressed by their positions alone. Every call names the digest of the list it was worked out from, and the list
//! that follows must be the one that the call makes. A list that is none of those on the way from the reviewed one to the
//! wanted one was changed by somebody else meanwhile: then nothing is done.

use engine_api::{EngineError, ErrorKind};

use super::arrange::{Edit, Way, arrange, arrange_around};
use super::rule::{OwnNames, Rule};
use crate::apply::Task;

/// How often a call that was refused for its digest is tried again, where the list is still the same.
const ATTEMPTS_MAX: usize = 3;

/// A list as it was just read.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rules {
    pub(crate) rules: Vec<Rule>,
    /// An empty list has none.
    pub(crate) digest: Option<String>,
}

/// The calls that are left to do.
#[derive(Debug, Default)]
pub(crate) struct Halves {
    /// Until the new rules all count, and the old ones all stand.
    pub(crate) first: Vec<Edit>,
    pub(crate) second: Vec<Edit>,
}

/// Which list, and how its rules are to be read.
pub(crate) struct List<'a> {
    /// `/cluster/firewall/rules`.
    pub(crate) path: String,
    pub(crate) own: &'a OwnNames,
}

impl List<'_> {
    /// Brings the list to the wanted rules. `reviewed` is what the plan saw, where it saw something.
    pub(crate) async fn bring(&self, task: &Task<'_>, reviewed: Option<&[Rule]>, wanted: &[Rule]) -> Result<(), EngineError> {
        let halves = self.halves(task, reviewed, wanted, false).await?;
        self.carry_out(task, &halves.first).await?;
        self.carry_out(task, &halves.second).await
    }

    /// What is left to do, in two halves. With `is_around` the policy may change between them.
    pub(crate) async fn halves(&self, task: &Task<'_>, reviewed: Option<&[Rule]>, wanted: &[Rule], is_around: bool) -> Result<Halves, EngineError> {
        let seen = self.read(task).await?.rules;
        if seen == wanted {
            return Ok(Halves::default());
        }
        let begun = reviewed.unwrap_or(&seen);
        let Way { mut edits, middle } = if is_around { arrange_around(begun, wanted) } else { arrange(begun, wanted) };
        let reached = reached(begun, &edits, &seen).ok_or_else(|| changed_meanwhile(task))?;
        let second = edits.split_off(middle.max(reached));
        Ok(Halves { first: edits.split_off(reached.min(edits.len())), second })
    }

    /// Makes the calls one after the other.
    pub(crate) async fn carry_out(&self, task: &Task<'_>, edits: &[Edit]) -> Result<(), EngineError> {
        if edits.is_empty() {
            return Ok(());
        }
        let mut seen = self.read(task).await?;
        for edit in edits {
            seen = self.step(task, edit, seen).await?;
        }
        Ok(())
    }

    /// Takes every rule out, the last first.
    pub(crate) async fn empty(&self, task: &Task<'_>) -> Result<(), EngineError> {
        let mut seen = self.read(task).await?;
        while let Some(at) = seen.rules.len().checked_sub(1) {
            seen = self.step(task, &Edit::Remove { at }, seen).await?;
        }
        Ok(())
    }

    async fn read(&self, task: &Task<'_>) -> Result<Rules, EngineError> {
        task.reader.rules(&self.path, self.own).await
    }

    /// Makes one call, and looks whether the list is what the call makes of it.
    async fn step(&self, task: &Task<'_>, edit: &Edit, mut seen: Rules) -> Result<Rules, EngineError> {
        let expected = edit.made_of(&seen.rules);
        for _ in 0..ATTEMPTS_MAX {
            let is_done = match task.calls.edit_rules(&self.path, task.name(), edit, &seen).await {
                Ok(()) => true,
                Err(error) if error.kind == ErrorKind::Conflict => false,
                Err(error) => return Err(error),
            };
            let now = self.read(task).await?;
            if now.rules == expected {
                return Ok(now);
            }
            if is_done || now.rules != seen.rules {
                return Err(changed_meanwhile(task));
            }
            seen = now;
        }
        Err(changed_meanwhile(task))
    }
}

/// How many of the edits are done: the last state on the way that is the list as it is. An earlier attempt may have come there.
fn reached(begun: &[Rule], edits: &[Edit], seen: &[Rule]) -> Option<usize> {
    let mut state = begun.to_vec();
    let mut reached = (state == seen).then_some(0);
    for (index, edit) in edits.iter().enumerate() {
        state = edit.made_of(&state);
        if state == seen {
            reached = Some(index + 1);
        }
    }
    reached
}

pub(crate) fn changed_meanwhile(task: &Task<'_>) -> EngineError {
    task.conflict("its rules were changed meanwhile by somebody else; nothing of theirs was touched; plan again")
}
