//! `ipr chat`: what does somebody want, said in their own words?

use std::process::ExitCode;

use clap::Args;
use core_config::Environment;
use core_model::Name;
use daemon_assistant::{Command, Query, Request, View, read};
use jiff::Zoned;

use crate::{
    failure::Failure,
    propose::{Ground, Manner, Spoken, Talk, way_back},
    terminal,
};

/// Requests of one conversation.
const REQUESTS_MAX: usize = 100;

/// Say what shall change, in English or Italian, and get an edit of the blueprints.
///
/// The assistant of issues, on a terminal: it reads the request by rules, asks at most one question at a time, shows
/// where each value comes from, the difference and the plan, and writes into the working tree after a yes. Without a
/// request it reads them line by line, and "it" is what was changed before. No GitHub and no language model is asked.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// What is wanted, for example: make web-02 16 GB
    request: Vec<String>,
    #[command(flatten)]
    manner: Manner,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let mut talk = Talk::new();
    if !arguments.request.is_empty() {
        hear(arguments, &arguments.request.join(" "), None, &mut talk)?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut about = None;
    for _ in 0..REQUESTS_MAX {
        let Some(text) = talk.line_or_end("\nWhat do you want? (an empty line ends)\n> ")? else { break };
        if text.trim().is_empty() {
            break;
        }
        match hear(arguments, &text, about.as_ref(), &mut talk) {
            Ok(Some(command)) => about = Some(command),
            Ok(None) => {}
            // One refusal does not end the conversation of a person; whoever pipes requests wants to know.
            Err(failure) if talk.is_terminal() => terminal::print_failure(&failure),
            Err(failure) => return Err(failure),
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// One request. What it did is "it" in the next one.
fn hear(arguments: &Arguments, text: &str, about: Option<&Command>, talk: &mut Talk) -> Result<Option<Command>, Failure> {
    let ground = arguments.manner.ground()?;
    let view = View::new(&ground.files, &ground.registry);
    let now = Zoned::now();
    let turn = read(&Request { text, now: &now, about }, &view);
    match talk.settle(turn, &view, &now, arguments.manner.yes)? {
        Spoken::Change(change) => Ok(arguments.manner.carry_out(&ground, &change, talk)?.then_some(change.command)),
        Spoken::RollBack(roll_back) => {
            terminal::print(format_args!("\n{}", way_back(&roll_back.past.value)));
            Ok(None)
        }
        Spoken::Answer(command) => {
            tell(&ground, &command);
            Ok(None)
        }
    }
}

/// What the blueprints say. What was applied, and by whom, the records say.
fn tell(ground: &Ground, command: &Command) {
    let Command::Explain(query) = command else {
        return terminal::print("\nWhat was applied, when, and who asked for it, the records say:\n    ipr log\n    ipr show <commit>\n");
    };
    terminal::print("\n");
    let loaded = core_config::load(&ground.files, &ground.registry);
    for (name, settings) in loaded.repository.environments.iter().filter(|(name, settings)| is_meant(query, name, settings)) {
        for line in daemon_app::explained(name, settings, query, &ground.registry) {
            terminal::print(format_args!("{}\n", terminal::plain(&line)));
        }
    }
}

/// The environment that was named, or those that have what was named.
fn is_meant(query: &Query, name: &Name, settings: &Environment) -> bool {
    let has_any = query.resources.is_empty() || query.resources.iter().any(|meant| settings.desired.resources.contains_key(&meant.value));
    has_any && query.environment.as_ref().is_none_or(|wanted| wanted.value == *name)
}
