//! How is a fake target read and changed? The engine contract, every part of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use core_model::plan::{Problem, Step};
use core_model::resource_type::ResourceType;
use core_model::state::TargetObservation;
use engine_api::{
    Artefact, Check, Checkup, Classification, Engine, EngineError, ErrorKind, Gate, Intent, LockDomain, ObserveScope, Order, Probe, Readiness, Trial,
    Wishes,
};

use crate::apply::Work;
use crate::operation::Operation;
use crate::state::State;
use crate::target::FakeTarget;
use crate::types::{container_types, types};
use crate::writer::Writer;
use crate::{import, observe, preflight, trial};

/// The lock domain of all rules.
const RULES: &str = "rules";

/// The engine of one fake target. What it has in an open batch is lost when it is dropped, as with a broken connection.
pub struct Fake {
    target: Arc<FakeTarget>,
    types: Vec<&'static dyn ResourceType>,
    has_opened: AtomicBool,
}

impl Fake {
    pub fn new(target: Arc<FakeTarget>) -> Self {
        Self { target, types: types(), has_opened: AtomicBool::new(false) }
    }

    /// An engine with the containers, networks and volumes of [`container_types`], and without batches.
    pub fn for_containers(target: Arc<FakeTarget>, provider: &'static str) -> Self {
        Self { target, types: container_types(provider), has_opened: AtomicBool::new(false) }
    }

    fn kind(&self, type_name: &str, attempt: &str) -> Result<&'static dyn ResourceType, EngineError> {
        let found = self.types.iter().find(|kind| kind.facts().name == type_name);
        found.copied().ok_or_else(|| EngineError::new(ErrorKind::Rejected, attempt, format!("there is no type `{type_name}` here")))
    }

    fn writer<'a>(&'a self, gate: &'a Gate<'a>) -> Writer<'a> {
        Writer { target: &self.target, gate }
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        if self.has_opened.load(Ordering::Acquire) {
            self.target.forget_batch();
        }
    }
}

#[async_trait]
impl Engine for Fake {
    async fn probe(&self) -> Result<Probe, EngineError> {
        let state = self.target.read(Operation::Probe, "ask the fake target who it is").await?;
        let capabilities = self.types.iter().map(|kind| kind.facts().name.to_owned()).collect();
        Ok(Probe { identity: state.identity.clone(), version: "Fake target 1".to_owned(), capabilities })
    }

    async fn observe(&self, scope: &ObserveScope) -> Result<TargetObservation, EngineError> {
        let state = self.target.read(Operation::Observe, "look at the fake target").await?;
        Ok(observe::observe(&self.types, &state, scope))
    }

    async fn apply(&self, order: &Order, gate: &Gate<'_>) -> Result<(), EngineError> {
        let step = &order.step;
        let attempt = format!("{} the {} `{}`", step.action.word(), step.type_name, step.object);
        let facts = self.kind(&step.type_name, &attempt)?.facts();
        let _in_flight = self.target.traffic.enter();
        Work { facts, order, writer: self.writer(gate) }.carry_out().await
    }

    async fn resolve(&self, type_name: &str, question: &str) -> Result<String, EngineError> {
        let attempt = format!("look up the image `{question}`");
        self.kind(type_name, &attempt)?;
        let state = self.target.read(Operation::Resolve, &attempt).await?;
        state.digest_of(question).ok_or_else(|| EngineError::new(ErrorKind::NotFound, attempt, "the registry does not have it"))
    }

    async fn preflight(&self, steps: &[Step]) -> Result<Vec<Problem>, EngineError> {
        let attempt = "check the plan against the fake target";
        let facts = self.kind("compute", attempt)?.facts();
        Ok(preflight::preflight(facts, self.target.read(Operation::Observe, attempt).await?.as_ref(), steps))
    }

    fn lock_domain(&self, step: &Step) -> LockDomain {
        if step.type_name == "rule" { LockDomain(RULES.to_owned()) } else { LockDomain(format!("{}/{}", step.type_name, step.object)) }
    }

    fn batches(&self, domain: &LockDomain) -> bool {
        domain.0 == RULES
    }

    async fn open(&self, _domain: &LockDomain, _orders: &[Order], _gate: &Gate<'_>) -> Result<(), EngineError> {
        self.target.begin();
        self.has_opened.store(true, Ordering::Release);
        Ok(())
    }

    async fn confirm(&self, _domain: &LockDomain, gate: &Gate<'_>) -> Result<(), EngineError> {
        if self.target.has_changes() {
            self.writer(gate).confirm(RULES).await?;
        }
        self.target.forget_batch();
        Ok(())
    }

    async fn abandon(&self, _domain: &LockDomain, gate: &Gate<'_>) -> Result<(), EngineError> {
        // A stopped run may call nothing any more. Closing the connection undoes the batch as well.
        if self.target.has_changes() && !gate.cancellation.is_cancelled() {
            self.writer(gate).abandon(RULES).await?;
        }
        self.target.forget_batch();
        Ok(())
    }

    async fn classify(&self, intent: &Intent) -> Result<Classification, EngineError> {
        let state = self.target.read(Operation::Observe, "find out what became of a call").await?;
        Ok(match was_run(&state, intent).filter(|_| state.shows_runs) {
            Some(true) => Classification::Done,
            Some(false) => Classification::NotDone,
            None => Classification::Unknown,
        })
    }

    async fn wait(&self, order: &Order) -> Result<Readiness, EngineError> {
        if order.step.type_name != "compute" {
            return Ok(Readiness::NoGate);
        }
        let name = &order.step.object;
        let state = self.target.read(Operation::Observe, &format!("wait for the compute `{name}`")).await?;
        let not_ready = |message: &str| Readiness::NotReady { message: message.to_owned() };
        Ok(match state.object("compute", name) {
            Some(object) if object.running && object.healthy => Readiness::Ready,
            Some(object) if object.running => not_ready("it runs, and says that it is not healthy"),
            Some(_) => not_ready("it does not run"),
            None => not_ready("it is gone"),
        })
    }

    async fn pending(&self, _order: &Order) -> Result<Option<String>, EngineError> {
        let pending = self.target.read(Operation::Observe, "ask what waits for a restart").await?.pending.join(", ");
        Ok(Some(pending).filter(|pending| !pending.is_empty()))
    }

    async fn watch(&self, _scope: &ObserveScope) -> Result<(), EngineError> {
        self.target.changed_by_hand.notified().await;
        Ok(())
    }

    async fn checkup(&self) -> Result<Checkup, EngineError> {
        let state = self.target.read(Operation::Observe, "look at the fake target").await?;
        let checks = vec![Check::ok(format!("it holds {} objects", state.objects.len())).detail()];
        Ok(Checkup { unix_time_s: None, checks })
    }

    async fn trial(&self, wishes: &Wishes) -> Result<Option<Trial>, EngineError> {
        trial::trial(wishes).map(Some)
    }

    /// Names alone: there are secrets among the values.
    async fn artefact(&self) -> Result<Option<Artefact>, EngineError> {
        let state = self.target.read(Operation::Observe, "ask the fake target what it holds").await?;
        let text = state.objects.keys().map(|key| format!("{key}\n")).collect();
        Ok(state.tells_of_itself.then(|| Artefact { file_name: "objects.txt".to_owned(), text }))
    }

    async fn import(&self) -> Result<String, EngineError> {
        Ok(import::import(&self.types, self.target.read(Operation::Observe, "read what exists").await?.as_ref()))
    }
}

/// Whether a task was carried out that was announced. `None`: something else was announced.
fn was_run(state: &State, intent: &Intent) -> Option<bool> {
    let (task, token) = intent.key.split_once('#').filter(|_| intent.operation == Operation::Run.name())?;
    let name = task.split_once('/')?.1;
    Some(state.executions.iter().any(|execution| execution.object == name && execution.token == token))
}
