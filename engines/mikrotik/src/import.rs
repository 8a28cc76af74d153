//! How would a blueprint say what is on a router? Objects that are nobody's, typed where there is a type, ready to be adopted.
//!
//! What is there comes from the router itself or from an export of it; both become rows, and from there the way is the same.

mod fit;

use std::collections::BTreeSet;

use core_model::decode::shown_thousandths;
use core_model::resource_type::{Ownership, TypeFacts};
use core_model::schema::{Field, Kind};
use core_model::units::{Size, Span};
use engine_api::EngineError;
use serde_json::{Map, Value, json};

use crate::export::{self, ExportError};
use crate::shape::{Look, Owner, SeenObject, Shape, specs};
use crate::snapshot::{SeenRow, Snapshot};
use crate::types::shapes;
use crate::wire::Connection;

/// A name in a comment is told up to here.
const NAME_CHARS: usize = 60;

/// A blueprint whose plan is to adopt everything and to change nothing. What a router never tells (passwords, keys) is missing and
/// stays as it is.
pub(crate) async fn import(connection: &mut Connection) -> Result<String, EngineError> {
    let snapshot = Snapshot::read(connection, &menus()).await?;
    Ok(blueprint(&snapshot, &[]))
}

/// The same from the text that `/export` writes. Users are in no export.
pub fn import_export(text: &str) -> Result<String, ExportError> {
    let export = export::read(text, &menus())?;
    Ok(blueprint(&export.snapshot, &export.left_out))
}

/// The menus of all types that are imported.
fn menus() -> BTreeSet<String> {
    let nowhere = BTreeSet::new();
    shapes().iter().flat_map(|shape| shape.menus(&nowhere)).collect()
}

fn blueprint(snapshot: &Snapshot, left_out: &[String]) -> String {
    let mut text: String = left_out.iter().map(|why| comment("", why)).collect();
    text.push_str("version: \"1.0\"\nname: imported\nresources:\n");
    let nobody = Owner { owner_id: String::new(), environment: None };
    let nowhere = BTreeSet::new();
    let mut names = BTreeSet::new();
    let mut told = BTreeSet::new();
    let mut resources = vec![String::new(); shapes().len()];
    // Types of many menus come first, and take what belongs to them: an address is one by itself only where nothing else has it.
    let mut order: Vec<(usize, &dyn Shape)> = shapes().iter().copied().enumerate().collect();
    order.sort_by_key(|(_, shape)| std::cmp::Reverse(shape.menus(&nowhere).len()));
    for (place, shape) in order {
        for (object, places) in shape.nobodys(snapshot) {
            let look = Look { object: &object, places: &places, owner: &nobody };
            let live = shape.live(look, snapshot);
            let rows: BTreeSet<(&str, &str)> = live.iter().map(|live| (live.menu, live.row.id.as_str())).collect();
            if rows.is_empty() || rows.iter().any(|row| told.contains(row)) {
                continue;
            }
            told.extend(rows);
            let seen = shape.seen(look, snapshot);
            resources[place].push_str(&resource(shape, &object, &seen, &mut names));
        }
    }
    text + &resources.concat() + &untold(snapshot, &told)
}

/// Rows that no resource has taken, a line each: two names that are the same, entries of a list without its owner.
fn untold(snapshot: &Snapshot, told: &BTreeSet<(&str, &str)>) -> String {
    let menus = menus();
    let all = menus.iter().flat_map(|menu| snapshot.rows(menu).iter().map(move |row| (menu.as_str(), row)));
    let untold: Vec<(&str, &SeenRow)> = all.filter(|(menu, row)| row.tag.is_none() && !told.contains(&(*menu, row.id.as_str()))).collect();
    let line = |(menu, row): &(&str, &SeenRow)| {
        let name = ["name", "address", "interface", "topics"].into_iter().map(|argument| row.get(argument)).find(|text| !text.is_empty());
        comment("", &format!("`{}` in `{menu}`: it belongs to nothing that is imported", shortened(name.unwrap_or_default())))
    };
    let more = untold.len().saturating_sub(export::LEFT_OUT_MAX);
    let last = (more > 0).then(|| comment("", &format!("and {more} more rows")));
    untold.iter().take(export::LEFT_OUT_MAX).map(line).chain(last).collect()
}

/// One line, whatever a router's texts hold.
fn comment(indent: &str, why: &str) -> String {
    let ends_line = |letter: char| letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}');
    format!("{indent}# left out: {}\n", why.replace(ends_line, " "))
}

fn shortened(name: &str) -> String {
    name.chars().take(NAME_CHARS).collect()
}

fn resource(shape: &dyn Shape, object: &str, seen: &SeenObject, names: &mut BTreeSet<String>) -> String {
    let facts = shape.facts();
    let name = resource_name(object, names);
    let nothing = Map::new();
    let values = specs(&seen.values).unwrap_or(&nothing);
    let mut specs_written = as_written(facts.specs, values, specs(&seen.defaults).unwrap_or(&nothing));
    let has_name = facts.specs.iter().any(|field| field.name == "name");
    specs_written.remove("name");
    if has_name && name != object {
        specs_written.insert("name".to_owned(), json!(object));
    }
    if let Some(why) = fit::refusal(shape, &name, object, &specs_written, values) {
        return comment("  ", &format!("the {} `{}`: {why}", facts.name, shortened(object)));
    }
    let adopt = if facts.ownership == Ownership::Singleton { "" } else { "\n    lifecycle: {adopt: true}" };
    if facts.ownership == Ownership::Singleton && specs_written.is_empty() {
        return String::new();
    }
    // JSON is YAML, and quotes every text.
    let TypeFacts { name: type_name, provider, .. } = facts;
    let specs = Value::Object(specs_written).to_string().replace("${", "$${");
    format!("  - type: {type_name}\n    name: {name}\n    provider: {provider}\n    specs: {specs}{adopt}\n")
}

/// Values as people write them, without those that are so anyway.
fn as_written(fields: &[Field], values: &Map<String, Value>, defaults: &Map<String, Value>) -> Map<String, Value> {
    let told = fields.iter().filter(|field| field.required || values.get(field.name) != defaults.get(field.name));
    let written = told.filter_map(|field| Some((field.name.to_owned(), written(&field.kind, values.get(field.name)?))));
    written.filter(|(_, value)| value.as_object().is_none_or(|map| !map.is_empty())).collect()
}

fn written(kind: &Kind, value: &Value) -> Value {
    match (kind, value) {
        (Kind::Size, Value::Number(number)) => Size { bytes: number.as_u64().unwrap_or_default() }.to_string().into(),
        (Kind::Duration, Value::Number(number)) => Span { milliseconds: number.as_u64().unwrap_or_default() }.to_string().into(),
        (Kind::Thousandths { .. }, Value::Number(number)) => shown_thousandths(number.as_i64().unwrap_or_default()).into(),
        (Kind::Link(_), Value::Object(link)) => json!({"external": link.get("name")}),
        (Kind::List(inner) | Kind::Set(inner), Value::Array(items)) => items.iter().map(|item| written(inner, item)).collect(),
        (Kind::Object(fields), Value::Object(values)) => Value::Object(as_written(fields, values, &Map::new())),
        (_, other) => other.clone(),
    }
}

/// A resource's name made from an object's: lower-case letters, digits and `-`, and another one each time.
fn resource_name(object: &str, names: &mut BTreeSet<String>) -> String {
    let letters = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let plain: String = object.chars().map(letters).skip_while(|c| !c.is_ascii_lowercase()).take(32).collect();
    let plain = if plain.is_empty() { "unnamed".to_owned() } else { plain };
    let numbered = (2..).map(|number| format!("{plain}-{number}"));
    let name = std::iter::once(plain.clone()).chain(numbered).find(|name| !names.contains(name)).unwrap_or(plain);
    names.insert(name.clone());
    name
}
