//! Does every refusal stand in the table of words, with its source?

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use regex::Regex;

const TABLE: &str = include_str!("../../data/errors.tsv");

/// Calls whose texts are refusals.
const REFUSING: &str = r"(?:Refusal::(?:failed|parameter|with_status)|unauthorised|Plug::Problem)\(";

fn rows() -> impl Iterator<Item = (&'static str, &'static str)> {
    TABLE.lines().filter(|line| !line.starts_with('#')).map(|line| line.split_once('\t').unwrap_or_else(|| panic!("no source: {line}")))
}

/// Whether a message is one of the table's; a star of the table stands for any text.
pub(crate) fn is_listed(message: &str) -> bool {
    rows().any(|(words, _)| {
        let parts: Vec<String> = words.split('*').map(regex::escape).collect();
        Regex::new(&format!("(?s)^{}$", parts.join(".*"))).unwrap().is_match(message)
    })
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] }).collect()
}

/// The arguments of a call that begins at `start`, up to its closing parenthesis.
fn arguments(text: &str, start: usize) -> &str {
    let (mut depth, mut in_text, mut escaped) = (1, false, false);
    for (offset, character) in text[start..].char_indices() {
        match (in_text, character) {
            (true, _) if escaped => escaped = false,
            (true, '\\') => escaped = true,
            (_, '"') => in_text = !in_text,
            (false, '(') => depth += 1,
            (false, ')') => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return &text[start..start + offset];
        }
    }
    &text[start..]
}

#[test]
fn every_refusal_of_the_source_is_listed() {
    let refusing = Regex::new(REFUSING).unwrap();
    let literal = Regex::new(r#""((?:[^"\\]|\\.)*)""#).unwrap();
    let variable = Regex::new(r"\{+[^}]*\}+").unwrap();
    let known: BTreeSet<&str> = rows().map(|(words, _)| words).collect();
    let mut missing = BTreeSet::new();
    let mut seen = 0;
    for file in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        let text = std::fs::read_to_string(&file).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap();
        for call in refusing.find_iter(code) {
            for words in literal.captures_iter(arguments(code, call.end())).filter(|words| words[1].contains(' ')) {
                let words = variable.replace_all(&words[1], "*").replace("\\n", "");
                seen += 1;
                if !known.contains(words.as_str()) {
                    missing.insert(words);
                }
            }
        }
    }
    assert!(seen > 150, "only {seen} refusals were found; the search is broken");
    assert!(missing.is_empty(), "without a row in data/errors.tsv: {missing:#?}");
}

#[test]
fn the_table_names_a_source_for_all_but_its_own_words() {
    let own = "the simulator's own words";
    let odd: Vec<_> = rows().filter(|(_, source)| *source != own && !source.starts_with("pve-") && !source.starts_with("qemu-server")).collect();
    assert!(odd.is_empty(), "{odd:?}");
    let own = rows().filter(|(_, source)| *source == own).count();
    assert!(own < 20, "{own} refusals have no source");
}

#[test]
fn a_message_is_matched_as_a_whole() {
    assert!(is_listed("VM is locked (backup)"));
    assert!(is_listed("clone failed: can't lock file '/x' - got timeout"));
    assert!(!is_listed("VM is not locked at all"));
}
