//! `unset`: a field as if nobody had ever set it.

use super::{Answer, Caller, Request, add, hooks, menu_of, resolve, set};
use crate::trap::Trap;
use crate::world::World;

pub(super) fn run(world: &mut World, caller: &Caller, request: &Request) -> Result<Answer, Trap> {
    let menu = menu_of(world, request)?;
    let name = request.argument("value-name").ok_or_else(|| Trap::missing("value-name"))?;
    let field = menu.field(name).ok_or_else(|| Trap::not_a_value_of("value-name"))?;
    if field.is_required {
        return Err(Trap::not_a_value_of("value-name"));
    }
    for id in resolve::items(world, &menu, request)? {
        let mut item = set::changeable(world, &menu, id)?;
        let before = item.clone();
        item.values.remove(name);
        hooks::adjust(world, &menu, caller, &mut item)?;
        set::put(world, &menu, &before, item)?;
    }
    world.did(&caller.user, format!("{} changed", add::noun(&menu)));
    Ok(Answer::nothing())
}
