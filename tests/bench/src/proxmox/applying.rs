//! How long does an apply take beside what its tasks take at least?

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use core_model::plan::Plan;
use core_model::resource_type::Registry;
use core_model::seal::SecretSource;
use core_model::state::ObservedState;
use core_model::{FingerprintKey, Secret, TargetName};
use daemon_executor::{Engines, Executor, RunOrder, StoreJournal, succeeded};
use daemon_store::Store;
use engine_api::{Engine, EngineError, Lease};
use engine_proxmox::types;
use tempfile::TempDir;
use test_sim_proxmox::Timing;
use tokio_util::sync::CancellationToken;

use super::fleet::{Before, OWNER_ID, desired, multiply, nothing_there};
use super::lab::{Lab, NODES};
use super::shortest::{self, COPIES_AT_A_TIME};
use crate::sample::{Sample, against_goal, milliseconds};

const MACHINES: [usize; 3] = [1, 20, 100];
const SETTLED: usize = 1_000;
const ROUNDS: usize = 5;
const NOTHING_GOAL: Duration = Duration::from_millis(100);

/// The one target.
struct One(Arc<dyn Engine>);

impl Engines for One {
    fn engine(&self, _target: &TargetName) -> Result<Arc<dyn Engine>, EngineError> {
        Ok(self.0.clone())
    }
}

struct NoSecrets;

impl SecretSource for NoSecrets {
    fn secret(&self, name: &str) -> Result<Secret, String> {
        Err(format!("there is no secret `{name}`"))
    }
}

struct Held;

impl Lease for Held {
    fn lost(&self) -> Option<String> {
        None
    }
}

/// Carries out plans as the daemon does, with a journal on the disk.
struct Runner {
    executor: Executor,
    _folder: TempDir,
}

impl Runner {
    async fn new(lab: &Lab) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir().context("could not make a folder")?;
        let executor = Executor {
            engines: Arc::new(One(lab.engine.clone())),
            journal: Arc::new(StoreJournal::new(Store::open(folder.path().join("ipr.db")).await?)),
            registry: Arc::new(Registry::new(types())),
            secrets: Arc::new(NoSecrets),
            fingerprint_key: FingerprintKey::new("k1", Secret::new("a key of the benchmark")),
            owner_id: OWNER_ID.to_owned(),
        };
        Ok(Self { executor, _folder: folder })
    }

    async fn run(&self, before: &Before, plan: &Plan, observed: &ObservedState) -> anyhow::Result<()> {
        let cancellation = CancellationToken::new();
        let order = RunOrder { run_id: "run-1", plan, applied: &before.applied, observed, lease: &Held, cancellation: &cancellation };
        let outcomes = self.executor.run(&order).await;
        anyhow::ensure!(succeeded(&outcomes), "the run failed: {:?}", outcomes.iter().find(|outcome| outcome.message.is_some()));
        Ok(())
    }
}

/// Makes so many machines where there is none, and tells how long the run took.
pub(crate) async fn make(lab: &Lab, machines: usize) -> anyhow::Result<Duration> {
    let (before, merge) = (Before::nothing(), desired(machines, 0)?);
    let observed = before.observe(&*lab.engine, &merge).await?;
    let plan = before.plan(&merge, &observed)?;
    let runner = Runner::new(lab).await?;
    lab.begin();
    let begun = Instant::now();
    runner.run(&before, &plan, &observed).await?;
    let took = begun.elapsed();
    anyhow::ensure!(lab.running() == machines, "{} of {machines} machines run", lab.running());
    Ok(took)
}

pub(crate) async fn report() -> anyhow::Result<()> {
    println!("Apply on the simulated cluster, in real time: each machine is copied on its node (5 s, half a second under the storage's lock),");
    println!("configured and started (1.5 s). `shortest` is what no order of these tasks beats, {COPIES_AT_A_TIME} copies at a time on a node.\n");
    println!("machines  shortest s  applied s  goal s  reached           reads  writes  failed for a lock");
    for machines in MACHINES {
        let lab = Lab::new(shortest::timing()).await?;
        let took = make(&lab, machines).await?;
        let shortest = shortest::apply(&shortest::timing(), &by_node(machines));
        let (goal, calls) = (shortest.mul_f64(1.05) + Duration::from_secs(1), lab.calls());
        println!(
            "{machines:>8}  {:>10.2}  {:>9.2}  {:>6.2}  {:<16}  {:>5}  {:>6}  {:>17}",
            shortest.as_secs_f64(),
            took.as_secs_f64(),
            goal.as_secs_f64(),
            against_goal(took, goal),
            calls.reads,
            calls.writes,
            calls.lock_failures
        );
    }
    println!();
    Ok(())
}

fn by_node(machines: usize) -> Vec<usize> {
    (0..NODES.len()).map(|node| (node..machines).step_by(NODES.len()).count()).collect()
}

/// A merge after which everything is as it was; and a run that finds all its steps done already.
pub(crate) async fn nothing() -> anyhow::Result<()> {
    let lab = Lab::new(Timing::instant()).await?;
    make(&lab, 1).await?;
    multiply(&lab, SETTLED)?;
    let (before, merge, runner) = (Before::all_of(SETTLED)?, desired(SETTLED, 0)?, Runner::new(&lab).await?);
    let mut times = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        lab.begin();
        let begun = Instant::now();
        let observed = before.observe(&*lab.engine, &merge).await?;
        let plan = before.plan(&merge, &observed)?;
        anyhow::ensure!(plan.steps.is_empty(), "nothing changed, and the plan has {} steps", plan.steps.len());
        runner.run(&before, &plan, &observed).await?;
        times.push(begun.elapsed());
    }
    let (times, calls) = (Sample::new(times), lab.calls());
    println!("Apply of a merge that changes nothing of {SETTLED} machines, observed, planned and run:");
    println!(
        "  median of {ROUNDS}: {:.1} ms; goal {} ms: {}; {}; {} reads, {} writes",
        milliseconds(times.median()),
        NOTHING_GOAL.as_millis(),
        against_goal(times.median(), NOTHING_GOAL),
        times.range(),
        calls.reads,
        calls.writes
    );
    let again = Before::nothing();
    let observed = again.observe(&*lab.engine, &merge).await?;
    let plan = again.plan(&merge, &nothing_there()?)?;
    lab.begin();
    let begun = Instant::now();
    runner.run(&again, &plan, &observed).await?;
    let (took, calls) = (begun.elapsed(), lab.calls());
    println!(
        "Run of {} steps that are done already: {:.1} ms; {} reads, {} writes\n",
        plan.steps.len(),
        milliseconds(took),
        calls.reads,
        calls.writes
    );
    Ok(())
}
