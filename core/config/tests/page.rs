//! Does the page of the language say what its tables say? With `IPR_WRITE_DOCS=1` it is written anew.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;

use core_config::{later, tables};
use core_model::schema::{Field, Kind};

fn rows(fields: &[Field], prefix: &str, table: &mut String) {
    for field in fields {
        let name = format!("{prefix}{}", field.name);
        let required = if field.required { " Required." } else { "" };
        table.push_str(&format!("| `{name}` | {}{required} | {} |\n", field.meaning, field.kind.in_words()));
        match field.kind {
            Kind::Object(inner) => rows(inner, &format!("{name}."), table),
            Kind::List(Kind::Object(inner)) => rows(inner, &format!("{name}[]."), table),
            _ => {}
        }
    }
}

fn replaced(page: &str, part: &str, text: &str) -> String {
    let begin = format!("<!-- {part} -->\n");
    let (before, rest) = page.split_once(&begin).unwrap();
    let (_, after) = rest.split_once("<!-- end -->").unwrap();
    format!("{before}{begin}{text}<!-- end -->{after}")
}

#[test]
fn the_page_of_the_language_lists_every_setting() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/language.md");
    let written = fs::read_to_string(&path).unwrap();
    let mut made = written.clone();
    for (part, fields) in tables() {
        let mut table = "\n| field | meaning | value |\n|---|---|---|\n".to_owned();
        rows(fields, "", &mut table);
        made = replaced(&made, part, &format!("{table}\n"));
    }
    let list: String = later().map(|setting| format!("- `{setting}`\n")).collect();
    made = replaced(&made, "later", &format!("\n{list}\n"));
    if std::env::var_os("IPR_WRITE_DOCS").is_some() {
        fs::write(&path, made).unwrap();
        return;
    }
    assert!(written == made, "docs/language.md is out of date; run this test again with IPR_WRITE_DOCS=1");
}
