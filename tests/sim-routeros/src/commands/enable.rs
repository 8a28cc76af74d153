//! `enable` and `disable`.

use super::{Answer, Caller, Request, execute_set};
use crate::trap::Trap;
use crate::world::World;

pub(super) fn enable(world: &mut World, caller: &Caller, request: &Request) -> Result<Answer, Trap> {
    execute_set(world, caller, request, "disabled", "no")
}

pub(super) fn disable(world: &mut World, caller: &Caller, request: &Request) -> Result<Answer, Trap> {
    execute_set(world, caller, request, "disabled", "yes")
}
