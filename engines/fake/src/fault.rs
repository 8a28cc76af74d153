//! How does a fake target misbehave? Faults that tests lay out, each for a number of calls.

use engine_api::ErrorKind;
use serde::{Deserialize, Serialize};

use crate::operation::Operation;

/// Something that goes wrong at the next calls that match. It is part of the target's state: the fault of a file-backed
/// target reaches other processes, too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    pub(crate) what: Misbehaviour,
    operation: Option<Operation>,
    object: Option<String>,
    times: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Misbehaviour {
    FailBefore(ErrorKind),
    FailAfterEffect(ErrorKind),
    Hang,
}

impl Fault {
    /// The call fails and has no effect.
    pub fn before(kind: ErrorKind) -> Self {
        Self::new(Misbehaviour::FailBefore(kind))
    }

    /// The call has its effect and its reply is lost: the engine sees this failure.
    pub fn after_effect(kind: ErrorKind) -> Self {
        Self::new(Misbehaviour::FailAfterEffect(kind))
    }

    /// The call has no effect and does not return until the run is stopped or
    /// [`FakeTarget::release_hanging`](crate::FakeTarget::release_hanging) is called; then it is a timeout.
    pub fn hang() -> Self {
        Self::new(Misbehaviour::Hang)
    }

    fn new(what: Misbehaviour) -> Self {
        Self { what, operation: None, object: None, times: 1 }
    }

    /// Only calls of this operation. Without it, every mutating call.
    pub fn on(mut self, operation: Operation) -> Self {
        self.operation = Some(operation);
        self
    }

    /// Only calls about this object.
    pub fn of(mut self, object: impl Into<String>) -> Self {
        self.object = Some(object.into());
        self
    }

    /// At this many calls, instead of one.
    pub fn times(mut self, times: usize) -> Self {
        self.times = times;
        self
    }

    /// Whether this call goes wrong; counts it if so.
    pub(crate) fn strikes(&mut self, operation: Operation, object: &str) -> bool {
        let operation_fits = self.operation.map_or(Operation::MUTATING.contains(&operation), |only| only == operation);
        let strikes = self.times > 0 && operation_fits && self.object.as_deref().is_none_or(|only| only == object);
        self.times -= usize::from(strikes);
        strikes
    }

    pub(crate) fn is_spent(&self) -> bool {
        self.times == 0
    }
}
