//! A machine behind a simulated BMC, and what a daemon would do with it.

use std::sync::Arc;
use std::time::Duration;

use core_model::Secret;
use core_model::plan::Action;
use core_model::record::AppliedResource;
use engine_api::contract::{Bench, Sample, Subject};
use engine_api::{Engine, EngineError};
use engine_ipmi::{IpmiDriver, IpmiOptions, Limits, Machine, Patience, types};
use serde_json::Value;
use test_sim_bmc::SimBmc;

use crate::subject::SimSubject;

/// Quick, so that what is not answered costs a test little, and more than a second in all: a busy machine is no dead BMC.
pub(crate) const PATIENCE: Patience = Patience { reply: Duration::from_millis(80), tries: 5 };

pub(crate) const LIMITS: Limits = Limits {
    call: Duration::from_secs(10),
    media: Duration::from_secs(10),
    power: Duration::from_secs(1),
    boot: Duration::from_secs(1),
    health: Duration::from_secs(5),
    look_every: Duration::from_millis(5),
};

pub(crate) fn options(bmc: &SimBmc) -> IpmiOptions {
    let mut options = IpmiOptions::new(&format!("ipmi://{}", bmc.address()), "admin", Secret::new("password")).unwrap();
    options.patience = PATIENCE;
    options
}

pub(crate) fn machine(options: IpmiOptions) -> Machine {
    Machine::new(IpmiDriver::new(options)).with_limits(LIMITS)
}

pub(crate) fn engine(bmc: &SimBmc) -> Arc<dyn Engine> {
    Arc::new(machine(options(bmc)))
}

/// A blueprint's machine with these specs.
pub(crate) fn sample(specs: Value) -> Sample {
    Sample::new(types()[0], "r1-n01", serde_json::json!({"specs": specs}))
}

/// Brings the machine to these specs, from what the record says.
pub(crate) async fn apply(bench: &Bench<'_>, specs: Value, record: Option<&AppliedResource>) -> Result<AppliedResource, EngineError> {
    let sample = sample(specs);
    let wanted = bench.resolve(&sample, &sample.values).await;
    let order = bench.plan(&sample, &wanted, record).await.expect("something to do");
    assert_eq!(order.step.action, Action::Update);
    bench.carry_out(&order).await?;
    Ok(bench.maker.record(&sample, &wanted))
}

/// The paths that a new plan would change.
pub(crate) async fn planned(bench: &Bench<'_>, specs: Value, record: Option<&AppliedResource>) -> Vec<String> {
    let sample = sample(specs);
    let wanted = bench.resolve(&sample, &sample.values).await;
    let order = bench.plan(&sample, &wanted, record).await;
    order.map(|order| order.step.changes.into_iter().map(|change| change.path).collect()).unwrap_or_default()
}

/// The operations that were journalled.
pub(crate) fn operations(bench: &Bench<'_>) -> Vec<String> {
    bench.journal.entries().into_iter().map(|entry| entry.intent.operation).collect()
}

/// A subject with a machine that is on.
pub(crate) async fn subject() -> SimSubject {
    let subject = SimSubject::new().await;
    subject.remove_all().await;
    subject
}
