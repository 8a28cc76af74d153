//! One target with its engine, and steps by name: what the tests below begin with.

use std::sync::Arc;

use core_model::plan::Action;
use core_model::resource_type::ResourceType;
use engine_api::contract::{HeldLease, MemoryJournal, Resolved, Sample, StepMaker};
use engine_api::{Engine, EngineError, Gate, LockDomain, Order};
use engine_fake::{Fake, FakeTarget, types};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

pub(crate) struct World {
    pub(crate) target: Arc<FakeTarget>,
    pub(crate) engine: Fake,
    pub(crate) journal: MemoryJournal,
    pub(crate) cancellation: CancellationToken,
    maker: StepMaker,
}

pub(crate) fn kind(name: &str) -> &'static dyn ResourceType {
    types().into_iter().find(|kind| kind.facts().name == name).unwrap()
}

impl World {
    pub(crate) fn new(target: Arc<FakeTarget>) -> Self {
        let maker = StepMaker::new("c0ffee01".to_owned(), "fake-memory".to_owned());
        Self { engine: Fake::new(target.clone()), target, journal: MemoryJournal::new(), cancellation: CancellationToken::new(), maker }
    }

    pub(crate) fn memory() -> Self {
        Self::new(FakeTarget::memory())
    }

    fn wanted(&self, sample: &Sample) -> Resolved {
        self.maker.resolved(sample, &sample.values, std::collections::BTreeMap::new())
    }

    /// An order for an object with these specs, which all change.
    pub(crate) fn order(&self, type_name: &str, object: &str, action: Action, specs: Value) -> Order {
        let sample = Sample::new(kind(type_name), object, json!({"specs": specs}));
        let wanted = self.wanted(&sample);
        let record = (action != Action::Create).then(|| self.maker.record(&sample, &wanted));
        let changes = core_model::diff::all_set(sample.facts(), &wanted.values);
        self.maker.order(&sample, action, &wanted, changes, record.as_ref())
    }

    pub(crate) fn create(&self, type_name: &str, object: &str, specs: Value) -> Order {
        self.order(type_name, object, Action::Create, specs)
    }

    pub(crate) fn gate<'a>(&'a self, order: &'a Order) -> Gate<'a> {
        Gate { run_id: "run-1", step: &order.step.digest, journal: &self.journal, lease: &HeldLease, cancellation: &self.cancellation }
    }

    /// Applies outside of a batch.
    pub(crate) async fn apply(&self, order: &Order) -> Result<(), EngineError> {
        self.engine.apply(order, &self.gate(order)).await
    }

    pub(crate) async fn open(&self, order: &Order) -> LockDomain {
        let domain = self.engine.lock_domain(&order.step);
        self.engine.open(&domain, std::slice::from_ref(order), &self.gate(order)).await.unwrap();
        domain
    }

    pub(crate) fn log(&self) -> Vec<String> {
        self.target.log().iter().map(ToString::to_string).collect()
    }
}
