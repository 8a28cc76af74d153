//! `add`: a new entry.

use std::collections::BTreeMap;

use super::{Answer, Caller, Request, hooks, menu_of, resolve, set};
use crate::tables::{Kind, Menu, Shape};
use crate::trap::Trap;
use crate::world::{Item, World, key_of};

pub(super) fn run(world: &mut World, caller: &Caller, request: &Request) -> Result<Answer, Trap> {
    let menu = menu_of(world, request)?;
    let fields = resolve::fields(&menu, request);
    let mut values = BTreeMap::new();
    if let Some(original) = request.argument("copy-from") {
        let id = resolve::item(world, &menu, original)?;
        values = world.config.entries(&menu.path).get(id).map(|item| item.values.clone()).unwrap_or_default();
    }
    set::apply(world, &menu, &fields, &mut values)?;
    name_it(world, &menu, &mut values);
    if let Some(missing) = menu.fields.iter().find(|field| field.is_required && !values.contains_key(&field.name)) {
        return Err(Trap::missing(&missing.name));
    }
    let position = match request.argument("place-before") {
        Some(text) if menu.shape == Shape::Ordered => {
            let before = resolve::item(world, &menu, text)?;
            world.config.entries(&menu.path).position(before).ok_or_else(Trap::no_such_item)?
        }
        _ => world.config.entries(&menu.path).items.len(),
    };
    let id = world.config.next_id(&menu);
    let mut item = Item::new(id, values);
    hooks::adjust(world, &menu, caller, &mut item)?;
    check_unique(world, &menu, &item)?;
    world.config.entries_mut(&menu.path).insert(&menu, position, item);
    world.did(&caller.user, format!("{} added", noun(&menu)));
    world.tell(&menu, id, false);
    Ok(Answer::ret(id.to_string()))
}

/// Refuses an entry whose key, or whose name among interfaces, is taken.
pub(super) fn check_unique(world: &World, menu: &Menu, item: &Item) -> Result<(), Trap> {
    if let Some(key) = key_of(menu, item)
        && world.config.entries(&menu.path).holder(&key).is_some_and(|holder| holder != item.id)
    {
        return Err(Trap::failure(&menu.duplicate));
    }
    if menu.is_interface
        && let Some(name) = item.get("name")
        && world.interface(name).is_some_and(|(_, other)| other.id != item.id)
    {
        return Err(Trap::failure("failure: already have interface with such name"));
    }
    Ok(())
}

/// Makes a name up where the menu wants one and none was given: the word and the lowest free number.
fn name_it(world: &World, menu: &Menu, values: &mut BTreeMap<String, String>) {
    for field in &menu.fields {
        let Kind::Name(word) = &field.kind else { continue };
        if values.get(&field.name).is_some_and(|name| !name.is_empty()) {
            continue;
        }
        let is_taken = |name: &str| world.config.entries(&menu.path).named(name).is_some() || (menu.is_interface && world.interface(name).is_some());
        let free = (1_u32..).map(|number| format!("{word}{number}")).find(|name| !is_taken(name));
        values.extend(free.map(|name| (field.name.clone(), name)));
    }
}

/// What the history calls an entry of a menu: `address` for `/ip/address`.
pub(super) fn noun(menu: &Menu) -> String {
    menu.path.trim_start_matches('/').replace('/', " ")
}
