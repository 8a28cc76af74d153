//! Does core stay a set of pure decisions? No runtime, network, clock, randomness or GitHub in its manifests.

use super::tree::Tree;
use super::{Finding, Rule};

pub(super) const RULE: Rule = Rule { name: "core-purity", keeps: "core decides: no async runtime, network, clock, randomness or GitHub", check };

/// Crates that bring one of those, each with what it brings.
const REFUSED: &[(&str, &str)] = &[
    ("async-trait", "an async runtime"),
    ("axum", "the network"),
    ("bollard", "the network"),
    ("chrono", "a clock"),
    ("fastrand", "randomness"),
    ("futures", "an async runtime"),
    ("getrandom", "randomness"),
    ("gix", "git"),
    ("hyper", "the network"),
    ("jiff", "a clock"),
    ("octocrab", "GitHub"),
    ("rand", "randomness"),
    ("reqwest", "the network"),
    ("sqlx", "a database"),
    ("time", "a clock"),
    ("tokio", "an async runtime"),
    ("tokio-util", "an async runtime"),
    ("uuid", "randomness"),
];

fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in tree.packages.iter().filter(|package| package.layer() == "core") {
        for (name, brings) in REFUSED {
            if package.depends_on(name) {
                findings.push(Finding::new(
                    format!("{}/Cargo.toml", package.folder),
                    format!("`{}` depends on `{name}`, which brings {brings}", package.name),
                ));
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
    fn a_runtime_or_a_clock_in_core_is_found() {
        let tree = sample::packages(&[("core/model", "core-model", &["serde", "tokio", "jiff"])]);
        let messages: Vec<_> = check(&tree).into_iter().map(|finding| finding.message).collect();
        assert_eq!(
            messages,
            ["`core-model` depends on `jiff`, which brings a clock", "`core-model` depends on `tokio`, which brings an async runtime",]
        );
    }

    #[test]
    fn pure_crates_in_core_and_a_runtime_elsewhere_are_fine() {
        let core = ("core/model", "core-model", &["serde", "sha2"][..]);
        let daemon = ("daemon/web", "daemon-web", &["tokio", "axum"][..]);
        assert_eq!(check(&sample::packages(&[core, daemon])), []);
    }
}
