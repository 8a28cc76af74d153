//! The rules that are shipped in `policies/`: their own tests pass and reach every line, and each has a plan that passes and one that
//! fails.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

use core_policy::{Effect, Files, Places, Rules, Verdict, is_policy, schema};
use serde_json::Value;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies")
}

fn files() -> Files {
    let name = |entry: &fs::DirEntry| format!("policies/{}", entry.file_name().into_string().unwrap());
    let entries = fs::read_dir(folder()).unwrap().map(Result::unwrap).filter(|entry| is_policy(&name(entry)));
    entries.map(|entry| (name(&entry), fs::read(entry.path()).unwrap())).collect()
}

/// The packages that are asked.
fn packages(rules: &Rules) -> Vec<String> {
    let mut packages: Vec<String> = rules.names().iter().map(|name| name.split('.').nth(1).unwrap().to_owned()).collect();
    packages.dedup();
    packages
}

/// What one package says of a plan of its own, warnings left out.
fn said(rules: &Rules, package: &str, word: &str) -> Verdict {
    let path = folder().join(format!("examples/{package}.{word}.json"));
    let document: Value = serde_json::from_slice(&fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))).unwrap();
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let errors: Vec<String> = validator.iter_errors(&document).map(|error| error.to_string()).collect();
    assert_eq!(errors, Vec::<String>::new(), "{}", path.display());
    let mut verdict = rules.judge(&document, Places::default());
    verdict.findings.retain(|finding| finding.effect != Effect::Warn && finding.rule.starts_with(&format!("ipr.{package}.")));
    verdict
}

#[test]
fn the_tests_of_the_library_pass_and_reach_its_lines() {
    let trials = Rules::compile(&files()).unwrap().test();
    let failed: Vec<_> = trials.trials.iter().filter(|trial| trial.failure.is_some()).collect();
    assert!(failed.is_empty(), "{failed:#?}");
    let missed: Vec<_> = trials.coverage.iter().filter(|file| !file.not_covered.is_empty()).collect();
    assert!(missed.is_empty(), "{missed:#?}");
    assert!(trials.trials.len() >= 20);
}

#[test]
fn every_rule_has_a_plan_that_passes_and_one_that_fails() {
    let rules = Rules::compile(&files()).unwrap();
    let packages = packages(&rules);
    assert_eq!(packages.len(), 10, "{packages:?}");
    for package in packages {
        assert_eq!(said(&rules, &package, "passes"), Verdict::default(), "{package}");
        let failed = said(&rules, &package, "fails");
        assert!(!failed.findings.is_empty() && failed.faults.is_empty(), "{package}: {failed:?}");
    }
}

#[test]
fn a_freeze_opens_and_closes_with_the_time_that_is_given() {
    let rules = Rules::compile(&files()).unwrap();
    let mut document: Value = serde_json::from_slice(&fs::read(folder().join("examples/freeze.fails.json")).unwrap()).unwrap();
    for (now, denied) in [("2026-12-18T10:00:00Z", false), ("2026-12-21T10:00:00Z", true), ("2027-01-04T10:00:00Z", false)] {
        document["now"] = now.into();
        let verdict = rules.judge(&document, Places::default());
        assert_eq!(verdict.denials().any(|finding| finding.rule == "ipr.freeze.deny"), denied, "{now}");
    }
}
