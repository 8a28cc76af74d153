//! What can a contributor ask this repository to do to itself? `tidy`, `ci`, `test`, `bench` and `assistant-eval`.
//!
//! Automation lives here, in Rust, and not in shell scripts: it runs the same on every machine.
//! No crate of the product depends on this one and this one depends on none of them.

mod assistant;
mod bench;
mod ci;
mod step;
mod tidy;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::{Parser, Subcommand};

/// Automation of this repository.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Check the rules of the tree: layers, writes, names, sizes, paths, licences.
    Tidy,
    /// Run every check of continuous integration in its order, and stop at the first failure.
    Ci {
        /// Leave the tests to another command (`.ci/run` runs them last, beside a Docker daemon).
        #[arg(long)]
        without_tests: bool,
    },
    /// Run the documentation tests, then all other tests.
    Test,
    /// Build in release mode and run the benchmarks.
    Bench {
        /// One part alone: `plan`, `rules`, `start` or `proxmox`.
        part: Option<String>,
    },
    /// Run the assistant's corpus and print how well it reads.
    AssistantEval {
        /// Ask a model what the rules do not understand: `endpoint=URL name=MODEL`. Its key is in IPR_MODEL_KEY.
        model: Vec<String>,
    },
}

fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> anyhow::Result<()> {
    let root = repository_root()?;
    match arguments.command {
        Command::Tidy => tidy::run(&root),
        Command::Ci { without_tests } => ci::run(&root, without_tests),
        Command::Test => ci::test(&root),
        Command::Bench { part } => bench::run(&root, part.as_deref()),
        Command::AssistantEval { model } => assistant::evaluate(&root, &model),
    }
}

/// The workspace's folder: this crate's parent, so that the command works from any folder.
fn repository_root() -> anyhow::Result<PathBuf> {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_path_buf).context("find the folder above xtask")
}
