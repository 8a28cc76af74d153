//! At which address is the BMC? IPMI 2.0, section 23.1 and 23.2. What is set is kept; a BMC that follows it is not heard of any more.

use std::collections::BTreeMap;

use super::{Answer, WRONG_LENGTH, done, refused};
use crate::world::World;

const NO_SUCH_PARAMETER: u8 = 0x80;
const READ_ONLY: u8 = 0x82;
const ADDRESS: u8 = 3;

/// Parameters by number: set in progress, address, source, hardware address, netmask, gateway, VLAN.
pub(crate) fn factory() -> BTreeMap<u8, Vec<u8>> {
    BTreeMap::from([
        (0, vec![0]),
        (3, vec![10, 9, 0, 99]),
        (4, vec![2]),
        (5, vec![0x02, 0, 0, 0, 0, 0x01]),
        (6, vec![255, 255, 0, 0]),
        (12, vec![10, 9, 255, 254]),
        (20, vec![0, 0]),
    ])
}

pub(super) fn parameter(world: &mut World, _: u32, data: &[u8]) -> Answer {
    let [_, parameter, ..] = data else { return refused(WRONG_LENGTH) };
    match world.machine.lan.get(parameter) {
        Some(value) => done([&[0x11], value.as_slice()].concat()),
        None => refused(NO_SUCH_PARAMETER),
    }
}

pub(super) fn set_parameter(world: &mut World, _: u32, data: &[u8]) -> Answer {
    let [_, parameter, value @ ..] = data else { return refused(WRONG_LENGTH) };
    match world.machine.lan.get_mut(parameter) {
        Some(_) if *parameter == 5 => refused(READ_ONLY),
        Some(known) if known.len() == value.len() => {
            known.copy_from_slice(value);
            // It says yes from where it was, and is not there any more.
            world.silent |= *parameter == ADDRESS && world.machine.follows_its_address;
            done([])
        }
        Some(_) => refused(WRONG_LENGTH),
        None => refused(NO_SUCH_PARAMETER),
    }
}
