//! How is one unit of work done? A batch is opened, its steps are applied and confirmed; a single step is its own batch.

use std::sync::Arc;
use std::time::Duration;

use core_model::plan::Step;
use core_model::record::{StepOutcome, StepState};
use engine_api::{Engine, EngineError, Gate, LockDomain, Order, Readiness};

use crate::{Executor, RunOrder, outcome};

/// How often a step is tried when the target says that it may work later.
const TRIES_MAX: u32 = 4;
/// The first pause between tries; each further one is twice as long.
const PAUSE_FIRST: Duration = Duration::from_millis(250);

impl Executor {
    /// Carries out the steps of one unit, in order. Returns an outcome for each.
    pub(crate) async fn work(&self, run: &RunOrder<'_>, domain: LockDomain, steps: Vec<&Step>) -> Vec<StepOutcome> {
        let Some(first) = steps.first() else { return Vec::new() };
        let engine = match self.engines.engine(&first.target) {
            Ok(engine) => engine,
            Err(error) => return steps.iter().map(|step| outcome(step, StepState::Failed, Some(error.to_string()))).collect(),
        };
        let mut orders = Vec::with_capacity(steps.len());
        for step in &steps {
            match self.order(run, step) {
                Ok(order) => orders.push(order),
                Err(why) => return steps.iter().map(|step| outcome(step, StepState::Failed, Some(why.clone()))).collect(),
            }
        }
        if engine.batches() {
            self.batch(run, &engine, &domain, &orders).await
        } else {
            let mut outcomes = Vec::with_capacity(orders.len());
            for order in &orders {
                outcomes.push(self.single(run, engine.as_ref(), order).await);
            }
            outcomes
        }
    }

    async fn single(&self, run: &RunOrder<'_>, engine: &dyn Engine, order: &Order) -> StepOutcome {
        if !order.step.action.mutates() {
            // Adopting, moving and releasing change what the record says, and nothing on the target.
            return outcome(&order.step, StepState::Changed, None);
        }
        if self.is_already_so(run.observed, run.applied, &order.step) {
            return self.gated(engine, order, StepState::AlreadySo).await;
        }
        match self.apply(run, engine, order).await {
            Ok(()) => self.gated(engine, order, StepState::Changed).await,
            Err(error) => outcome(&order.step, failed_state(run, &error), Some(error.to_string())),
        }
    }

    /// All or nothing: outcomes are provisional until the engine confirms.
    async fn batch(&self, run: &RunOrder<'_>, engine: &Arc<dyn Engine>, domain: &LockDomain, orders: &[Order]) -> Vec<StepOutcome> {
        let Some(first) = orders.first() else { return Vec::new() };
        let gate = self.gate(run, &first.step);
        let result = async {
            engine.open(domain, orders, &gate).await?;
            for order in orders.iter().filter(|order| order.step.action.mutates()) {
                self.apply(run, engine.as_ref(), order).await?;
            }
            engine.confirm(domain, &gate).await
        }
        .await;
        match result {
            Ok(()) => {
                let mut outcomes = Vec::with_capacity(orders.len());
                for order in orders {
                    outcomes.push(self.gated(engine.as_ref(), order, StepState::Changed).await);
                }
                outcomes
            }
            Err(error) => {
                let abandoned = engine.abandon(domain, &gate).await;
                let (state, words) = match abandoned {
                    Ok(()) => (StepState::Failed, format!("{error}; the whole batch was undone")),
                    Err(second) => (StepState::Unknown, format!("{error}; undoing the batch also failed: {second}")),
                };
                orders.iter().map(|order| outcome(&order.step, state, Some(words.clone()))).collect()
            }
        }
    }

    /// Tries again while the kind of the error says that it may work later. Engines converge when they are called again.
    async fn apply(&self, run: &RunOrder<'_>, engine: &dyn Engine, order: &Order) -> Result<(), EngineError> {
        let gate = self.gate(run, &order.step);
        let mut pause = PAUSE_FIRST;
        for _ in 1..TRIES_MAX {
            match engine.apply(order, &gate).await {
                Err(error) if error.kind.is_transient() && !run.cancellation.is_cancelled() => {
                    tracing::warn!(address = %order.step.address, %error, "a step is tried again");
                    tokio::select! {
                        () = tokio::time::sleep(pause) => {}
                        () = run.cancellation.cancelled() => return Err(error),
                    }
                    pause *= 2;
                }
                result => return result,
            }
        }
        engine.apply(order, &gate).await
    }

    async fn gated(&self, engine: &dyn Engine, order: &Order, state: StepState) -> StepOutcome {
        let mut found = outcome(&order.step, state, None);
        if crate::outcome::takes_away(&order.step) {
            return found;
        }
        match engine.wait(order).await {
            Ok(Readiness::NoGate) => {}
            Ok(Readiness::Ready) => found.ready = Some(true),
            Ok(Readiness::NotReady { message }) => {
                found.ready = Some(false);
                found.message = Some(message);
            }
            Err(error) => {
                found.ready = Some(false);
                found.message = Some(error.to_string());
            }
        }
        found
    }

    pub(crate) fn gate<'a>(&'a self, run: &RunOrder<'a>, step: &'a Step) -> Gate<'a> {
        Gate { run_id: run.run_id, step: &step.digest, journal: self.journal.as_ref(), lease: run.lease, cancellation: run.cancellation }
    }
}

/// A step that was stopped before it began did not fail.
fn failed_state(run: &RunOrder<'_>, error: &EngineError) -> StepState {
    match error.kind {
        engine_api::ErrorKind::Timeout => StepState::Unknown,
        _ if run.cancellation.is_cancelled() => StepState::NotStarted,
        _ => StepState::Failed,
    }
}
