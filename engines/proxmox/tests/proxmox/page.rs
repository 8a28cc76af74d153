//! Does the engine's page say what the tables say?

use engine_api::contract::page::Page;
use engine_proxmox::types;

#[test]
fn the_page_has_the_tables() {
    let mut page = Page::open("proxmox");
    page.replace_fields(&types());
    page.replace("cases", &cases());
    page.check();
}

/// Where the tests of a type are: its suite of the contract, its import, and what the plan says of a privilege that is missing.
const TESTS: [(&str, &str, &str, &str); 10] = [
    ("compute", "contract", "blueprints::what_was_imported_plans_to_nothing", "wire::a_missing_privilege_stands_in_the_plan"),
    (
        "container",
        "containers::contract",
        "blueprints::an_imported_container_plans_to_nothing",
        "containers::neighbours::a_missing_privilege_stands_in_the_plan",
    ),
    ("pool", "pools::contract", "blueprints::what_was_imported_plans_to_nothing", "pools::what_cannot_be_is_said_in_the_plan"),
    ("network", "networks::contract", "blueprints::what_was_imported_plans_to_nothing", "networks::plans::a_missing_privilege_stands_in_the_plan"),
    ("storage", "stored", "blueprints::what_was_imported_plans_to_nothing", "images::the_plan_says_what_the_role_lacks"),
    // Nobody knows where a file came from, so that none is imported.
    ("file", "stored", "files::a_file_is_not_imported", "images::the_plan_says_what_the_role_lacks"),
    ("firewall", "firewall::subject::rulesets", IMPORTED_RULES, UNPRIVILEGED_RULES),
    ("security-group", "firewall::subject::names", IMPORTED_RULES, UNPRIVILEGED_RULES),
    ("ip-set", "firewall::subject::names", IMPORTED_RULES, UNPRIVILEGED_RULES),
    ("alias", "firewall::subject::names", IMPORTED_RULES, UNPRIVILEGED_RULES),
];
const IMPORTED_RULES: &str = "firewall::blueprints::what_was_imported_plans_to_nothing";
const UNPRIVILEGED_RULES: &str = "firewall::plans::a_missing_privilege_is_said_in_the_plan";

/// What every type is tried with, and the cases of the contract's suite that do. The suite goes through all types of its subject.
const COLUMNS: [(&str, &[&str]); 6] = [
    ("create", &["plan_apply_plan_is_empty"]),
    ("each field updated", &["every_field_is_exercised", "each_field_can_be_updated"]),
    ("each field unset", &["each_field_can_be_unset"]),
    ("delete", &["delete_removes"]),
    ("second plan empty", &["applying_twice_writes_nothing"]),
    ("lost reply", &["a_reply_lost_while_creating_converges", "a_reply_lost_while_changing_converges", "a_reply_lost_while_deleting_converges"]),
];

/// The table of types and cases. Every test that it stands for is one of this very program's.
fn cases() -> String {
    let listed = std::process::Command::new(std::env::current_exe().unwrap()).args(["--list", "--format", "terse"]).output().unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    let known: std::collections::BTreeSet<&str> = listed.lines().filter_map(|line| line.strip_suffix(": test")).collect();
    let untested: Vec<_> =
        types().into_iter().map(|kind| kind.facts().name).filter(|name| !TESTS.iter().any(|(tested, ..)| tested == name)).collect();
    assert_eq!(untested, [""; 0], "types without a row");
    let mut table = format!("| type | {} | import | permission missing |\n", COLUMNS.map(|(what, _)| what).join(" | "));
    table.push_str(&"|---".repeat(COLUMNS.len() + 3));
    table.push_str("|\n");
    for (kind, suite, import, permission) in TESTS {
        let mut row = vec![format!("`{kind}`")];
        for (_, cases) in COLUMNS {
            cases.iter().for_each(|case| assert!(known.contains(format!("{suite}::{case}").as_str()), "there is no test {suite}::{case}"));
            row.push(format!("`{suite}`"));
        }
        for test in [import, permission] {
            assert!(known.contains(test), "there is no test {test}");
            row.push(format!("`{test}`"));
        }
        table.push_str(&format!("| {} |\n", row.join(" | ")));
    }
    table
}

/// The other way round is a rule of `cargo xtask tidy`.
#[test]
fn every_test_of_a_complaint_is_in_the_table() {
    let page = Page::open("proxmox");
    let table = page.part("complaints");
    let source = include_str!("complaints.rs");
    for test in source.lines().filter_map(|line| line.strip_prefix("async fn ")?.strip_suffix("() {")) {
        assert!(table.contains(&format!("| `{test}` |")), "the page does not name the test `{test}`");
    }
}
