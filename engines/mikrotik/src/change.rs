//! Which calls lead from the rows that are there to those that are wanted? A comparison of rows; nothing is called here.

use std::collections::BTreeSet;

use core_model::Marker;
use core_model::plan::{Action, FieldChange};
use serde_json::{Map, Value};

use crate::form::same;
use crate::shape::{LiveRow, Look, Owner, Shape, WantedRow, specs, value_at};
use crate::snapshot::{SeenRow, Snapshot};
use crate::tag::Tag;
use crate::wire::Row;

/// One call that changes the router.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Change {
    /// `handle` stands for the id until the router has given one. `before`: an id or a handle; `None` is the end of the list.
    Add {
        menu: String,
        handle: String,
        values: Row,
        before: Option<String>,
    },
    /// `id` is empty for the settings of a menu.
    Set {
        menu: String,
        row: SeenRow,
        values: Row,
    },
    /// Takes the value of an argument away.
    Unset {
        menu: String,
        row: SeenRow,
        argument: String,
    },
    Remove {
        menu: String,
        row: SeenRow,
    },
    Move {
        menu: String,
        row: SeenRow,
        before: Option<String>,
    },
}

impl Change {
    pub(crate) fn menu(&self) -> &str {
        match self {
            Self::Add { menu, .. } | Self::Set { menu, .. } | Self::Unset { menu, .. } | Self::Remove { menu, .. } | Self::Move { menu, .. } => menu,
        }
    }

    /// What the row is called, and is to be called.
    pub(crate) fn names(&self) -> Vec<&str> {
        match self {
            Self::Add { values, .. } => values.get("name").map(String::as_str).into_iter().collect(),
            Self::Set { row, values, .. } => std::iter::once(row.get("name")).chain(values.get("name").map(String::as_str)).collect(),
            Self::Unset { row, .. } | Self::Remove { row, .. } | Self::Move { row, .. } => vec![row.get("name")],
        }
    }
}

/// What a step wants of an object.
#[derive(Clone, Copy)]
pub(crate) struct Goal<'a> {
    pub(crate) action: Action,
    /// With the real secrets. Empty for a delete.
    pub(crate) desired: &'a Map<String, Value>,
    /// What the record says we set.
    pub(crate) applied: Option<&'a Map<String, Value>>,
    pub(crate) changes: &'a [FieldChange],
    /// What new rows are tagged with.
    pub(crate) marker: &'a Marker,
}

impl Goal<'_> {
    /// Whether a list is set now, or was.
    fn sets(&self, field: &str) -> bool {
        let is_set = |values: &Map<String, Value>| specs(values).is_some_and(|specs| value_at(specs, field).is_some());
        is_set(self.desired) || self.applied.is_some_and(is_set)
    }
}

/// Why nothing is done: what is there is not ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal(pub(crate) String);

/// The generic way: rows without an order.
pub(crate) fn converge(shape: &dyn Shape, look: Look<'_>, snapshot: &Snapshot, goal: &Goal<'_>) -> Result<Vec<Change>, Refusal> {
    let live = shape.live(look, snapshot);
    may_change(&live, goal)?;
    let wanted = if goal.action == Action::Delete { Vec::new() } else { shape.wanted(look.object, goal.desired) };
    let before = goal.applied.map(|values| shape.wanted(look.object, values)).unwrap_or_default();
    let mut changes = Vec::new();
    let mut used = BTreeSet::new();
    for (index, row) in wanted.iter().enumerate() {
        let found = live.iter().position(|live| is_same_row(row, live)).filter(|position| !used.contains(position));
        match found {
            Some(position) => {
                let is_known = || before.iter().any(|row| is_same_row(row, &live[position]));
                may_take(&live[position], &live, is_known, goal)?;
                used.insert(position);
                changes.extend(edit(shape, look.object, row, &live[position], &before, goal));
            }
            None if row.is_fixed => return Err(Refusal(format!("`{}` has no entry `{}`", row.menu, look.object))),
            None => changes.push(add(row, index, look.object, goal.marker)),
        }
    }
    let owner = Owner::of(goal.marker);
    let leftover = live.iter().enumerate().filter(|(position, live)| !used.contains(position) && is_to_go(live, &before, &owner, goal));
    let removed: Vec<Change> = leftover.map(|(_, live)| Change::Remove { menu: live.menu.to_owned(), row: live.row.clone() }).rev().collect();
    Ok(in_order(changes, removed))
}

/// New rows first, then the old ones go; but a name is given up before it is taken.
fn in_order(changes: Vec<Change>, removed: Vec<Change>) -> Vec<Change> {
    let names: BTreeSet<String> = changes.iter().filter_map(added_name).map(str::to_owned).collect();
    let (first, last): (Vec<Change>, Vec<Change>) =
        removed.into_iter().partition(|change| matches!(change, Change::Remove { row, .. } if names.contains(row.get("name"))));
    first.into_iter().chain(changes).chain(last).collect()
}

fn added_name(change: &Change) -> Option<&str> {
    match change {
        Change::Add { values, .. } => values.get("name").map(String::as_str),
        _ => None,
    }
}

/// Ours by a tag, or by the record: what was adopted has no tag, and what was moved has one of its former address.
pub(crate) fn may_change(live: &[LiveRow<'_>], goal: &Goal<'_>) -> Result<(), Refusal> {
    let owner = Owner::of(goal.marker);
    let rows: Vec<&LiveRow<'_>> = live.iter().filter(|live| !live.is_fixed).collect();
    let tags: Vec<&Tag> = rows.iter().filter_map(|live| live.row.tag.as_ref()).collect();
    if let Some(other) = tags.iter().find(|tag| !owner.has(tag) || goal.applied.is_none() && tag.marker.address != goal.marker.address) {
        return Err(Refusal(format!("it carries the marker `{}`", other.marker)));
    }
    if !rows.is_empty() && tags.is_empty() && goal.applied.is_none() && !is_adoption(live, goal) {
        return Err(Refusal("it is there and is not managed by ipr".to_owned()));
    }
    Ok(())
}

/// A row without a tag is ours where the record says so, and where it is adopted by this very step. Otherwise somebody else made it, also
/// when the object that it now would belong to is ours. Lists are the exception: who sets one sets all of it.
fn may_take(row: &LiveRow<'_>, live: &[LiveRow<'_>], is_known: impl Fn() -> bool, goal: &Goal<'_>) -> Result<(), Refusal> {
    if row.is_fixed || row.list.is_some() || row.row.tag.is_some() || is_known() || is_adoption(live, goal) {
        return Ok(());
    }
    let row_name = ["name", "address", "vlan-ids"].iter().map(|argument| row.row.get(argument)).find(|text| !text.is_empty());
    Err(Refusal(format!("`{}` in `{}` is there and is not managed by ipr", row_name.unwrap_or("a row"), row.menu)))
}

/// Only what is adopted is changed without a record and without a tag.
pub(crate) fn is_adoption(live: &[LiveRow<'_>], goal: &Goal<'_>) -> bool {
    let has_tag = live.iter().any(|live| !live.is_fixed && live.row.tag.is_some());
    goal.applied.is_none() && !matches!(goal.action, Action::Create | Action::Delete) && !has_tag
}

fn is_same_row(wanted: &WantedRow, live: &LiveRow<'_>) -> bool {
    let is_slot = || live.row.tag.as_ref().is_none_or(|tag| tag.slot == wanted.slot);
    let is_key = || wanted.key.iter().all(|(argument, text)| live.row.is(argument, text));
    wanted.menu == live.menu && if wanted.key.is_empty() { is_slot() } else { is_key() }
}

fn add(row: &WantedRow, index: usize, object: &str, marker: &Marker) -> Change {
    let mut values = row.made_with.clone();
    values.extend(row.values.clone());
    if row.has_comment {
        values.insert("comment".to_owned(), Tag::new(marker, object, &row.slot).comment());
    }
    Change::Add { menu: row.menu.clone(), handle: format!("+{object}/{index}"), values, before: None }
}

/// What differs, and what was set before and is no longer.
fn edit(shape: &dyn Shape, object: &str, wanted: &WantedRow, live: &LiveRow<'_>, before: &[WantedRow], goal: &Goal<'_>) -> Vec<Change> {
    let (menu, row) = (live.menu.to_owned(), live.row);
    let reviewed = |path: &str| goal.action != Action::Create && goal.changes.iter().any(|change| change.path == path && !change.unset);
    let mut values = Row::new();
    for (argument, text) in &wanted.values {
        let blind = wanted.write_only.iter().find(|(name, _)| name == argument);
        let differs = blind.map_or_else(|| !row.is(argument, text), |(_, path)| reviewed(path));
        if differs {
            values.insert(argument.clone(), text.clone());
        }
    }
    // A row that was adopted has no tag and gets none; one of ours follows its item's name.
    if let Some(tag) = row.tag.as_ref().filter(|tag| tag.slot != wanted.slot) {
        values.insert("comment".to_owned(), Tag { slot: wanted.slot.clone(), ..tag.clone() }.comment());
    }
    let was = before.iter().filter(|before| is_same_row(before, live));
    let was_set = was.flat_map(|before| before.values.keys().filter(|argument| !before.kept.contains(argument)));
    let mut unset = Vec::new();
    for argument in was_set.filter(|argument| !wanted.values.contains_key(*argument)) {
        match shape.default_of(object, live.menu, argument) {
            Some(default) if !same(argument, row.get(argument), &default) => _ = values.insert(argument.clone(), default),
            None if !row.get(argument).is_empty() => {
                unset.push(Change::Unset { menu: menu.clone(), row: row.clone(), argument: argument.clone() });
            }
            _ => {}
        }
    }
    let set = (!values.is_empty()).then(|| Change::Set { menu, row: row.clone(), values });
    set.into_iter().chain(unset).collect()
}

/// A row that nothing asks for goes if it is ours, if the record says that we made it, or if it stands in a list that we set.
fn is_to_go(live: &LiveRow<'_>, before: &[WantedRow], owner: &Owner, goal: &Goal<'_>) -> bool {
    let is_ours = live.row.tag.as_ref().is_some_and(|tag| owner.has(tag));
    let was_ours = || before.iter().any(|row| is_same_row(row, live));
    !live.is_fixed && (is_ours || was_ours() || live.list.is_some_and(|field| goal.sets(field)))
}
