//! `ipr demo`: the whole path on one machine, without an account and without a setting.

use std::process::ExitCode;

use clap::Args;

use crate::{
    demo::{self, Mode},
    failure::Failure,
    runtime,
};

/// Show a pull request from its plan to running containers and back, on this machine alone.
///
/// Starts a simulated GitHub, a daemon and a registry on loopback, and takes this machine's Docker engine as the target; where
/// none answers, a fake engine stands in for it. Everything that was made is removed at the end, however it ends.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Play the whole story without stopping, and fail if any step fails or takes too long.
    #[arg(long)]
    once: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let mode = if arguments.once { Mode::Once } else { Mode::Stay };
    runtime::block_on(demo::play(mode))??;
    Ok(ExitCode::SUCCESS)
}
