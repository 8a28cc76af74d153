//! Whose turn is it? At most one run has a batch open on a router, and nobody touches the batch of another.

use std::collections::{BTreeMap, BTreeSet};

use core_model::Hash;
use engine_api::{EngineError, ErrorKind, Order};

use super::{Abandoned, Batch};

/// So many runs that were cut off are remembered. They end at once, and are asked of by nobody afterwards.
const CUT_OFF_MAX: usize = 64;

/// The open batch, and the runs that lost theirs.
#[derive(Default)]
pub(crate) struct Turn {
    pub(crate) batch: Option<Batch>,
    /// Runs whose batch was forgotten and gave way to another. They have to begin anew: what they changed is undone.
    lost: BTreeSet<String>,
    /// Changes that cut us off, by the run and its steps, and how that was noticed. What cut us off once would do so again: it
    /// waits for a person.
    cut_off: BTreeMap<(String, Vec<Hash>), String>,
}

impl Turn {
    /// Makes place for a batch of the run. What is left of an attempt of the same run, or was forgotten long ago, ends with its
    /// connection.
    pub(crate) fn begin(&mut self, run_id: &str) -> Result<(), EngineError> {
        if let Some(batch) = self.batch.take_if(|batch| batch.is_over_for(run_id)) {
            self.lost.insert(batch.run_id().to_owned());
        }
        if self.batch.is_some() {
            return Err(EngineError::new(ErrorKind::Busy, "change the router", "another run has a batch open, and both would be undone together"));
        }
        self.lost.remove(run_id);
        Ok(())
    }

    /// The run's own batch. `None`: it opened none, and may begin one.
    pub(crate) fn own(&mut self, run_id: &str) -> Result<Option<&mut Batch>, EngineError> {
        if self.lost.contains(run_id) {
            return Err(lost());
        }
        Ok(self.batch.as_mut().filter(|batch| batch.run_id() == run_id))
    }

    /// Refuses what an earlier try of the same run has shown to cut us off.
    pub(crate) fn check(&self, run_id: &str, orders: &[Order]) -> Result<(), EngineError> {
        let Some(why) = self.cut_off.get(&(run_id.to_owned(), digests(orders))) else { return Ok(()) };
        let told = format!("they were undone, and are not tried again: {why}");
        Err(EngineError::new(ErrorKind::Rejected, "make the changes lasting", told))
    }

    /// What became of a batch when it was undone.
    pub(crate) fn note(&mut self, run_id: &str, undone: Abandoned) {
        if let Some(why) = undone.cut_off {
            while self.cut_off.len() >= CUT_OFF_MAX && self.cut_off.pop_first().is_some() {}
            self.cut_off.insert((run_id.to_owned(), undone.steps), why);
        }
    }

    /// Ends the run's turn. `None`: it has no batch, or has it no more.
    pub(crate) fn take(&mut self, run_id: &str) -> Option<Batch> {
        self.lost.remove(run_id);
        self.batch.take_if(|batch| batch.run_id() == run_id)
    }
}

/// The steps of a batch.
pub(super) fn digests(orders: &[Order]) -> Vec<Hash> {
    orders.iter().map(|order| order.step.digest.clone()).collect()
}

/// The run believes that its batch is open, and it is not.
pub(crate) fn lost() -> EngineError {
    EngineError::new(ErrorKind::Busy, "go on with the changes", "this run has no batch open any more; what it had changed is undone")
}
