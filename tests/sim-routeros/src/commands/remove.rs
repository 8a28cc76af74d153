//! `remove`: an entry goes.

use super::{Answer, Caller, Request, add, hooks, menu_of, resolve};
use crate::tables::Menu;
use crate::trap::Trap;
use crate::world::{ItemId, World};

pub(super) fn run(world: &mut World, caller: &Caller, request: &Request) -> Result<Answer, Trap> {
    let menu = menu_of(world, request)?;
    for id in resolve::items(world, &menu, request)? {
        check_removable(world, &menu, id)?;
        let removed = world.config.entries_mut(&menu.path).remove(&menu, id);
        if let Some(name) = removed.as_ref().and_then(|item| item.get("name")) {
            hooks::removed(world, &menu, name, id);
        }
        world.tell(&menu, id, true);
    }
    world.did(&caller.user, format!("{} removed", add::noun(&menu)));
    Ok(Answer::nothing())
}

fn check_removable(world: &World, menu: &Menu, id: ItemId) -> Result<(), Trap> {
    let entries = world.config.entries(&menu.path);
    let item = entries.get(id).ok_or_else(Trap::no_such_item)?;
    if item.is_builtin || item.is_default {
        return Err(Trap::failure("failure: can not remove default item"));
    }
    if item.is_dynamic {
        return Err(Trap::failure("failure: can not remove dynamic item"));
    }
    let is_another_full = |other: &crate::world::Item| other.id != id && other.get("group") == Some("full") && !other.is_disabled();
    if menu.path == "/user" && item.get("group") == Some("full") && !entries.items.iter().any(is_another_full) {
        return Err(Trap::failure("failure: can't remove last user with full permissions"));
    }
    Ok(())
}
