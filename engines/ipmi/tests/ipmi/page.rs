//! Does the engine's page say what the tables say?

use engine_api::contract::page::Page;
use engine_ipmi::{FAMILIES, QUIRKS, types};

#[test]
fn the_page_has_the_tables() {
    let mut page = Page::open("ipmi");
    page.replace_fields(&types());
    page.replace("quirks of Redfish", &quirks());
    page.replace("gauges", &gauges());
    page.check();
}

/// The vendors of the table that decides, and what it makes the engine do.
fn quirks() -> String {
    let mut table = "| BMC | quirk | what ipr does |\n|---|---|---|\n".to_owned();
    for quirk in QUIRKS {
        table.push_str(&format!("| {} | {} | {} |\n", quirk.name, quirk.words.0, quirk.words.1));
    }
    table
}

/// What is measured, by the table that names it.
fn gauges() -> String {
    let rows = FAMILIES.iter().map(|family| format!("| `{}` | {} |\n", family.name, family.meaning));
    format!("| gauge | meaning |\n|---|---|\n{}", rows.collect::<String>())
}
