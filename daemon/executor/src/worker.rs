//! How is one unit of work done? Steps one by one; or a batch, which is opened, applied and confirmed as a whole.

use core_model::plan::Step;
use core_model::record::{StepOutcome, StepState};
use engine_api::{Engine, EngineError, Gate, Journal, LockDomain, Order, Readiness};

use crate::attempt::{Calls, Tries, may_have_taken_effect};
use crate::outcome::takes_away;
use crate::remember::Remembered;
use crate::{Executor, RunOrder, outcome};

/// What became of a step, or of a batch, that did not succeed.
pub(crate) struct Failure {
    pub(crate) state: StepState,
    pub(crate) message: String,
}

/// What a batch that succeeded did.
#[derive(Debug, PartialEq, Eq)]
enum Made {
    Calls,
    Nothing,
}

impl Executor {
    /// Carries out the steps of one unit, in order. Returns an outcome for each.
    pub(crate) async fn work(&self, run: &RunOrder<'_>, domain: LockDomain, steps: Vec<&Step>) -> Vec<StepOutcome> {
        let Some(first) = steps.first() else { return Vec::new() };
        let engine = match self.engines.engine(&first.target) {
            Ok(engine) => engine,
            Err(error) => return all_failed(&steps, &error.to_string()),
        };
        let mut orders = Vec::with_capacity(steps.len());
        for step in &steps {
            match self.order(run, step) {
                Ok(order) => orders.push(order),
                Err(why) => return all_failed(&steps, &why),
            }
        }
        if engine.batches(&domain) {
            return self.batch(run, engine.as_ref(), &domain, &orders).await;
        }
        let mut outcomes = Vec::with_capacity(orders.len());
        for order in &orders {
            outcomes.push(self.single(run, engine.as_ref(), order).await);
        }
        outcomes
    }

    async fn single(&self, run: &RunOrder<'_>, engine: &dyn Engine, order: &Order) -> StepOutcome {
        if let Some(state) = self.without_a_call(run, &order.step) {
            return self.gated(run, engine, order, state).await;
        }
        let done = match self.begun_before(run, &order.step).await {
            Some(done) => done,
            None => self.apply(run, engine, order).await,
        };
        match done {
            Ok(()) => self.gated(run, engine, order, StepState::Changed).await,
            Err(failure) => outcome(&order.step, failure.state, Some(failure.message)),
        }
    }

    /// What a step came to before the daemon ended, where it must not be carried out again.
    async fn begun_before(&self, run: &RunOrder<'_>, step: &Step) -> Option<Result<(), Failure>> {
        match self.remembered(run, step).await {
            Remembered::Nothing => None,
            Remembered::DoneOnce => Some(Ok(())),
            Remembered::Uncertain(message) => Some(Err(Failure { state: StepState::Unknown, message })),
            Remembered::Unread(message) => Some(Err(Failure { state: StepState::Failed, message })),
        }
    }

    /// What a step comes to when the target need not be called: adopting, moving and releasing change what the record says and
    /// nothing on the target, and what is so already is not done again.
    fn without_a_call(&self, run: &RunOrder<'_>, step: &Step) -> Option<StepState> {
        if !step.action.mutates() {
            return Some(StepState::Changed);
        }
        self.is_already_so(run, step).then_some(StepState::AlreadySo)
    }

    /// All or nothing for the steps that change the target: their outcomes are provisional until the engine confirms. That a
    /// step's effect was seen proves nothing here: it may be what an earlier attempt left unconfirmed, and will be undone. So the
    /// engine is always asked, and finds out itself whether there is anything to do.
    async fn batch(&self, run: &RunOrder<'_>, engine: &dyn Engine, domain: &LockDomain, orders: &[Order]) -> Vec<StepOutcome> {
        let asked: Vec<Order> = orders.iter().filter(|order| order.step.action.mutates()).cloned().collect();
        for order in asked.iter().filter(|order| !self.is_already_so(run, &order.step)) {
            if let Some(Err(failure)) = self.begun_before(run, &order.step).await {
                return all_in(&orders.iter().map(|order| &order.step).collect::<Vec<_>>(), failure.state, &failure.message);
            }
        }
        let result = self.together(run, engine, domain, &asked).await;
        let mut outcomes = Vec::with_capacity(orders.len());
        for order in orders {
            outcomes.push(match &result {
                _ if !order.step.action.mutates() => self.gated(run, engine, order, StepState::Changed).await,
                Ok(Made::Nothing) if self.is_already_so(run, &order.step) => self.gated(run, engine, order, StepState::AlreadySo).await,
                Ok(_) => self.gated(run, engine, order, StepState::Changed).await,
                Err(failure) => outcome(&order.step, failure.state, Some(failure.message.clone())),
            });
        }
        outcomes
    }

    /// Opens, applies and confirms. What fails is undone as a whole and tried again as a whole: a connection that broke took
    /// the earlier steps with it.
    async fn together(&self, run: &RunOrder<'_>, engine: &dyn Engine, domain: &LockDomain, orders: &[Order]) -> Result<Made, Failure> {
        let Some(first) = orders.first() else { return Ok(Made::Nothing) };
        let calls = Calls::new(self.journal.as_ref());
        let gate = self.gate(run, &first.step, &calls);
        let mut tries = Tries::new();
        loop {
            let (error, may_be_lasting) = match provisionally(engine, domain, orders, &gate).await {
                Err(error) => (error, false),
                Ok(()) => match engine.confirm(domain, &gate).await {
                    Ok(()) if calls.is_any() => return Ok(Made::Calls),
                    Ok(()) => return Ok(Made::Nothing),
                    Err(error) => {
                        let may_be_lasting = may_have_taken_effect(error.kind);
                        (error, may_be_lasting)
                    }
                },
            };
            if let Err(second) = engine.abandon(domain, &gate).await {
                return Err(Failure { state: StepState::Unknown, message: format!("{error}; undoing the batch also failed: {second}") });
            }
            if !tries.again(&error, &calls, run).await {
                return Err(undone(&error, may_be_lasting || calls.is_uncertain(), run));
            }
        }
    }

    /// Tries again while the kind of the error says that it may work later. Engines converge when they are called again.
    pub(crate) async fn apply(&self, run: &RunOrder<'_>, engine: &dyn Engine, order: &Order) -> Result<(), Failure> {
        let calls = Calls::new(self.journal.as_ref());
        let gate = self.gate(run, &order.step, &calls);
        let mut tries = Tries::new();
        loop {
            let Err(error) = engine.apply(order, &gate).await else { return Ok(()) };
            if !tries.again(&error, &calls, run).await {
                return Err(Failure { state: calls.state_after(&error, run), message: error.to_string() });
            }
        }
    }

    /// Waits for the gate of a step that changed something, or found it so already.
    async fn gated(&self, run: &RunOrder<'_>, engine: &dyn Engine, order: &Order, state: StepState) -> StepOutcome {
        let mut found = outcome(&order.step, state, None);
        if takes_away(&order.step) || !order.step.action.mutates() {
            return found;
        }
        let not_ready = |message: String| (Some(false), Some(message));
        let waited = tokio::select! {
            biased;
            waited = engine.wait(order) => Some(waited),
            () = run.cancellation.cancelled() => None,
        };
        (found.ready, found.message) = match waited {
            Some(Ok(Readiness::NoGate)) => (None, None),
            Some(Ok(Readiness::Ready)) => (Some(true), None),
            Some(Ok(Readiness::NotReady { message })) => not_ready(message),
            Some(Err(error)) => not_ready(error.to_string()),
            None => not_ready("the run was stopped before it was ready".to_owned()),
        };
        if found.message.is_none() {
            found.message = waiting(engine, order).await;
        }
        found
    }

    fn gate<'a>(&self, run: &RunOrder<'a>, step: &'a Step, journal: &'a dyn Journal) -> Gate<'a> {
        Gate { run_id: run.run_id, step: &step.digest, journal, lease: run.lease, cancellation: run.cancellation }
    }
}

/// What was written and is not in effect. That nobody can say takes nothing from what was done.
async fn waiting(engine: &dyn Engine, order: &Order) -> Option<String> {
    let asked = engine.pending(order).await;
    asked.inspect_err(|error| tracing::warn!(%error, address = %order.step.address, "what waits could not be asked")).ok().flatten()
}

fn all_failed(steps: &[&Step], why: &str) -> Vec<StepOutcome> {
    all_in(steps, StepState::Failed, why)
}

fn all_in(steps: &[&Step], state: StepState, why: &str) -> Vec<StepOutcome> {
    steps.iter().map(|step| outcome(step, state, Some(why.to_owned()))).collect()
}

async fn provisionally(engine: &dyn Engine, domain: &LockDomain, orders: &[Order], gate: &Gate<'_>) -> Result<(), EngineError> {
    engine.open(domain, orders, gate).await?;
    for order in orders {
        engine.apply(order, &Gate { step: &order.step.digest, ..gate.clone() }).await?;
    }
    Ok(())
}

/// What to say of a batch that was abandoned for good.
fn undone(error: &EngineError, may_be_lasting: bool, run: &RunOrder<'_>) -> Failure {
    if may_be_lasting {
        return Failure { state: StepState::Unknown, message: format!("{error}; whether the batch became lasting is not known") };
    }
    let state = if run.is_stopped() { StepState::NotStarted } else { StepState::Failed };
    Failure { state, message: format!("{error}; the whole batch was undone") }
}
