//! Which commands are there? One file each, which holds its arguments, its help and its story.

mod apply;
mod chat;
#[cfg(feature = "demo")]
mod demo;
mod doctor;
mod import;
mod init;
mod log;
mod new;
mod plan;
mod policy;
mod records;
pub(crate) mod rules_process;
mod schema;
mod serve;
mod show;
mod validate;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::failure::Failure;

/// Infrastructure by pull request: plan every pull request, apply what was merged, keep a signed record of it.
#[derive(Debug, Parser)]
#[command(name = "ipr", version, max_term_width = 100, arg_required_else_help = true)]
#[command(after_help = "Exit codes: 0 done, 1 an error or a mistake, 2 the plan has changes (with --exit-code).")]
pub(crate) struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Init(init::Arguments),
    New(new::Arguments),
    Chat(chat::Arguments),
    Validate(validate::Arguments),
    Plan(plan::Arguments),
    Apply(apply::Arguments),
    Doctor(doctor::Arguments),
    Import(import::Arguments),
    Policy(policy::Arguments),
    Schema(schema::Arguments),
    Log(log::Arguments),
    Show(show::Arguments),
    Records(records::Arguments),
    Serve(serve::Arguments),
    #[command(name = rules_process::NAME, hide = true)]
    RulesProcess,
    #[cfg(feature = "demo")]
    Demo(demo::Arguments),
}

impl CommandLine {
    pub(crate) fn run(self) -> Result<ExitCode, Failure> {
        match self.command {
            Command::Init(arguments) => init::run(&arguments),
            Command::New(arguments) => new::run(&arguments),
            Command::Chat(arguments) => chat::run(&arguments),
            Command::Validate(arguments) => validate::run(&arguments),
            Command::Plan(arguments) => plan::run(&arguments),
            Command::Apply(arguments) => apply::run(&arguments),
            Command::Doctor(arguments) => doctor::run(&arguments),
            Command::Import(arguments) => import::run(&arguments),
            Command::Policy(arguments) => policy::run(&arguments),
            Command::Schema(arguments) => schema::run(&arguments),
            Command::Log(arguments) => log::run(&arguments),
            Command::Show(arguments) => show::run(&arguments),
            Command::Records(arguments) => records::run(&arguments),
            Command::Serve(arguments) => serve::run(&arguments),
            Command::RulesProcess => Ok(rules_process::run()),
            #[cfg(feature = "demo")]
            Command::Demo(arguments) => demo::run(&arguments),
        }
    }
}
