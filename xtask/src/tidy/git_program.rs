//! Does the daemon run git? It must not: it reads repositories itself, so that no user's git configuration,
//! hook or version decides what it sees.

use super::tree::Tree;
use super::{Finding, Rule};

pub(super) const RULE: Rule = Rule { name: "git-program", keeps: "the daemon never starts the program git", check };

fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, source) in tree.rust_files().filter(|(file, _)| file.path.starts_with("daemon/") && !is_test(&file.path)) {
        let starts_programs = ["process::", "Command::new", "spawn("].iter().any(|needle| source.code.contains(needle));
        if !starts_programs {
            continue;
        }
        for (position, literal) in literals(&source.code_and_literals) {
            if literal.rsplit('/').next() == Some("git") {
                findings
                    .push(Finding::new(file.place(&source.code_and_literals, position), format!("`\"{literal}\"` in a file that starts programs")));
            }
        }
    }
    findings
}

/// Tests of a daemon crate may ask the real git what is right.
fn is_test(path: &str) -> bool {
    path.contains("/tests/")
}

/// What stands between plain quotes, with its position. Good enough for names of programs, which need no escapes.
fn literals(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut rest = text;
    let mut offset = 0;
    std::iter::from_fn(move || {
        let open = rest.find('"')?;
        let length = rest[open + 1..].find('"')?;
        let found = (offset + open, &rest[open + 1..open + 1 + length]);
        let next = open + length + 2;
        offset += next;
        rest = &rest[next..];
        Some(found)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::sample;

    const PATH: &str = "daemon/history/src/mirror.rs";

    #[test]
    fn git_as_a_program_is_found_in_any_spelling() {
        for text in [
            "Command::new(\"git\")",
            "std::process::Command::new(\n    \"/usr/bin/git\",\n)",
            "const PROGRAM: &str = \"git\";\nuse tokio::process::Command;",
            "Command::new(r\"git\")",
            "let c = Command::new(\"env\"); c.arg(\"git\")",
        ] {
            assert_eq!(check(&sample::file(PATH, text)).len(), 1, "{text}");
        }
    }

    #[test]
    fn other_programs_other_folders_and_plain_words_are_fine() {
        for (path, text) in [
            (PATH, "Command::new(\"ssh\") // not \"git\""),
            (PATH, "let user = \"git\";"),
            (PATH, "Command::new(\"x\").arg(\"refs.git\")"),
            ("xtask/src/tidy.rs", "Command::new(\"git\")"),
        ] {
            assert_eq!(check(&sample::file(path, text)), [], "{text}");
        }
    }
}
