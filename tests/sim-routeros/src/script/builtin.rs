//! `:if`, `:foreach` and the other words of the language itself.

use super::run::Runner;
use super::syntax::{Term, Word};
use super::value::Value;
use crate::trap::Trap;

type Run = fn(&mut Runner<'_>, &[Word]) -> Result<Value, Trap>;

const BUILTINS: &[(&str, Run)] = &[
    ("delay", nothing),
    ("do", run_do),
    ("error", error),
    ("foreach", foreach),
    ("global", assign),
    ("if", run_if),
    ("len", len),
    ("local", assign),
    ("log", log),
    ("nothing", nothing),
    ("put", put),
    ("set", assign),
];

pub(super) fn run(runner: &mut Runner<'_>, name: &str, words: &[Word]) -> Result<Value, Trap> {
    let found = BUILTINS.iter().find(|(known, _)| *known == name);
    let (_, run) = found.ok_or_else(|| Trap::not_simulated(&format!("run `:{name}` in a script")))?;
    run(runner, words)
}

fn named<'words>(words: &'words [Word], name: &str) -> Option<&'words Term> {
    words.iter().find_map(|word| match word {
        Word::Named(given, term) if given == name => Some(term),
        _ => None,
    })
}

fn first(words: &[Word]) -> Result<&Term, Trap> {
    match words.first() {
        Some(Word::Plain(term)) => Ok(term),
        _ => Err(Trap::script("missing value(s) of argument(s)")),
    }
}

/// Time stands still while a script runs.
fn nothing(_: &mut Runner<'_>, _: &[Word]) -> Result<Value, Trap> {
    Ok(Value::Nothing)
}

fn run_do(runner: &mut Runner<'_>, words: &[Word]) -> Result<Value, Trap> {
    let done = runner.term(first(words)?);
    match (done, named(words, "on-error")) {
        (Err(_), Some(otherwise)) => runner.term(otherwise),
        (done, _) => done,
    }
}

fn error(runner: &mut Runner<'_>, words: &[Word]) -> Result<Value, Trap> {
    let message = runner.term(first(words)?)?.text();
    Err(Trap::script(message))
}

fn run_if(runner: &mut Runner<'_>, words: &[Word]) -> Result<Value, Trap> {
    let is_so = runner.term(first(words)?)?.truth();
    match named(words, if is_so { "do" } else { "else" }) {
        Some(block) => runner.term(block),
        None => Ok(Value::Nothing),
    }
}

fn foreach(runner: &mut Runner<'_>, words: &[Word]) -> Result<Value, Trap> {
    let Term::Bare(name) = first(words)? else { return Err(Trap::script("expected variable name")) };
    let items = named(words, "in").map(|term| runner.term(term)).transpose()?;
    for item in items.map(Value::items).unwrap_or_default() {
        runner.assign(name, item);
        if let Some(block) = named(words, "do") {
            runner.term(block)?;
        }
    }
    Ok(Value::Nothing)
}

/// `:local`, `:global` and `:set`: one space of names, as long as the script runs.
fn assign(runner: &mut Runner<'_>, words: &[Word]) -> Result<Value, Trap> {
    let name = runner.term(first(words)?)?.text();
    let value = match words.get(1) {
        Some(Word::Plain(term)) => runner.term(term)?,
        _ => runner.variable(&name),
    };
    runner.assign(&name, value);
    Ok(Value::Nothing)
}

fn len(runner: &mut Runner<'_>, words: &[Word]) -> Result<Value, Trap> {
    Ok(Value::Number(runner.term(first(words)?)?.length()))
}

/// `:log info "text"`.
fn log(runner: &mut Runner<'_>, words: &[Word]) -> Result<Value, Trap> {
    let topic = runner.term(first(words)?)?.text();
    let message = words.get(1..).map_or(Ok(Value::Nothing), |rest| first(rest).and_then(|term| runner.term(term)))?;
    let now_s = runner.world.clock.now_s();
    runner.world.log.write(now_s, &format!("script,{topic}"), message.text());
    Ok(Value::Nothing)
}

/// Nobody sees a terminal here; the log does.
fn put(runner: &mut Runner<'_>, words: &[Word]) -> Result<Value, Trap> {
    let message = runner.term(first(words)?)?;
    let now_s = runner.world.clock.now_s();
    runner.world.log.write(now_s, "script,info", message.text());
    Ok(message)
}
