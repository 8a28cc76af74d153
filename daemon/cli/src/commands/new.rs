//! `ipr new`: which questions lead to a machine, a container, or what a template makes?

use std::{
    collections::BTreeMap,
    fs::File,
    io::Read as _,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Args;
use core_model::Diagnostic;
use daemon_assistant::View;
use daemon_assistant::guide::{Asked, Guide};
use jiff::Zoned;

use crate::{
    failure::Failure,
    propose::{Manner, Spoken, Talk, refused},
    terminal::{Shown, plain, print},
};

/// A file of answers is a page, no book.
const ANSWERS_BYTES_MAX: u64 = 64 << 10;

/// Answer a few questions, and get a blueprint that plans.
///
/// Asks what shall be made, one question at a time, with its limits and its default. The answers become an edit of a
/// blueprint in the working tree: shown as a difference, planned where targets are configured, and written after a yes.
/// Answers may be given beforehand with `--set` and `--answers`; what is missing is read from the standard input, line by
/// line. Only files under blueprints/ are written.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// An answer beforehand, by the key of its question: what, count, name, environment, or a parameter of the template.
    #[arg(long, value_name = "KEY=VALUE", value_parser = pair)]
    set: Vec<(String, String)>,
    /// A YAML file of answers, one `key: value` for each; `--set` comes before it.
    #[arg(long, value_name = "FILE")]
    answers: Option<PathBuf>,
    #[command(flatten)]
    manner: Manner,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let mut given = arguments.answers.as_deref().map(read).transpose()?.unwrap_or_default();
    given.extend(arguments.set.iter().cloned());
    let ground = arguments.manner.ground()?;
    let view = View::new(&ground.files, &ground.registry);
    let mut guide = Guide::new(&view).map_err(|refusal| refused(&refusal.text))?;
    let mut talk = Talk::new();
    while let Some(asked) = guide.next() {
        let answer = given.remove(&asked.key).or_else(|| beforehand(&asked, arguments.manner.yes));
        let mut shown = Shown::new(&asked.text, &asked.hint, &asked.options, asked.default.as_deref());
        talk.ask(&mut shown, answer, |text| guide.answer(text))?;
    }
    if let Some(unknown) = given.keys().next() {
        let detail = format!("Nothing asks for `{}`. Nothing was written.", plain(unknown));
        let hint = format!("the questions are: {}", guide.keys().join(", "));
        return Err(Failure::new(Diagnostic::error("Unknown answer", detail)).hint(hint));
    }
    match talk.settle(guide.turn(), &view, &Zoned::now(), arguments.manner.yes)? {
        Spoken::Change(change) => {
            arguments.manner.carry_out(&ground, &change, &mut talk)?;
            Ok(ExitCode::SUCCESS)
        }
        // The questions lead to something new, and to nothing else.
        Spoken::Answer(_) | Spoken::RollBack(_) => Err(refused("The answers ask for nothing new.")),
    }
}

/// What needs no asking: an empty answer takes the default, or leaves it out.
fn beforehand(asked: &Asked, yes: bool) -> Option<String> {
    let is_settled = asked.is_silent || yes && (asked.default.is_some() || asked.is_optional);
    is_settled.then(|| {
        if yes && !asked.is_silent && !asked.is_optional {
            print(format_args!("{}: {}\n", asked.key, plain(asked.default.as_deref().unwrap_or_default())));
        }
        String::new()
    })
}

fn pair(text: &str) -> Result<(String, String), String> {
    let pair = text.split_once('=').filter(|(key, _)| !key.trim().is_empty());
    pair.map(|(key, value)| (key.trim().to_owned(), value.to_owned())).ok_or_else(|| "it is a key, `=` and a value".to_owned())
}

fn read(path: &Path) -> Result<BTreeMap<String, String>, Failure> {
    let at = |failure: Failure| failure.hint(format!("see {}", path.display()));
    let mut text = String::new();
    let file = File::open(path).map_err(|error| at(Failure::of("Unreadable answers", error)))?;
    let length = file.take(ANSWERS_BYTES_MAX + 1).read_to_string(&mut text).map_err(|error| at(Failure::of("Unreadable answers", error)))?;
    if u64::try_from(length).unwrap_or(u64::MAX) > ANSWERS_BYTES_MAX {
        let detail = format!("`{}` has more than {ANSWERS_BYTES_MAX} bytes.", path.display());
        return Err(Failure::new(Diagnostic::error("Unreadable answers", detail)));
    }
    serde_saphyr::from_str(&text).map_err(|error| {
        let detail = format!("`{}` is no map of keys and values: {}.", path.display(), plain(error.to_string().lines().next().unwrap_or_default()));
        Failure::new(Diagnostic::error("Unreadable answers", detail)).hint("write one `key: value` on each line")
    })
}
