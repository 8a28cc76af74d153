//! How is a plan carried out? Batches, the write gate, gates of readiness, failures and undoing.
//!
//! The executor has no choice: it runs the steps of the plan, or fewer. It knows nothing of GitHub and of records' commits.

mod attempt;
mod journal;
mod orders;
mod outcome;
mod remember;
mod schedule;
mod undo;
mod units;
mod worker;

use std::collections::BTreeMap;
use std::sync::Arc;

use core_model::plan::Plan;
use core_model::record::{StepOutcome, StepState};
use core_model::resource_type::Registry;
use core_model::seal::SecretSource;
use core_model::state::{AppliedState, ObservedState};
use core_model::{FingerprintKey, TargetName};
use engine_api::{Engine, EngineError, Journal, Lease};
use tokio_util::sync::CancellationToken;

pub use journal::StoreJournal;
pub use outcome::{state_after, succeeded};
pub use undo::undo;

/// Finds the engine of a target.
pub trait Engines: Send + Sync {
    /// The reason when there is none completes the sentence "the target `x` ...".
    fn engine(&self, target: &TargetName) -> Result<Arc<dyn Engine>, EngineError>;
}

/// What all runs of a daemon share.
pub struct Executor {
    pub engines: Arc<dyn Engines>,
    pub journal: Arc<dyn Journal>,
    pub registry: Arc<Registry>,
    pub secrets: Arc<dyn SecretSource + Send + Sync>,
    pub fingerprint_key: FingerprintKey,
    pub owner_id: String,
}

/// One run: the plan and what it starts from.
pub struct RunOrder<'a> {
    pub run_id: &'a str,
    pub plan: &'a Plan,
    /// The state of the record before the run.
    pub applied: &'a AppliedState,
    /// Seen just before; steps whose effect is there already are not repeated.
    pub observed: &'a ObservedState,
    pub lease: &'a dyn Lease,
    pub cancellation: &'a CancellationToken,
}

impl RunOrder<'_> {
    /// Whether no further step may begin.
    fn is_stopped(&self) -> bool {
        self.cancellation.is_cancelled() || self.lease.lost().is_some()
    }
}

impl Executor {
    /// Carries out the plan. Independent steps run in parallel within lock domains and limits; what depends on a failed step is
    /// stopped, the rest goes on. A run that is cancelled, or whose lease is lost, returns early, with steps not started.
    pub async fn run(&self, order: &RunOrder<'_>) -> Vec<StepOutcome> {
        let mut schedule = schedule::Schedule::new(self, order);
        schedule.run().await;
        let mut outcomes = schedule.into_outcomes();
        let places: BTreeMap<_, _> = order.plan.steps.iter().enumerate().map(|(place, step)| (step.digest.clone(), place)).collect();
        outcomes.sort_by_key(|outcome| places.get(&outcome.step).copied());
        outcomes
    }
}

/// An outcome without a gate.
fn outcome(step: &core_model::plan::Step, state: StepState, message: Option<String>) -> StepOutcome {
    StepOutcome { step: step.digest.clone(), address: step.address.clone(), state, ready: None, message }
}
