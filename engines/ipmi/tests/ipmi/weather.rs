//! What if a third of all packets is lost, and others are doubled or overtaken? Every command takes effect once, or is said to be
//! unknown. A reset is never done twice.

use std::sync::Arc;
use std::time::Duration;

use core_model::Secret;
use engine_api::contract::Bench;
use engine_api::{EngineError, ErrorKind, Order};
use engine_ipmi::{IpmiOptions, Patience};
use futures::future::join_all;
use serde_json::{Value, json};
use test_sim_bmc::{SimBmc, Weather};

use crate::subject::SimSubject;
use crate::world::{LIMITS, machine, planned, sample};

const SEEDS: u64 = 24;

/// Enough tries that most questions get their answer.
fn patient(bmc: &SimBmc) -> IpmiOptions {
    let mut options = IpmiOptions::new(&bmc.address().to_string(), "admin", Secret::new("password")).unwrap();
    options.patience = Patience { reply: Duration::from_millis(4), tries: 14 };
    options
}

/// The step is planned in fine weather; the storm comes when it is to be carried out.
async fn before_the_storm<'s>(subject: &'s SimSubject, specs: Value, seed: u64) -> (Bench<'s>, Order) {
    let mut bench = Bench::fresh(subject).await;
    let sample = sample(specs);
    let wanted = bench.resolve(&sample, &sample.values).await;
    let order = bench.plan(&sample, &wanted, None).await.expect("something to do");
    bench.engine = Arc::new(machine(patient(&subject.bmc)).with_limits(LIMITS));
    subject.bmc.set_weather(Weather { seed, lost: 30, doubled: 15, overtaken: 15 });
    (bench, order)
}

#[tokio::test]
async fn a_reset_takes_effect_once_or_is_unknown() {
    let outcomes = join_all((0..SEEDS).map(reset_in_a_storm)).await;
    let done = outcomes.iter().filter(|is_done| **is_done).count();
    // Three in ten answers are lost for good, because the same bytes are not answered twice.
    assert!(done >= 6 && outcomes.len() - done >= 2, "{done} of {} done", outcomes.len());
}

/// Whether it is known to be done.
async fn reset_in_a_storm(seed: u64) -> bool {
    let subject = SimSubject::new().await;
    let (bench, order) = before_the_storm(&subject, json!({"once": {"token": "a", "reset": "cycle"}}), seed).await;
    match bench.carry_out(&order).await {
        Ok(()) => {
            assert_eq!(subject.bmc.cycles(), 1, "seed {seed}");
            true
        }
        Err(error) => {
            assert!(matches!(error.kind, ErrorKind::Timeout | ErrorKind::Unreachable), "seed {seed}: {error}");
            assert!(subject.bmc.cycles() <= 1, "seed {seed}: reset {} times", subject.bmc.cycles());
            false
        }
    }
}

#[tokio::test]
async fn what_may_be_repeated_gets_through() {
    join_all((0..SEEDS).map(settings_in_a_storm)).await;
}

async fn settings_in_a_storm(seed: u64) {
    let subject = SimSubject::new().await;
    let specs = json!({"after_power_loss": "on", "boot": {"device": "disk", "mode": "uefi"}});
    let (bench, order) = before_the_storm(&subject, specs.clone(), seed).await;
    as_the_executor_does(&bench, &order).await.unwrap_or_else(|error| panic!("seed {seed}: {error}"));
    subject.bmc.set_weather(Weather::FINE);
    assert_eq!(subject.bmc.restore_policy(), 2, "seed {seed}");
    assert_eq!(planned(&bench, specs, None).await, Vec::<String>::new(), "seed {seed}");
}

/// What failed is tried again where the kind of the error says that it may work later.
async fn as_the_executor_does(bench: &Bench<'_>, order: &Order) -> Result<(), EngineError> {
    const TRIES_MAX: u32 = 4;
    for _ in 1..TRIES_MAX {
        match bench.carry_out(order).await {
            Err(error) if error.kind.is_transient() => {}
            done => return done,
        }
    }
    bench.carry_out(order).await
}
