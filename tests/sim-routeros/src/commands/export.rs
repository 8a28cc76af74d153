//! `export` and `/import`: the configuration as a script, and back.

use super::{Answer, Caller, Request, file};
use crate::export::{self, Style};
use crate::script;
use crate::trap::Trap;
use crate::world::World;

/// Over the API an export shows nothing; with `file` it is written there.
pub(super) fn export(world: &mut World, caller: &Caller, request: &Request) -> Result<Answer, Trap> {
    let has = |name: &str| request.argument(name).is_some_and(|value| value != "no" && value != "false");
    let shows_secrets = has("show-sensitive") && caller.may("sensitive");
    let style = Style { is_terse: has("terse"), is_verbose: has("verbose"), shows_secrets, menu: request.menu.clone() };
    let text = export::text(world, &style);
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
