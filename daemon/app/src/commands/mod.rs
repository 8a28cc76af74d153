//! What does a comment ask for? Commands are lines that start with `/word`, and one table knows them all.
//!
//! The parser, the help text and `docs/commands.md` come from [`TABLE`]. Who may use a command is decided elsewhere; here it
//! is only said.

mod apply;
mod arguments;
mod help;
mod lines;
mod plan;
mod reference;
mod skip;
mod why;

use core_model::Address;

pub use reference::reference_page;

/// A command that was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Make the plans anew: of one environment (by name or id), or of all.
    Plan {
        environment: Option<String>,
    },
    /// Carry out what waits. `digest` is what the author typed: eight or more hexadecimal digits, in lower case.
    Apply {
        environment: Option<String>,
        digest: Option<String>,
        deletes: Option<usize>,
    },
    /// Let go of a parked merge without applying it.
    Skip {
        environment: Option<String>,
        /// Digits of its commit or of its digest.
        named: Option<String>,
    },
    /// Tell what the rules said, of everything or of one resource.
    Why {
        address: Option<Address>,
    },
    Help,
}

/// Why a line that looks like a command is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CommandError {
    /// Not ours, but one letter away from one of ours.
    Unknown { word: String, near: &'static str },
    /// It will come with a later version.
    NotSupportedYet { word: String },
    /// The command is ours, its arguments are not right.
    Arguments { command: &'static str, detail: String, hint: Option<String> },
    /// The comment holds more commands than are taken from one.
    TooMany,
}

/// One command line of a comment, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parsed {
    /// As it was written, without the markup around it.
    pub line: String,
    pub command: Result<Command, CommandError>,
}

/// Everything about one command.
#[derive(Debug)]
pub struct CommandSpec {
    pub name: &'static str,
    /// A form on each line.
    pub usage: &'static [&'static str],
    /// What it does, in one or two sentences.
    pub help: &'static str,
    /// Who may use it.
    pub who: &'static str,
    parse: fn(&[String]) -> Result<Command, arguments::Problem>,
}

/// All commands, in the order of the help text.
pub const TABLE: [&CommandSpec; 5] = [&plan::SPEC, &apply::SPEC, &skip::SPEC, &why::SPEC, &help::SPEC];

/// Known words that this version does not carry out.
const TO_COME: [&str; 3] = ["rollback", "unlock", "blame"];

/// How many commands one comment may hold.
pub const COMMANDS_MAX: usize = 10;

/// The commands of a comment, from its Markdown. Lines that are addressed to other programs are not in the result.
pub fn parse(comment: &str) -> Vec<Parsed> {
    let mut found: Vec<Parsed> = lines::of(comment).into_iter().filter_map(|line| parse_line(&line)).take(COMMANDS_MAX + 1).collect();
    if let Some(last) = found.get_mut(COMMANDS_MAX) {
        last.command = Err(CommandError::TooMany);
    }
    found
}

fn parse_line(line: &str) -> Option<Parsed> {
    let mut words = line.split_whitespace();
    let word = words.next()?.strip_prefix('/')?;
    let word = arguments::trimmed(word).to_ascii_lowercase();
    let arguments: Vec<String> = words.map(|word| arguments::trimmed(word).to_owned()).filter(|word| !word.is_empty()).collect();
    Some(Parsed { line: line.to_owned(), command: recognised(&word, &arguments)? })
}

fn recognised(word: &str, arguments: &[String]) -> Option<Result<Command, CommandError>> {
    if let Some(spec) = TABLE.iter().find(|spec| spec.name == word) {
        let problem = |problem: arguments::Problem| CommandError::Arguments { command: spec.name, detail: problem.detail, hint: problem.hint };
        return Some((spec.parse)(arguments).map_err(problem));
    }
    if TO_COME.contains(&word) {
        return Some(Err(CommandError::NotSupportedYet { word: word.to_owned() }));
    }
    let near = TABLE.iter().map(|spec| spec.name).find(|name| is_one_edit_away(word, name))?;
    Some(Err(CommandError::Unknown { word: word.to_owned(), near }))
}

/// One letter too many, too few, wrong, or swapped with its neighbour. A word further away is a word of somebody else.
fn is_one_edit_away(word: &str, name: &str) -> bool {
    let (left, right): (Vec<char>, Vec<char>) = (word.chars().collect(), name.chars().collect());
    let front = left.iter().zip(&right).take_while(|(left, right)| left == right).count();
    let (left, right) = (&left[front..], &right[front..]);
    match (left, right) {
        ([_, left @ ..], right) if left == right => true,
        (left, [_, right @ ..]) if left == right => true,
        ([_, left @ ..], [_, right @ ..]) if left == right => true,
        ([a, b, left @ ..], [c, d, right @ ..]) => a == d && b == c && left == right,
        _ => false,
    }
}
