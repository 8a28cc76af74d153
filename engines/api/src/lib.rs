//! How is one kind of target read and changed? The contract between the planner's steps and the engines.
//!
//! An engine knows no planner, no GitHub and no other engine.

mod artefact;
mod checkup;
#[cfg(feature = "contract")]
pub mod contract;
mod engine;
mod error;
pub mod fields;
mod gate;
mod gauge;
mod member;
mod scrub;
mod trial;

pub use artefact::{ARTEFACT_BYTES_MAX, Artefact};
pub use checkup::{Check, CheckState, Checkup};
pub use engine::{Classification, Engine, LockDomain, ObserveScope, Order, Probe, Readiness, Wanted};
pub use error::{EngineError, ErrorKind};
pub use gate::{Entry, Gate, Intent, IntentId, Journal, JournalError, Lease, Mutation, Outcome, Repeat, WritePermit};
pub use gauge::{GAUGE_FORMAT, GAUGES_MAX, Gauge, GaugeFamily};
pub use member::{Member, literal, literals};
pub use scrub::Scrubber;
pub use trial::{Stage, TRIAL, Trial, Wishes};
