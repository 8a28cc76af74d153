//! `/user/ssh-keys/add`: a key with which a user comes over SSH. From then on the password alone does not do.

use super::{Answer, Caller, Request};
use crate::trap::Trap;
use crate::world::World;

pub(super) fn add(world: &mut World, _: &Caller, request: &Request) -> Result<Answer, Trap> {
    let given = |name: &str| request.argument(name).ok_or_else(|| Trap::missing(name));
    let (user, key) = (given("user")?.to_owned(), given("key")?.to_owned());
    if world.config.entries("/user").named(&user).is_none() {
        return Err(Trap::not_a_value_of("user"));
    }
    world.ssh_keys.push((user, key));
    Ok(Answer::nothing())
}
