//! How fast is it, and how much memory does it take? Prints one report; asserts nothing.
//!
//! `cargo xtask bench` runs it. For the cold numbers it starts itself anew, once for each measurement.

mod cold;
mod daemon;
mod memory;
mod plan;
mod repository;
mod rules;
mod sample;
mod start;
mod stopwatch;

use std::path::Path;

/// As in the daemon.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The argument with which this program starts itself for one measurement.
const MEASURE: &str = "--measure";

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [MEASURE, size, recorded] => plan::measure(size.parse()?, Path::new(recorded)),
        [] => report(),
        _ => anyhow::bail!("this program takes no arguments; it is run by `cargo xtask bench`"),
    }
}

fn report() -> anyhow::Result<()> {
    if cfg!(debug_assertions) {
        println!("Not a release build: the numbers say nothing about the goals.\n");
    }
    cold::report()?;
    rules::report()?;
    start::report()
}
