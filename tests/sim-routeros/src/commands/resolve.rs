//! Which entries does a request mean?

use super::Request;
use crate::tables::{Menu, Shape};
use crate::trap::Trap;
use crate::values;
use crate::world::{ItemId, World};

/// The entries that `.id` or `numbers` name, by identity or by name, separated by commas.
///
/// # Errors
/// `no such item` if one of them is not there; a missing argument if none is named.
pub(super) fn items(world: &World, menu: &Menu, request: &Request) -> Result<Vec<ItemId>, Trap> {
    if menu.shape == Shape::Single {
        return Ok(vec![ItemId(0)]);
    }
    let text = [".id", "numbers", "number"].iter().find_map(|name| request.argument(name));
    let text = text.ok_or_else(|| Trap::missing("numbers"))?;
    values::list(text).iter().map(|part| item(world, menu, part)).collect()
}

/// One entry, by identity or by name.
pub(super) fn item(world: &World, menu: &Menu, text: &str) -> Result<ItemId, Trap> {
    let entries = world.config.entries(&menu.path);
    let found = match ItemId::parse(text) {
        Some(id) => entries.get(id),
        None => entries.named(text),
    };
    found.map(|item| item.id).ok_or_else(Trap::no_such_item)
}

/// The arguments that are fields: what to set, and what to take away.
pub(super) struct FieldArguments<'request> {
    pub(super) set: Vec<(&'request str, &'request str)>,
    pub(super) unset: Vec<&'request str>,
}

pub(super) fn fields<'request>(menu: &Menu, request: &'request Request) -> FieldArguments<'request> {
    let mut fields = FieldArguments { set: Vec::new(), unset: Vec::new() };
    for (name, value) in &request.arguments {
        match name.strip_prefix('!') {
            Some(bare) => fields.unset.push(bare),
            None if menu.field(name).is_some_and(|field| !field.is_read_only) => fields.set.push((name, value)),
            None => {}
        }
    }
    fields
}
