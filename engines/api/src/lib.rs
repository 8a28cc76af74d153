//! How is one kind of target read and changed? The contract between the planner's steps and the engines.
//!
//! An engine knows no planner, no GitHub and no other engine.

#[cfg(feature = "contract")]
pub mod contract;
mod engine;
mod error;
pub mod fields;
mod gate;
mod scrub;

pub use engine::{Classification, Engine, LockDomain, ObserveScope, Order, Probe, Readiness, Wanted};
pub use error::{EngineError, ErrorKind};
pub use gate::{Entry, Gate, Intent, IntentId, Journal, JournalError, Lease, Mutation, Outcome, Repeat, WritePermit};
pub use scrub::Scrubber;
