//! What can be said of any other menu that is a set of settings? Its arguments, by the router's own names.

use std::collections::BTreeSet;

use core_model::plan::{Action, Risk};
use core_model::resource_type::{Ownership, ResourceType, TypeFacts};
use core_model::schema::{Field, Kind};
use serde_json::{Map, Value, json};

use super::menu::PATH;
use super::{REACH, cutting, facts};
use crate::change::{Change, Goal, Refusal, converge};
use crate::shape::{LiveRow, Look, Owner, SeenObject, Shape, WantedRow, as_values, specs};
use crate::snapshot::{SeenRow, Snapshot};
use crate::wire::Row;

const SPECS: &[Field] = &[
    Field::new("path", Kind::Checked(&PATH), "The menu, for example `/ip/settings`.").required().replace(),
    cutting(
        Field::new("values", Kind::Map(&Kind::Text), "Settings, by the router's own names; what is taken out stays as it is.")
            .required()
            .keep_when_unset(),
    ),
    REACH,
];

const FACTS: TypeFacts =
    TypeFacts { ownership: Ownership::Singleton, ..facts("settings", "Settings of any menu that always exist, by the router's own names.", SPECS) };

/// Menus that have nothing to do with whether the router can be reached.
const HARMLESS: &[&str] = &["/ip/dns", "/ip/pool", "/ip/dhcp-server", "/queue", "/snmp", "/system/logging", "/system/ntp", "/system/script", "/tool"];

/// What a change of a menu costs at least.
pub(super) fn risk_at(path: Option<&str>) -> Risk {
    if path.is_some_and(|path| HARMLESS.iter().any(|harmless| path.starts_with(harmless))) { Risk::None } else { Risk::MayDisconnect }
}

/// The settings of a menu.
#[derive(Debug, Clone, Copy)]
pub(super) struct Settings;

fn path(values: &Map<String, Value>) -> Option<&str> {
    specs(values)?.get("path")?.as_str()
}

/// A place is the path and the wanted values.
fn places(texts: &BTreeSet<String>) -> Vec<(String, Row)> {
    texts.iter().filter_map(|text| serde_json::from_str(text).ok()).collect()
}

impl Shape for Settings {
    fn menus(&self, texts: &BTreeSet<String>) -> BTreeSet<String> {
        places(texts).into_iter().map(|(path, _)| path).collect()
    }

    fn names(&self, _snapshot: &Snapshot, _owner: &Owner) -> BTreeSet<String> {
        BTreeSet::new()
    }

    fn live<'s>(&self, look: Look<'_>, snapshot: &'s Snapshot) -> Vec<LiveRow<'s>> {
        let places = places(look.places);
        let menu = snapshot.menus.iter().find(|(menu, _)| places.iter().any(|(path, _)| path == *menu));
        // Rows of a list have ids: the first of them is somebody's, and no setting.
        let row = |(menu, rows): (&'s String, &'s Vec<SeenRow>)| {
            rows.first().filter(|row| row.id.is_empty()).map(|row| LiveRow { menu, row, is_fixed: true, list: None })
        };
        menu.and_then(row).into_iter().collect()
    }

    fn seen(&self, look: Look<'_>, snapshot: &Snapshot) -> SeenObject {
        let live = self.live(look, snapshot);
        let Some(first) = live.first() else { return SeenObject::default() };
        // In the spelling of the blueprint or the record where it means the same.
        let places = places(look.places);
        let spelled = |name: &String, text: &String| {
            let told = places.iter().filter_map(|(_, values)| values.get(name)).find(|told| first.row.is(name, told));
            (name.clone(), json!(told.unwrap_or(text)))
        };
        let told = first.row.values.iter().filter(|(_, text)| !text.is_empty()).map(|(name, text)| spelled(name, text)).collect();
        let specs = Map::from_iter([("path".to_owned(), json!(first.menu)), ("values".to_owned(), Value::Object(told))]);
        SeenObject { marker: None, values: as_values(specs), defaults: Map::new() }
    }

    fn wanted(&self, _object: &str, values: &Map<String, Value>) -> Vec<WantedRow> {
        let (Some(menu), Some(set)) = (path(values), specs(values).and_then(|specs| specs.get("values")).and_then(Value::as_object)) else {
            return Vec::new();
        };
        let row: Row = set.iter().filter_map(|(name, text)| Some((name.clone(), text.as_str()?.to_owned()))).collect();
        let kept = row.keys().cloned().collect();
        vec![WantedRow {
            menu: menu.to_owned(),
            key: Vec::new(),
            slot: String::new(),
            values: row,
            made_with: Row::new(),
            has_comment: false,
            is_fixed: true,
            write_only: Vec::new(),
            kept,
        }]
    }

    fn default_of(&self, _object: &str, _menu: &str, _argument: &str) -> Option<String> {
        None
    }

    /// Menus without a type of their own are not imported: nobody says which of four hundred.
    fn nobodys(&self, _snapshot: &Snapshot) -> Vec<(String, BTreeSet<String>)> {
        Vec::new()
    }

    fn converge(&self, look: Look<'_>, snapshot: &Snapshot, goal: &Goal<'_>) -> Result<Vec<Change>, Refusal> {
        let is_list = |menu: &String| snapshot.rows(menu).iter().any(|row| !row.id.is_empty());
        match self.menus(look.places).iter().find(|menu| is_list(menu)) {
            Some(menu) if goal.action.mutates() => Err(Refusal(format!("`{menu}` is a list of entries and no set of settings"))),
            _ => converge(self, look, snapshot, goal),
        }
    }
}

impl ResourceType for Settings {
    fn facts(&self) -> &'static TypeFacts {
        const { &FACTS }
    }

    fn place(&self, values: &Map<String, Value>) -> Option<String> {
        let set = specs(values)?.get("values").and_then(Value::as_object).into_iter().flatten();
        let set: Row = set.filter_map(|(name, text)| Some((name.clone(), text.as_str()?.to_owned()))).collect();
        Some(json!([path(values)?, set]).to_string())
    }

    fn least_risk(&self, _action: Action, values: &Map<String, Value>) -> Risk {
        risk_at(path(values))
    }
}
