//! How is the serial console set up? IPMI 2.0, section 26.2 and 26.3.

use super::{Answer, WRONG_LENGTH, done, refused};
use crate::world::World;

const NO_SUCH_PARAMETER: u8 = 0x80;

/// What each parameter is from the factory: in progress, enabled, authentication, characters, retries, both bit rates, channel, port.
pub(crate) fn factory() -> Vec<Vec<u8>> {
    vec![vec![0], vec![0], vec![0xc4], vec![0x0c, 0x60], vec![7, 50], vec![7], vec![7], vec![1], vec![0x6f, 0x02]]
}

pub(super) fn parameter(world: &mut World, _: u32, data: &[u8]) -> Answer {
    let [_, parameter, _, _] = data else { return refused(WRONG_LENGTH) };
    match world.machine.console.get(usize::from(*parameter)) {
        Some(value) => done([&[0x11], value.as_slice()].concat()),
        None => refused(NO_SUCH_PARAMETER),
    }
}

pub(super) fn set_parameter(world: &mut World, _: u32, data: &[u8]) -> Answer {
    let [_, parameter, value @ ..] = data else { return refused(WRONG_LENGTH) };
    // Committing is not a state that lasts.
    if let [0, 2] = data[1..] {
        return done([]);
    }
    match world.machine.console.get_mut(usize::from(*parameter)) {
        Some(known) if known.len() == value.len() => {
            known.copy_from_slice(value);
            done([])
        }
        Some(_) => refused(WRONG_LENGTH),
        None => refused(NO_SUCH_PARAMETER),
    }
}
