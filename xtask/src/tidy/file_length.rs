//! Does a file still answer one question? None has over 800 lines, and the median stays under 200.

use super::tree::Tree;
use super::{Finding, Rule};

pub(super) const RULE: Rule = Rule { name: "file-length", keeps: "no Rust file has over 800 lines, and the median is under 200", check };

const LINES_MAX: usize = 800;
const LINES_MEDIAN_LIMIT: usize = 200;

fn check(tree: &Tree) -> Vec<Finding> {
    let files = tree.files.iter().filter(|file| file.is_rust());
    let lengths: Vec<_> = files.map(|file| (file, file.text.lines().count())).collect();
    let mut findings: Vec<_> = lengths
        .iter()
        .filter(|(_, lines)| *lines > LINES_MAX)
        .map(|(file, lines)| Finding::new(&file.path, format!("{lines} lines; the most is {LINES_MAX}")))
        .collect();
    let median = median(lengths.iter().map(|(_, lines)| *lines).collect());
    if median >= LINES_MEDIAN_LIMIT {
        let message = format!("the median is {median} lines; it stays under {LINES_MEDIAN_LIMIT}");
        findings.push(Finding::new("all Rust files", message));
    }
    findings
}

/// The upper median; 0 for nothing.
fn median(mut lengths: Vec<usize>) -> usize {
    lengths.sort_unstable();
    lengths.get(lengths.len() / 2).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::sample;

    #[test]
    fn the_longest_file_allowed_is_fine_beside_short_ones() {
        let (long, short) = ("x\n".repeat(LINES_MAX), "x\n".repeat(LINES_MEDIAN_LIMIT - 1));
        let tree = sample::files(&[("core/a.rs", &long), ("core/b.rs", &short), ("core/c.rs", &short)]);
        assert_eq!(check(&tree), []);
    }

    #[test]
    fn one_line_more_is_found() {
        let long = "x\n".repeat(LINES_MAX + 1);
        let findings = check(&sample::files(&[("core/a.rs", &long), ("b.rs", ""), ("c.rs", "")]));
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].place, "core/a.rs");
    }

    #[test]
    fn a_tree_of_long_files_is_found_though_each_is_allowed() {
        let text = "x\n".repeat(LINES_MEDIAN_LIMIT);
        assert_eq!(check(&sample::files(&[("a.rs", &text), ("b.rs", &text)])).len(), 1);
    }

    #[test]
    fn other_files_may_be_long() {
        assert_eq!(check(&sample::file("tests/data.json", &"x\n".repeat(5_000))), []);
    }
}
