//! Is any test skipped? None may be: what does not run protects nothing.

use super::tree::Tree;
use super::words;
use super::{Finding, Rule};

pub(super) const RULE: Rule = Rule { name: "ignored-tests", keeps: "no test is marked as ignored", check };

fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, source) in tree.rust_files() {
        for position in words::positions(&source.code, "ignore") {
            if is_attribute(&source.code[..position]) {
                let place = file.place(&source.code, position);
                findings.push(Finding::new(place, "this test never runs; repair it or remove it"));
            }
        }
    }
    findings
}

/// `#[ignore]`, `#[ignore = "..."]` and `#[cfg_attr(..., ignore)]`.
fn is_attribute(before: &str) -> bool {
    let Some(open) = before.rfind("#[") else {
        return false;
    };
    let inside = &before[open + 2..];
    inside.trim().is_empty() || (inside.trim_start().starts_with("cfg_attr") && !inside.contains(']'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::sample;

    #[test]
    fn an_ignored_test_is_found_in_any_spelling() {
        for text in ["#[ignore]", "#[ignore = \"slow\"]", "#[ ignore ]", "#[cfg_attr(windows, ignore)]"] {
            assert_eq!(check(&sample::file("core/a.rs", text)).len(), 1, "{text}");
        }
    }

    #[test]
    fn the_word_in_names_comments_and_text_is_fine() {
        let text = "#[test]\nfn f() { let ignore = 1; } // #[ignore]\nconst T: &str = \"#[ignore]\";";
        assert_eq!(check(&sample::file("core/a.rs", text)), []);
    }
}
