//! Does the engine's page say what the tables say? Its tables of fields are made from them, and every test that it names exists.
//!
//! With `IPR_UPDATE_PAGES=1` the page is written anew.

use std::path::{Path, PathBuf};

use core_model::plan::Risk;
use core_model::resource_type::ResourceType;
use core_model::schema::{Effect, Field, Kind, Unset};
use engine_proxmox::types;

fn page_path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/engines/proxmox.md")
}

fn table_of(kind: &dyn ResourceType) -> String {
    let mut table = "| field | meaning | value | a change | when it is taken out |\n|---|---|---|---|---|\n".to_owned();
    rows(kind.facts().specs, "", &mut table);
    rows(kind.facts().metadata, "metadata.", &mut table);
    table
}

fn rows(fields: &[Field], prefix: &str, table: &mut String) {
    for field in fields {
        let name = format!("{prefix}{}", field.name);
        let secret = if field.accepts_secret { ", may be a secret" } else { "" };
        table.push_str(&format!("| `{name}` | {} | {}{secret} | {} | {} |\n", field.meaning, value(&field.kind), change(field), taken_out(field)));
        match field.kind {
            Kind::Object(inner) => rows(inner, &format!("{name}."), table),
            Kind::Map(Kind::Object(inner)) => rows(inner, &format!("{name}.<slot>."), table),
            _ => {}
        }
    }
}

fn value(kind: &Kind) -> String {
    match kind {
        Kind::Text => "text".to_owned(),
        Kind::Word(words) => words.join(", "),
        Kind::Boolean => "true or false".to_owned(),
        Kind::Integer { min, max } => format!("{min} to {max}"),
        Kind::Thousandths { .. } => "number".to_owned(),
        Kind::Size => "size, `8GB`".to_owned(),
        Kind::Duration => "duration, `30s`".to_owned(),
        Kind::Cidr => "network, `10.0.20.0/24`".to_owned(),
        Kind::Ip => "address".to_owned(),
        Kind::Checked(check) => format!("{}, `{}`", check.what, check.example),
        Kind::Command => "list of arguments, or text".to_owned(),
        Kind::List(inner) => format!("list: {}", value(inner)),
        Kind::Set(inner) => format!("list in any order: {}", value(inner)),
        Kind::Map(inner) => format!("map: {}", value(inner)),
        Kind::Object(_) => "map".to_owned(),
        Kind::Link(types) => format!("{} resource", types.join(" or ")),
        Kind::Any => "anything".to_owned(),
    }
}

fn change(field: &Field) -> String {
    let effect = match field.effect {
        Effect::Replace => "replace",
        _ if field.write_only && field.risk == Some(Risk::None) => "the record alone",
        Effect::InPlace => "in place",
        Effect::Restart => "restart",
    };
    let is_telling = |risk: &Risk| !matches!(risk, Risk::None | Risk::InPlace);
    field.risk.filter(is_telling).map_or_else(|| effect.to_owned(), |risk| format!("{effect}, {}", risk.word()))
}

fn taken_out(field: &Field) -> &'static str {
    match field.unset {
        _ if field.required => "required",
        Unset::Default => "goes back",
        Unset::Keep => "stays",
    }
}

#[test]
fn the_page_has_the_tables() {
    let page = std::fs::read_to_string(page_path()).unwrap();
    let mut made = page.clone();
    for kind in types() {
        let begin = format!("<!-- fields: {} -->\n", kind.facts().name);
        let (before, rest) = made.split_once(begin.as_str()).unwrap_or_else(|| panic!("the page has no `{begin}`"));
        let (_, after) = rest.split_once("<!-- end -->").unwrap();
        made = format!("{before}{begin}{}<!-- end -->{after}", table_of(kind));
    }
    if std::env::var_os("IPR_UPDATE_PAGES").is_some() {
        std::fs::write(page_path(), &made).unwrap();
    }
    assert!(page == made, "the page does not say what the tables say; run this test again with IPR_UPDATE_PAGES=1");
}

/// The table of complaints names tests, in backticks, in its last column.
#[test]
fn every_complaint_has_its_test() {
    let page = std::fs::read_to_string(page_path()).unwrap();
    let (_, rest) = page.split_once("<!-- complaints -->").unwrap();
    let (table, _) = rest.split_once("<!-- end -->").unwrap();
    let source = include_str!("complaints.rs");
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
