//! Does the engine's page say what the tables say?

use engine_api::contract::page::Page;
use engine_mikrotik::types;

#[test]
fn the_page_has_the_tables() {
    let mut page = Page::open("mikrotik");
    page.replace_fields(&types());
    page.check();
}

/// The other way round is a rule of `cargo xtask tidy`. The table of cases is held by `cases.rs`.
#[test]
fn every_test_of_a_complaint_is_in_the_table() {
    let page = Page::open("mikrotik");
    let table = page.part("complaints");
    let source = include_str!("complaints.rs");
    for test in source.lines().filter_map(|line| line.strip_prefix("async fn ")?.strip_suffix("() {")) {
        assert!(table.contains(&format!("| `{test}` |")), "the page does not name the test `{test}`");
    }
}
