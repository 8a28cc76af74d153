//! Rules in conftest's shapes say what they say elsewhere: `conftest/compare.py` asks another implementation of Rego the same.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use core_policy::{Files, Places, Rules};
use serde_json::Value;

const CASES: &str = include_str!("conftest/cases.txt");
const EXPECTED: &str = include_str!("conftest/expected.json");

#[test]
fn every_case_says_what_it_says_elsewhere() {
    let expected: BTreeMap<String, Vec<String>> = serde_json::from_str(EXPECTED).unwrap();
    let mut found = BTreeMap::new();
    for case in CASES.split("=== ").skip(1) {
        let (name, rest) = case.split_once("\n--- rule\n").unwrap();
        let (rule, input) = rest.split_once("\n--- input\n").unwrap();
        let input: Value = serde_json::from_str(input).unwrap();
        let files = Files::from([("policies/a.rego".to_owned(), rule.as_bytes().to_vec())]);
        let verdict = Rules::compile(&files).unwrap_or_else(|diagnostics| panic!("{name}: {diagnostics:#?}")).judge(&input, Places::default());
        assert_eq!(verdict.faults, Vec::<String>::new(), "{name}");
        let mut says: Vec<String> =
            verdict.findings.iter().map(|finding| format!("{}: {}", finding.rule.trim_start_matches("main."), finding.message)).collect();
        says.sort();
        found.insert(name.to_owned(), says);
    }
    assert!(found.len() >= 30, "{}", found.len());
    assert_eq!(found, expected);
}
