//! `ipr rules-process`: the process in which the rules of a repository are asked. ipr starts it; people never do.

use std::process::ExitCode;

use daemon_rules::RulesProcess;

pub(crate) const NAME: &str = "rules-process";

/// What starts it.
pub(crate) fn process() -> RulesProcess {
    RulesProcess::of_this_program(NAME)
}

pub(crate) fn run() -> ExitCode {
    daemon_rules::serve()
}
