//! `set`: other values for entries.

use std::collections::BTreeMap;

use super::resolve::FieldArguments;
use super::{Answer, Caller, Request, add, hooks, menu_of, resolve};
use crate::tables::{Kind, Menu};
use crate::trap::Trap;
use crate::values;
use crate::world::{Item, ItemId, World};

pub(super) fn run(world: &mut World, caller: &Caller, request: &Request) -> Result<Answer, Trap> {
    let menu = menu_of(world, request)?;
    let ids = resolve::items(world, &menu, request)?;
    let fields = resolve::fields(&menu, request);
    for id in ids {
        let mut item = changeable(world, &menu, id)?;
        let before = item.clone();
        apply(world, &menu, &fields, &mut item.values)?;
        hooks::adjust(world, &menu, caller, &mut item)?;
        put(world, &menu, &before, item)?;
    }
    world.did(&caller.user, format!("{} changed", add::noun(&menu)));
    Ok(Answer::nothing())
}

/// A copy of an entry that may be changed.
pub(super) fn changeable(world: &World, menu: &Menu, id: ItemId) -> Result<Item, Trap> {
    let item = world.config.entries(&menu.path).get(id).ok_or_else(Trap::no_such_item)?;
    if item.is_dynamic {
        return Err(Trap::failure("failure: can not change dynamic"));
    }
    if item.is_builtin {
        return Err(Trap::failure("failure: can not change builtin"));
    }
    Ok(item.clone())
}

/// Puts a changed entry in its place; what referred to its name refers to the new one.
pub(super) fn put(world: &mut World, menu: &Menu, before: &Item, item: Item) -> Result<(), Trap> {
    add::check_unique(world, menu, &item)?;
    let id = item.id;
    let renamed = match (before.get("name"), item.get("name")) {
        (Some(old), Some(new)) if old != new => Some((old.to_owned(), new.to_owned())),
        _ => None,
    };
    world.config.entries_mut(&menu.path).replace(menu, item);
    if let Some((old, new)) = renamed {
        hooks::renamed(world, menu, &old, &new);
    }
    world.tell(menu, id, false);
    Ok(())
}

/// Brings arguments into the router's form and writes them among the values.
pub(super) fn apply(world: &World, menu: &Menu, fields: &FieldArguments<'_>, values: &mut BTreeMap<String, String>) -> Result<(), Trap> {
    for name in &fields.unset {
        values.remove(*name);
    }
    for (name, text) in &fields.set {
        let Some(field) = menu.field(name) else { continue };
        // An empty value takes the field away, where empty is no value of its kind; and a flag says no by that word.
        let is_cleared = text.is_empty() && !is_text(&field.kind) && !field.is_required;
        let is_lowered = field.kind == Kind::Flag && values::boolean(text) == Some(false);
        if is_cleared && field.kind != Kind::Flag || is_lowered || (*name == "comment" && text.is_empty()) {
            values.remove(*name);
        } else {
            values.insert((*name).to_owned(), values::canonical(&field.kind, name, text, world)?);
        }
    }
    Ok(())
}

/// Kinds of which the empty text is a value.
fn is_text(kind: &Kind) -> bool {
    matches!(kind, Kind::Text | Kind::Name(_) | Kind::List | Kind::References(_) | Kind::WireguardKey | Kind::PolicyList | Kind::PolicySet)
}
