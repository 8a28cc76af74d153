//! Leave a merge that waits as it is? `/skip` says so, and the next merges go on.

use super::arguments::{Problem, Words};
use super::{Command, CommandSpec};

pub(super) const SPEC: CommandSpec = CommandSpec {
    name: "skip",
    usage: &["/skip", "/skip <environment>", "/skip <commit or digest>"],
    help: "Lets go of a merge that waits, without applying it. What it asked for stays pending, visibly, until a later merge or a new plan deals with it. \
           Where several wait, it names one: by the digits of the commit or of the digest, at least eight.",
    who: "people who may write to the repository",
    parse,
};

fn parse(words: &[String]) -> Result<Command, Problem> {
    let mut words = Words::new(words);
    let named = words.digest();
    let environment = words.environment();
    words.end()?;
    Ok(Command::Skip { environment, named })
}
