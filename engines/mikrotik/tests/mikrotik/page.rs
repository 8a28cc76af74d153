//! Does the engine's page say what the tables say?

use engine_api::contract::page::Page;
use engine_mikrotik::types;

#[test]
fn the_page_has_the_tables() {
    let mut page = Page::open("mikrotik");
    page.replace_fields(&types());
    page.check();
}
