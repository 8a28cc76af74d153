//! How long does a plan of long lists take beside reading them once, and how many calls?

use std::time::{Duration, Instant};

use super::bulk;
use super::lab::Lab;
use super::lists::{ADDRESSES, Before, RULES, desired, furnish, seen};
use crate::sample::{Sample, milliseconds};

const LATENCIES_MS: [u64; 2] = [1, 20];
const CHANGED: usize = 10;
/// The chain and the list.
const STEPS: usize = 2;
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
    println!(
        "Plan on a simulated router: {RULES} rules in one chain, {ADDRESSES} entries in one address list, {CHANGED} changed in each, everything"
    );
    println!(
        "else applied. Median of {ROUNDS}, times in ms. `bulk` is both lists read once in the same run, and nothing done with them; `ratio` is the"
    );
    println!("total beside it.\n");
    println!("latency     bulk  observe    plan   check    total   ratio   reads  writes");
    for latency_ms in LATENCIES_MS {
        let lab = Lab::new(Duration::from_millis(latency_ms)).await?;
        furnish(&lab.router)?;
        let (address, user, password) = (lab.router.api_address(), lab.router.user().to_owned(), lab.router.password().to_owned());
        let (bulk, rows) = tokio::task::spawn_blocking(move || bulk::read(address, &user, &password)).await??;
        anyhow::ensure!(rows >= RULES + ADDRESSES, "{rows} rows were read in bulk");
        let before = Before::all(&*lab.engine).await?;
        let merge = desired(CHANGED)?;
        let mut rounds = Vec::with_capacity(ROUNDS);
        for _ in 0..ROUNDS {
            lab.router.forget_calls();
            rounds.push(once(&lab, &before, &merge).await?);
        }
        line(latency_ms, bulk, &rounds, lab.calls());
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
    anyhow::ensure!(plan.steps.len() == STEPS, "{STEPS} changed resources gave {} steps", plan.steps.len());
    let begun = Instant::now();
    let (problems, _) = tokio::try_join!(lab.engine.preflight(&plan.steps), lab.engine.cautions(&plan.steps))?;
    let check = begun.elapsed();
    anyhow::ensure!(problems.is_empty(), "the plan would fail: {problems:?}");
    Ok(Times { observe, plan: planned, check })
}

fn line(latency_ms: u64, bulk: Duration, rounds: &[Times], (reads, writes): (usize, usize)) {
    let median = |part: fn(&Times) -> Duration| Sample::new(rounds.iter().map(part)).median();
    let total = median(Times::total);
    println!(
        "{latency_ms:>7}  {:>7.1}  {:>7.1}  {:>6.1}  {:>6.1}  {:>7.1}  {:>6.2}  {reads:>6}  {writes:>6}",
        milliseconds(bulk),
        milliseconds(median(|times| times.observe)),
        milliseconds(median(|times| times.plan)),
        milliseconds(median(|times| times.check)),
        milliseconds(total),
        total.as_secs_f64() / bulk.as_secs_f64(),
    );
}
