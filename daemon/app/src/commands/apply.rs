//! Go on with what waits for a person? `/apply` answers yes, to exactly one digest.

use super::arguments::{Problem, Words};
use super::{Command, CommandSpec};

pub(super) const SPEC: CommandSpec = CommandSpec {
    name: "apply",
    usage: &["/apply <digest>", "/apply <environment>", "/apply <environment> <digest>", "/apply <digest> --deletes <number>"],
    help: "Carries out a merge that waits, or that its environment applies by hand. The digest names what you saw: at least eight of its digits. \
           If it is no longer the plan, nothing is done and both digests are shown. A plan that deletes more than five resources, or more than \
           a fifth of the environment, also wants the number of its deletes.",
    who: "people who may write to the repository, once the approvals of the environment are there",
    parse,
};

const DELETES: &str = "--deletes";

fn parse(words: &[String]) -> Result<Command, Problem> {
    let mut words = Words::new(words);
    let deletes = words.option(DELETES)?;
    let deletes = deletes.map(|text| {
        text.parse().map_err(|_| Problem {
            detail: format!("`{DELETES}` wants a number, and `{text}` is none."),
            hint: Some("the number of deletes is in the plan's table, after the `-`".to_owned()),
        })
    });
    let deletes = deletes.transpose()?;
    let digest = words.digest();
    let environment = words.environment();
    words.end()?;
    Ok(Command::Apply { environment, digest, deletes })
}
