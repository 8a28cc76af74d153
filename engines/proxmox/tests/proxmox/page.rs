//! Does the engine's page say what the tables say?

use engine_api::contract::page::Page;
use engine_proxmox::types;

#[test]
fn the_page_has_the_tables() {
    let mut page = Page::open("proxmox");
    page.replace_fields(&types());
    page.check();
}

/// The table of complaints names tests, in backticks, in its last column.
#[test]
fn every_complaint_has_its_test() {
    let page = Page::open("proxmox");
    let source = include_str!("complaints.rs");
    let table = page.part("complaints");
    let named: Vec<&str> =
        table.lines().filter_map(|line| line.trim_end_matches(" |").rsplit_once("| `")).map(|(_, name)| name.trim_end_matches('`')).collect();
    assert!(named.len() >= 10, "{named:?}");
    for name in &named {
        assert!(source.contains(&format!("async fn {name}()")), "the page names the test `{name}`, which does not exist");
    }
    for test in source.lines().filter_map(|line| line.strip_prefix("async fn ")?.strip_suffix("() {")) {
        assert!(named.contains(&test), "the page does not name the test `{test}`");
    }
}
