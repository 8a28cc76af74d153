//! `get`: one value.

use super::{Answer, Caller, Request, menu_of, resolve, row};
use crate::trap::Trap;
use crate::world::World;

pub(super) fn run(world: &mut World, caller: &Caller, request: &Request) -> Result<Answer, Trap> {
    let menu = menu_of(world, request)?;
    let id = resolve::items(world, &menu, request)?.first().copied().ok_or_else(Trap::no_such_item)?;
    let item = world.config.entries(&menu.path).get(id).ok_or_else(Trap::no_such_item)?;
    value(row(world, caller, &menu, item), request)
}

/// The value that is asked for, or all of them as a router writes an array.
pub(super) fn value(row: super::Row, request: &Request) -> Result<Answer, Trap> {
    let Some(name) = request.argument("value-name") else {
        let all: Vec<String> = row.iter().map(|(name, value)| format!("{name}={value}")).collect();
        return Ok(Answer::ret(all.join(";")));
    };
    let found = row.into_iter().find(|(given, _)| given == name);
    found.map(|(_, value)| Answer::ret(value)).ok_or_else(|| Trap::not_a_value_of("value-name"))
}
