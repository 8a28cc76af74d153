//! How does the suite look at a target and carry out a step? A clean subject, a connection and a journal.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use core_model::Hash;
use core_model::plan::Pin;
use core_model::record::AppliedResource;
use core_model::state::{ObservedObject, ObservedState, Sight, TargetObservation};
use serde_json::{Map, Value};
use tokio_util::sync::CancellationToken;

use super::journal::{HeldLease, Interruption, MemoryJournal};
use super::sample::Sample;
use super::steps::{Resolved, Side, StepMaker};
use super::subject::Subject;
use crate::engine::{Engine, ObserveScope, Order, Wanted};
use crate::error::EngineError;
use crate::fields::{assemble, flatten};
use crate::gate::{Gate, Lease};

const RUN_ID: &str = "contract-run";

/// What is seen of a sample's object.
#[derive(Debug, Clone, PartialEq)]
pub enum Seen {
    Present(Box<ObservedObject>),
    Absent,
    Unknown(String),
}

/// How an attempt that was to be interrupted went.
pub struct Interrupted {
    /// Whether there was such a call at all.
    pub reached: bool,
    /// `None` when the process would have ended.
    pub result: Option<Result<(), EngineError>>,
    pub journal: MemoryJournal,
}

/// A clean subject and everything needed to carry out steps on it.
pub struct Bench<'a> {
    pub subject: &'a dyn Subject,
    pub engine: Arc<dyn Engine>,
    pub maker: StepMaker,
    pub journal: MemoryJournal,
    pub cancellation: CancellationToken,
}

impl<'a> Bench<'a> {
    /// Removes everything from the subject and connects.
    pub async fn fresh(subject: &'a dyn Subject) -> Bench<'a> {
        subject.remove_all().await;
        let engine = subject.engine();
        let probe = engine.probe().await.unwrap_or_else(|error| panic!("a healthy target cannot be probed: {error}"));
        Bench {
            subject,
            engine,
            maker: StepMaker::new(subject.owner_id(), probe.identity),
            journal: MemoryJournal::new(),
            cancellation: CancellationToken::new(),
        }
    }

    /// As if the daemon was started again: a new connection, and a new page of the journal.
    pub fn restart(&mut self) {
        self.engine = self.subject.engine();
        self.journal = MemoryJournal::new();
    }

    pub fn scope(&self, samples: &[&Sample]) -> ObserveScope {
        let wanted = |sample: &&Sample| Wanted { type_name: sample.facts().name.to_owned(), object: sample.object.clone() };
        let place = |sample: &&Sample| Some((wanted(sample), BTreeSet::from([sample.kind.place(&sample.values)?])));
        ObserveScope {
            owner_id: self.maker.owner_id.clone(),
            environment: Some(self.maker.environment.clone()),
            wanted: samples.iter().map(wanted).collect(),
            places: samples.iter().filter_map(place).collect(),
            shallow: BTreeSet::new(),
        }
    }

    /// Everything the engine sees for the scope, which must be readable.
    pub async fn observe(&self, samples: &[&Sample]) -> TargetObservation {
        let scope = self.scope(samples);
        self.engine.observe(&scope).await.unwrap_or_else(|error| panic!("a healthy target cannot be observed: {error}"))
    }

    /// What the planner would take the object for.
    pub async fn see(&self, sample: &Sample) -> Seen {
        let observation = self.engine.observe(&self.scope(&[sample])).await.map_err(|error| error.to_string());
        let targets = BTreeMap::from([(self.maker.target.clone(), observation)]);
        match (ObservedState { targets }).see(&self.maker.target, sample.facts().name, &sample.object) {
            Sight::Present(object) => Seen::Present(Box::new(object.clone())),
            Sight::Absent => Seen::Absent,
            Sight::Unknown(why) => Seen::Unknown(why.to_owned()),
        }
    }

    /// The object, which must be there.
    pub async fn present(&self, sample: &Sample) -> ObservedObject {
        match self.see(sample).await {
            Seen::Present(object) => *object,
            Seen::Absent => panic!("{} is absent, but must be there", sample.title()),
            Seen::Unknown(why) => panic!("{} cannot be seen: {why}", sample.title()),
        }
    }

    /// Answers the type's questions and seals the secrets.
    pub async fn resolve(&self, sample: &Sample, values: &Map<String, Value>) -> Resolved {
        let mut flat = flatten(sample.facts(), values);
        let mut pins = BTreeMap::new();
        for question in sample.kind.questions(&self.maker.desired(sample, values)) {
            let answer = self.engine.resolve(sample.facts().name, &question.text).await;
            let answer = answer.unwrap_or_else(|error| panic!("{}: `{}` has no answer: {error}", sample.title(), question.text));
            if let Some(value) = flat.get_mut(&question.path) {
                *value = sample.kind.pinned(&question.path, value, &answer);
            }
            pins.insert(question.path, Pin { question: question.text, answer });
        }
        self.maker.resolved(sample, &assemble(sample.facts(), &flat), pins)
    }

    /// The order that would bring the object to these values; `None` when there is nothing to do.
    pub async fn plan(&self, sample: &Sample, wanted: &Resolved, record: Option<&AppliedResource>) -> Option<Order> {
        match self.see(sample).await {
            Seen::Present(object) => self.maker.bring(sample, wanted, record, Side::Present(&object)),
            Seen::Absent => self.maker.bring(sample, wanted, record, Side::Absent),
            Seen::Unknown(why) => panic!("{} cannot be seen: {why}", sample.title()),
        }
    }

    /// Carries out one step, in a batch of one where the engine has batches.
    pub async fn carry_out(&self, order: &Order) -> Result<(), EngineError> {
        self.carry_out_with(order, &self.journal, &HeldLease).await
    }

    pub async fn carry_out_with(&self, order: &Order, journal: &MemoryJournal, lease: &dyn Lease) -> Result<(), EngineError> {
        let gate = self.gate(&order.step.digest, journal, lease);
        let domain = self.engine.lock_domain(&order.step);
        if !self.engine.batches(&domain) {
            return self.engine.apply(order, &gate).await;
        }
        self.engine.open(&domain, std::slice::from_ref(order), &gate).await?;
        if let Err(error) = self.engine.apply(order, &gate).await {
            // The first failure is the one to report; what cannot be abandoned ends with the connection.
            let _ = self.engine.abandon(&domain, &gate).await;
            return Err(error);
        }
        self.engine.confirm(&domain, &gate).await
    }

    pub fn gate<'b>(&'b self, step: &'b Hash, journal: &'b MemoryJournal, lease: &'b dyn Lease) -> Gate<'b> {
        Gate { run_id: RUN_ID, step, journal, lease, cancellation: &self.cancellation }
    }

    /// Carries out one step that goes wrong on the way. Afterwards the process is a new one.
    pub async fn interrupt(&mut self, order: &Order, interruption: Interruption) -> Interrupted {
        let journal = MemoryJournal::interrupted(interruption);
        let result = tokio::select! {
            biased;
            result = self.carry_out_with(order, &journal, &HeldLease) => Some(result),
            () = journal.stopped() => None,
        };
        self.restart();
        Interrupted { reached: journal.is_spent(), result, journal }
    }

    /// [`Bench::carry_out`] for a step that must succeed.
    pub async fn must(&self, sample: &Sample, order: &Order) {
        if let Err(error) = self.carry_out(order).await {
            panic!("{}: the step `{}` failed: {error}", sample.title(), order.step.action.word());
        }
    }

    /// Brings the object to these values and gives what the record then says.
    pub async fn settle(&self, sample: &Sample, values: &Map<String, Value>, record: Option<&AppliedResource>) -> AppliedResource {
        let wanted = self.resolve(sample, values).await;
        if let Some(order) = self.plan(sample, &wanted, record).await {
            self.must(sample, &order).await;
        }
        self.maker.record(sample, &wanted)
    }

    /// Creates the sample's object as the sample says.
    pub async fn put(&self, sample: &Sample) -> AppliedResource {
        self.settle(sample, &sample.values, None).await
    }

    /// Panics unless the object is what the record says.
    pub async fn assert_settled(&self, sample: &Sample, record: &AppliedResource, when: &str) {
        let wanted = Resolved { values: record.values.clone(), open: Map::new(), pins: record.pins.clone() };
        if let Some(order) = self.plan(sample, &wanted, Some(record)).await {
            let paths: Vec<String> = order.step.changes.iter().map(|change| change.path.clone()).collect();
            panic!("{}: {when}, a new plan still wants to {} it, because of {paths:?}", sample.title(), order.step.action.word());
        }
    }
}
