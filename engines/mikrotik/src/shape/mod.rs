//! How does a resource become rows of the router's menus, and how do rows become what a blueprint would say?

mod part;
mod parted;

use std::collections::BTreeSet;

use core_model::resource_type::ResourceType;
use core_model::{EnvironmentId, Marker};
use serde_json::{Map, Value};

pub(crate) use part::{Argument, Part, Rows, When, value_at};
pub(crate) use parted::{Parted, item, item_row, place_of};

use crate::change::{Change, Goal, Refusal};
use crate::snapshot::{SeenRow, Snapshot};
use crate::tag::Tag;
use crate::wire::Row;

/// Whose rows are ours.
#[derive(Debug, Clone)]
pub(crate) struct Owner {
    pub(crate) owner_id: String,
    /// `None`: of any environment.
    pub(crate) environment: Option<EnvironmentId>,
}

impl Owner {
    pub(crate) fn of(marker: &Marker) -> Self {
        Self { owner_id: marker.owner_id.clone(), environment: Some(marker.environment.clone()) }
    }

    pub(crate) fn has(&self, tag: &Tag) -> bool {
        tag.marker.owner_id == self.owner_id && self.environment.as_ref().is_none_or(|environment| *environment == tag.marker.environment)
    }
}

/// Which object is looked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Look<'a> {
    pub(crate) object: &'a str,
    pub(crate) places: &'a BTreeSet<String>,
    pub(crate) owner: &'a Owner,
}

/// One row as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WantedRow {
    pub(crate) menu: String,
    /// Which rows of one menu are the same row: arguments that tell. Empty where there is at most one.
    pub(crate) key: Vec<(String, String)>,
    /// Which part of the object it is, for its tag.
    pub(crate) slot: String,
    pub(crate) values: Row,
    /// What a new row gets besides. On one that is there it is not ours to say.
    pub(crate) made_with: Row,
    pub(crate) has_comment: bool,
    /// It is always there: it can be set, and neither added nor removed.
    pub(crate) is_fixed: bool,
    /// Arguments that the router never tells back, and the paths of their fields.
    pub(crate) write_only: Vec<(String, String)>,
    /// Arguments that stay as they are when nobody sets them any more.
    pub(crate) kept: Vec<String>,
}

/// One row of an object, as it is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LiveRow<'s> {
    pub(crate) menu: &'s str,
    pub(crate) row: &'s SeenRow,
    pub(crate) is_fixed: bool,
    /// The list that the row is an item of, where it is one: who sets the list sets all of it.
    pub(crate) list: Option<&'static str>,
}

/// An object as it is.
#[derive(Debug, Clone, Default)]
pub(crate) struct SeenObject {
    pub(crate) marker: Option<Marker>,
    /// `{"specs": {..}}`.
    pub(crate) values: Map<String, Value>,
    pub(crate) defaults: Map<String, Value>,
}

/// The way between a type's values and rows.
pub(crate) trait Shape: ResourceType {
    /// The menus that must be read to see objects of this type.
    fn menus(&self, places: &BTreeSet<String>) -> BTreeSet<String>;

    /// The names of all objects that carry a tag of the owner.
    fn names(&self, snapshot: &Snapshot, owner: &Owner) -> BTreeSet<String>;

    /// The rows of one object. Empty: it is not there.
    fn live<'s>(&self, look: Look<'_>, snapshot: &'s Snapshot) -> Vec<LiveRow<'s>>;

    /// What a blueprint would say. Only called when there are rows.
    fn seen(&self, look: Look<'_>, snapshot: &Snapshot) -> SeenObject;

    /// The rows that values of a blueprint ask for, in an order in which they can be made.
    fn wanted(&self, object: &str, values: &Map<String, Value>) -> Vec<WantedRow>;

    /// What an argument of a menu holds when nobody sets it. `None`: nothing, and it is taken away with `unset`.
    fn default_of(&self, object: &str, menu: &str, argument: &str) -> Option<String>;

    /// Objects that nobody manages, as an import names them, and where they are.
    fn nobodys(&self, snapshot: &Snapshot) -> Vec<(String, BTreeSet<String>)>;

    /// What must be changed to get from what is there to the goal, in the order in which it is done.
    fn converge(&self, look: Look<'_>, snapshot: &Snapshot, goal: &Goal<'_>) -> Result<Vec<Change>, Refusal>;
}

/// The values below `specs`.
pub(crate) fn specs(values: &Map<String, Value>) -> Option<&Map<String, Value>> {
    values.get("specs").and_then(Value::as_object)
}

/// `{"specs": ..}`.
pub(crate) fn as_values(specs: Map<String, Value>) -> Map<String, Value> {
    Map::from_iter([("specs".to_owned(), Value::Object(specs))])
}
