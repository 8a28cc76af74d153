//! Does a test wait for the clock? It must wait for what it tests instead: a sleep is slow or wrong, often both.

use super::tree::Tree;
use super::words;
use super::{Finding, Rule};

pub(super) const RULE: Rule = Rule { name: "sleeping-tests", keeps: "no test, harness or simulator sleeps", check };

fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let in_tests = |path: &str| path.starts_with("tests/") || path.contains("/tests/");
    for (file, source) in tree.rust_files().filter(|(file, _)| in_tests(&file.path)) {
        for name in ["sleep", "sleep_until", "sleep_ms"] {
            for position in words::positions(&source.code, name) {
                if source.code[position + name.len()..].trim_start().starts_with('(') {
                    let place = file.place(&source.code, position);
                    findings.push(Finding::new(place, "wait for the event, not for the clock"));
                }
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::sample;

    #[test]
    fn a_sleep_in_a_test_is_found() {
        for path in ["tests/sim/src/server.rs", "daemon/web/tests/hook.rs"] {
            for text in ["sleep(a)", "tokio::time::sleep(a).await", "thread::sleep (a)", "time::sleep_until(b)"] {
                assert_eq!(check(&sample::file(path, text)).len(), 1, "{path} {text}");
            }
        }
    }

    #[test]
    fn a_sleep_elsewhere_and_the_word_alone_are_fine() {
        assert_eq!(check(&sample::file("daemon/web/src/lib.rs", "sleep(a)")), []);
        assert_eq!(check(&sample::file("tests/sim/src/lib.rs", "// sleep(a)\nasleep(b)")), []);
    }
}
