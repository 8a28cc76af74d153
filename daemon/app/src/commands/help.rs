//! What can I say? `/help` answers with the table of commands.

use super::arguments::{Problem, Words};
use super::{Command, CommandSpec};

pub(super) const SPEC: CommandSpec =
    CommandSpec { name: "help", usage: &["/help"], help: "Lists the commands.", who: "everybody who may comment", parse };

fn parse(words: &[String]) -> Result<Command, Problem> {
    Words::new(words).end()?;
    Ok(Command::Help)
}
