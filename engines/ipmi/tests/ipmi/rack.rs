//! What if there are many machines, and some are dead? A plan ends in time, with the dead ones unknown.

use std::sync::Arc;
use std::time::{Duration, Instant};

use core_model::Secret;
use engine_api::{Engine, ErrorKind, ObserveScope, Wanted};
use engine_ipmi::{IpmiDriver, IpmiOptions, Machine, Patience};
use test_sim_bmc::{Kit, SimBmc};

const MACHINES: usize = 200;
const DEAD: usize = 40;

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_machines_are_observed_in_time_although_forty_are_dead() {
    let mut rack = Vec::new();
    for number in 0..MACHINES {
        let serial = format!("S{number:06}");
        let mut guid = Kit::default().guid;
        guid[15] = number as u8;
        let bmc = SimBmc::made_of(Kit { serial, guid, ..Kit::default() }).await;
        if number % (MACHINES / DEAD) == 0 {
            bmc.fall_silent();
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
    let commands: usize = rack.iter().map(|bmc| bmc.requests().len()).sum();
    eprintln!("{MACHINES} machines, {DEAD} of them dead: {} ms, {commands} commands, {} sessions", took.as_millis(), seen);
    assert_eq!((seen, unknown), (MACHINES - DEAD, DEAD));
    assert!(rack.iter().all(|bmc| bmc.sessions_most() <= 1 && bmc.sessions_open() == 0));
    assert!(took < Duration::from_secs(60), "a plan gives a target 60 s, and this took {} ms", took.as_millis());
}

fn engine(bmc: &SimBmc) -> Arc<dyn Engine> {
    let mut options = IpmiOptions::new(&bmc.address().to_string(), "admin", Secret::new("password")).unwrap();
    options.patience = Patience { reply: Duration::from_millis(500), tries: 4 };
    Arc::new(Machine::new(IpmiDriver::new(options)))
}

async fn observe(machine: Arc<dyn Engine>) -> Result<(), ErrorKind> {
    let wanted = vec![Wanted { type_name: "compute".to_owned(), object: "node".to_owned() }];
    let scope = ObserveScope { wanted, ..ObserveScope::default() };
    let observation = machine.observe(&scope).await.map_err(|error| error.kind)?;
    assert_eq!(observation.objects.len(), 1);
    Ok(())
}
