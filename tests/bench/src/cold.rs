//! How long does the first plan of a process take? One process for each measurement.

use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::Context as _;

use crate::MEASURE;
use crate::plan::{Times, recorded};
use crate::repository::changed;
use crate::sample::{Sample, against_goal, milliseconds};

/// Resources, and the goal for them.
const SIZES: [(usize, Duration); 3] = [(10, Duration::from_millis(20)), (1_000, Duration::from_millis(60)), (10_000, Duration::from_millis(400))];
const PROCESSES: usize = 5;

pub(crate) fn report() -> anyhow::Result<()> {
    println!("Load and plan on the fake engine: everything applied, one resource in a hundred changed.");
    println!("Cold: the first of its process. Median of {PROCESSES} processes, times in ms.\n");
    println!("resources   load  observe   plan   total   goal  reached          total ranged       other commit  steps");
    let mut totals = Vec::new();
    for (resources, goal) in SIZES {
        totals.push((resources, line(resources, goal)?));
    }
    println!("\n`load` is the commit that is planned; `other commit` is the one it is compared with, which a daemon has often loaded before.");
    for pair in totals.windows(2) {
        let per_resource = pair.iter().map(|(resources, total)| total.as_secs_f64() / *resources as f64).collect::<Vec<_>>();
        println!("A resource of {} takes {:.2} times as long as one of {}.", pair[1].0, per_resource[1] / per_resource[0], pair[0].0);
    }
    println!();
    Ok(())
}

/// Prints one line and gives the median of the whole.
fn line(resources: usize, goal: Duration) -> anyhow::Result<Duration> {
    let folder = tempfile::tempdir().context("could not make a folder")?;
    let record = folder.path().join("applied.json");
    std::fs::write(&record, recorded(resources)?).context("could not write the recorded state")?;
    let times = (0..PROCESSES).map(|_| in_a_process(resources, &record)).collect::<anyhow::Result<Vec<Times>>>()?;
    let steps = times.first().map_or(0, |times| times.steps);
    anyhow::ensure!(steps == changed(resources), "{resources} resources gave {steps} steps");
    let median = |part: fn(&Times) -> Duration| milliseconds(Sample::new(times.iter().map(part)).median());
    let total = Sample::new(times.iter().map(|times| times.load + times.observe + times.plan));
    println!(
        "{resources:>9} {:>6.1}   {:>6.1} {:>6.1}  {:>6.1}  {:>5}  {:<15}  {:<17}  {:>12.1}  {steps:>5}",
        median(|times| times.load),
        median(|times| times.observe),
        median(|times| times.plan),
        milliseconds(total.median()),
        goal.as_millis(),
        against_goal(total.median(), goal),
        total.range(),
        median(|times| times.load_base),
    );
    Ok(total.median())
}

fn in_a_process(resources: usize, record: &std::path::Path) -> anyhow::Result<Times> {
    let program = std::env::current_exe().context("could not find this program")?;
    let output = Command::new(program).args([MEASURE, &resources.to_string()]).arg(record).stderr(Stdio::inherit()).output();
    let output = output.context("could not start a process to measure in")?;
    anyhow::ensure!(output.status.success(), "the measurement of {resources} resources failed");
    Times::from_json(String::from_utf8_lossy(&output.stdout).trim())
}
