//! How is a list of rules brought to what was reviewed? Call by call, with a fresh look after each.
//!
//! Rules are addressed by their positions alone. Every call names the digest of the list it was worked out from, and the list
//! that follows must be the one that the call makes. A list that is none of those on the way from the reviewed one to the
//! wanted one was changed by somebody else meanwhile: then nothing is done.

use engine_api::{EngineError, ErrorKind};

use super::arrange::{Edit, arrange};
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

/// Which list, and how its rules are to be read.
pub(crate) struct List<'a> {
    /// `/cluster/firewall/rules`.
    pub(crate) path: String,
    pub(crate) own: &'a OwnNames,
}

impl List<'_> {
    /// Brings the list to the wanted rules. `reviewed` is what the plan saw, where it saw something.
    pub(crate) async fn bring(&self, task: &Task<'_>, reviewed: Option<&[Rule]>, wanted: &[Rule]) -> Result<(), EngineError> {
        let mut seen = self.read(task).await?;
        if seen.rules == wanted {
            return Ok(());
        }
        let edits = match reviewed {
            Some(reviewed) => self.rest(task, reviewed, wanted, &seen.rules)?,
            None => arrange(&seen.rules, wanted),
        };
        for edit in edits {
            seen = self.step(task, &edit, seen).await?;
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

    /// What is left to do: from the last state on the way that is the list as it is. An earlier attempt may have come there.
    fn rest(&self, task: &Task<'_>, reviewed: &[Rule], wanted: &[Rule], seen: &[Rule]) -> Result<Vec<Edit>, EngineError> {
        let mut edits = arrange(reviewed, wanted);
        let mut state = reviewed.to_vec();
        let mut reached = (state == seen).then_some(0);
        for (index, edit) in edits.iter().enumerate() {
            state = edit.made_of(&state);
            if state == seen {
                reached = Some(index + 1);
            }
        }
        let reached = reached.ok_or_else(|| changed_meanwhile(task))?;
        Ok(edits.split_off(reached))
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

pub(crate) fn changed_meanwhile(task: &Task<'_>) -> EngineError {
    task.conflict("its rules were changed meanwhile by somebody else; nothing of theirs was touched; plan again")
}
