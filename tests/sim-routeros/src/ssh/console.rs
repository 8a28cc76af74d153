//! What does a terminal answer to one line? Exports are shown; everything else is run and says only what is wrong with it.

use crate::commands::{Caller, Request, execute};
use crate::export::{self, Style};
use crate::fault::Fault;
use crate::script;
use crate::trap::Trap;
use crate::world::World;

/// What is written back.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub(super) output: String,
    pub(super) fault: Option<Fault>,
}

pub(super) fn run(world: &mut World, caller: &Caller, line: &str) -> Said {
    let request = as_request(line);
    let fault = request.as_ref().and_then(|request| world.faults.take(&request.path()));
    let done = match (&fault, &request) {
        (Some(Fault::TrapBefore(words)), _) => Err(Trap::failure(words)),
        (Some(fault), _) if fault.is_before_effect() => Ok(String::new()),
        (_, Some(request)) if request.command == "export" => exported(world, caller, request),
        _ => script::run(world, caller, line).map(|()| String::new()),
    };
    // A terminal ends its lines as terminals do, and says what is wrong where its output is.
    let output = done.unwrap_or_else(|trap| format!("{}\n", trap.message)).replace('\n', "\r\n");
    Said { output, fault }
}

/// `/ip firewall filter export terse`: a path in either way of writing, and flags.
fn as_request(line: &str) -> Option<Request> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let place = words.iter().position(|word| *word == "export" || word.ends_with("/export"))?;
    let path: String =
        words[..=place].iter().flat_map(|word| word.split('/')).filter(|part| !part.is_empty()).map(|part| format!("/{part}")).collect();
    let argument =
        |word: &&str| word.split_once('=').map_or_else(|| ((*word).to_owned(), String::new()), |(name, value)| (name.to_owned(), value.to_owned()));
    Some(Request::new(&path, words[place + 1..].iter().map(argument).collect()))
}

fn exported(world: &mut World, caller: &Caller, request: &Request) -> Result<String, Trap> {
    execute(world, caller, request)?;
    if request.argument("file").is_some() {
        return Ok(String::new());
    }
    Ok(export::text(world, &Style::of(caller, request)))
}
