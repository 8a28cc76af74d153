//! Does the contract suite catch anything? Engines with one planted bug each must fail the case that is there for it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use core_model::plan::Action;
use core_model::resource_type::ResourceType;
use core_model::state::TargetObservation;
use engine_api::contract::{Bench, CASES, Sample, Subject};
use engine_api::{
    Classification, Engine, EngineError, ErrorKind, Gate, Gauge, GaugeFamily, Intent, LockDomain, Mutation, ObserveScope, Order, Probe, Readiness,
    Repeat,
};
use engine_fake::FakeTarget;
use serde_json::json;

use crate::subject::FakeSubject;

#[derive(Debug, Clone, Copy, PartialEq)]
enum Bug {
    AnotherIdentityEachTime,
    TakesGapsForAbsence,
    HidesMarkers,
    SeesOnlyWhatIsAsked,
    ForgetsToUnset,
    ForgetsToUpdate,
    WritesAgain,
    TakesOver,
    DeletesNothing,
    WritesWhenAdopting,
    WritesPastTheGate,
    HidesFailures,
    CannotGoOn,
    CallsEverythingDone,
    PrintsValues,
    MistakesTheKind,
    IsBlindToOthers,
    HidesThatItOnlyGlanced,
    MeasuresNothingThatCanBeNamed,
}

/// Each bug with the case that is there for it.
const PLANTED: &[(Bug, &str)] = &[
    (Bug::AnotherIdentityEachTime, "the_identity_stays_the_same"),
    (Bug::TakesGapsForAbsence, "a_gap_in_coverage_is_unknown"),
    (Bug::HidesMarkers, "plan_apply_plan_is_empty"),
    (Bug::SeesOnlyWhatIsAsked, "what_carries_our_marker_is_seen_unasked"),
    (Bug::ForgetsToUnset, "each_field_can_be_unset"),
    (Bug::ForgetsToUpdate, "each_field_can_be_updated"),
    (Bug::WritesAgain, "applying_twice_writes_nothing"),
    (Bug::TakesOver, "a_foreign_object_is_not_taken_over"),
    (Bug::DeletesNothing, "delete_removes"),
    (Bug::WritesWhenAdopting, "adopting_makes_no_call"),
    (Bug::WritesPastTheGate, "a_stopped_run_writes_nothing"),
    (Bug::CallsEverythingDone, "a_reply_lost_while_changing_converges"),
    (Bug::CannotGoOn, "a_reply_lost_while_creating_converges"),
    (Bug::HidesFailures, "a_reply_lost_while_deleting_converges"),
    (Bug::PrintsValues, "a_secret_appears_nowhere"),
    (Bug::MistakesTheKind, "errors_have_their_kind"),
    (Bug::IsBlindToOthers, "a_change_by_hand_is_seen_and_repaired"),
    (Bug::HidesThatItOnlyGlanced, "a_glance_sees_that_it_is_there_and_whose_it_is"),
    (Bug::MeasuresNothingThatCanBeNamed, "what_is_measured_can_be_exported"),
];

#[tokio::test]
async fn every_planted_bug_is_caught_by_the_case_for_it() {
    for (bug, name) in PLANTED {
        let case = CASES.iter().find(|case| case.name == *name).unwrap();
        let outcome = tokio::spawn(async move { (case.run)(&Sick::new(*bug)).await }).await;
        assert!(outcome.is_err_and(|error| error.is_panic()), "`{name}` does not catch {bug:?}");
    }
}

#[tokio::test]
async fn what_leaves_no_trace_is_no_mistake() {
    engine_api::contract::cases::a_reply_lost_while_changing_converges(&FakeSubject::once_on(FakeTarget::memory())).await;
}

#[tokio::test]
async fn a_forgotten_field_is_caught() {
    let outcome = tokio::spawn(async {
        let subject = Forgetful(FakeSubject::for_containers("docker"));
        engine_api::contract::cases::every_field_is_exercised(&subject).await;
    });
    assert!(outcome.await.is_err_and(|error| error.is_panic()));
}

#[test]
fn every_case_has_caught_something() {
    let caught: Vec<&str> = PLANTED.iter().map(|(_, name)| *name).chain(["every_field_is_exercised"]).collect();
    let idle: Vec<&str> = CASES.iter().map(|case| case.name).filter(|name| !caught.contains(name)).collect();
    assert_eq!(idle, [""; 0]);
}

/// A subject whose engine has a bug.
struct Sick {
    target: Arc<FakeTarget>,
    well: FakeSubject,
    bug: Bug,
    probes: Arc<AtomicUsize>,
}

impl Sick {
    fn new(bug: Bug) -> Self {
        let target = FakeTarget::memory();
        let well = match bug {
            // Only of what may be done once is it asked what became of it.
            Bug::CallsEverythingDone => FakeSubject::once_on(target.clone()),
            _ => FakeSubject::containers_on(target.clone(), "docker"),
        };
        Self { well, target, bug, probes: Arc::default() }
    }
}

#[async_trait]
impl Subject for Sick {
    fn engine(&self) -> Arc<dyn Engine> {
        Arc::new(SickEngine { well: self.well.engine(), target: self.target.clone(), bug: self.bug, probes: self.probes.clone() })
    }

    fn types(&self) -> Vec<&'static dyn ResourceType> {
        self.well.types()
    }

    fn samples(&self) -> Vec<Sample> {
        self.well.samples()
    }

    async fn remove_all(&self) {
        self.well.remove_all().await;
    }

    async fn change_by_hand(&self, sample: &Sample, path: &str) {
        if self.bug != Bug::IsBlindToOthers {
            self.well.change_by_hand(sample, path).await;
        }
    }

    async fn make_foreign(&self, sample: &Sample) {
        self.well.make_foreign(sample).await;
    }

    async fn hide(&self, sample: &Sample) -> bool {
        self.well.hide(sample).await
    }

    async fn provoke(&self, kind: ErrorKind, bench: &Bench<'_>) -> Option<EngineError> {
        self.well.provoke(kind, bench).await
    }
}

struct SickEngine {
    well: Arc<dyn Engine>,
    target: Arc<FakeTarget>,
    bug: Bug,
    probes: Arc<AtomicUsize>,
}

impl SickEngine {
    /// What the bug does before the step is carried out as it should be. `Some` ends the step.
    async fn spoil(&self, order: &mut Order, gate: &Gate<'_>) -> Option<Result<(), EngineError>> {
        let step = &mut order.step;
        let is_there = self.target.object(&step.type_name, &step.object).is_some();
        match self.bug {
            Bug::ForgetsToUnset if step.action != Action::Create => step.changes.retain(|change| !change.unset),
            Bug::ForgetsToUpdate if step.action == Action::Update => return Some(Ok(())),
            Bug::DeletesNothing if step.action == Action::Delete => return Some(Ok(())),
            Bug::TakesOver => self.target.remove_by_hand(&step.type_name, &step.object),
            Bug::WritesPastTheGate => self.target.make_foreign(&step.type_name, &step.object, &json!({"specs": {}})),
            Bug::CannotGoOn if step.action == Action::Create && is_there => {
                return Some(Err(EngineError::new(ErrorKind::Conflict, "create it", "it is there already")));
            }
            Bug::WritesAgain => return Some(write_nothing(gate).await),
            Bug::WritesWhenAdopting if !step.action.mutates() => return Some(write_nothing(gate).await),
            _ => {}
        }
        // A field that is not unset keeps its value even when the object is made anew.
        if self.bug == Bug::ForgetsToUnset && step.action == Action::Replace {
            step.action = Action::Update;
        }
        None
    }
}

/// A mutating call that does nothing.
async fn write_nothing(gate: &Gate<'_>) -> Result<(), EngineError> {
    let deadline = Duration::from_secs(1);
    let mutation = Mutation { attempt: "write again".into(), operation: "Update", key: "x".into(), repeat: Repeat::Safe, deadline };
    gate.mutate(mutation, |_permit| async { Ok(()) }).await
}

#[async_trait]
impl Engine for SickEngine {
    async fn probe(&self) -> Result<Probe, EngineError> {
        let mut probe = self.well.probe().await.map_err(|error| self.mistaken(error))?;
        if self.bug == Bug::AnotherIdentityEachTime {
            probe.identity = format!("fake-{}", self.probes.fetch_add(1, Ordering::Relaxed));
        }
        Ok(probe)
    }

    async fn observe(&self, scope: &ObserveScope) -> Result<TargetObservation, EngineError> {
        let mut seen = self.well.observe(scope).await?;
        match self.bug {
            Bug::TakesGapsForAbsence => seen.gaps.clear(),
            Bug::HidesMarkers => seen.objects.iter_mut().for_each(|object| object.marker = None),
            Bug::HidesThatItOnlyGlanced => seen.objects.iter_mut().for_each(|object| object.is_shallow = false),
            Bug::SeesOnlyWhatIsAsked => {
                seen.objects.retain(|object| scope.wanted.iter().any(|wanted| wanted.object == object.name));
            }
            _ => {}
        }
        Ok(seen)
    }

    fn gauges(&self) -> Vec<Gauge> {
        static NAMELESS: GaugeFamily = GaugeFamily { name: "temperature of FAN1", meaning: "" };
        let is_planted = self.bug == Bug::MeasuresNothingThatCanBeNamed;
        is_planted.then(|| Gauge { family: &NAMELESS, resource: "compute/app".to_owned(), part: None, value: 1.0 }).into_iter().collect()
    }

    async fn apply(&self, order: &Order, gate: &Gate<'_>) -> Result<(), EngineError> {
        let mut spoiled = order.clone();
        let ended = self.spoil(&mut spoiled, gate).await;
        let result = match (self.bug, ended) {
            // It does its work, and then something more.
            (Bug::WritesAgain, Some(extra)) => self.well.apply(&spoiled, gate).await.and(extra),
            (_, Some(ended)) => ended,
            (_, None) => self.well.apply(&spoiled, gate).await,
        };
        match self.bug {
            Bug::HidesFailures => Ok(()),
            Bug::PrintsValues => result.map_err(|error| EngineError::new(error.kind, error.attempted.clone(), json!(order.desired).to_string())),
            _ => result.map_err(|error| self.mistaken(error)),
        }
    }

    async fn resolve(&self, type_name: &str, question: &str) -> Result<String, EngineError> {
        self.well.resolve(type_name, question).await
    }

    fn lock_domain(&self, step: &core_model::plan::Step) -> LockDomain {
        self.well.lock_domain(step)
    }

    async fn classify(&self, intent: &Intent) -> Result<Classification, EngineError> {
        if self.bug == Bug::CallsEverythingDone { Ok(Classification::Done) } else { self.well.classify(intent).await }
    }

    async fn wait(&self, order: &Order) -> Result<Readiness, EngineError> {
        self.well.wait(order).await
    }
}

impl SickEngine {
    fn mistaken(&self, error: EngineError) -> EngineError {
        if self.bug == Bug::MistakesTheKind { EngineError::new(ErrorKind::Protocol, error.attempted, error.message) } else { error }
    }
}

/// A subject whose samples forget a field.
struct Forgetful(FakeSubject);

#[async_trait]
impl Subject for Forgetful {
    fn engine(&self) -> Arc<dyn Engine> {
        self.0.engine()
    }

    fn types(&self) -> Vec<&'static dyn ResourceType> {
        self.0.types()
    }

    fn samples(&self) -> Vec<Sample> {
        let mut samples = self.0.samples();
        samples.iter_mut().for_each(|sample| sample.updates.retain(|(path, _)| *path != "specs.workdir"));
        samples
    }

    async fn remove_all(&self) {
        self.0.remove_all().await;
    }

    async fn change_by_hand(&self, sample: &Sample, path: &str) {
        self.0.change_by_hand(sample, path).await;
    }

    async fn make_foreign(&self, sample: &Sample) {
        self.0.make_foreign(sample).await;
    }
}
