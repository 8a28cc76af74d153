//! How long does a daemon take from its start to the first webhook, and how much memory does it hold when it has nothing to do?

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::Context as _;

use crate::daemon::Site;
use crate::memory::{Memory, mebibytes};
use crate::sample::{Sample, against_goal, milliseconds};

const STARTS: usize = 10;
const GOAL: Duration = Duration::from_millis(50);
/// How long a daemon is left alone before its memory is read.
const QUIET: Duration = Duration::from_secs(1);

pub(crate) fn report() -> anyhow::Result<()> {
    let site = Site::new(program()?)?;
    let (first, new_database) = site.start(0)?;
    std::thread::park_timeout(QUIET);
    let memory = Memory::of(first.process())?;
    drop(first);
    let mut times = Vec::with_capacity(STARTS);
    for number in 1..=STARTS {
        times.push(site.start(number)?.1);
    }
    let times = Sample::new(times);
    println!("From the start of `ipr serve` to the first signed webhook that is stored and answered with 202, GitHub away:");
    println!(
        "  median of {STARTS}: {:.1} ms; goal {} ms: {}; {}",
        milliseconds(times.median()),
        GOAL.as_millis(),
        against_goal(times.median(), GOAL),
        times.range()
    );
    println!("  with a new database: {:.1} ms\n", milliseconds(new_database));
    println!("Memory of that daemon after {} s without work (smaps_rollup; aim 15 MiB resident):", QUIET.as_secs());
    println!(
        "  resident (RSS, the program's own pages included) {:.1} MiB; proportional (PSS) {:.1} MiB; private {:.1} MiB",
        mebibytes(memory.resident),
        mebibytes(memory.proportional),
        mebibytes(memory.private)
    );
    Ok(())
}

/// The program `ipr` beside this one. Under cargo it is built first, in the same way as this one.
fn program() -> anyhow::Result<PathBuf> {
    let own = std::env::current_exe().context("could not find this program")?;
    let program = own.with_file_name("ipr");
    if let Some(cargo) = std::env::var_os("CARGO") {
        let profile = if cfg!(debug_assertions) { "dev" } else { "release" };
        let status = Command::new(cargo).args(["build", "--quiet", "--package", "ipr", "--profile", profile]).status();
        anyhow::ensure!(status.context("could not start cargo")?.success(), "could not build `ipr`");
    }
    anyhow::ensure!(program.exists(), "{} is missing; `cargo build --release` makes it", program.display());
    Ok(program)
}
