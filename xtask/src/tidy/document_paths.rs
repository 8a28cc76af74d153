//! Do the documents speak of files that exist? A path in backticks must be one of the tree.

use std::collections::BTreeSet;

use super::tree::{File, Tree};
use super::{Finding, Rule};

pub(super) const RULE: Rule = Rule { name: "document-paths", keeps: "a path in backticks in a document exists", check };

fn check(tree: &Tree) -> Vec<Finding> {
    let paths: Vec<&str> = tree.files.iter().map(|file| file.path.as_str()).collect();
    let folders: BTreeSet<&str> = paths.iter().filter_map(|path| path.split_once('/')).map(|(top, _)| top).collect();
    let mut findings = Vec::new();
    for document in tree.files.iter().filter(|file| is_document(&file.path)) {
        for (line, word) in quoted_words(document) {
            let Some(path) = as_path(word, &folders) else {
                continue;
            };
            if !exists(path, &paths) {
                let place = format!("{}:{line}", document.path);
                findings.push(Finding::new(place, format!("`{path}` does not exist")));
            }
        }
    }
    findings
}

fn is_document(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    (path.starts_with("docs/") && path.ends_with(".md")) || matches!(name, "README.md" | "CONTRIBUTING.md")
}

/// The words inside backticks, with their line. Fenced blocks are examples and may name anything.
fn quoted_words(document: &File) -> impl Iterator<Item = (usize, &str)> {
    let mut fenced = false;
    let lines = document.text.lines().enumerate().filter(move |(_, line)| {
        let is_fence = line.trim_start().starts_with("```");
        fenced ^= is_fence;
        !fenced && !is_fence
    });
    lines.flat_map(|(index, line)| {
        let spans = line.split('`').skip(1).step_by(2);
        spans.flat_map(str::split_whitespace).map(move |word| (index + 1, word))
    })
}

/// The word as a path of this tree, when it looks like one: it starts with one of our folders and is no pattern.
fn as_path<'text>(word: &'text str, folders: &BTreeSet<&str>) -> Option<&'text str> {
    let (top, _) = word.split_once('/')?;
    if !folders.contains(top) || word.contains(['*', '<', '>', '{', '$', '…']) {
        return None;
    }
    // `path:12` and `path:12:3` point at a line of the path.
    let path = word.split(':').next().unwrap_or(word);
    Some(path.trim_end_matches([',', ';', '.', ')', '/']))
}

fn exists(path: &str, paths: &[&str]) -> bool {
    paths.iter().any(|known| known.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::sample;

    fn findings(path: &str, text: &str) -> Vec<Finding> {
        check(&sample::files(&[(path, text), ("core/model/src/lib.rs", ""), ("docs/style.md", "")]))
    }

    #[test]
    fn a_path_that_is_gone_is_found() {
        for text in ["`core/gone`", "see `cat core/model/src/gone.rs`", "a\n`docs/gone.md:3`"] {
            assert_eq!(findings("docs/a.md", text).len(), 1, "{text}");
        }
        assert_eq!(findings("README.md", "`core/mode`").len(), 1);
    }

    #[test]
    fn what_exists_and_what_is_no_path_is_fine() {
        for text in [
            "`core/model`, `core/model/`, `core/model/src/lib.rs:12:3` and `docs/style.md`.",
            "`core/*` `target/debug/ipr` `origin/main` core/gone",
            "```\ncore/gone `core/gone`\n```",
        ] {
            assert_eq!(findings("docs/a.md", text), [], "{text}");
        }
        assert_eq!(findings("CHANGELOG.md", "`core/gone`"), []);
    }
}
