//! `ipr validate`: is what is written in this folder right?

use std::{path::PathBuf, process::ExitCode};

use clap::Args;
use core_config::{Environment, Loaded};
use core_policy::{Rules, is_policy};

use crate::{
    failure::Failure,
    folder,
    terminal::{self, several},
};

/// Check the blueprints and rules of a folder.
///
/// Reads ipr.yaml, blueprints, templates and policies as they are on disk, committed or not. No target and no network is needed.
/// All mistakes are reported, each with its place. The exit code is 1 if there are any.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// A folder of the managed repository.
    #[arg(default_value = ".")]
    path: PathBuf,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let mut loaded = folder::load(&folder::root(&arguments.path)?)?;
    loaded.diagnostics.extend(Rules::compile(&loaded.policies).err().unwrap_or_default());
    let messages: Vec<_> = loaded.diagnostics.iter().chain(&loaded.not_yet).cloned().collect();
    terminal::print_diagnostics(&messages, &loaded.sources);
    if loaded.is_plannable() {
        loaded.repository.environments.values().for_each(|environment| terminal::print(summary(environment)));
        if !loaded.policies.keys().any(|path| is_policy(path)) {
            terminal::tell("There are no rules in `policies/`, so that every plan passes.\n");
        }
        return Ok(ExitCode::SUCCESS);
    }
    terminal::tell(format_args!("\n{}\n", count(&loaded)));
    Ok(ExitCode::FAILURE)
}

fn summary(environment: &Environment) -> String {
    let resources = environment.desired.resources.len();
    let blueprints: std::collections::BTreeSet<_> = environment.desired.resources.keys().map(|address| &address.blueprint).collect();
    let targets: std::collections::BTreeSet<&str> = environment.desired.resources.values().map(|resource| resource.target.as_str()).collect();
    let on = if targets.is_empty() { String::new() } else { format!(", on {}", targets.into_iter().collect::<Vec<_>>().join(", ")) };
    format!("{}: {} in {}{on}\n", environment.name, several(resources, "resource"), several(blueprints.len(), "blueprint"))
}

fn count(loaded: &Loaded) -> String {
    let errors = loaded.diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).count() + loaded.not_yet.len();
    let others = loaded.diagnostics.len() + loaded.not_yet.len() - errors;
    match others {
        0 => several(errors, "mistake"),
        others => format!("{}, {}", several(errors, "mistake"), several(others, "warning")),
    }
}
