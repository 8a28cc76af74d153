//! How long does it take to look at a rack, and with how many calls? The bare-metal engine on simulated BMCs, over both protocols.
//!
//! The simulators run in this process, and take processor time that a real rack would not. What they cannot show is how slow a BMC
//! is: multiply the calls by its own time for one.

use std::sync::Arc;
use std::time::{Duration, Instant};

use core_model::Secret;
use engine_api::{Engine, ObserveScope, Wanted};
use engine_ipmi::{IpmiDriver, IpmiOptions, Machine, RedfishDriver, RedfishOptions};
use engine_tls::{Fingerprint, Trust};
use test_sim_bmc::SimBmc;
use test_sim_bmc::redfish::SimRedfish;

use crate::sample::{Sample, against_goal, milliseconds};

/// How many machines, and how many of them are dead.
const RACKS: [(usize, usize); 3] = [(1, 0), (200, 0), (200, 40)];
const ROUNDS: usize = 3;
/// What a plan gives its targets.
const DEADLINE: Duration = Duration::from_secs(60);

pub(crate) fn report() -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        println!(
            "Observing bare machines on simulated BMCs, all at once, 64 sessions at most. Median of {ROUNDS}. Goal: {} s.\n",
            DEADLINE.as_secs()
        );
        println!("protocol  machines  dead  time ms  calls  calls each  reached");
        for (machines, dead) in RACKS {
            line("IPMI", &rack::<SimBmc>(machines, dead).await, dead).await?;
            line("Redfish", &rack::<SimRedfish>(machines, dead).await, dead).await?;
        }
        println!();
        Ok(())
    })
}

/// A BMC that is measured.
trait Bmc: Sized {
    async fn new() -> Self;
    fn die(&self);
    fn engine(&self) -> anyhow::Result<Arc<dyn Engine>>;
    fn forget(&self);
    /// Commands or requests, as they arrived.
    fn calls(&self) -> usize;
}

impl Bmc for SimBmc {
    async fn new() -> Self {
        Self::start().await
    }

    fn die(&self) {
        self.fall_silent();
    }

    fn engine(&self) -> anyhow::Result<Arc<dyn Engine>> {
        let options = IpmiOptions::new(&self.address().to_string(), "admin", Secret::new("password"))?;
        Ok(Arc::new(Machine::new(IpmiDriver::new(options))))
    }

    fn forget(&self) {
        self.forget_requests();
    }

    fn calls(&self) -> usize {
        self.requests().len()
    }
}

impl Bmc for SimRedfish {
    async fn new() -> Self {
        Self::start().await
    }

    fn die(&self) {
        self.hang();
    }

    fn engine(&self) -> anyhow::Result<Arc<dyn Engine>> {
        let trust = Trust::Fingerprint(Fingerprint::of(self.certificate()));
        let options = RedfishOptions::new(&format!("https://{}", self.address()), "admin", Secret::new("password"), trust)?;
        Ok(Arc::new(Machine::new(RedfishDriver::new(options)?)))
    }

    fn forget(&self) {
        self.forget_requests();
    }

    fn calls(&self) -> usize {
        self.requests().len()
    }
}

async fn rack<B: Bmc>(machines: usize, dead: usize) -> Vec<B> {
    let mut rack = Vec::with_capacity(machines);
    for number in 0..machines {
        let bmc = B::new().await;
        if number < dead {
            bmc.die();
        }
        rack.push(bmc);
    }
    rack
}

async fn line<B: Bmc>(protocol: &str, rack: &[B], dead: usize) -> anyhow::Result<()> {
    let mut times = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        rack.iter().for_each(Bmc::forget);
        times.push(once(rack, dead).await?);
    }
    let (median, calls) = (Sample::new(times).median(), rack.iter().map(Bmc::calls).sum::<usize>());
    let (machines, time) = (rack.len(), milliseconds(median));
    let each = calls as f64 / (machines - dead) as f64;
    println!("{protocol:<8}  {machines:>8}  {dead:>4}  {time:>7.0}  {calls:>5}  {each:>10.1}  {}", against_goal(median, DEADLINE));
    Ok(())
}

/// Everything that a machine tells, of all machines.
async fn once<B: Bmc>(rack: &[B], dead: usize) -> anyhow::Result<Duration> {
    let engines = rack.iter().map(Bmc::engine).collect::<anyhow::Result<Vec<_>>>()?;
    let begun = Instant::now();
    let looks: Vec<_> = engines.into_iter().map(|engine| tokio::spawn(look(engine))).collect();
    let mut unknown = 0;
    for look in looks {
        unknown += usize::from(!look.await?);
    }
    let took = begun.elapsed();
    anyhow::ensure!(unknown == dead, "{unknown} machines are unknown, and {dead} are dead");
    Ok(took)
}

/// Whether the machine was seen.
async fn look(engine: Arc<dyn Engine>) -> bool {
    let wanted = vec![Wanted { type_name: "compute".to_owned(), object: "node".to_owned() }];
    let seen = engine.observe(&ObserveScope { wanted, ..ObserveScope::default() }).await;
    seen.is_ok_and(|seen| seen.objects.len() == 1 && seen.gaps.is_empty())
}
