//! One guest and its story: planned, carried out and looked at, in few words.

use core_model::plan::Action;
use core_model::record::AppliedResource;
use engine_api::contract::{Bench, Resolved, Sample, Subject};
use engine_api::{EngineError, Order};
use engine_proxmox::{Compute, Container};
use serde_json::Value;

/// A machine with these values.
pub(crate) fn machine(name: &str, values: Value) -> Sample {
    Sample::new(&Compute, name, values)
}

/// A container with these values.
pub(crate) fn container(name: &str, values: Value) -> Sample {
    Sample::new(&Container, name, values)
}

/// The order that brings a guest from its record to these values.
pub(crate) async fn plan(bench: &Bench<'_>, sample: &Sample, record: Option<&AppliedResource>) -> Option<(Order, Resolved)> {
    let wanted = bench.resolve(sample, &sample.values).await;
    bench.plan(sample, &wanted, record).await.map(|order| (order, wanted))
}

/// Plans and carries out, and gives the action and what the record then says.
pub(crate) async fn bring(bench: &Bench<'_>, sample: &Sample, record: Option<&AppliedResource>) -> (Option<Action>, AppliedResource) {
    let wanted = bench.resolve(sample, &sample.values).await;
    let order = bench.plan(sample, &wanted, record).await;
    if let Some(order) = &order {
        bench.must(sample, order).await;
    }
    let record = bench.maker.record(sample, &wanted);
    bench.assert_settled(sample, &record, "after it was brought about").await;
    (order.map(|order| order.step.action), record)
}

/// Tries a step that must fail.
pub(crate) async fn refused(bench: &Bench<'_>, order: &Order) -> EngineError {
    bench.carry_out(order).await.err().unwrap_or_else(|| panic!("the step `{}` went through", order.step.action.word()))
}

pub(crate) async fn bench(subject: &dyn Subject) -> Bench<'_> {
    Bench::fresh(subject).await
}
