//! Can these texts judge at all? Files become a rule set, or messages that say where they are wrong.

use std::collections::BTreeMap;

use core_model::{Diagnostic, Sources, Span, diagnostic};
use regorus::Engine;

use crate::entry::{self, Entry};
use crate::limits::{ENTRIES_MAX, FILES_MAX};
use crate::{answer, calls, fuel, functions, text};

/// The files of a commit by path. Those that are no policies are not looked at.
pub type Files = BTreeMap<String, Vec<u8>>;

/// Whether the file at `path` holds rules: `policies/**/*.rego`.
pub fn is_policy(path: &str) -> bool {
    path.split_once('/').is_some_and(|(folder, rest)| folder == "policies" && rest.to_ascii_lowercase().ends_with(".rego"))
}

/// The texts among files, to print snippets from.
pub fn sources(files: &Files) -> Sources {
    let mut sources = Sources::default();
    for (path, bytes) in files {
        if let Ok(text) = std::str::from_utf8(bytes) {
            sources.insert(path.as_str(), text);
        }
    }
    sources
}

/// Rules that compile, ready to judge.
#[derive(Clone)]
pub struct Rules {
    pub(crate) engine: Engine,
    pub(crate) entries: Vec<Entry>,
    sources: Sources,
}

impl std::fmt::Debug for Rules {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Rules").field("asked", &self.names()).finish_non_exhaustive()
    }
}

impl Rules {
    /// Compiles the policies among `files`. No policies make rules that say nothing.
    ///
    /// # Errors
    /// Every mistake that was found, each with its place in the rules.
    pub fn compile(files: &Files) -> Result<Self, Vec<Diagnostic>> {
        let policies: Vec<(&String, &Vec<u8>)> = files.iter().filter(|(path, _)| is_policy(path)).collect();
        let mut diagnostics = Vec::new();
        if policies.len() > FILES_MAX {
            let detail = format!("`policies/` has more than {FILES_MAX} files of rules.");
            return Err(vec![Diagnostic::error("Too many rules", detail).hint("put rules that belong together into one file")]);
        }
        let mut sources = Sources::default();
        let mut engine = empty();
        for (path, bytes) in policies {
            match text::checked(path, bytes) {
                Ok(text) => {
                    sources.insert(path.as_str(), text);
                    diagnostics.extend(add(&mut engine, path, text));
                }
                Err(diagnostic) => diagnostics.push(*diagnostic),
            }
        }
        if diagnostics.is_empty() {
            diagnostics = calls::check(engine.get_modules());
        }
        if diagnostics.is_empty() {
            diagnostics.extend(prepare(&mut engine));
        }
        let entries: Vec<Entry> = engine.get_modules().iter().flat_map(entry::of_module).collect();
        if let Some(entry) = entries.get(ENTRIES_MAX) {
            diagnostics.push(Diagnostic::error("Too many rules", format!("More than {ENTRIES_MAX} rules deny, warn or ask.")).at(&entry.span));
        }
        diagnostic::sort(&mut diagnostics);
        if diagnostics.is_empty() { Ok(Self { engine, entries, sources }) } else { Err(diagnostics) }
    }

    /// Whether no rule would ever be asked.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The rules that are asked, each once: `main.deny`.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.entries.iter().map(|entry| entry.name.clone()).collect();
        names.sort();
        names.dedup();
        names
    }

    /// The texts of the rules, to print snippets from.
    pub fn sources(&self) -> &Sources {
        &self.sources
    }
}

/// An interpreter without rules, with our bounds and functions.
fn empty() -> Engine {
    let mut engine = Engine::new();
    // As OPA does outside of its strict mode: a function that is given what it cannot take is undefined, and the rule goes on.
    // Plans hold values of every kind, and rules that are published rely on it.
    engine.set_strict_builtin_errors(false);
    fuel::bound(&mut engine);
    functions::add(&mut engine);
    engine
}

fn add(engine: &mut Engine, path: &str, text: &str) -> Option<Diagnostic> {
    engine.set_rego_v0(false);
    let error = engine.add_policy(path.to_owned(), text.to_owned()).err()?;
    if text::may_be_v0(text) {
        engine.set_rego_v0(true);
        if engine.add_policy(path.to_owned(), text.to_owned()).is_ok() {
            return None;
        }
    }
    Some(answer::diagnostic("Rule does not parse", &error, &Span::new(path, 1, 1)))
}

/// Lets the interpreter find what it only looks for before its first query.
fn prepare(engine: &mut Engine) -> Option<Diagnostic> {
    let first = engine.get_modules().first().map(|module| entry::span(&module.package.span))?;
    let error = engine.eval_query("true".to_owned(), false).err()?;
    Some(answer::diagnostic("Rule does not compile", &error, &first))
}
