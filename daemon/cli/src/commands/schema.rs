//! `ipr schema`: what may an editor offer in a blueprint?

use std::{
    io::{ErrorKind, Write},
    process::ExitCode,
};

use clap::Args;

use crate::{engines, failure::Failure};

/// Print the JSON Schema of blueprints, for editors.
///
/// It is made from the resource types that this program was built with. With the YAML language server, put this line at
/// the top of a blueprint: `# yaml-language-server: $schema=../blueprint.schema.json`
#[derive(Debug, Args)]
pub(crate) struct Arguments {}

pub(crate) fn run(_arguments: &Arguments) -> Result<ExitCode, Failure> {
    let text = format!("{:#}\n", core_config::schema(&engines::registry()));
    match std::io::stdout().write_all(text.as_bytes()) {
        // Whoever reads has seen enough: `ipr schema | head`.
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Failure::of("Cannot print", error)),
        _ => Ok(ExitCode::SUCCESS),
    }
}
