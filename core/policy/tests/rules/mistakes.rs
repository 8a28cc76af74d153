//! Rules that are wrong: every message names the rule and its line, and none lets a plan through.

use std::fmt::Write as _;

use core_model::Sources;
use core_policy::{Places, Rules};

use crate::{files, input};

const MISTAKES: &[(&str, &str)] = &[
    ("no package", "deny contains \"x\" if true"),
    ("a slip of the pen", "package main\ndeny contains msg if { some s in input.plan.steps s.x == 1; msg := \"a\" }"),
    ("an unknown function", "package main\nallowd(x) if x == 1\ndeny contains \"a\" if { allowed(1) }"),
    ("a clock", "package main\ndeny contains \"a\" if { time.now_ns() > 1 }"),
    ("the network", "package main\ndeny contains \"a\" if {\n  r := http.send({\"method\": \"get\", \"url\": \"http://127.0.0.1\"})\n  r.x\n}"),
    ("an unsafe variable", "package main\ndeny contains msg if { x > 3 }"),
    ("a function that calls itself", "package main\nf(x) := g(x)\ng(x) := f(x + 1)\ndeny contains msg if { msg := f(1) }"),
    ("rules in a circle", "package main\na if b\nb if a\ndeny contains \"x\" if a"),
    (
        "a rule that does not end",
        "package main\n\ndeny contains \"x\" if {\n  some i in numbers.range(1, 9000)\n  some j in numbers.range(1, 9000)\n  i + j == -1\n}",
    ),
    ("too long a list", "package main\ndeny contains \"x\" if count(numbers.range(1, 1000000000)) > 1"),
    ("too long a list with steps", "package main\ndeny contains \"x\" if count(numbers.range_step(0, 100000000000, 1)) > 1"),
    ("a function without bounds", "package main\ndeny contains \"x\" if bits.lsh(1, 4294967295) > 1"),
    ("a zone", "package main\ndeny contains \"x\" if time.weekday([time.parse_rfc3339_ns(input.now), \"Europe/Rome\"]) == \"Monday\""),
    ("two values", "package main\nlimit := 1\nlimit := 2\ndeny contains \"x\" if input.plan.managed > limit"),
    ("a text in place of a set", "package main\ndeny := \"no\""),
    ("an object in place of a set", "package main\ndeny[\"a\"] := \"no\" if true"),
    ("true in place of a set", "package main\ndeny if true"),
    ("a number in place of a text", "package main\ndeny contains 3 if true"),
    ("no msg", "package main\nwarn contains {\"message\": \"m\"} if true"),
    ("a msg that is no text", "package main\ndeny contains {\"msg\": [\"m\"]} if true"),
    ("an address that is none", "package main\ndeny contains {\"msg\": \"m\", \"address\": \"shop\"} if true"),
    (
        "a path that is a book",
        "package main\ndeny contains {\"msg\": \"m\", \"path\": concat(\"\", [\"a\" | some i in numbers.range(1, 501)])} if true",
    ),
    ("no team", "package main\nneeds_approval contains {\"msg\": \"m\"} if true"),
    ("a team that is none", "package main\nneeds_approval contains {\"msg\": \"m\", \"team\": \"a b\"} if true"),
    ("a text for an approval", "package main\nneeds_approval contains \"platform\" if true"),
];

#[test]
fn every_mistake_is_named_with_its_place() {
    let mut page = String::new();
    for (name, text) in MISTAKES {
        let files = files(text);
        let said = match Rules::compile(&files) {
            Err(diagnostics) => {
                let mut sources = Sources::default();
                sources.insert("policies/a.rego", *text);
                diagnostics.iter().map(|diagnostic| diagnostic.render(&sources)).collect::<Vec<_>>()
            }
            Ok(rules) => {
                let verdict = rules.judge(&input(), Places::default());
                assert!(!verdict.permits(), "{name}");
                verdict.faults
            }
        };
        assert!(!said.is_empty() && said.iter().all(|message| message.contains("--> policies/a.rego:")), "{name}: {said:?}");
        writeln!(page, "## {name}\n\n{}", said.join("\n")).unwrap();
    }
    insta::assert_snapshot!(page);
}
