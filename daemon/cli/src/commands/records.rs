//! `ipr records`: what if the records of an environment cannot be believed?

use std::process::ExitCode;

use clap::{Args, Subcommand};
use core_model::Name;
use daemon_history::CommitId;

use crate::{
    checkout::Place,
    failure::Failure,
    runtime,
    terminal::{self, Progress},
    visitor,
};

/// Look after the records of an environment.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Restore(Restore),
}

/// Append a record that goes on from one that verifies.
///
/// For an environment that is stopped because its newest record cannot be believed. Nothing is rewritten: what could not be
/// believed stays in the history. The daemon goes on at its next look.
#[derive(Debug, Args)]
struct Restore {
    /// The environment, by its name in ipr.yaml.
    environment: Name,
    /// The record to go on from [default: the newest one that verifies].
    #[arg(long, value_name = "RECORD")]
    from: Option<String>,
    /// A record that was seen and is gone, and is given up. Can be repeated.
    #[arg(long, value_name = "RECORD")]
    abandon: Vec<String>,
    #[command(flatten)]
    place: Place,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    match &arguments.command {
        Command::Restore(arguments) => runtime::block_on(restore(arguments))?,
    }
}

async fn restore(arguments: &Restore) -> Result<ExitCode, Failure> {
    let from = arguments.from.as_deref().map(full_id).transpose()?;
    let abandoned: Vec<String> = arguments.abandon.iter().map(|text| full_id(text).map(|id| id.to_string())).collect::<Result<_, _>>()?;
    let progress = Progress::new();
    progress.say("reading the repository");
    let project = visitor::project(&arguments.place).await?;
    progress.say("looking for a record that verifies");
    let restored = project.restore(&arguments.environment, from, abandoned).await.map_err(|error| Failure::of("Cannot restore records", error))?;
    drop(progress);
    let message = restored.record.run.message.unwrap_or_default();
    let text = format!("{}: {message}, in the record {}\n", arguments.environment, restored.commit);
    anstream::print!("{}", terminal::plain(&text));
    Ok(ExitCode::SUCCESS)
}

fn full_id(text: &str) -> Result<CommitId, Failure> {
    text.parse().map_err(|error| Failure::of("Not a commit id", error).hint("write all 40 digits"))
}
