//! How long does a plan take in a large cluster, and how many calls?

use std::time::{Duration, Instant};

use test_sim_proxmox::Timing;

use super::applying;
use super::fleet::{Before, desired, multiply, seen};
use super::lab::{Calls, Lab};
use crate::sample::{Sample, against_goal, milliseconds};

const MACHINES: [usize; 2] = [1_000, 10_000];
const LATENCIES_MS: [u64; 3] = [0, 20, 80];
const CHANGED: usize = 10;
/// The cluster, what changed, and five.
const CALLS_MAX: usize = 1 + CHANGED + 5;
const ROUNDS: usize = 5;

/// One plan, in parts.
struct Times {
    observe: Duration,
    plan: Duration,
    check: Duration,
}

impl Times {
    fn total(&self) -> Duration {
        self.observe + self.plan + self.check
    }
}

pub(crate) async fn report() -> anyhow::Result<()> {
    println!("Plan on a simulated Proxmox cluster, {CHANGED} machines changed, everything else applied. Median of {ROUNDS}, times in ms.");
    println!("`bulk` is one call for the list of all guests. Goals: twice that for observing, planning and checking together; {CALLS_MAX} calls.");
    println!("`rights` is one call for what the credential may do, which Proxmox answers with a list for each guest in a pool.\n");
    println!("machines  latency     bulk   rights  observe    plan   check    total  reached           calls  reached");
    for machines in MACHINES {
        let lab = Lab::new(Timing::instant()).await?;
        let before = Before::all_of(machines)?;
        applying::make(&lab, 1).await?;
        multiply(&lab, machines)?;
        let merge = desired(machines, CHANGED)?;
        for latency_ms in LATENCIES_MS {
            lab.cluster.set_latency(Duration::from_millis(latency_ms));
            let (bulk, rights) = (lab.call("/cluster/resources?type=vm").await?, lab.call("/access/permissions").await?);
            let mut rounds = Vec::with_capacity(ROUNDS);
            for _ in 0..ROUNDS {
                lab.begin();
                rounds.push(once(&lab, &before, &merge).await?);
            }
            line((machines, latency_ms), (bulk, rights), &rounds, &lab.calls());
        }
        println!("          {}", lab.kinds_of_calls());
    }
    println!();
    Ok(())
}

async fn once(lab: &Lab, before: &Before, merge: &core_model::state::DesiredState) -> anyhow::Result<Times> {
    let begun = Instant::now();
    let scope = before.scope(merge)?;
    let scoped = begun.elapsed();
    let begun = Instant::now();
    let observation = lab.engine.observe(&scope).await?;
    let observe = begun.elapsed();
    let begun = Instant::now();
    let plan = before.plan(merge, &seen(observation)?)?;
    let planned = scoped + begun.elapsed();
    anyhow::ensure!(plan.steps.len() == CHANGED, "{CHANGED} changed machines gave {} steps", plan.steps.len());
    let begun = Instant::now();
    let (problems, _) = tokio::try_join!(lab.engine.preflight(&plan.steps), lab.engine.cautions(&plan.steps))?;
    let check = begun.elapsed();
    anyhow::ensure!(problems.is_empty(), "the plan would fail: {problems:?}");
    Ok(Times { observe, plan: planned, check })
}

fn line((machines, latency_ms): (usize, u64), (bulk, rights): (Duration, Duration), rounds: &[Times], calls: &Calls) {
    let median = |part: fn(&Times) -> Duration| Sample::new(rounds.iter().map(part)).median();
    let total = median(Times::total);
    let enough = if calls.reads <= CALLS_MAX { "met" } else { "missed" };
    println!(
        "{machines:>8}  {latency_ms:>7}  {:>7.1}  {:>7.1}  {:>7.1}  {:>6.1}  {:>6.1}  {:>7.1}  {:<16}  {:>5}  {enough}",
        milliseconds(bulk),
        milliseconds(rights),
        milliseconds(median(|times| times.observe)),
        milliseconds(median(|times| times.plan)),
        milliseconds(median(|times| times.check)),
        milliseconds(total),
        against_goal(total, bulk * 2),
        calls.reads,
    );
}
