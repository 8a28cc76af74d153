//! `comment`: the comment of entries.

use super::{Answer, Caller, Request, execute_set};
use crate::trap::Trap;
use crate::world::World;

pub(super) fn run(world: &mut World, caller: &Caller, request: &Request) -> Result<Answer, Trap> {
    let comment = request.argument("comment").ok_or_else(|| Trap::missing("comment"))?.to_owned();
    execute_set(world, caller, request, "comment", &comment)
}
