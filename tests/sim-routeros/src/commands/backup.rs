//! `/system/backup`: all that is configured, in a file of the router.

use super::{Answer, Caller, Request, file};
use crate::trap::Trap;
use crate::world::{Backup, World};

pub(super) fn save(world: &mut World, _: &Caller, request: &Request) -> Result<Answer, Trap> {
    let name = request.argument("name").unwrap_or("backup").trim_end_matches(".backup").to_owned();
    let password = request.argument("password").unwrap_or_default().to_owned();
    let backup = Backup { config: world.config.clone(), password };
    world.backups.insert(name.clone(), backup);
    file::write(world, &format!("{name}.backup"), "backup", "");
    Ok(Answer::nothing())
}

/// What a load takes. A job of the scheduler that lists fewer fails when it fires, and nobody hears of it.
const LOAD_POLICIES: &[&str] = &["ftp", "reboot", "read", "write", "policy", "test"];

/// Puts everything back as it was, and reboots. The password must be named even if it is empty: there is nobody to ask.
pub(super) fn load(world: &mut World, caller: &Caller, request: &Request) -> Result<Answer, Trap> {
    if !LOAD_POLICIES.iter().all(|policy| caller.may(policy)) {
        return Err(Trap::not_permitted());
    }
    let name = request.argument("name").ok_or_else(|| Trap::missing("name"))?.trim_end_matches(".backup");
    let password = request.argument("password").ok_or_else(|| Trap::missing("password"))?;
    let is_there = world.config.entries("/file").named(&format!("{name}.backup")).is_some();
    let backup = world.backups.get(name).filter(|_| is_there).cloned();
    let backup = backup.ok_or_else(|| Trap::failure("failure: file not found"))?;
    if backup.password != password {
        return Err(Trap::failure("failure: wrong password"));
    }
    world.restore(&backup);
    Ok(Answer::nothing())
}
