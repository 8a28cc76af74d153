//! How long does the first plan of a process take? One process for each measurement.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::Context as _;

use crate::MEASURE;
use crate::plan::{Times, recorded};
use crate::sample::{Sample, against_goal, milliseconds};

/// Resources, and the goal for them.
const SIZES: [(usize, Duration); 3] = [(10, Duration::from_millis(20)), (1_000, Duration::from_millis(60)), (10_000, Duration::from_millis(400))];
const PROCESSES: usize = 5;

pub(crate) fn report() -> anyhow::Result<()> {
    println!("Load and plan on the fake engine: everything applied, one resource in a hundred changed.");
    println!("Cold: the first of its process. Median of {PROCESSES} processes, times in ms.\n");
    println!("resources    load  observe    plan    total   goal  reached           total ranged        of it worked  other commit");
    let mut totals = Vec::new();
    for (resources, goal) in SIZES {
        totals.push((resources, line(resources, goal)?));
    }
    println!();
    println!("`load` is the commit that is planned; `other commit` is the one it is compared with, which a daemon has often loaded before.");
    println!("`of it worked` is the time on a processor: on a busy machine the rest is waiting for one.");
    for pair in totals.windows(2) {
        let [smaller, larger] = [0, 1].map(|index| pair[index].1.as_secs_f64() / pair[index].0 as f64);
        println!("A resource of {} takes {:.2} times the work of one of {}.", pair[1].0, larger / smaller, pair[0].0);
    }
    println!();
    Ok(())
}

/// Prints one line and gives the time on a processor.
fn line(resources: usize, goal: Duration) -> anyhow::Result<Duration> {
    let folder = tempfile::tempdir().context("could not make a folder")?;
    let record = folder.path().join("applied.json");
    std::fs::write(&record, recorded(resources)?).context("could not write the recorded state")?;
    let times = (0..PROCESSES).map(|_| in_a_process(resources, &record)).collect::<anyhow::Result<Vec<Times>>>()?;
    let sample = |part: fn(&Times) -> Duration| Sample::new(times.iter().map(part));
    let median = |part: fn(&Times) -> Duration| milliseconds(sample(part).median());
    let (total, worked) = (sample(|times| times.total().passed), sample(|times| times.total().worked).median());
    println!(
        "{resources:>9} {:>7.1}  {:>7.1} {:>7.1}  {:>7.1}  {:>5}  {:<16}  {:<18}  {:>12.1}  {:>12.1}",
        median(|times| times.load.passed),
        median(|times| times.observe.passed),
        median(|times| times.plan.passed),
        milliseconds(total.median()),
        goal.as_millis(),
        against_goal(total.median(), goal),
        total.range(),
        milliseconds(worked),
        median(|times| times.load_base.passed),
    );
    Ok(worked)
}

fn in_a_process(resources: usize, record: &Path) -> anyhow::Result<Times> {
    let program = std::env::current_exe().context("could not find this program")?;
    let output = Command::new(program).args([MEASURE, &resources.to_string()]).arg(record).stderr(Stdio::inherit()).output();
    let output = output.context("could not start a process to measure in")?;
    anyhow::ensure!(output.status.success(), "the measurement of {resources} resources failed");
    Times::from_json(String::from_utf8_lossy(&output.stdout).trim())
}
