//! `/safe-mode`: changes that a lost connection takes back. From 7.18 on.

use super::{Answer, Caller, Request, Row, get as get_value};
use crate::trap::Trap;
use crate::world::World;

pub(super) fn print(world: &mut World, caller: &Caller, _: &Request) -> Result<Answer, Trap> {
    Ok(Answer::rows(vec![row(world, caller)]))
}

pub(super) fn get(world: &mut World, caller: &Caller, request: &Request) -> Result<Answer, Trap> {
    get_value::value(row(world, caller), request)
}

fn row(world: &World, caller: &Caller) -> Row {
    let pair = |name: &str, value: String| (name.to_owned(), value);
    let mut row = vec![pair("enabled", world.safe_mode.is_some().to_string())];
    if let Some(safe_mode) = &world.safe_mode {
        row.push(pair("user", safe_mode.user.clone()));
        row.push(pair("current", (caller.connection == Some(safe_mode.holder)).to_string()));
        row.push(pair("owner", "api".to_owned()));
    }
    row
}

/// Binds what follows, from anybody, to this connection.
pub(super) fn take(world: &mut World, caller: &Caller, _: &Request) -> Result<Answer, Trap> {
    let Some(connection) = caller.connection else {
        return Err(Trap::failure("failure: safe mode needs a session"));
    };
    match &world.safe_mode {
        Some(safe_mode) if safe_mode.holder != connection => Err(Trap::failure("failure: safe mode is taken by another session")),
        Some(_) => Ok(Answer::nothing()),
        None => {
            world.take_safe_mode(connection, &caller.user);
            Ok(Answer::nothing())
        }
    }
}

/// Keeps the changes; any session may, also one that did not take safe mode.
pub(super) fn release(world: &mut World, _: &Caller, _: &Request) -> Result<Answer, Trap> {
    world.end_safe_mode();
    Ok(Answer::nothing())
}

/// Takes the changes back.
pub(super) fn unroll(world: &mut World, _: &Caller, _: &Request) -> Result<Answer, Trap> {
    world.unroll_safe_mode();
    Ok(Answer::nothing())
}

pub(super) fn toggle(world: &mut World, caller: &Caller, request: &Request) -> Result<Answer, Trap> {
    match world.safe_mode {
        Some(_) => release(world, caller, request),
        None => take(world, caller, request),
    }
}
