//! Which rules does the tree keep? One file per rule under `xtask/src/tidy/`, one line per rule in [`RULES`].
//!
//! A rule reads the [`tree::Tree`] and returns what breaks it. Each has a unit test with an example that
//! breaks it and one that does not: a rule that has caught nothing counts for nothing.

mod assistant_alone;
mod concrete_engines;
mod core_purity;
mod document_paths;
mod file_length;
mod git_program;
mod ignored_tests;
mod layers;
mod licences;
mod machine_paths;
mod module_names;
mod octocrab_home;
mod rust_source;
#[cfg(test)]
mod sample;
mod simulator_alone;
mod sleeping_tests;
mod tests_on_pages;
mod tree;
mod unfinished_code;
mod unnumbered_todo;
mod words;
mod write_gate;

use std::path::Path;

use anyhow::bail;

use tree::Tree;

/// Every rule, in the order of the report.
const RULES: &[Rule] = &[
    layers::RULE,
    core_purity::RULE,
    assistant_alone::RULE,
    concrete_engines::RULE,
    octocrab_home::RULE,
    simulator_alone::RULE,
    write_gate::RULE,
    git_program::RULE,
    licences::RULE,
    file_length::RULE,
    module_names::RULE,
    sleeping_tests::RULE,
    ignored_tests::RULE,
    unfinished_code::RULE,
    unnumbered_todo::RULE,
    document_paths::RULE,
    tests_on_pages::RULE,
    machine_paths::RULE,
];

/// A rule: its name, what it keeps true, and how it is checked.
struct Rule {
    name: &'static str,
    keeps: &'static str,
    check: fn(&Tree) -> Vec<Finding>,
}

/// One place that breaks a rule.
#[derive(Debug, PartialEq, Eq)]
struct Finding {
    /// A path, `path:line`, or the name of a package.
    place: String,
    message: String,
}

impl Finding {
    fn new(place: impl Into<String>, message: impl Into<String>) -> Finding {
        Finding { place: place.into(), message: message.into() }
    }
}

/// Checks every rule and prints every finding; fails when there is one.
pub(crate) fn run(root: &Path) -> anyhow::Result<()> {
    let tree = Tree::read(root)?;
    let mut broken = 0_usize;
    for rule in RULES {
        let findings = (rule.check)(&tree);
        for finding in &findings {
            println!("{}: {}: {}", rule.name, finding.place, finding.message);
        }
        if !findings.is_empty() {
            println!("    the rule `{}` keeps: {}", rule.name, rule.keeps);
        }
        broken += findings.len();
    }
    if broken > 0 {
        bail!("tidy found {broken} places that break a rule");
    }
    println!("    {} rules hold for {} files and {} crates of ours", RULES.len(), tree.files.len(), tree.packages.len());
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_rule_has_a_name_of_its_own_and_says_what_it_keeps() {
        let names: BTreeSet<_> = RULES.iter().map(|rule| rule.name).collect();
        assert_eq!(names.len(), RULES.len());
        assert!(RULES.iter().all(|rule| !rule.keeps.is_empty()));
    }
}
