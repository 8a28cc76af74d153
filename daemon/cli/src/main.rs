//! `ipr`: the daemon and the command line, in one program.
//!
//! The only crate that names concrete engines, and only in `engines`. A command is one file in `commands`; what several
//! of them share is beside it. Errors are printed once, here, at the edge.

mod assembly;
mod checkout;
mod commands;
mod config;
#[cfg(feature = "demo")]
mod demo;
mod doctor;
mod engines;
mod environments;
mod failure;
mod folder;
mod gauges;
mod journal;
mod keys;
mod language_model;
mod logging;
mod machine;
mod propose;
mod record_keys;
mod records;
mod runtime;
mod signals;
mod terminal;
mod trial;
mod visitor;

use std::process::ExitCode;

use clap::{Parser, error::ErrorKind};

/// Planning makes and drops large trees; see docs/decisions/0016-an-allocator-for-trees.md.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // One TLS provider for the whole process. It fails only if there is one already.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let commands = match commands::CommandLine::try_parse() {
        Ok(commands) => commands,
        Err(error) => return refuse(&error),
    };
    match commands.run() {
        Ok(code) => code,
        Err(failure) => {
            terminal::print_failure(&failure);
            ExitCode::FAILURE
        }
    }
}

/// clap's own exit code for a mistake is 2, which here means that a plan has changes.
fn refuse(error: &clap::Error) -> ExitCode {
    // Nothing is left to do when even this cannot be printed.
    let _ = error.print();
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}
