//! How is one step carried out? What a step needs is put together here; each kind has its own module for the work.
//!
//! A step may be carried out again after a crash or a lost reply. Every action therefore begins with fresh reads, knows its
//! own earlier work by the mark it left, and does only what is missing.

use core_model::Marker;
use core_model::plan::Step;
use engine_api::{EngineError, ErrorKind, Order, Scrubber};

use crate::kind::kind;
use crate::network::Batches;
use crate::options::ProxmoxOptions;
use crate::reader::Reader;
use crate::stamp;
use crate::writer::Calls;

/// One step, with the ways to read and to change the cluster.
pub(crate) struct Task<'a> {
    pub(crate) order: &'a Order,
    pub(crate) options: &'a ProxmoxOptions,
    pub(crate) reader: Reader<'a>,
    pub(crate) calls: Calls<'a>,
    pub(crate) batches: &'a Batches,
}

/// Carries out the step of a task. No secret of the order is in the error.
pub(crate) async fn apply(task: &Task<'_>) -> Result<(), EngineError> {
    let result = dispatch(task).await;
    result.map_err(|error| Scrubber::of(task.order).error(error))
}

async fn dispatch(task: &Task<'_>) -> Result<(), EngineError> {
    if !task.step().action.mutates() {
        return Ok(());
    }
    task.check_owner()?;
    let unknown = || task.refused(format!("the type `{}` is not known to this engine", task.step().type_name));
    kind(&task.step().type_name).ok_or_else(unknown)?.apply(task).await
}

impl Task<'_> {
    pub(crate) fn step(&self) -> &Step {
        &self.order.step
    }

    pub(crate) fn marker(&self) -> &Marker {
        &self.order.marker
    }

    /// What the object is, or will be, called.
    pub(crate) fn name(&self) -> &str {
        &self.order.step.object
    }

    /// What it was called when it was last recorded.
    pub(crate) fn former_name(&self) -> &str {
        self.order.applied.as_ref().map_or(self.name(), |applied| &applied.object)
    }

    fn attempt(&self) -> String {
        let step = self.step();
        let noun = kind(&step.type_name).map_or(step.type_name.as_str(), |kind| kind.noun());
        format!("{} the {noun} `{}`", step.action.word(), step.object)
    }

    pub(crate) fn error(&self, kind: ErrorKind, why: impl Into<String>) -> EngineError {
        EngineError::new(kind, self.attempt(), why)
    }

    pub(crate) fn refused(&self, why: impl Into<String>) -> EngineError {
        self.error(ErrorKind::Rejected, why)
    }

    pub(crate) fn conflict(&self, why: impl Into<String>) -> EngineError {
        self.error(ErrorKind::Conflict, why)
    }

    /// Whether an object with this mark may be touched: it carries ours, or the record knows it. A mark stays when the address
    /// changes (a move), and an adopted object has none.
    pub(crate) fn is_ours(&self, mark: Option<&Marker>) -> bool {
        let recorded = self.order.applied.is_some();
        match mark {
            Some(marker) if marker == self.marker() => true,
            Some(marker) => recorded && stamp::belongs(marker, &self.marker().owner_id, Some(&self.marker().environment)),
            None => recorded,
        }
    }

    /// The owner in the marker must be the one that this target was configured for.
    pub(crate) fn check_owner(&self) -> Result<(), EngineError> {
        if self.order.marker.owner_id == self.options.owner_id {
            return Ok(());
        }
        Err(self.refused("this target is configured for another owner than the one of the repository's ipr.yaml"))
    }
}
