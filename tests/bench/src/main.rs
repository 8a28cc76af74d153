//! How fast is it, and how much memory does it take? Prints one report; asserts nothing.
//!
//! `cargo xtask bench` runs it. For the cold numbers it starts itself anew, once for each measurement.

mod assistant;
mod cold;
mod daemon;
mod memory;
mod metal;
mod mikrotik;
mod plan;
mod proxmox;
mod repository;
mod rules;
mod sample;
mod start;
mod stopwatch;

use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;

/// As in the daemon.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The argument with which this program starts itself for one measurement.
const MEASURE: &str = "--measure";

fn main() -> anyhow::Result<ExitCode> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [rules::PROCESS] => return Ok(daemon_rules::serve()),
        [MEASURE, size, recorded] => plan::measure(size.parse()?, Path::new(recorded)),
        [] => report(PARTS),
        [name] => {
            let known = || PARTS.iter().map(|(known, _)| *known).collect::<Vec<_>>().join(", ");
            let part = PARTS.iter().find(|(known, _)| *known == name);
            report(&[*part.with_context(|| format!("there is no part `{name}`; there are: {}", known()))?])
        }
        _ => anyhow::bail!("this program takes the name of one part, or nothing; it is run by `cargo xtask bench`"),
    };
    done.map(|()| ExitCode::SUCCESS)
}

/// What is measured, by name; in this order when no name is given.
const PARTS: &[Part] = &[
    ("plan", cold::report),
    ("rules", rules::report),
    ("start", start::report),
    ("proxmox", proxmox::report),
    ("mikrotik", mikrotik::report),
    ("metal", metal::report),
    ("assistant", assistant::report),
];

type Part = (&'static str, fn() -> anyhow::Result<()>);

fn report(parts: &[Part]) -> anyhow::Result<()> {
    if cfg!(debug_assertions) {
        println!("Not a release build: the numbers say nothing about the goals.\n");
    }
    parts.iter().try_for_each(|(_, report)| report())
}
