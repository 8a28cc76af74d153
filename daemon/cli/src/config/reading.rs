//! How does a file become a configuration, or a list of mistakes?

use std::{fs::File, io::Read, path::Path, sync::Arc};

use core_model::{Diagnostic, Severity, Sources, Span, diagnostic};
use serde_saphyr::{DuplicateKeyPolicy, Error, Location, MergeKeyPolicy};

use super::{Config, check::Check, document::Document};

const FILE_BYTES_MAX: u64 = 1 << 20;
const NODES_MAX: usize = 20_000;

/// Everything that is wrong with a configuration. Never empty.
#[derive(Debug)]
pub(crate) struct Mistakes {
    pub(crate) diagnostics: Vec<Diagnostic>,
    pub(crate) sources: Sources,
}

/// Reads and checks a configuration. No secret is read.
pub(crate) fn load(path: &Path) -> Result<(Config, Sources), Mistakes> {
    let mut sources = Sources::default();
    let text = match read(path) {
        Ok(text) => text,
        Err(diagnostic) => return Err(Mistakes { diagnostics: vec![*diagnostic], sources }),
    };
    let file: Arc<str> = path.display().to_string().into();
    sources.insert(file.clone(), text.as_str());
    match parse(path, &file, &text) {
        Ok(config) => Ok((config, sources)),
        Err(mut diagnostics) => {
            diagnostic::sort(&mut diagnostics);
            Err(Mistakes { diagnostics, sources })
        }
    }
}

fn read(path: &Path) -> Result<String, Box<Diagnostic>> {
    let unreadable = |why: String| {
        let detail = format!("`{}` cannot be read: {why}.", path.display());
        let hint = "name the file with `--config`, or write one after deploy/ipr.example.yaml; `ipr init` writes one too";
        Box::new(Diagnostic::error("No configuration", detail).hint(hint))
    };
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|error| unreadable(error.to_string()))?;
    file.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(|error| unreadable(error.to_string()))?;
    if bytes.len() as u64 > FILE_BYTES_MAX {
        return Err(unreadable("it has more than 1 MiB".to_owned()));
    }
    String::from_utf8(bytes).map_err(|_| unreadable("it is not UTF-8 text".to_owned()))
}

fn parse(path: &Path, file: &Arc<str>, text: &str) -> Result<Config, Vec<Diagnostic>> {
    let options = serde_saphyr::options! {
        strict_booleans: true,
        duplicate_keys: DuplicateKeyPolicy::Error,
        merge_keys: MergeKeyPolicy::Error,
        with_snippet: false,
        budget: serde_saphyr::budget! { max_nodes: NODES_MAX },
    };
    let document: Document = serde_saphyr::from_str_with_options(text, options).map_err(|error| vec![malformed(file, &error)])?;
    let mut check = Check::new(path, file.clone());
    let config = check.config(&document);
    let has_errors = check.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
    config.filter(|_| !has_errors).ok_or(check.diagnostics)
}

/// A mistake of shape. The first one ends the reading: what follows it has no meaning yet.
fn malformed(file: &Arc<str>, error: &Error) -> Diagnostic {
    let diagnostic = match error.without_snippet() {
        Error::SerdeUnknownField { field, expected, .. } => unknown_key(field, expected),
        Error::DuplicateMappingKey { key, .. } => {
            let detail = format!("`{}` is written twice in one map.", key.as_deref().unwrap_or("the key"));
            Diagnostic::error("Duplicate key", detail).hint("remove one of them")
        }
        Error::SerdeInvalidType { unexpected, expected, .. } => {
            Diagnostic::error("Wrong kind of value", format!("Here is {unexpected}, and {expected} is needed."))
        }
        Error::Eof { .. } => {
            Diagnostic::error("Empty configuration", format!("`{file}` says nothing.")).hint("write one after deploy/ipr.example.yaml")
        }
        other => Diagnostic::error("Not readable YAML", format!("The file cannot be read further: {}.", without_place(&other.to_string()))),
    };
    match error.location() {
        Some(location) => diagnostic.at(&span(file, location)),
        None => diagnostic,
    }
}

fn unknown_key(key: &str, known: &[&str]) -> Diagnostic {
    let hint = match diagnostic::nearest(key, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("known keys: {}", known.join(", ")),
    };
    Diagnostic::error("Unknown key", format!("No key is called `{key}` here.")).hint(hint)
}

/// The parser's own words; the place is shown beside them.
fn without_place(text: &str) -> &str {
    let line = text.lines().next().unwrap_or_default();
    line.split_once(" at line ").map_or(line, |(words, _)| words).trim_end_matches('.')
}

pub(super) fn span(file: &Arc<str>, location: Location) -> Span {
    let number = |number: u64| u32::try_from(number.max(1)).unwrap_or(u32::MAX);
    Span::new(file.clone(), number(location.line()), number(location.column()))
}
