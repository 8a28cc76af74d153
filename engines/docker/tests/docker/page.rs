//! Does the engine's page say what the tables say?

use engine_api::contract::page::Page;
use engine_docker::types;

#[test]
fn the_page_has_the_tables() {
    let mut page = Page::open("docker");
    page.replace_fields(&types());
    page.check();
}
