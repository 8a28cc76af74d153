//! `/system/reboot`.

use super::{Answer, Caller, Request};
use crate::trap::Trap;
use crate::world::World;

pub(super) fn run(world: &mut World, _: &Caller, _: &Request) -> Result<Answer, Trap> {
    world.reboot();
    Ok(Answer::nothing())
}
