//! Does the page about policies list every field of the document and every rule that is shipped?
#![allow(clippy::unwrap_used)]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use core_policy::fields;

const MARK: &str = "<!-- Made from core/policy/src/schema.rs by the test `page`; do not edit below. -->\n";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn table() -> String {
    let mut table = "\n| field | type | meaning |\n|---|---|---|\n".to_owned();
    for field in fields() {
        writeln!(table, "| `{}` | {} | {} |", field.path, field.kind, field.meaning).unwrap();
    }
    table
}

#[test]
fn the_page_lists_every_field() {
    let path = root().join("docs/policies.md");
    let page = fs::read_to_string(&path).unwrap();
    let (written, listed) = page.split_once(MARK).unwrap();
    if std::env::var_os("IPR_WRITE_DOCS").is_some() {
        fs::write(&path, format!("{written}{MARK}{}", table())).unwrap();
        return;
    }
    assert_eq!(listed, table(), "run the tests of core-policy with IPR_WRITE_DOCS=1");
}

#[test]
fn the_page_names_every_shipped_rule() {
    let page = fs::read_to_string(root().join("docs/policies.md")).unwrap();
    for entry in fs::read_dir(root().join("policies")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if name.ends_with(".rego") && !name.ends_with("_test.rego") {
            assert!(page.contains(&format!("`policies/{name}`")), "{name}");
        }
    }
}
