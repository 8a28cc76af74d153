//! What does an entry look like from outside?

use super::Caller;
use crate::tables::{Field, Kind, Menu, Shape};
use crate::values::{self, Names};
use crate::world::{Item, World};

/// Names and values of an entry, in the order in which they are sent.
pub(crate) type Row = Vec<(String, String)>;

/// The contents of a larger file are not shown; `/file/read` gives them in parts.
const CONTENTS_BYTES_MAX: usize = 61_440;

/// An entry with its defaults and with what the router itself says of it.
pub(crate) fn row(world: &World, caller: &Caller, menu: &Menu, item: &Item) -> Row {
    let mut row = Row::new();
    if menu.shape != Shape::Single {
        row.push((".id".to_owned(), item.id.to_string()));
    }
    // `dynamic` is a flag, also where it is an argument.
    let is_visible = |field: &&Field| field.name != "dynamic" && !field.is_hidden && (!field.is_secret || caller.may("sensitive"));
    for field in menu.fields.iter().filter(is_visible) {
        let value = item.effective(menu, &field.name).map(str::to_owned).or_else(|| super::hooks::computed(world, menu, item, &field.name));
        if let Some(value) = value.filter(|value| menu.path != "/file" || field.name != "contents" || value.len() <= CONTENTS_BYTES_MAX) {
            let value = if field.kind == Kind::PolicySet { values::shown_policies(&value) } else { value };
            row.push((field.name.clone(), value));
        }
    }
    row.extend(flags(world, menu, item).into_iter().map(|(name, value)| (name.to_owned(), value.to_string())));
    row.extend(super::hooks::more(world, menu, item));
    row
}

fn flags(world: &World, menu: &Menu, item: &Item) -> Vec<(&'static str, bool)> {
    let mut flags = Vec::new();
    if menu.shape == Shape::Single {
        return flags;
    }
    if menu.is_interface {
        flags.push(("running", !item.is_disabled()));
        return flags;
    }
    if menu.shape != Shape::Fixed {
        flags.push(("dynamic", item.is_dynamic));
    }
    if menu.field("disabled").is_some() {
        flags.push(("invalid", !item.is_disabled() && is_invalid(world, menu, item)));
    }
    if item.is_default {
        flags.push(("default", true));
    }
    if item.is_builtin {
        flags.push(("builtin", true));
    }
    flags
}

/// The entry refers to something that is gone.
fn is_invalid(world: &World, menu: &Menu, item: &Item) -> bool {
    menu.fields.iter().any(|field| {
        let (Some(target), Some(value)) = (field.kind.refers_to(), item.get(&field.name)) else { return false };
        let bare = value.trim_start_matches('!');
        matches!(field.kind, Kind::Reference(_)) && !bare.is_empty() && !world.has(target, bare)
    })
}

/// From 7.20 on `/ip/service` lists open connections beside the services, as dynamic entries.
pub(super) fn connections(world: &World, menu: &Menu) -> Vec<Row> {
    if menu.path != "/ip/service" || !world.version.services_list_connections() {
        return Vec::new();
    }
    world.open_connections()
}
