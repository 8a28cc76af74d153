//! What if the daemon or a reply is lost, at any mutating call? Carrying out the same step again must lead to the same end.

use core_model::record::AppliedResource;
use core_model::schema::Effect;
use serde_json::Value;

use crate::contract::bench::{Bench, Seen};
use crate::contract::journal::{Interruption, MemoryJournal, Moment};
use crate::contract::sample::Sample;
use crate::contract::subject::Subject;
use crate::engine::{Classification, Order};
use crate::gate::{Entry, Repeat};

/// More calls than any step should need; a step that needs more would never end here.
const CALLS_MAX: usize = 32;

/// What is under way when something goes wrong.
#[derive(Clone, Copy)]
enum Story<'a> {
    Creating,
    Changing(&'a str, &'a Value),
    Deleting,
}

/// Losing a reply, or the daemon, at any call of a create.
pub async fn a_reply_lost_while_creating_converges(subject: &dyn Subject) {
    for sample in subject.samples() {
        at_every_call(subject, &sample, Story::Creating).await;
    }
}

/// Losing a reply, or the daemon, at any call of an update, a restart and a replace: one field for each.
pub async fn a_reply_lost_while_changing_converges(subject: &dyn Subject) {
    for sample in subject.samples() {
        for effect in [Effect::InPlace, Effect::Restart, Effect::Replace] {
            let mut bench = Bench::fresh(subject).await;
            if let Some((path, value)) = first_with(&mut bench, &sample, effect).await {
                at_every_call(subject, &sample, Story::Changing(path, value)).await;
            }
        }
    }
}

/// Losing a reply, or the daemon, at any call of a delete.
pub async fn a_reply_lost_while_deleting_converges(subject: &dyn Subject) {
    for sample in subject.samples().iter().filter(|sample| !sample.is_singleton()) {
        at_every_call(subject, sample, Story::Deleting).await;
    }
}

async fn first_with<'s>(bench: &mut Bench<'_>, sample: &'s Sample, effect: Effect) -> Option<(&'static str, &'s Value)> {
    let record = bench.put(sample).await;
    for (path, value) in &sample.updates {
        let wanted = bench.resolve(sample, &sample.with(path, value)).await;
        let order = bench.plan(sample, &wanted, Some(&record)).await;
        if order.is_some_and(|order| order.step.changes.iter().map(|change| change.effect).max() == Some(effect)) {
            return Some((path, value));
        }
    }
    None
}

async fn at_every_call(subject: &dyn Subject, sample: &Sample, story: Story<'_>) {
    for moment in Moment::ALL {
        let mut call = 1;
        while interrupted_once(subject, sample, story, Interruption { moment, call }).await {
            call += 1;
            assert!(call <= CALLS_MAX, "{}: a step needs more than {CALLS_MAX} calls", sample.title());
        }
        // A change may concern the record alone.
        let may_be_silent = matches!(story, Story::Changing(..));
        assert!(call > 1 || may_be_silent, "{}: the step made no mutating call", sample.title());
    }
}

/// Whether the step had such a call.
async fn interrupted_once(subject: &dyn Subject, sample: &Sample, story: Story<'_>, interruption: Interruption) -> bool {
    let mut bench = Bench::fresh(subject).await;
    let (order, record) = begin(&bench, sample, story).await;
    let attempt = bench.interrupt(&order, interruption).await;
    if !attempt.reached {
        return false;
    }
    let when = format!("{:?} at call {} of `{}`", interruption.moment, interruption.call, order.step.action.word());
    assert!(!matches!(attempt.result, Some(Ok(()))), "{}: {when} was taken for a success", sample.title());
    assert_classified(&bench, &order, &attempt.journal, interruption, &when).await;
    let again = bench.carry_out(&order).await;
    again.unwrap_or_else(|error| panic!("{}: after {when}, the same step failed: {error}", sample.title()));
    match record {
        Some(record) => bench.assert_settled(sample, &record, &format!("after {when}")).await,
        None => assert!(bench.see(sample).await == Seen::Absent, "{}: after {when}, it is still there", sample.title()),
    }
    true
}

/// The order of the story, and what the record says when it was carried out (`None`: the object is gone).
async fn begin(bench: &Bench<'_>, sample: &Sample, story: Story<'_>) -> (Order, Option<AppliedResource>) {
    let (values, before) = match story {
        Story::Creating => (sample.values.clone(), None),
        Story::Changing(path, value) => (sample.with(path, value), Some(bench.put(sample).await)),
        Story::Deleting => {
            let record = bench.put(sample).await;
            return (bench.maker.delete(sample, &record), None);
        }
    };
    let wanted = bench.resolve(sample, &values).await;
    let order = bench.plan(sample, &wanted, before.as_ref()).await.unwrap_or_else(|| panic!("{}: nothing to do", sample.title()));
    (order, Some(bench.maker.record(sample, &wanted)))
}

/// A call that may be made once, and is open, is not judged wrongly: nobody else is asked about. Steps in batches are judged only before the call: what was provisional is gone.
async fn assert_classified(bench: &Bench<'_>, order: &Order, journal: &MemoryJournal, interruption: Interruption, when: &str) {
    let is_batched = bench.engine.batches(&bench.engine.lock_domain(&order.step));
    let title = format!("{} `{}`", order.step.type_name, order.step.object);
    let wrong = match interruption.moment {
        Moment::StoppedBefore => Classification::Done,
        Moment::StoppedAfter if !is_batched => Classification::NotDone,
        _ => return,
    };
    let is_asked = |entry: &Entry| entry.outcome.is_none() && entry.intent.repeat == Repeat::Never;
    let Some(open) = journal.entries().into_iter().find(is_asked) else { return };
    let found = bench.engine.classify(&open.intent).await;
    let found = found.unwrap_or_else(|error| panic!("{}: after {when}, the call cannot be classified: {error}", title));
    assert_ne!(found, wrong, "{}: after {when}, `{}` is taken for {found:?}", title, open.intent.operation);
}
