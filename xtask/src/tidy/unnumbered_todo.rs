//! Does every promise for later have an issue? A marker without a number is a promise nobody can find.

use super::rust_source::RustSource;
use super::tree::{File, Tree};
use super::words;
use super::{Finding, Rule};

pub(super) const RULE: Rule =
    Rule { name: "unnumbered-todo", keeps: "a marker for later work names its issue, as in (#12) right after the marker", check };

const MARKERS: &[&str] = &["TODO", "FIXME", "XXX"];

fn check(tree: &Tree) -> Vec<Finding> {
    tree.files.iter().flat_map(check_file).collect()
}

fn check_file(file: &File) -> Vec<Finding> {
    // In Rust the markers stand in comments; in data that others wrote they are not ours to judge.
    let text = match file.path.rsplit('.').next() {
        Some("rs") => RustSource::split(&file.text).comments,
        Some("md" | "toml" | "yaml" | "yml" | "sh" | "rego") => file.text.clone(),
        _ => return Vec::new(),
    };
    let mut findings = Vec::new();
    for marker in MARKERS {
        for position in words::positions(&text, marker) {
            if !has_issue_number(&text[position + marker.len()..]) {
                findings.push(Finding::new(file.place(&text, position), format!("`{marker}` without an issue")));
            }
        }
    }
    findings
}

fn has_issue_number(rest: &str) -> bool {
    rest.strip_prefix("(#")
        .and_then(|rest| rest.split_once(')'))
        .is_some_and(|(number, _)| !number.is_empty() && number.chars().all(|digit| digit.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::sample;

    #[test]
    fn a_marker_without_a_number_is_found() {
        for (path, text) in
            [("core/a.rs", "// TODO later"), ("core/a.rs", "/* FIXME(me) */"), ("core/a.rs", "// TODO(#)"), ("docs/a.md", "TODO: write this")]
        {
            assert_eq!(check(&sample::file(path, text)).len(), 1, "{text}");
        }
    }

    #[test]
    fn a_numbered_marker_and_text_in_quotes_are_fine() {
        for (path, text) in [("core/a.rs", "// TODO(#12): later"), ("core/a.rs", "const MARKER: &str = \"TODO\";"), ("tests/data.json", "TODO")] {
            assert_eq!(check(&sample::file(path, text)), [], "{text}");
        }
    }
}
