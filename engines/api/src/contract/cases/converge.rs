//! Does carrying out a step lead where the step says, once and for all?

use core_model::plan::Action;
use core_model::schema::{Field, field_at};

use crate::contract::bench::{Bench, Seen};
use crate::contract::journal::{HeldLease, MemoryJournal};
use crate::contract::sample::Sample;
use crate::contract::subject::Subject;
use crate::engine::{Order, Readiness};
use crate::gate::Lease;

/// Two probes and an observation name the same target.
pub async fn the_identity_stays_the_same(subject: &dyn Subject) {
    let mut bench = Bench::fresh(subject).await;
    let first = bench.maker.target_identity.clone();
    assert!(!first.is_empty(), "the target's identity is empty");
    let observed = bench.observe(&[]).await.identity;
    assert_eq!(observed, first, "the observation names another target than the probe");
    bench.restart();
    let second = bench.engine.probe().await.unwrap_or_else(|error| panic!("a healthy target cannot be probed: {error}"));
    assert_eq!(second.identity, first, "a new connection sees another identity");
}

/// After a step is carried out, a new plan is empty and the object is ready.
pub async fn plan_apply_plan_is_empty(subject: &dyn Subject) {
    for sample in subject.samples() {
        let bench = Bench::fresh(subject).await;
        let wanted = bench.resolve(&sample, &sample.values).await;
        let order = bench.plan(&sample, &wanted, None).await.unwrap_or_else(|| panic!("{}: nothing to do on an empty target", sample.title()));
        bench.must(&sample, &order).await;
        let calls = bench.journal.calls();
        assert!(calls > 0, "{}: the step made no mutating call", sample.title());
        assert!(bench.journal.entries().iter().all(|entry| entry.outcome.is_some()), "{}: a call was left open", sample.title());
        match bench.engine.wait(&order).await {
            Ok(Readiness::Ready | Readiness::NoGate) => {}
            Ok(Readiness::NotReady { message }) => panic!("{} does not get ready: {message}", sample.title()),
            Err(error) => panic!("{}: waiting failed: {error}", sample.title()),
        }
        bench.assert_settled(&sample, &bench.maker.record(&sample, &wanted), "after it was created").await;
        if sample.is_marked() {
            let marker = bench.present(&sample).await.marker;
            assert_eq!(marker, Some(bench.maker.marker(&sample)), "{}: it does not carry our marker", sample.title());
        }
    }
}

/// The same order again finds its work done: for creating, for each update, for deleting.
pub async fn applying_twice_writes_nothing(subject: &dyn Subject) {
    for sample in subject.samples() {
        let bench = Bench::fresh(subject).await;
        let wanted = bench.resolve(&sample, &sample.values).await;
        if let Some(order) = bench.plan(&sample, &wanted, None).await {
            twice(&bench, &sample, &order, sample.is_singleton() && writes_blindly(&sample, &order)).await;
        }
        for (path, value) in &sample.updates {
            let bench = Bench::fresh(subject).await;
            let record = bench.put(&sample).await;
            let wanted = bench.resolve(&sample, &sample.with(path, value)).await;
            if let Some(order) = bench.plan(&sample, &wanted, Some(&record)).await {
                // A new object that carries no mark of its maker cannot be told from the old one by what is never told back.
                let blind = (order.step.action != Action::Replace || !sample.is_marked()) && writes_blindly(&sample, &order);
                twice(&bench, &sample, &order, blind).await;
            }
        }
    }
}

/// Whether the step changes a field that the target never tells back, so that only writing again is sure.
fn writes_blindly(sample: &Sample, order: &Order) -> bool {
    let facts = sample.facts();
    order.step.changes.iter().any(|change| {
        let segments: Vec<&str> = change.path.split('.').skip(1).collect();
        [facts.specs, facts.metadata].iter().any(|fields| field_at(fields, &segments).is_some_and(Field::is_partly_write_only))
    })
}

async fn twice(bench: &Bench<'_>, sample: &Sample, order: &Order, blind: bool) {
    bench.must(sample, order).await;
    let again = MemoryJournal::new();
    let result = bench.carry_out_with(order, &again, &HeldLease).await;
    result.unwrap_or_else(|error| panic!("{}: `{}` failed the second time: {error}", sample.title(), order.step.action.word()));
    let written: Vec<String> = again.entries().into_iter().map(|entry| entry.intent.operation).collect();
    assert!(blind || written.is_empty(), "{}: `{}` applied twice wrote again: {written:?}", sample.title(), order.step.action.word());
}

/// A deleted object is absent, and deleting it again is no error and no call.
pub async fn delete_removes(subject: &dyn Subject) {
    for sample in subject.samples().iter().filter(|sample| !sample.is_singleton()) {
        let bench = Bench::fresh(subject).await;
        let record = bench.put(sample).await;
        let order = bench.maker.delete(sample, &record);
        twice(&bench, sample, &order, false).await;
        assert!(bench.see(sample).await == Seen::Absent, "{}: it is still there after its delete", sample.title());
    }
}

struct LostLease;

impl Lease for LostLease {
    fn lost(&self) -> Option<String> {
        Some("another daemon holds the environment".to_owned())
    }
}

/// After a cancellation or with a lost lease nothing is written.
pub async fn a_stopped_run_writes_nothing(subject: &dyn Subject) {
    for sample in subject.samples() {
        let bench = Bench::fresh(subject).await;
        let wanted = bench.resolve(&sample, &sample.values).await;
        let Some(order) = bench.plan(&sample, &wanted, None).await else { continue };
        let before = bench.see(&sample).await;
        let result = bench.carry_out_with(&order, &bench.journal, &LostLease).await;
        assert!(result.is_err(), "{}: a step went through without the lease", sample.title());
        bench.cancellation.cancel();
        let result = bench.carry_out(&order).await;
        assert!(result.is_err(), "{}: a step went through after the run was stopped", sample.title());
        assert_eq!(bench.journal.calls(), 0, "{}: a stopped run announced a call", sample.title());
        assert!(bench.see(&sample).await == before, "{}: a stopped run changed the target", sample.title());
    }
}
