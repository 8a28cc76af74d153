//! Whose turn is it? At most one run has a batch open on a router, and nobody touches the batch of another.

use std::collections::BTreeSet;

use engine_api::{EngineError, ErrorKind};

use super::Batch;

/// The open batch, and the runs that lost theirs.
#[derive(Default)]
pub(crate) struct Turn {
    pub(crate) batch: Option<Batch>,
    /// Runs whose batch was forgotten and gave way to another. They have to begin anew: what they changed is undone.
    lost: BTreeSet<String>,
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

    /// Ends the run's turn. `None`: it has no batch, or has it no more.
    pub(crate) fn take(&mut self, run_id: &str) -> Option<Batch> {
        self.lost.remove(run_id);
        self.batch.take_if(|batch| batch.run_id() == run_id)
    }
}

/// The run believes that its batch is open, and it is not.
pub(crate) fn lost() -> EngineError {
    EngineError::new(ErrorKind::Busy, "go on with the changes", "this run has no batch open any more; what it had changed is undone")
}
