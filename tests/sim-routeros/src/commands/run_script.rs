//! `/system/script/run`.

use super::{Answer, Caller, Request, menu_of, resolve};
use crate::trap::Trap;
use crate::world::World;

pub(super) fn run(world: &mut World, caller: &Caller, request: &Request) -> Result<Answer, Trap> {
    let menu = menu_of(world, request)?;
    let id = resolve::items(world, &menu, request)?.first().copied().ok_or_else(Trap::no_such_item)?;
    let item = world.config.entries(&menu.path).get(id).cloned().ok_or_else(Trap::no_such_item)?;
    world.run_script(caller, &item)?;
    Ok(Answer::nothing())
}
