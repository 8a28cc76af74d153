//! What would a target do that is easy to break on purpose? An engine with a target of its own, in memory or in a file.
//!
//! Tests of planner, executor and daemon use it where a real target would be slow or could not be made sick, and
//! `ipr demo` uses it where no Docker is at hand. It has a type for every part of the engine contract: containers,
//! networks and volumes as Docker has them, settings that always exist, rules in batches, one-shot tasks and accounts.
//!
//! [`Fake`] is the engine. [`FakeTarget`] is the thing it talks to; tests hold it too, and meddle with it.

mod apply;
mod control;
mod disk;
mod engine;
mod fault;
mod import;
mod observe;
mod operation;
mod preflight;
mod state;
mod target;
mod traffic;
mod trial;
mod types;
mod writer;

pub use engine::Fake;
pub use fault::Fault;
pub use operation::Operation;
pub use state::{Execution, LoggedCall, StoredObject};
pub use target::FakeTarget;
pub use types::{PROVIDER, container_types, types};
