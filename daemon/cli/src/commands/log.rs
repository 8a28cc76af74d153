//! `ipr log`: what was applied, when, and who asked for it?

use std::{path::PathBuf, process::ExitCode};

use clap::Args;
use core_model::{EnvironmentId, Name};
use daemon_history::Repository;

use crate::{failure::Failure, record_keys, records, terminal};

/// List what was applied, newest first.
///
/// Reads the record branches of this clone: the remote's, as the last `git fetch` saw them, or its own. Every record's
/// signature is verified; one that cannot be believed ends the list with an error.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Only this environment.
    #[arg(long, short)]
    environment: Option<Name>,
    /// At most so many records of each environment.
    #[arg(long, short = 'n', default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    number: u32,
    /// A folder of the managed repository.
    #[arg(long, default_value = ".")]
    path: PathBuf,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let repository = Repository::open_local(&arguments.path).map_err(|error| Failure::of("No repository", error))?;
    let believed = record_keys::read(&repository)?;
    let environments = records::chosen(&believed, arguments.environment.as_ref())?;
    let mut found = 0;
    for (name, id) in environments {
        let Some(tip) = records::tip(&repository, &id)? else { continue };
        found += 1;
        list(&repository, &believed, (&name, &id), tip, arguments.number)?;
    }
    if found == 0 {
        return Err(records::none_here());
    }
    Ok(ExitCode::SUCCESS)
}

fn list(
    repository: &Repository,
    believed: &record_keys::Believed,
    (name, id): (&Name, &EnvironmentId),
    tip: daemon_history::CommitId,
    number: u32,
) -> Result<(), Failure> {
    let mut next = Some(tip);
    for _ in 0..number {
        let Some(commit) = next else { return Ok(()) };
        let read = records::read(repository, commit, id, &believed.keys)?;
        anstream::println!("{}", terminal::plain(&records::line(name, commit, &read.record.run)));
        next = read.previous;
    }
    Ok(())
}
