//! The forms in which rules answer: conftest's, and ours.

use core_policy::{Effect, Files, Places, Rules};
use serde_json::json;

use crate::{files, input, judge};

/// Each finding as `effect rule line [address] message`.
fn said(text: &str) -> Vec<String> {
    let verdict = judge(text, &input());
    assert_eq!(verdict.faults, Vec::<String>::new(), "{text}");
    let line = |finding: &core_policy::Finding| {
        let effect = match &finding.effect {
            Effect::Deny => "deny".to_owned(),
            Effect::Warn => "warn".to_owned(),
            Effect::NeedsApproval { team } => format!("ask {team}"),
        };
        let address = finding.address.as_ref().map(|address| format!(" {address}:")).unwrap_or_default();
        format!("{effect} {} {}{address} {}", finding.rule, finding.written_at.rsplit(':').next().unwrap(), finding.message)
    };
    verdict.findings.iter().map(line).collect()
}

#[test]
fn every_form_gives_its_findings() {
    let table: &[(&str, &[&str])] = &[
        ("package main\ndeny contains \"no\" if input.plan.counts.delete > 0", &["deny main.deny 2 no"]),
        (
            "package main\ndeny contains msg if { some s in input.plan.steps; s.action == \"delete\"; msg := s.address }",
            &["deny main.deny 2 shop.db"],
        ),
        ("package main\nimport rego.v1\nwarn contains \"w\"", &["warn main.warn 3 w"]),
        // The older dialect, as it is published everywhere.
        ("package main\n\ndeny[msg] {\n  input.plan.steps[_].action == \"delete\"\n  msg := \"v0\"\n}", &["deny main.deny 3 v0"]),
        (
            "package main\ndeny[{\"msg\": msg}] { s := input.plan.steps[i]; s.action == \"delete\"; msg := sprintf(\"step %d\", [i]) }",
            &["deny main.deny 2 step 1"],
        ),
        ("package main\nimport future.keywords\nviolation[{\"msg\": \"g\"}] { true }", &["deny main.violation 3 g"]),
        (
            "package main\ndeny_latest contains \"a\" if true\nwarn_old contains \"b\" if true",
            &["deny main.deny_latest 2 a", "warn main.warn_old 3 b"],
        ),
        ("package main\ndeny := [\"a\", \"b\"]", &["deny main.deny 2 a", "deny main.deny 2 b"]),
        ("package a.b\ndeny contains {\"msg\": \"x\", \"address\": \"shop.web\", \"severity\": 3} if true", &["deny a.b.deny 2 shop.web: x"]),
        (
            "package main\nneeds_approval contains {\"team\": \"@acme/Platform\", \"msg\": \"ask\"} if true",
            &["ask platform main.needs_approval 2 ask"],
        ),
        // Two heads of one name, each known by its line; what is undefined says nothing.
        (
            "package main\ndeny contains \"a\" if true\ndeny contains \"b\" if input.nope\ndeny contains \"c\" if true",
            &["deny main.deny 2 a", "deny main.deny 4 c"],
        ),
        // What OPA calls undefined is no answer.
        (
            "package main\ndeny contains \"a\" if startswith(input.plan.managed, \"x\")\ndeny contains \"b\" if not startswith(1, \"x\")",
            &["deny main.deny 3 b"],
        ),
        ("package main\ndeny contains \"a\" if net.cidr_contains(\"10.0.0.0/8\", \"10.1.2.3\")", &["deny main.deny 2 a"]),
        (
            "package main\ndeny contains sprintf(\"%s %v\", [time.weekday(ns), time.clock(ns)]) if ns := time.parse_rfc3339_ns(input.now)",
            &["deny main.deny 2 Thursday [17, 30, 0]"],
        ),
        ("package main\ndenied contains \"a\" if true\nallow := true", &[]),
        ("package main\ndeny contains `several\n   lines` if true", &["deny main.deny 2 several lines"]),
    ];
    for (text, expected) in table {
        assert_eq!(said(text), *expected, "{text}");
    }
}

#[test]
fn rules_of_several_files_use_each_other() {
    let files = Files::from([
        ("policies/lib/images.rego".to_owned(), b"package lib.images\nlatest(image) if endswith(image, \":latest\")".to_vec()),
        (
            "policies/main.rego".to_owned(),
            b"package main\nimport data.lib.images\ndeny contains s.address if { some s in input.plan.steps; images.latest(s.desired.specs.image) }"
                .to_vec(),
        ),
        ("policies/main_test.rego".to_owned(), b"package main_test\ndeny contains \"a test is not asked\"".to_vec()),
        ("policies/README.md".to_owned(), b"no rule".to_vec()),
        ("blueprints/x.rego".to_owned(), b"not { one".to_vec()),
    ]);
    let rules = Rules::compile(&files).unwrap();
    assert_eq!(rules.names(), ["main.deny"]);
    let verdict = rules.judge(&input(), Places::default());
    assert_eq!(verdict.findings.len(), 1);
    assert_eq!(verdict.findings[0].message, "shop.web");
}

#[test]
fn no_policies_are_no_rules() {
    let rules = Rules::compile(&Files::new()).unwrap();
    assert!(rules.is_empty());
    assert!(rules.judge(&json!({}), Places::default()).is_empty());
    assert!(Rules::compile(&files("package main\nx := 1")).unwrap().is_empty());
}
