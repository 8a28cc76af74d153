//! Which rule said what? `/why` answers with the verdict on the newest plans, each finding with its rule and line.

use super::arguments::{Problem, Words};
use super::{Command, CommandSpec};

pub(super) const SPEC: CommandSpec = CommandSpec {
    name: "why",
    usage: &["/why", "/why <address>"],
    help: "Lists what the rules say of the newest plans of a pull request, or of one resource: the rule, its file and line, and the line of the \
           blueprint.",
    who: "everybody who may comment",
    parse,
};

fn parse(words: &[String]) -> Result<Command, Problem> {
    let mut words = Words::new(words);
    let address = words.address()?;
    words.end()?;
    Ok(Command::Why { address })
}
