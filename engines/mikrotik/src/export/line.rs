//! What does one line of an export say? A section's path, an entry that is added, or values that are set.

use super::lexer::{Command, Word};
use crate::wire::Row;

/// Commands that can follow a path. What else follows is part of it.
const COMMANDS: &[&str] = &["add", "disable", "enable", "export", "import", "move", "print", "remove", "set", "unset"];

/// What a line says of its section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Nothing yet: it is the path of the lines that follow.
    Section,
    /// A row of a list.
    Entry(Row),
    /// Values of a menu that is a set of settings.
    Settings(Row),
    /// Why it is left out.
    Unclear(String),
}

/// Reads a line. A path at its begin is the section from now on.
pub(super) fn meaning(command: Command, menu: &mut String) -> Meaning {
    let mut words = command.words.into_iter().peekable();
    let is_command = |word: &str| COMMANDS.contains(&word);
    let mut verb = None;
    if let Some(Word::Plain(first)) = words.next_if(|word| matches!(word, Word::Plain(text) if text.starts_with('/'))) {
        let mut path: Vec<String> = first.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect();
        // `/ip/dns/set` is another way to write `/ip dns set`.
        verb = path.pop_if(|last| is_command(last)).map(Word::Plain);
        while let Some(Word::Plain(part)) = words.next_if(|word| verb.is_none() && matches!(word, Word::Plain(text) if !is_command(text))) {
            path.push(part);
        }
        *menu = path.iter().map(|part| format!("/{part}")).collect();
    }
    let Some(verb) = verb.or_else(|| words.next()) else { return Meaning::Section };
    let words: Vec<Word> = words.collect();
    match verb {
        Word::Plain(verb) if verb == "add" => added(&words),
        Word::Plain(verb) if verb == "set" => set(&words, menu),
        Word::Plain(verb) => Meaning::Unclear(format!("`{}` is no `add` and no `set`", shortened(&verb))),
        _ => Meaning::Unclear("it begins with no command".to_owned()),
    }
}

fn added(words: &[Word]) -> Meaning {
    arguments(words).map_or_else(|| Meaning::Unclear("it adds what only a router can work out".to_owned()), Meaning::Entry)
}

/// `set telnet disabled=yes`, `set [ find default-name=ether1 ] comment=x`, `set servers=9.9.9.9`.
fn set(words: &[Word], menu: &str) -> Meaning {
    let unclear = || Meaning::Unclear(format!("which entry of `{menu}` it sets, only the router knows"));
    let (named, rest) = match words.split_first() {
        Some((Word::Bracket(found), rest)) => (found_by(found), rest),
        Some((Word::Plain(name), rest)) if !is_number(name) => (Some(Row::from([("name".to_owned(), name.clone())])), rest),
        Some((Word::Plain(_), rest)) => (None, rest),
        _ => return arguments(words).map_or_else(unclear, Meaning::Settings),
    };
    match (named, arguments(rest)) {
        (Some(mut row), Some(values)) => {
            row.extend(values);
            Meaning::Entry(row)
        }
        _ => unclear(),
    }
}

/// The values in `find a=b`. That something is the default tells it from nothing else that is known here.
fn found_by(words: &[Word]) -> Option<Row> {
    let (first, rest) = words.split_first()?;
    let is_find = *first == Word::Plain("find".to_owned());
    let rest = if rest.first() == Some(&Word::Plain("where".to_owned())) { &rest[1..] } else { rest };
    let mut row = arguments(rest)?;
    row.remove("default");
    (is_find && !row.is_empty()).then_some(row)
}

/// Names and values; a name alone is a flag, and with `!` in front it says that there is no value. What a name begins with is not
/// repeated: `.role` after `local.address` is `local.role`.
fn arguments(words: &[Word]) -> Option<Row> {
    let mut row = Row::new();
    let mut begin = None;
    for word in words {
        match word {
            Word::Named(name, value) => {
                let name = if name.starts_with('.') { format!("{}{name}", begin?) } else { name.clone() };
                begin = name.rsplit_once('.').map(|(begin, _)| begin.to_owned());
                row.insert(name, value.clone());
            }
            Word::Plain(flag) if flag.starts_with('!') => {}
            Word::Plain(flag) => _ = row.insert(flag.clone(), String::new()),
            Word::Bracket(_) => return None,
        }
    }
    Some(row)
}

/// `0`, or `*1F`: a place or an identity, which say nothing outside of the router.
fn is_number(text: &str) -> bool {
    text.starts_with('*') || text.bytes().all(|byte| byte.is_ascii_digit())
}

fn shortened(word: &str) -> String {
    word.chars().take(40).collect()
}
