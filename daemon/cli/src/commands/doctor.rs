//! `ipr doctor`: what is wrong with this set-up, before it hurts?

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use core_model::TargetName;

use crate::{
    config,
    doctor::{self, Scope, What},
    failure::Failure,
    runtime,
    terminal::{self, Progress},
    trial,
};

/// Look at everything that the daemon relies on, and say what is wrong with it.
///
/// Reads the configuration and its secrets, the checkout and what GitHub has, the records and the rules that guard them, the
/// database, and every target: whether it answers, as whom, and what the credential may do there. Nothing is changed, and a daemon
/// may run meanwhile. The exit code is 1 if there is a problem; warnings do not count.
///
/// With `--acceptance` a target is tried out instead: a few small objects are made on it under reserved names, changed, and removed
/// again, by the same planner and executor as always. What will be made is said first, and asked.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Only this target of the configuration, closely; of a group, one member: `rack1/node-01`.
    #[arg(long)]
    target: Option<TargetName>,
    /// Where that member is.
    #[arg(long, value_name = "ADDRESS", requires = "target")]
    address: Option<String>,
    /// Try the target out: make, change and remove a few small objects on it.
    #[arg(long, requires = "target")]
    acceptance: bool,
    /// What the trial is to use, `os=debian-13`; the engine's page lists what there is. Can be repeated.
    #[arg(long, value_name = "NAME=VALUE", requires = "acceptance", value_parser = wish)]
    set: Vec<(String, String)>,
    /// Do not ask before the trial.
    #[arg(long, requires = "acceptance")]
    yes: bool,
    /// Print JSON.
    #[arg(long)]
    json: bool,
    /// A folder of the managed repository.
    #[arg(long, default_value = ".")]
    path: PathBuf,
    /// The daemon's configuration [default: $XDG_CONFIG_HOME/ipr/ipr.yaml if it exists, then /etc/ipr/ipr.yaml].
    #[arg(long, env = "IPR_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
}

fn wish(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write NAME=VALUE")?;
    Ok((name.trim().to_owned(), value.trim().to_owned()))
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let config = config::path(arguments.config.clone());
    match &arguments.target {
        Some(target) if arguments.acceptance => {
            let wishes: BTreeMap<String, String> = arguments.set.iter().cloned().collect();
            let order = trial::Order { target, address: arguments.address.as_deref(), wishes, is_agreed: arguments.yes, as_json: arguments.json };
            runtime::block_on(trial::run(&config, &order))?
        }
        target => {
            let what = target.clone().map_or(What::Everything, |target| What::Target(target, arguments.address.clone()));
            examine(arguments, &Scope { config, folder: arguments.path.clone(), what })
        }
    }
}

fn examine(arguments: &Arguments, scope: &Scope) -> Result<ExitCode, Failure> {
    let progress = Progress::new();
    progress.say("looking at everything that the daemon relies on");
    let report = runtime::block_on(doctor::examine(scope))??;
    drop(progress);
    if arguments.json {
        terminal::print(format_args!("{:#}\n", report.to_json()));
    } else {
        report.print(arguments.target.is_some());
    }
    Ok(if report.has_problems() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
