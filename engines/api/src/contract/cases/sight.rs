//! What does the engine see, and what does it leave alone?

use core_model::plan::Action;
use core_model::record::AppliedResource;
use core_model::resource_type::Ownership;

use crate::contract::bench::{Bench, Seen};
use crate::contract::subject::Subject;
use crate::error::ErrorKind;
use crate::gauge::Gauge;

/// What cannot be seen is never taken for absent.
pub async fn a_gap_in_coverage_is_unknown(subject: &dyn Subject) {
    for sample in subject.samples() {
        let bench = Bench::fresh(subject).await;
        bench.put(&sample).await;
        if !subject.hide(&sample).await {
            continue;
        }
        match bench.see(&sample).await {
            Seen::Unknown(why) => assert!(!why.is_empty(), "{}: the gap has no reason", sample.title()),
            Seen::Absent => panic!("{}: it is hidden, and was taken for absent", sample.title()),
            Seen::Present(_) => panic!("{}: the subject hid it, and it was seen", sample.title()),
        }
    }
}

/// An object of somebody else is seen without a marker of ours; creating over it is a conflict and changes nothing.
pub async fn a_foreign_object_is_not_taken_over(subject: &dyn Subject) {
    for sample in subject.samples().iter().filter(|sample| sample.is_marked()) {
        let bench = Bench::fresh(subject).await;
        let wanted = bench.resolve(sample, &sample.values).await;
        let create = bench.plan(sample, &wanted, None).await.unwrap_or_else(|| panic!("{}: nothing to do on an empty target", sample.title()));
        subject.make_foreign(sample).await;
        let before = bench.present(sample).await;
        assert_eq!(before.marker, None, "{}: a foreign object is seen with a marker", sample.title());
        match bench.carry_out(&create).await {
            Ok(()) => panic!("{}: it was created over a foreign object", sample.title()),
            Err(error) => assert_eq!(error.kind, ErrorKind::Conflict, "{}: {error}", sample.title()),
        }
        assert!(bench.present(sample).await == before, "{}: a foreign object was changed", sample.title());
    }
}

/// Objects that carry our marker are seen even when no blueprint names them.
pub async fn what_carries_our_marker_is_seen_unasked(subject: &dyn Subject) {
    for sample in subject.samples().iter().filter(|sample| sample.is_marked()) {
        let bench = Bench::fresh(subject).await;
        bench.put(sample).await;
        let observation = bench.observe(&[]).await;
        let found = observation.objects.iter().find(|object| object.type_name == sample.facts().name && object.name == sample.object);
        let marker = found.and_then(|object| object.marker.clone());
        assert_eq!(marker, Some(bench.maker.marker(sample)), "{}: nobody asked for it, and it was not seen", sample.title());
    }
}

/// Where a glance is enough, existence and owner are seen all the same; and what is not called shallow is told whole.
pub async fn a_glance_sees_that_it_is_there_and_whose_it_is(subject: &dyn Subject) {
    for sample in &subject.samples() {
        let bench = Bench::fresh(subject).await;
        bench.put(sample).await;
        let near = bench.present(sample).await;
        let mut scope = bench.scope(&[sample]);
        scope.shallow = scope.wanted.iter().cloned().collect();
        let observation = bench.engine.observe(&scope).await.unwrap_or_else(|error| panic!("a healthy target cannot be observed: {error}"));
        let found = observation.objects.into_iter().find(|object| object.type_name == sample.facts().name && object.name == sample.object);
        let far = found.unwrap_or_else(|| panic!("{}: a glance does not see it", sample.title()));
        assert_eq!(far.marker, near.marker, "{}: a glance sees another owner", sample.title());
        assert!(far.is_shallow || far == near, "{}: it is not called shallow, and less of it is told", sample.title());
    }
}

/// What a look measures has names, labels and a number that can be exported, is about what was looked at, and is read without a call.
pub async fn what_is_measured_can_be_exported(subject: &dyn Subject) {
    for sample in &subject.samples() {
        let bench = Bench::fresh(subject).await;
        bench.put(sample).await;
        bench.observe(&[sample]).await;
        let gauges = bench.engine.gauges();
        assert_eq!(Gauge::sound(gauges.clone()), gauges, "{}: not all that is measured can be exported", sample.title());
        let resource = format!("{}/{}", sample.facts().name, sample.object);
        let other = gauges.iter().find(|gauge| gauge.resource != resource);
        assert_eq!(other, None, "{}: something is measured of what was not looked at", sample.title());
        assert_eq!(bench.engine.gauges(), gauges, "{}: what was measured changes without a look", sample.title());
    }
}

/// Adopting, moving and releasing are matters of the record: no call, and the object stays as it is. What was adopted can
/// then be changed, although it carries no marker.
pub async fn adopting_makes_no_call(subject: &dyn Subject) {
    for sample in subject.samples().iter().filter(|sample| sample.is_marked()) {
        let bench = Bench::fresh(subject).await;
        subject.make_foreign(sample).await;
        let before = bench.present(sample).await;
        let wanted = bench.resolve(sample, &sample.values).await;
        // As the planner records what was found without a marker.
        let record = AppliedResource { ownership: Ownership::Recorded, ..bench.maker.record(sample, &wanted) };
        for action in [Action::Adopt, Action::Move, Action::Release] {
            let order = bench.maker.order(sample, action, &wanted, Vec::new(), Some(&record));
            bench.must(sample, &order).await;
        }
        assert_eq!(bench.journal.calls(), 0, "{}: adopting made a mutating call", sample.title());
        assert!(bench.present(sample).await == before, "{}: adopting changed the object", sample.title());
        if let Some(order) = bench.plan(sample, &wanted, Some(&record)).await {
            bench.must(sample, &order).await;
        }
        bench.assert_settled(sample, &record, "after it was adopted and changed").await;
    }
}
