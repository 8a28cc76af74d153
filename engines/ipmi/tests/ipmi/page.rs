//! Does the engine's page say what the tables say? Its tables of fields are made from them.
//!
//! With `IPR_UPDATE_PAGES=1` the page is written anew.

use core_model::resource_type::ResourceType;
use core_model::schema::{Effect, Field, Kind, Unset};
use engine_ipmi::types;

fn page_of(kind: &dyn ResourceType) -> String {
    let mut table = "| field | meaning | value | a change | when it is taken out |\n|---|---|---|---|---|\n".to_owned();
    rows(kind.facts().specs, "", &mut table);
    rows(kind.facts().metadata, "metadata.", &mut table);
    table
}

fn rows(fields: &[Field], prefix: &str, table: &mut String) {
    for field in fields {
        let name = format!("{prefix}{}", field.name);
        let secret = if field.accepts_secret { ", may hold secrets" } else { "" };
        // What holds for a map is said of its parts.
        let is_map = matches!(field.kind, Kind::Object(_));
        let (change, taken_out) = if is_map { (String::new(), "") } else { (change(field), taken_out(field)) };
        table.push_str(&format!("| `{name}` | {} | {}{secret} | {change} | {taken_out} |\n", field.meaning, value(&field.kind)));
        match field.kind {
            Kind::Object(inner) => rows(inner, &format!("{name}."), table),
            Kind::Set(Kind::Object(inner)) => rows(inner, &format!("{name}[]."), table),
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
        Kind::Size => "size, `512MB`".to_owned(),
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
        _ if field.write_only => "the record alone",
        Effect::InPlace => "in place",
        Effect::Restart => "restart",
        Effect::Replace => "replace",
    };
    field.risk.filter(|risk| *risk != core_model::plan::Risk::None).map_or_else(|| effect.to_owned(), |risk| format!("{effect}, {}", risk.word()))
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
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/engines/ipmi.md");
    let before = std::fs::read_to_string(&path).unwrap();
    let mut page = before.clone();
    for kind in types() {
        let start = format!("<!-- fields: {} -->\n", kind.facts().name);
        let from = page.find(&start).unwrap_or_else(|| panic!("the page has no `{}`", start.trim())) + start.len();
        let to = from + page[from..].find("<!-- end -->").expect("the table's end");
        page.replace_range(from..to, &page_of(kind));
    }
    if std::env::var("IPR_UPDATE_PAGES").is_ok() {
        std::fs::write(&path, &page).unwrap();
    }
    let now = std::fs::read_to_string(&path).unwrap();
    assert!(now == page, "the page is out of date. Hint: IPR_UPDATE_PAGES=1 cargo test -p engine-ipmi the_page");
}
