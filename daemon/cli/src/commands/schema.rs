//! `ipr schema`: what may an editor offer in a blueprint, and what does a rule see?

use std::{
    io::{ErrorKind, Write},
    process::ExitCode,
};

use clap::{Args, ValueEnum};

use crate::{engines, failure::Failure};

/// Print the JSON Schema of blueprints, for editors, or of what rules see.
///
/// That of blueprints is made from the resource types that this program was built with. With the YAML language server, put this line at
/// the top of a blueprint: `# yaml-language-server: $schema=../blueprint.schema.json`
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// What is described: blueprints, or the plan as rules get it.
    #[arg(value_enum, default_value_t = Subject::Blueprint)]
    of: Subject,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Subject {
    Blueprint,
    Plan,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let schema = match arguments.of {
        Subject::Blueprint => core_config::schema(&engines::registry()),
        Subject::Plan => core_policy::schema(),
    };
    let text = format!("{schema:#}\n");
    match std::io::stdout().write_all(text.as_bytes()) {
        // Whoever reads has seen enough: `ipr schema | head`.
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Failure::of("Cannot print", error)),
        _ => Ok(ExitCode::SUCCESS),
    }
}
