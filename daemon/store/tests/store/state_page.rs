//! docs/state.md must name every table of the database, and where it is rebuilt from.

use std::{collections::BTreeMap, path::Path};

use crate::fixture::{Fixture, raw};

#[tokio::test]
async fn every_table_is_on_the_page_with_its_source() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/state.md");
    let page = std::fs::read_to_string(page).unwrap();
    let documented = rows(&page);

    let fixture = Fixture::new().await;
    let mut connection = raw(&fixture.path()).await;
    let tables: Vec<String> = sqlx::query_scalar("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY 1")
        .fetch_all(&mut connection)
        .await
        .unwrap();

    let names: Vec<_> = documented.keys().cloned().collect();
    assert_eq!(names, tables, "docs/state.md and the database list the same tables");
    for (table, (holds, rebuilt_from)) in documented {
        assert!(!holds.is_empty(), "docs/state.md does not say what {table} holds");
        assert!(!rebuilt_from.is_empty(), "docs/state.md does not say what {table} is rebuilt from");
    }
}

/// The rows of the table whose head is "Table | Holds | Rebuilt from", by table name.
fn rows(page: &str) -> BTreeMap<String, (String, String)> {
    page.lines()
        .skip_while(|line| !line.starts_with("| Table | Holds | Rebuilt from |"))
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .map(|line| {
            let cells: Vec<_> = line.trim_matches('|').split('|').map(str::trim).collect();
            let [table, holds, rebuilt_from] = cells[..] else { panic!("docs/state.md has a row with {} cells: {line}", cells.len()) };
            let table = table.trim_matches('`').to_owned();
            (table, (holds.to_owned(), rebuilt_from.to_owned()))
        })
        .collect()
}
