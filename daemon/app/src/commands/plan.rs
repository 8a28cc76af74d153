//! What would be done now? `/plan` makes the plans of a pull request anew.

use super::arguments::{Problem, Words};
use super::{Command, CommandSpec};

pub(super) const SPEC: CommandSpec = CommandSpec {
    name: "plan",
    usage: &["/plan", "/plan <environment>"],
    help: "Looks at the targets again and makes the plan anew, for every environment or for one. Plans are made by themselves after each push; \
           use it when something changed outside.",
    who: "people who may write to the repository; on a pull request from a fork this also covers the head that was pushed before the command",
    parse,
};

fn parse(words: &[String]) -> Result<Command, Problem> {
    let mut words = Words::new(words);
    let environment = words.environment();
    words.end()?;
    Ok(Command::Plan { environment })
}
