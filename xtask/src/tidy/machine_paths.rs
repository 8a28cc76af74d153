//! Does a file name a path of one developer's machine? It would be wrong on every other one.

use super::tree::Tree;
use super::{Finding, Rule};

pub(super) const RULE: Rule = Rule { name: "machine-paths", keeps: "no file names a path of the machine it was written on", check };

/// Written in two pieces, so that this file keeps its own rule.
const REFUSED: &[&str] = &[concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/tmp/ba", "sh_jobs"), concat!("/home/us", "er/")];

fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in &tree.files {
        for refused in REFUSED {
            for (position, _) in file.text.match_indices(refused) {
                if starts_a_path(&file.text[..position]) {
                    let place = file.place(&file.text, position);
                    findings.push(Finding::new(place, format!("names `{refused}`")));
                }
            }
        }
    }
    findings
}

/// The slash is a path's first, not one in the middle of another path or address.
fn starts_a_path(before: &str) -> bool {
    !before.ends_with(|character: char| character.is_alphanumeric() || matches!(character, '.' | '-' | '_' | '}' | '~'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::sample;

    #[test]
    fn a_path_of_a_machine_is_found_in_any_file() {
        for path in ["core/a.rs", "docs/a.md", "tests/recorded.json"] {
            let text = format!("a\nread {}main/x", REFUSED[0]);
            let findings = check(&sample::file(path, &text));
            assert_eq!(findings.len(), 1, "{path}");
            assert_eq!(findings[0].place, format!("{path}:2"));
        }
    }

    #[test]
    fn the_same_word_inside_another_path_is_fine() {
        let text = format!("home/runner{}x and https://host{}y", REFUSED[0], REFUSED[1]);
        assert_eq!(check(&sample::file("docs/a.md", &text)), []);
    }
}
