//! Rules on a laptop: checked, tested, and asked about a plan.

use insta::assert_snapshot;

use crate::fixture::Fixture;

const RULE: &str = "package main

deny contains {\"msg\": msg, \"address\": step.address} if {
  some step in input.plan.steps
  endswith(step.desired.specs.image, \":latest\")
  msg := sprintf(\"%s uses `latest`\", [step.address])
}

warn contains \"nobody asked\" if not input.pull_request
";

const DOCUMENT: &str =
    r#"{"version": 1, "pull_request": null, "plan": {"steps": [{"address": "shop.web", "desired": {"specs": {"image": "nginx:latest"}}}]}}"#;

fn with(rule: &str) -> Fixture {
    let fixture = Fixture::new();
    fixture.ipr(["init"]).printed();
    fixture.write("repository/policies/images.rego", rule);
    fixture
}

#[test]
fn a_plan_is_judged_and_the_rule_is_shown() {
    let fixture = with(RULE);
    fixture.write("repository/plan.json", DOCUMENT);
    let judged = fixture.ipr(["policy", "eval", "--plan", "plan.json", "--explain"]);
    assert_eq!((judged.code, judged.err.as_str()), (1, ""));
    assert_snapshot!("judged", judged.out);
    fixture.write("repository/plan.json", &DOCUMENT.replace(":latest", ":1.27"));
    assert_eq!(fixture.ipr(["policy", "eval", "--plan", "plan.json"]).code, 0);
}

#[test]
fn a_rule_that_does_not_compile_is_a_mistake_everywhere() {
    let fixture = with("package main\n\ndeny contains msg if { alowed(msg) }\nallowed(x) if x == 1\n");
    fixture.write("repository/plan.json", DOCUMENT);
    let validated = fixture.ipr(["validate"]);
    assert_eq!(validated.code, 1);
    assert_snapshot!("validated", validated.err);
    for arguments in [&["policy", "test"][..], &["policy", "eval", "--plan", "plan.json"]] {
        let ended = fixture.ipr(arguments);
        assert!(ended.code == 1 && ended.err.contains("Unknown function"), "{ended:?}");
    }
}

#[test]
fn tests_that_fail_say_where() {
    let fixture = with(RULE);
    fixture.write(
        "repository/policies/images_test.rego",
        "package main_test\n\nimport data.main\n\ntest_none if count(main.deny) == 1 with input as {}\n",
    );
    let tested = fixture.ipr(["policy", "test", "--coverage"]);
    assert_eq!(tested.code, 1);
    assert_snapshot!("tested", tested.out);
}

#[test]
fn the_schema_of_what_rules_see_is_printed() {
    let printed = Fixture::new().ipr(["schema", "plan"]).printed();
    assert!(printed.contains("\"title\": \"The input of a policy\""), "{printed}");
}

#[test]
fn a_folder_without_rules_is_said() {
    let fixture = Fixture::new();
    fixture.ipr(["init"]).printed();
    fixture.write("repository/plan.json", DOCUMENT);
    let judged = fixture.ipr(["policy", "eval", "--plan", "plan.json"]);
    assert_eq!((judged.code, judged.err.as_str()), (0, "No rule of `policies/` denies, warns or asks: every plan passes.\n"));
    assert_eq!(fixture.ipr(["validate"]).err, "There are no rules in `policies/`, so that every plan passes.\n");
    assert!(fixture.ipr(["policy", "test"]).err.contains("There are no tests"));
    let judged = fixture.ipr(["policy", "eval", "--plan", "other.json"]);
    assert!(judged.code == 1 && judged.err.contains("`other.json` cannot be read"), "{judged:?}");
}

#[test]
fn a_rule_that_eats_memory_is_named_and_permits_nothing() {
    let line = |number: usize| format!("  t{} := concat(\"\", [t{number}, t{number}])\n", number + 1);
    let body = format!("  t0 := \"0123456789\"\n{}", (0..40).map(line).collect::<String>());
    let fixture = with(&format!("package main\n\nwarn contains \"seen\" if true\n\ndeny contains \"x\" if {{\n{body}  t40 == \"\"\n}}\n"));
    fixture.write("repository/plan.json", DOCUMENT);
    let judged = fixture.ipr(["policy", "eval", "--plan", "plan.json"]);
    assert_eq!((judged.code, judged.err.as_str()), (1, ""));
    assert_snapshot!("hungry", judged.out);
    fixture.write("repository/policies/a_test.rego", &format!("package a_test\n\ntest_hungry if {{\n{body}  t40 != \"\"\n}}\n"));
    let tested = fixture.ipr(["policy", "test"]);
    assert_eq!(tested.code, 1);
    assert!(tested.err.contains("Rule takes too much memory") && tested.err.contains("`a_test.test_hungry`, policies/a_test.rego:3,"), "{tested:?}");
}
