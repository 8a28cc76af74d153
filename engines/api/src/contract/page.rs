//! Does an engine's page in docs/engines say what its tables say? The page's tables of fields are made from them.
//!
//! With `IPR_UPDATE_PAGES=1` the page is written anew.

use std::path::PathBuf;

use core_model::plan::Risk;
use core_model::resource_type::ResourceType;
use core_model::schema::{Effect, Field, Kind, Unset};

/// An engine's page, with the parts between `<!-- begin -->` and `<!-- end -->` that are made anew.
pub struct Page {
    path: PathBuf,
    written: String,
    made: String,
}

impl Page {
    /// The page docs/engines/`name`.md.
    pub fn open(name: &str) -> Self {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("../../docs/engines/{name}.md"));
        let written = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{} cannot be read: {error}", path.display()));
        Self { path, made: written.clone(), written }
    }

    /// What stands between `<!-- begin -->` and the next `<!-- end -->`.
    pub fn part(&self, begin: &str) -> &str {
        let (_, rest) = self.made.split_once(&format!("<!-- {begin} -->\n")).unwrap_or_else(|| panic!("the page has no `<!-- {begin} -->`"));
        rest.split_once("<!-- end -->").unwrap_or_else(|| panic!("the part `{begin}` of the page has no end")).0
    }

    pub fn replace(&mut self, begin: &str, text: &str) {
        let marker = format!("<!-- {begin} -->\n");
        let length = self.part(begin).len();
        let start = self.made.find(&marker).map_or(0, |at| at + marker.len());
        self.made.replace_range(start..start + length, text);
    }

    /// The table of fields of each type, in the part `fields: <type>`.
    pub fn replace_fields(&mut self, types: &[&dyn ResourceType]) {
        for kind in types {
            self.replace(&format!("fields: {}", kind.facts().name), &table_of(*kind));
        }
    }

    /// # Panics
    /// When the page does not say what was made, unless it may be written anew.
    pub fn check(self) {
        if std::env::var_os("IPR_UPDATE_PAGES").is_some() {
            std::fs::write(&self.path, &self.made).unwrap_or_else(|error| panic!("{} cannot be written: {error}", self.path.display()));
            return;
        }
        assert!(self.written == self.made, "{} is out of date; run this test again with IPR_UPDATE_PAGES=1", self.path.display());
    }
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
        let secret = if field.accepts_secret { ", may hold secrets" } else { "" };
        // What holds for a map is said of its parts.
        let is_map = matches!(field.kind, Kind::Object(_));
        let (change, taken_out) = if is_map { (String::new(), "") } else { (change(field), taken_out(field)) };
        table.push_str(&format!("| `{name}` | {} | {}{secret} | {change} | {taken_out} |\n", field.meaning, field.kind.in_words()));
        match field.kind {
            Kind::Object(inner) => rows(inner, &format!("{name}."), table),
            Kind::Map(Kind::Object(inner)) => rows(inner, &format!("{name}.<name>."), table),
            Kind::Set(Kind::Object(inner)) | Kind::List(Kind::Object(inner)) => rows(inner, &format!("{name}[]."), table),
            _ => {}
        }
    }
}

/// What a change of the field does. A field that cannot be read back and carries no risk is a word for the record alone.
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
