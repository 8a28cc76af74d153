//! How long does it take from an issue to its pull request? A daemon as in the stories, with a GitHub that takes its time for each answer.
//!
//! GitHub, the daemon and a stub of a model run on this machine. What is measured ends when the pull request is there: planned before,
//! and not yet told in the issue.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use tempfile::TempDir;
use test_harness::{Line, REPOSITORY, Script, Wish, World};

use crate::sample::{Sample, against_goal, milliseconds};

const LATENCIES: [Duration; 3] = [Duration::ZERO, Duration::from_millis(50), Duration::from_millis(200)];
const ROUNDS: usize = 3;
/// The goal: a second, and so many round trips to GitHub.
const GOAL: Duration = Duration::from_secs(1);
const GOAL_ROUND_TRIPS: u32 = 6;
/// How long the stub of a distant model takes.
const MODEL_DELAY: Duration = Duration::from_secs(1);
/// A request that takes longer is broken, not slow.
const PATIENCE: Duration = Duration::from_secs(120);
const PAUSE: Duration = Duration::from_millis(1);
const FIRST_MEGABYTES: usize = 300;
const BLUEPRINT: &str = "blueprints/tools.yaml";
const TOOLS: &str = "version: \"1.0\"
name: tools
resources:
  - {type: compute, name: cache, provider: fake, specs: {image: registry.example/app:1.0, memory: 256MB}}
";

pub(crate) fn report() -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        println!("From an issue to its pull request, planned. Median of {ROUNDS}. Goal: 1 s and {GOAL_ROUND_TRIPS} round trips to GitHub.\n");
        println!("read by             GitHub ms  time ms  requests");
        let rules = |megabytes: usize| format!("set the memory of tools.cache to {megabytes}MB");
        by("rules", wish(), &rules, Duration::ZERO).await?;
        let unclear = |megabytes: usize| format!("the cachhee thing ought to hold {megabytes}MB of memory");
        let lines = megabytes().map(|megabytes| Line::SaysLate(MODEL_DELAY, proposal(megabytes))).collect();
        let distant = wish().model(Script { lines, timeout: "20s", asks_of_an_author: 40 });
        by("a distant model", distant, &unclear, MODEL_DELAY).await?;
        tiny(&unclear).await
    })
}

fn wish() -> Wish {
    let section = "{label: ipr, mention: ipr, requests_a_day: {author: 100, repository: 100}}";
    Wish::default().assistant_as(section).file(BLUEPRINT, TOOLS)
}

/// What each request asks for, another amount each time.
fn megabytes() -> impl Iterator<Item = usize> {
    (0..LATENCIES.len() * ROUNDS).map(|number| FIRST_MEGABYTES + number)
}

/// A model's good answer.
fn proposal(megabytes: usize) -> String {
    let slot = |slot: &str, value: &str, words: &str| serde_json::json!({"slot": slot, "value": value, "words": words});
    let amount = format!("{megabytes}MB");
    serde_json::json!({"command": "update", "slots": [slot("resource", "tools.cache", "cachhee"), slot("specs.memory", &amount, &amount)]})
        .to_string()
}

/// One line for each latency. `more` is what a model takes, which the goal does not hold.
async fn by(name: &str, wish: Wish, text: &dyn Fn(usize) -> String, more: Duration) -> anyhow::Result<()> {
    let world = World::start_installed(wish).await;
    let mut amounts = megabytes();
    for latency in LATENCIES {
        let (mut times, mut requests) = (Vec::new(), 0);
        for megabytes in amounts.by_ref().take(ROUNDS) {
            world.people_read().await;
            world.forge().set_latency(latency);
            let before = (world.forge().pull_requests(REPOSITORY).len(), world.forge().requests().len());
            let begin = Instant::now();
            world.request("alice", &text(megabytes)).await;
            until(|| world.forge().pull_requests(REPOSITORY).len() > before.0).await.context("no pull request was opened")?;
            times.push(begin.elapsed());
            requests = world.forge().requests().len() - before.1;
            world.forge().set_latency(Duration::ZERO);
        }
        let (sample, goal) = (Sample::new(times), GOAL + latency * GOAL_ROUND_TRIPS + more);
        let (median, goal) = (sample.median(), against_goal(sample.median(), goal));
        println!("{name:<19} {:>9}  {:>7.0}  {requests:>8}  goal {goal}; {}", latency.as_millis(), milliseconds(median), sample.range());
    }
    world.end().await;
    Ok(())
}

/// The smallest model there is, of random weights, in the worker: what it says is grammatical and nothing else, so it ends in a refusal.
async fn tiny(text: &dyn Fn(usize) -> String) -> anyhow::Result<()> {
    let worker = worker()?;
    if !worker.exists() {
        println!("a tiny local model: NOT MEASURED; `cargo build --release --package daemon-worker --features llama` makes its program");
        return Ok(());
    }
    let folder = TempDir::new()?;
    let world = World::start_installed(wish().local_model(worker, test_gguf::tiny(folder.path(), 1, Some(test_gguf::CHATML)))).await;
    let mut times = Vec::new();
    for megabytes in megabytes().take(ROUNDS) {
        world.people_read().await;
        let begin = Instant::now();
        let issue = world.request("alice", &text(megabytes)).await;
        until(|| !world.forge().comments(REPOSITORY, issue).is_empty()).await.context("the request was not answered")?;
        times.push(begin.elapsed());
    }
    let sample = Sample::new(times);
    println!(
        "a tiny local model  {:>9}  {:>7.0}  to its refusal, after three answers without sense; {}\n",
        0,
        milliseconds(sample.median()),
        sample.range()
    );
    world.end().await;
    Ok(())
}

/// The worker's program beside this one.
fn worker() -> anyhow::Result<PathBuf> {
    Ok(std::env::current_exe().context("could not find this program")?.with_file_name("ipr-model"))
}

async fn until(is_there: impl Fn() -> bool) -> anyhow::Result<()> {
    let waiting = async {
        let mut pause = tokio::time::interval(PAUSE);
        while !is_there() {
            pause.tick().await;
        }
    };
    tokio::time::timeout(PATIENCE, waiting).await.context("it took too long")
}
