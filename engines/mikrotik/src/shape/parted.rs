//! What do tables of parts mean? The generic way between values and rows that all types but firewalls and free menus take.

use std::collections::{BTreeMap, BTreeSet};

use core_model::resource_type::ResourceType;
use core_model::schema::{Field, Kind, Unset};
use serde_json::{Map, Value};

use super::part::{Argument, Part, Rows, field, item_fields, put, value_at};
use super::{LiveRow, Look, Owner, SeenObject, Shape, WantedRow, as_values, specs};
use crate::change::{Change, Goal, Refusal, converge};
use crate::form::{from_router, to_router};
use crate::snapshot::{SeenRow, Snapshot};
use crate::wire::Row;

/// Names of items are no longer.
const ITEM_NAME_CHARS: usize = 60;

/// A type that is a table of parts. The first part names the object.
pub(crate) trait Parted: ResourceType {
    fn parts(&self) -> &'static [Part];

    /// Arguments that follow from the fields and are no fields themselves.
    fn derived(&self, _part: &Part, _object: &str, _specs: &Map<String, Value>) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    /// What a new row gets besides, where nothing is said of it.
    fn made_with(&self, _part: &Part, _specs: &Map<String, Value>) -> Vec<(&'static str, &'static str)> {
        Vec::new()
    }

    /// Why nothing is done with the rows that are there, although they are ours to change.
    fn refuses(&self, _object: &str, _live: &[LiveRow<'_>], _goal: &Goal<'_>) -> Option<String> {
        None
    }

    /// Where a part that is told by its comment alone may be, for an object that is nobody's.
    fn place_beside(&self, _row: &SeenRow, _snapshot: &Snapshot) -> Option<String> {
        None
    }

    /// A default that depends on the object.
    fn own_default(&self, _object: &str, _argument: &str) -> Option<&'static str> {
        None
    }
}

impl<T: Parted> Shape for T {
    fn menus(&self, _places: &BTreeSet<String>) -> BTreeSet<String> {
        self.parts().iter().map(|part| part.menu.to_owned()).collect()
    }

    fn names(&self, snapshot: &Snapshot, owner: &Owner) -> BTreeSet<String> {
        self.parts().iter().flat_map(|part| names_in(part, snapshot, owner)).collect()
    }

    fn live<'s>(&self, look: Look<'_>, snapshot: &'s Snapshot) -> Vec<LiveRow<'s>> {
        let rows = |part: &'static Part| rows_of(part, look, snapshot).into_iter().map(move |row| live(part, row));
        self.parts().iter().flat_map(rows).collect()
    }

    fn seen(&self, look: Look<'_>, snapshot: &Snapshot) -> SeenObject {
        let fields = self.facts().specs;
        let mut seen = SeenObject::default();
        let (mut values, mut defaults) = (Map::new(), Map::new());
        for part in self.parts() {
            let rows = rows_of(part, look, snapshot);
            if seen.marker.is_none() {
                seen.marker = rows.iter().find_map(|row| row.tag.as_ref()).map(|tag| tag.marker.clone());
            }
            if rows.is_empty() && !matches!(part.rows, Rows::Settings | Rows::Fixed(_)) {
                continue;
            }
            match part.rows {
                Rows::Each { field: path, argument, only, .. } => each(fields, path, argument, only, &rows, &mut values),
                Rows::Items { field: path, argument, .. } => items(fields, path, argument, part, &rows, &mut values),
                _ => self.single(part, look.object, rows.first().copied(), &mut values, &mut defaults),
            }
        }
        if field(fields, "name").is_some() {
            values.insert("name".to_owned(), Value::String(look.object.to_owned()));
            defaults.insert("name".to_owned(), Value::String(look.object.to_owned()));
        }
        SeenObject { values: as_values(values), defaults: as_values(defaults), ..seen }
    }

    fn wanted(&self, object: &str, values: &Map<String, Value>) -> Vec<WantedRow> {
        let Some(specs) = specs(values) else { return Vec::new() };
        let parts = self.parts().iter().filter(|part| part.is_there(specs));
        parts.flat_map(|part| self.wanted_of(part, object, specs)).collect()
    }

    fn default_of(&self, object: &str, menu: &str, argument: &str) -> Option<String> {
        let mut arguments = self.parts().iter().filter(|part| part.menu == menu).flat_map(|part| part.arguments);
        let own = self.own_default(object, argument).map(str::to_owned);
        own.or_else(|| arguments.find(|entry| entry.name == argument)?.default.map(str::to_owned))
    }

    fn converge(&self, look: Look<'_>, snapshot: &Snapshot, goal: &Goal<'_>) -> Result<Vec<Change>, Refusal> {
        match self.refuses(look.object, &self.live(look, snapshot), goal) {
            Some(why) => Err(Refusal(why)),
            None => converge(self, look, snapshot, goal),
        }
    }

    fn nobodys(&self, snapshot: &Snapshot) -> Vec<(String, BTreeSet<String>)> {
        let name = self.facts().name;
        // Several parts may tell of one object, and each of another place.
        let mut found: Vec<(String, BTreeSet<String>)> = Vec::new();
        for part in self.parts() {
            let rows = || snapshot.rows(part.menu).iter().filter(|row| row.tag.is_none());
            let named = |name: &str| (name.to_owned(), BTreeSet::new());
            match part.rows {
                Rows::Named(argument) | Rows::Fixed(argument) => {
                    found.extend(rows().map(|row| (row.get(argument).to_owned(), self.place_beside(row, snapshot).into_iter().collect())));
                }
                Rows::Marked(arguments) => {
                    let place = |row: &SeenRow| arguments.iter().map(|argument| row.get(argument)).collect::<Vec<_>>().join("|");
                    found.extend(rows().enumerate().map(|(index, row)| (format!("{name}-{}", index + 1), BTreeSet::from([place(row)]))));
                }
                Rows::Settings => found.push(named(name)),
                Rows::Each { owner, .. } => found.extend(rows().map(|row| named(row.get(owner)))),
                Rows::Items { .. } | Rows::Attached { .. } | Rows::Keyed { .. } => {}
            }
        }
        let mut merged: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        found.into_iter().for_each(|(name, places)| merged.entry(name).or_default().extend(places));
        merged.into_iter().collect()
    }
}

/// Where an object is, or a part of it, that is told by its comment alone: the arguments that find it when it is nobody's.
pub(crate) fn place_of(kind: &impl Parted, values: &Map<String, Value>) -> Option<String> {
    let specs = specs(values)?;
    let fields = kind.facts().specs;
    kind.parts().iter().find_map(|part| {
        let texts: Option<Vec<String>> = match part.rows {
            Rows::Marked(arguments) => Some(arguments.iter().map(|argument| marked_text(fields, part, argument, specs)).collect()),
            Rows::Keyed { arguments, .. } => {
                arguments.iter().map(|(_, path)| to_router(&field(fields, path)?.kind, value_at(specs, path)?)).collect()
            }
            _ => None,
        };
        texts.map(|texts| texts.join("|"))
    })
}

fn marked_text(fields: &[Field], part: &Part, argument: &str, specs: &Map<String, Value>) -> String {
    let entry = part.arguments.iter().find(|entry| entry.name == argument);
    let text = entry.and_then(|entry| text_of(fields, entry, specs).or_else(|| entry.default.map(str::to_owned)));
    text.unwrap_or_default()
}

/// Whether a row has the arguments of one of the places.
fn is_at(row: &SeenRow, arguments: &[&str], look: Look<'_>) -> bool {
    look.places.iter().any(|place| arguments.iter().zip(place.split('|')).all(|(argument, text)| row.is(argument, text)))
}

fn live<'s>(part: &'static Part, row: &'s SeenRow) -> LiveRow<'s> {
    let list = match part.rows {
        Rows::Each { field, .. } | Rows::Items { field, .. } => Some(field),
        _ => None,
    };
    LiveRow { menu: part.menu, row, is_fixed: matches!(part.rows, Rows::Settings | Rows::Fixed(_)), list }
}

/// Objects whose name a row of the part tells, and that carry a tag of the owner.
fn names_in(part: &Part, snapshot: &Snapshot, owner: &Owner) -> Vec<String> {
    let ours = snapshot.rows(part.menu).iter().filter_map(|row| Some((row, row.tag.as_ref().filter(|tag| owner.has(tag))?)));
    match part.rows {
        Rows::Named(argument) => ours.filter(|(_, tag)| tag.slot.is_empty()).map(|(row, _)| row.get(argument).to_owned()).collect(),
        Rows::Marked(_) => ours.filter(|(_, tag)| tag.slot.is_empty()).map(|(_, tag)| tag.object.clone()).collect(),
        Rows::Each { owner: argument, .. } => ours.map(|(row, _)| row.get(argument).to_owned()).collect(),
        _ => Vec::new(),
    }
}

fn rows_of<'s>(part: &Part, look: Look<'_>, snapshot: &'s Snapshot) -> Vec<&'s SeenRow> {
    let rows = snapshot.rows(part.menu).iter();
    let ours = |row: &&SeenRow, slot: &str| row.tag.as_ref().is_some_and(|tag| look.owner.has(tag) && tag.object == look.object && tag.slot == slot);
    match part.rows {
        Rows::Named(argument) | Rows::Fixed(argument) => {
            // Some menus have several rows of one name, and somebody else's may stand in front of ours.
            let named = || rows.clone().filter(|row| row.get(argument) == look.object);
            let is_ours = |row: &&SeenRow| row.tag.as_ref().is_some_and(|tag| look.owner.has(tag) && tag.slot.is_empty());
            named().find(is_ours).or_else(|| named().next()).into_iter().collect()
        }
        Rows::Settings => rows.take(1).collect(),
        Rows::Marked(arguments) => {
            let marked: Vec<_> = rows.clone().filter(|row| ours(row, "")).collect();
            let nobodys = || rows.filter(|row| row.tag.is_none() && is_at(row, arguments, look)).take(1).collect();
            if marked.is_empty() { nobodys() } else { marked }
        }
        Rows::Attached { argument, slot } => {
            let attached: Vec<_> = rows.filter(|row| row.get(argument) == look.object).collect();
            let marked: Vec<_> = attached.iter().filter(|row| ours(row, slot)).copied().collect();
            let nobodys = || attached.iter().filter(|row| row.tag.is_none()).take(1).copied().collect();
            if marked.is_empty() { nobodys() } else { marked }
        }
        Rows::Keyed { arguments, slot } => {
            let marked: Vec<_> = rows.clone().filter(|row| ours(row, slot)).collect();
            let names: Vec<&str> = arguments.iter().map(|(argument, _)| *argument).collect();
            let nobodys = || rows.filter(|row| row.tag.is_none() && is_at(row, &names, look)).take(1).collect();
            if marked.is_empty() { nobodys() } else { marked }
        }
        Rows::Each { owner, argument, only, .. } => rows.filter(|row| row.get(owner) == look.object && only(row.get(argument))).collect(),
        Rows::Items { owner, .. } => rows.filter(|row| row.get(owner) == look.object).collect(),
    }
}

fn each(fields: &[Field], path: &str, argument: &str, only: fn(&str) -> bool, rows: &[&SeenRow], values: &mut Map<String, Value>) {
    let Some(Kind::Set(inner)) = field(fields, path).map(|field| field.kind) else { return };
    let before = value_at(values, path).and_then(Value::as_array).cloned().unwrap_or_default();
    let texts = rows.iter().map(|row| row.get(argument)).filter(|text| only(text));
    let mut found: Vec<Value> = before.into_iter().chain(texts.filter_map(|text| from_router(inner, text))).collect();
    found.sort_by_cached_key(core_model::canonical::text);
    found.dedup();
    if !found.is_empty() {
        put(values, path, Value::Array(found));
    }
}

fn items(fields: &'static [Field], path: &str, key: &str, part: &Part, rows: &[&SeenRow], values: &mut Map<String, Value>) {
    let inner = item_fields(fields, path);
    let named = |row: &&SeenRow| {
        let mut item = item(inner, part.arguments, row);
        if row.tag.is_none() {
            item.insert("name".to_owned(), Value::String(name_of(row.get(key))));
        }
        Value::Object(item)
    };
    let mut found: Vec<Value> = rows.iter().map(named).collect();
    found.sort_by_cached_key(core_model::canonical::text);
    put(values, path, Value::Array(found));
}

/// What an item of nobody is called: its key, in the letters that names of items are made of.
fn name_of(key: &str) -> String {
    let letter = |letter: char| if letter.is_ascii_alphanumeric() || "-_.".contains(letter) { letter } else { '-' };
    key.chars().map(letter).take(ITEM_NAME_CHARS).collect()
}

/// What an item of a list would say: its arguments that are not what they are anyway. Its name is in the tag.
pub(crate) fn item(fields: &[Field], arguments: &[Argument], row: &SeenRow) -> Map<String, Value> {
    let mut item = Map::new();
    let name = row.tag.as_ref().map(|tag| tag.slot.clone()).unwrap_or_default();
    item.insert("name".to_owned(), Value::String(name));
    for argument in arguments {
        let Some(field) = field(fields, argument.field) else { continue };
        let text = row.get(argument.name);
        if argument.default.is_none_or(|default| !row.is(argument.name, default))
            && let Some(value) = read(&field.kind, argument, text)
        {
            item.insert(argument.field.to_owned(), value);
        }
    }
    item
}

fn read(kind: &Kind, argument: &Argument, text: &str) -> Option<Value> {
    match from_router(kind, text)? {
        Value::Bool(set) if argument.is_inverted => Some(Value::Bool(!set)),
        value => Some(value),
    }
}

fn text_of(fields: &[Field], argument: &Argument, specs: &Map<String, Value>) -> Option<String> {
    let kind = field(fields, argument.field)?.kind;
    match value_at(specs, argument.field)? {
        Value::Bool(set) if argument.is_inverted => to_router(&kind, &Value::Bool(!set)),
        value => to_router(&kind, value),
    }
}

/// The arguments that the fields of an item, or of a whole resource, come to.
pub(crate) fn item_row(fields: &[Field], arguments: &[Argument], item: &Map<String, Value>) -> Row {
    arguments.iter().filter_map(|argument| Some((argument.name.to_owned(), text_of(fields, argument, item)?))).collect()
}

/// The generic parts of a type.
trait Reading: Parted {
    fn single(&self, part: &Part, object: &str, row: Option<&SeenRow>, values: &mut Map<String, Value>, defaults: &mut Map<String, Value>) {
        let fields = self.facts().specs;
        let keys = match part.rows {
            Rows::Keyed { arguments, .. } => arguments,
            _ => &[],
        };
        for (argument, path) in keys {
            if let (Some(field), Some(row)) = (field(fields, path), row)
                && let Some(value) = from_router(&field.kind, row.get(argument))
                && value_at(values, path).is_none()
            {
                put(values, path, value);
            }
        }
        for argument in part.arguments {
            let Some(field) = field(fields, argument.field) else { continue };
            let default = self.own_default(object, argument.name).or(argument.default).unwrap_or_default();
            let text = row.map(|row| row.get(argument.name)).filter(|text| !text.is_empty()).unwrap_or(default);
            if !field.write_only
                && let Some(value) = read(&field.kind, argument, text)
            {
                put(values, argument.field, value);
            }
            if let Some(value) = read(&field.kind, argument, default) {
                put(defaults, argument.field, value);
            }
        }
    }

    fn wanted_of(&self, part: &Part, object: &str, specs: &Map<String, Value>) -> Vec<WantedRow> {
        let fields = self.facts().specs;
        let arguments = |fields: &[Field], specs: &Map<String, Value>| item_row(fields, part.arguments, specs);
        let row = |key: Vec<(String, String)>, slot: &str, mut values: Row| {
            values.extend(self.derived(part, object, specs).into_iter().map(|(name, text)| (name.to_owned(), text)));
            values.extend(key.iter().cloned());
            let is_fixed = matches!(part.rows, Rows::Settings | Rows::Fixed(_));
            let those = |test: fn(&Field) -> bool| part.arguments.iter().filter(move |argument| field(fields, argument.field).is_some_and(test));
            let write_only =
                those(|field| field.write_only).map(|argument| (argument.name.to_owned(), format!("specs.{}", argument.field))).collect();
            let kept = those(|field| field.unset == Unset::Keep).map(|argument| argument.name.to_owned()).collect();
            let made_with = self.made_with(part, specs).into_iter().map(|(name, text)| (name.to_owned(), text.to_owned())).collect();
            let (menu, slot, has_comment) = (part.menu.to_owned(), slot.to_owned(), part.has_comment);
            WantedRow { menu, key, slot, values, made_with, has_comment, is_fixed, write_only, kept }
        };
        let named = |argument: &str, text: &str| (argument.to_owned(), text.to_owned());
        match part.rows {
            Rows::Named(argument) | Rows::Fixed(argument) => vec![row(vec![named(argument, object)], "", arguments(fields, specs))],
            Rows::Attached { argument, slot } => {
                let mut values = arguments(fields, specs);
                values.insert(argument.to_owned(), object.to_owned());
                vec![row(Vec::new(), slot, values)]
            }
            Rows::Marked(_) => vec![row(Vec::new(), "", arguments(fields, specs))],
            Rows::Settings => vec![row(Vec::new(), "", arguments(fields, specs))],
            Rows::Keyed { arguments: keys, slot } => {
                let text = |path: &str| to_router(&field(fields, path)?.kind, value_at(specs, path)?);
                let mut values = arguments(fields, specs);
                values.extend(keys.iter().filter_map(|(argument, path)| Some(named(argument, &text(path)?))));
                vec![row(Vec::new(), slot, values)]
            }
            Rows::Each { field: path, argument, owner, only } => {
                let texts = value_at(specs, path).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).filter(|text| only(text));
                texts.map(|text| row(vec![named(owner, object), named(argument, text)], text, Row::new())).collect()
            }
            Rows::Items { field: path, key, argument, owner } => {
                let inner = item_fields(fields, path);
                let items = value_at(specs, path).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object);
                let keyed = |item: &Map<String, Value>| {
                    let text = to_router(&field(inner, key)?.kind, item.get(key)?)?;
                    let slot = item.get("name").and_then(Value::as_str).unwrap_or(&text).to_owned();
                    Some(row(vec![named(owner, object), named(argument, &text)], &slot, arguments(inner, item)))
                };
                items.filter_map(keyed).collect()
            }
        }
    }
}

impl<T: Parted> Reading for T {}
