//! What if there are many machines behind Redfish, and some are dead? A plan ends in time, with few sessions, the dead ones unknown.

use std::sync::Arc;
use std::time::{Duration, Instant};

use engine_api::{Engine, ErrorKind, ObserveScope, Wanted};
use engine_ipmi::Timeouts;
use test_sim_bmc::redfish::{Crowd, RedfishKit, SimRedfish};

use super::{machine, options};

const MACHINES: usize = 200;
const DEAD: usize = 40;
/// What the page promises for the whole program.
const SESSIONS_MAX: usize = 64;

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_machines_are_observed_in_time_although_forty_are_dead() {
    let crowd = Arc::new(Crowd::default());
    let mut rack = Vec::new();
    for number in 0..MACHINES {
        let bmc = SimRedfish::made_of(RedfishKit { crowd: Some(crowd.clone()), ..RedfishKit::default() }).await;
        if number % (MACHINES / DEAD) == 0 {
            bmc.hang();
        }
        rack.push(bmc);
    }
    let begun = Instant::now();
    let looks: Vec<_> = rack.iter().map(|bmc| tokio::spawn(observe(engine(bmc)))).collect();
    let (mut seen, mut unknown) = (0, 0);
    for look in looks {
        match look.await.unwrap() {
            Ok(()) => seen += 1,
            Err(kind) => {
                assert_eq!(kind, ErrorKind::Unreachable);
                unknown += 1;
            }
        }
    }
    let took = begun.elapsed();
    let calls: usize = rack.iter().map(|bmc| bmc.requests().len()).sum();
    eprintln!("{MACHINES} machines, {DEAD} of them dead: {} ms, {calls} calls, {} sessions at once", took.as_millis(), crowd.most());
    assert_eq!((seen, unknown), (MACHINES - DEAD, DEAD));
    assert!(rack.iter().all(|bmc| bmc.sessions_most() <= 1 && bmc.sessions_open() == 0));
    assert!((2..=SESSIONS_MAX).contains(&crowd.most()), "{} sessions at once", crowd.most());
    assert!(took < Duration::from_secs(60), "a plan gives a target 60 s, and this took {} ms", took.as_millis());
}

/// With the patience that it has by default.
fn engine(bmc: &SimRedfish) -> Arc<dyn Engine> {
    let mut options = options(bmc);
    options.timeouts = Timeouts::default();
    Arc::new(machine(options))
}

async fn observe(machine: Arc<dyn Engine>) -> Result<(), ErrorKind> {
    let wanted = vec![Wanted { type_name: "compute".to_owned(), object: "node".to_owned() }];
    let scope = ObserveScope { wanted, ..ObserveScope::default() };
    let observation = machine.observe(&scope).await.map_err(|error| error.kind)?;
    assert_eq!((observation.objects.len(), observation.gaps.len()), (1, 0));
    Ok(())
}
