//! `ipr import`: what would a blueprint of what exists say?

use std::{io::Write as _, path::PathBuf, process::ExitCode, time::Duration};

use clap::Args;
use core_model::{Diagnostic, TargetName};

use crate::{
    config::{self, Config},
    engines::{self, Reach},
    failure::Failure,
    runtime, terminal,
};

/// How long a target may take to tell everything.
const READ_MAX: Duration = Duration::from_secs(10 * 60);

/// Write what exists on a target as a blueprint.
///
/// Everything that is not managed yet is written with `lifecycle: {adopt: true}`. The plan of that blueprint adopts it and
/// changes nothing. Keep of it what this repository is to manage. The target is only read.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// A target of the daemon's configuration; of a group, one member: `rack1[node-01]`.
    target: TargetName,
    /// Where that member is.
    #[arg(long, value_name = "ADDRESS")]
    address: Option<String>,
    /// A new file, in place of the standard output: `blueprints/imported.yaml`.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// The daemon's configuration: it says how the target is reached [default: $XDG_CONFIG_HOME/ipr/ipr.yaml if it exists,
    /// then /etc/ipr/ipr.yaml].
    #[arg(long, env = "IPR_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let (config, _) = config::load(&config::path(arguments.config.clone()))?;
    let blueprint = runtime::block_on(read(&config, arguments))??;
    let Some(file) = &arguments.output else {
        terminal::print(blueprint);
        return Ok(ExitCode::SUCCESS);
    };
    let refused = |error| Failure::of("File not written", error).hint("name a file that does not exist yet, in a folder that does");
    let mut created = std::fs::File::create_new(file).map_err(refused)?;
    created.write_all(blueprint.as_bytes()).map_err(refused)?;
    let next = "Keep of it what is to be managed, then see that nothing would change";
    terminal::tell(format_args!("{} is written. {next}: ipr plan\n", file.display()));
    Ok(ExitCode::SUCCESS)
}

async fn read(config: &Config, arguments: &Arguments) -> Result<String, Failure> {
    let target = engines::known(config, &arguments.target)?;
    let failed = |error| Failure::of("Nothing imported", error);
    let place = engines::place(target, &arguments.target, arguments.address.as_deref());
    let place = place.map_err(|why| Failure::new(Diagnostic::error("Nothing imported", format!("The target `{}`: {why}.", target.name))))?;
    let reach = Reach::read(target, &place).map_err(|why| Failure::new(Diagnostic::error("Nothing imported", why)))?;
    let engine = engines::connect(reach).map_err(failed)?;
    let late =
        |_| Failure::new(Diagnostic::error("Nothing imported", format!("The target did not tell everything within {} s.", READ_MAX.as_secs())));
    tokio::time::timeout(READ_MAX, engine.import()).await.map_err(late)?.map_err(failed)
}
