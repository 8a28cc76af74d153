//! What can be said of any other menu? Its rows, by the router's own names for arguments.

use std::collections::BTreeSet;

use core_model::plan::{Action, Risk};
use core_model::resource_type::{Finding, Ownership, ResourceType, TypeFacts};
use core_model::schema::{Check, Field, Kind};
use core_model::state::DesiredResource;
use serde_json::{Map, Value, json};

use super::{REACH, cutting, facts};
use crate::change::{Change, Goal, Refusal, converge};
use crate::form::canonical;
use crate::shape::{LiveRow, Look, Owner, SeenObject, Shape, WantedRow, as_values, specs};
use crate::snapshot::{SeenRow, Snapshot};
use crate::wire::Row;

/// `/ip/dns/static`.
pub(super) const PATH: Check = Check { what: "a menu's path", example: "/ip/dns/static", parse: path, comparable: Check::whole };

const SPECS: &[Field] = &[
    cutting(Field::new("path", Kind::Checked(&PATH), "The menu, for example `/ip/dns/static`.").required().replace()),
    Field::new("key", Kind::List(&Kind::Text), "The arguments that tell entries apart; `[name]` when left out.").write_only().risk(Risk::None),
    cutting(Field::new("entries", Kind::Set(&Kind::Map(&Kind::Text)), "The entries, by the router's own names for arguments.").required()),
    REACH,
];

const FACTS: TypeFacts =
    TypeFacts { ownership: Ownership::Recorded, ..facts("menu", "Entries of any menu, by the router's own names for arguments.", SPECS) };

/// Menus whose rows have no comment (counted on the trees of 7.15 to 7.24); what we made there is known by the record alone.
const WITHOUT_COMMENT: &[&str] =
    &["/certificate", "/file", "/ip/dhcp-relay", "/ip/ipsec/mode-config", "/ip/ipsec/profile", "/queue/type", "/system/leds"];
const WITHOUT_COMMENT_BELOW: &[&str] = &["/ip/hotspot", "/routing/pimsm"];

/// What the router tells of a row that nobody set.
const NOT_SET: [&str; 9] = ["comment", "dynamic", "invalid", "builtin", "default", "running", "inactive", "bytes", "packets"];

fn path(text: &str) -> Result<String, String> {
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    let words = text.strip_prefix('/').ok_or("does not begin with `/`")?;
    if words.split('/').all(is_word) { Ok(text.to_owned()) } else { Err("is not made of lower-case words and `/`".to_owned()) }
}

/// The entries of a menu.
#[derive(Debug, Clone, Copy)]
pub(super) struct Menu;

/// What the fields say.
struct Entries<'v> {
    path: &'v str,
    key: Vec<&'v str>,
    entries: Vec<Row>,
}

impl<'v> Entries<'v> {
    fn of(values: &'v Map<String, Value>) -> Option<Self> {
        let specs = specs(values)?;
        let key = specs.get("key").and_then(Value::as_array).map(|names| names.iter().filter_map(Value::as_str).collect());
        let text = |(name, text): (&String, &Value)| Some((name.clone(), text.as_str()?.to_owned()));
        let entries = specs.get("entries").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object);
        Some(Self {
            path: specs.get("path")?.as_str()?,
            key: key.unwrap_or_else(|| vec!["name"]),
            entries: entries.map(|entry| entry.iter().filter_map(text).collect()).collect(),
        })
    }

    fn key_of(&self, entry: &Row) -> Vec<(String, String)> {
        self.key.iter().map(|name| ((*name).to_owned(), entry.get(*name).cloned().unwrap_or_default())).collect()
    }
}

/// A place is the path, the key and the entries: what must be found there, and in which spelling it is wanted.
fn place_text(entries: &Entries<'_>) -> String {
    json!({"path": entries.path, "key": entries.key, "entries": entries.entries}).to_string()
}

struct Place {
    path: String,
    key: Vec<String>,
    entries: Vec<Row>,
}

impl Place {
    /// The entry that a row is, if it is any.
    fn entry_of(&self, row: &SeenRow) -> Option<&Row> {
        self.entries.iter().find(|entry| self.key.iter().all(|name| row.is(name, entry.get(name).map_or("", String::as_str))))
    }
}

fn places(texts: &BTreeSet<String>) -> Vec<Place> {
    let parse = |text: &String| {
        let value: Value = serde_json::from_str(text).ok()?;
        Some(Place {
            path: value.get("path")?.as_str()?.to_owned(),
            key: serde_json::from_value(value.get("key")?.clone()).ok()?,
            entries: serde_json::from_value(value.get("entries")?.clone()).ok()?,
        })
    };
    texts.iter().filter_map(parse).collect()
}

impl Shape for Menu {
    fn menus(&self, texts: &BTreeSet<String>) -> BTreeSet<String> {
        places(texts).into_iter().map(|place| place.path).collect()
    }

    fn names(&self, snapshot: &Snapshot, owner: &Owner) -> BTreeSet<String> {
        let tags = snapshot.menus.values().flatten().filter_map(|row| row.tag.as_ref());
        tags.filter(|tag| owner.has(tag) && tag.slot.starts_with('=')).map(|tag| tag.object.clone()).collect()
    }

    fn live<'s>(&self, look: Look<'_>, snapshot: &'s Snapshot) -> Vec<LiveRow<'s>> {
        let places = places(look.places);
        let is_tagged =
            |row: &SeenRow| row.tag.as_ref().is_some_and(|tag| look.owner.has(tag) && tag.object == look.object && tag.slot.starts_with('='));
        let is_at = |menu: &str, row: &SeenRow| {
            row.tag.is_none() && places.iter().filter(|place| place.path == menu).any(|place| place.entry_of(row).is_some())
        };
        let rows = snapshot.menus.iter().flat_map(|(menu, rows)| rows.iter().map(move |row| (menu, row)));
        let found = rows.filter(|(menu, row)| is_tagged(row) || is_at(menu, row));
        found.map(|(menu, row)| LiveRow { menu, row, is_fixed: false, list: None }).collect()
    }

    fn seen(&self, look: Look<'_>, snapshot: &Snapshot) -> SeenObject {
        let live = self.live(look, snapshot);
        let Some(first) = live.first() else { return SeenObject::default() };
        let places = places(look.places);
        let marker = live.iter().find_map(|live| live.row.tag.as_ref()).map(|tag| tag.marker.clone());
        let mut entries: Vec<Value> = live.iter().map(|live| entry(live.row, &places)).collect();
        entries.sort_by_cached_key(core_model::canonical::text);
        let mut specs = Map::new();
        specs.insert("path".to_owned(), json!(first.menu));
        specs.insert("entries".to_owned(), Value::Array(entries));
        SeenObject { marker, values: as_values(specs), defaults: Map::new() }
    }

    fn wanted(&self, _object: &str, values: &Map<String, Value>) -> Vec<WantedRow> {
        let Some(entries) = Entries::of(values) else { return Vec::new() };
        let has_comment = !WITHOUT_COMMENT.contains(&entries.path) && !WITHOUT_COMMENT_BELOW.iter().any(|below| entries.path.starts_with(below));
        let row = |entry: &Row| {
            let key = entries.key_of(entry);
            let slot = format!("={}", key.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>().join("|"));
            WantedRow {
                menu: entries.path.to_owned(),
                key,
                slot,
                values: entry.clone(),
                made_with: Row::new(),
                has_comment,
                is_fixed: false,
                write_only: Vec::new(),
                kept: Vec::new(),
            }
        };
        entries.entries.iter().map(row).collect()
    }

    fn default_of(&self, _object: &str, _menu: &str, _argument: &str) -> Option<String> {
        None
    }

    /// Menus without a type of their own are not imported: nobody says which of four hundred.
    fn nobodys(&self, _snapshot: &Snapshot) -> Vec<(String, BTreeSet<String>)> {
        Vec::new()
    }

    fn converge(&self, look: Look<'_>, snapshot: &Snapshot, goal: &Goal<'_>) -> Result<Vec<Change>, Refusal> {
        converge(self, look, snapshot, goal)
    }
}

/// What an entry would say: of the arguments that the blueprint or the record names for it, in their spelling where it means the same.
fn entry(row: &SeenRow, places: &[Place]) -> Value {
    let told: Vec<&Row> = places.iter().filter_map(|place| place.entry_of(row)).collect();
    let names: BTreeSet<&String> = told.iter().flat_map(|entry| entry.keys()).collect();
    let spelled = |name: &String| {
        let text = row.get(name);
        let as_told = told.iter().filter_map(|entry| entry.get(name)).find(|told| row.is(name, told));
        (!text.is_empty()).then(|| (name.clone(), json!(as_told.map_or(text, String::as_str))))
    };
    Value::Object(names.into_iter().filter_map(spelled).collect())
}

impl ResourceType for Menu {
    fn facts(&self) -> &'static TypeFacts {
        const { &FACTS }
    }

    fn validate(&self, resource: &DesiredResource) -> Vec<Finding> {
        let Some(entries) = Entries::of(&resource.values) else { return Vec::new() };
        let finding =
            |path: String, summary: &'static str, detail: String, hint: &str| Finding { path, summary, detail, hint: Some(hint.to_owned()) };
        let mut findings = Vec::new();
        let mut keys = BTreeSet::new();
        if super::shapes().iter().any(|shape| shape.facts().name == "firewall" && shape.menus(&BTreeSet::new()).contains(entries.path)) {
            let detail = format!("The order of `{}` means something, and entries have none.", entries.path);
            findings.push(finding("specs.path".to_owned(), "Menu with an order", detail, "use `type: firewall`"));
        }
        for (index, entry) in entries.entries.iter().enumerate() {
            let path = format!("specs.entries[{index}]");
            let key = entries.key_of(entry);
            if let Some((missing, _)) = key.iter().find(|(_, text)| text.is_empty()) {
                let detail = format!("The entry has no `{missing}`, by which it is told from others.");
                findings.push(finding(path.clone(), "Entry without key", detail, "set it, or name other arguments in `key`"));
            }
            let canonical: Vec<String> = key.iter().map(|(name, text)| canonical(name, text).into_owned()).collect();
            if !keys.insert(canonical) {
                findings.push(finding(
                    path.clone(),
                    "Two entries with one key",
                    "Another entry has the same key.".to_owned(),
                    "name more arguments in `key`",
                ));
            }
            if let Some(name) = entry.keys().find(|name| NOT_SET.contains(&name.as_str()) || name.starts_with('.')) {
                findings.push(finding(path, "Argument not possible", format!("`{name}` is not the author's to set."), "leave it out"));
            }
        }
        findings
    }

    fn place(&self, values: &Map<String, Value>) -> Option<String> {
        Entries::of(values).map(|entries| place_text(&entries))
    }

    fn least_risk(&self, _action: Action, values: &Map<String, Value>) -> Risk {
        super::settings::risk_at(specs(values).and_then(|specs| specs.get("path")).and_then(Value::as_str))
    }
}
