//! `export` and `/import`: the configuration as a script, and back.

use super::{Answer, Caller, Request, file};
use crate::export::{self, Style};
use crate::script;
use crate::trap::Trap;
use crate::world::World;

/// Over the API an export shows nothing; with `file` it is written there.
pub(super) fn export(world: &mut World, caller: &Caller, request: &Request) -> Result<Answer, Trap> {
    let text = export::text(world, &Style::of(caller, request));
    if let Some(name) = request.argument("file") {
        file::write(world, &format!("{name}.rsc"), "script", &text);
    }
    Ok(Answer::nothing())
}

pub(super) fn import(world: &mut World, caller: &Caller, request: &Request) -> Result<Answer, Trap> {
    let name = request.argument("file-name").ok_or_else(|| Trap::missing("file-name"))?;
    let found = world.config.entries("/file").named(name).and_then(|item| item.get("contents"));
    let text = found.ok_or_else(|| Trap::failure("failure: file not found"))?.to_owned();
    match (request.argument("dry-run"), request.argument("verbose")) {
        (Some(_), None) => return Err(Trap::failure("failure: dry-run requires verbose")),
        (Some(_), Some(_)) => script::check(&text)?,
        (None, _) => script::run(world, caller, &text)?,
    }
    Ok(Answer::nothing())
}
