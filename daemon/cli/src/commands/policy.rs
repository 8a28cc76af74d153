//! `ipr policy`: do the rules say what they are meant to say?

mod eval;
mod test;

use std::path::Path;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use core_policy::{Files, Rules};

use crate::{config::Mistakes, failure::Failure, folder};

/// Try the rules of a repository: run their tests, or judge a plan by them.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Test(test::Arguments),
    Eval(eval::Arguments),
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    match &arguments.command {
        Command::Test(arguments) => test::run(arguments),
        Command::Eval(arguments) => eval::run(arguments),
    }
}

/// The files of a folder as they are on disk, and their rules; mistakes end the command.
fn rules(given: &Path) -> Result<(Files, Rules), Failure> {
    let files = folder::read(&folder::root(given)?)?;
    let rules = compiled(&files)?;
    Ok((files, rules))
}

fn compiled(files: &Files) -> Result<Rules, Failure> {
    Rules::compile(files).map_err(|diagnostics| Mistakes { diagnostics, sources: core_policy::sources(files) }.into())
}
