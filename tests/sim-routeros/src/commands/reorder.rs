//! `move`: other places in an ordered list.

use super::{Answer, Caller, Request, add, menu_of, resolve};
use crate::trap::Trap;
use crate::world::World;

/// Puts the entries before `destination`, in the order in which they are named; without a destination at the end.
pub(super) fn run(world: &mut World, caller: &Caller, request: &Request) -> Result<Answer, Trap> {
    let menu = menu_of(world, request)?;
    let ids = resolve::items(world, &menu, request)?;
    let destination = request.argument("destination").filter(|text| !text.is_empty());
    let destination = destination.map(|text| resolve::item(world, &menu, text)).transpose()?;
    let entries = world.config.entries_mut(&menu.path);
    if entries.items.iter().any(|item| ids.contains(&item.id) && item.is_dynamic) {
        return Err(Trap::failure("failure: can not move dynamic"));
    }
    if destination.is_some_and(|destination| ids.contains(&destination)) {
        return Ok(Answer::nothing());
    }
    let mut moved = Vec::new();
    for id in &ids {
        if let Some(position) = entries.position(*id) {
            moved.push(entries.items.remove(position));
        }
    }
    let position = destination.and_then(|destination| entries.position(destination)).unwrap_or(entries.items.len());
    entries.items.splice(position..position, moved);
    world.did(&caller.user, format!("{} moved", add::noun(&menu)));
    for id in ids {
        world.tell(&menu, id, false);
    }
    Ok(Answer::nothing())
}
