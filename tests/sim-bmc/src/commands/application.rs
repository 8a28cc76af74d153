//! Who the BMC is, and who may log in: IPMI 2.0, chapter 20 and 22.

use super::{Answer, UNKNOWN_COMMAND, WRONG_LENGTH, WRONG_VALUE, before_login, done, refused};
use crate::cryptography::SUITES;
use crate::machine::{SLOTS, User};
use crate::packets::Message;
use crate::world::World;

pub(super) fn device_id(_: &mut World, _: u32, _: &[u8]) -> Answer {
    done([0x20, 0x01, 0x02, 0x17, 0x02, 0xbf, 0x00, 0x00, 0x00, 0x34, 0x12, 0, 0, 0, 0])
}

pub(super) fn guid(world: &mut World, _: u32, _: &[u8]) -> Answer {
    done(world.machine.guid)
}

pub(super) fn capabilities(world: &mut World, _: u32, data: &[u8]) -> Answer {
    before_login(world, &Message { function: 0x06, command: 0x38, sequence: 0, data: data.to_vec() })
}

pub(super) fn suites(world: &mut World, _: u32, data: &[u8]) -> Answer {
    if world.kit.tells_suites { cipher_suites(world, data) } else { refused(UNKNOWN_COMMAND) }
}

/// In pieces of sixteen bytes; the tags in the top bits tell algorithms apart.
pub(super) fn cipher_suites(world: &World, data: &[u8]) -> Answer {
    let [_, _, index] = data else { return refused(WRONG_LENGTH) };
    let offered = SUITES.into_iter().filter(|suite| world.kit.suites.contains(&suite.id));
    let records: Vec<u8> = offered
        .flat_map(|suite| {
            let [authentication, integrity, confidentiality] = suite.algorithms;
            [0xc0, suite.id, authentication, 0x40 | integrity, 0x80 | confidentiality]
        })
        .collect();
    let piece = records.chunks(16).nth(usize::from(index & 0x3f)).unwrap_or_default();
    done([&[0x01], piece].concat())
}

pub(super) fn set_privilege(world: &mut World, session: u32, data: &[u8]) -> Answer {
    let Some(privilege) = data.first() else { return refused(WRONG_LENGTH) };
    world.sessions.set_privilege(session, *privilege).map_or_else(|| refused(0x81), |now| done([now]))
}

/// The session ends when the answer has left.
pub(super) fn close(_: &mut World, session: u32, data: &[u8]) -> Answer {
    if data.get(..4) == Some(&session.to_le_bytes()[..]) { done([]) } else { refused(0x87) }
}

fn user(world: &mut World, slot: u8) -> Option<&mut User> {
    world.machine.users.get_mut(usize::from(slot & 0x3f).checked_sub(1)?)
}

pub(super) fn user_access(world: &mut World, _: u32, data: &[u8]) -> Answer {
    let [_, slot] = data else { return refused(WRONG_LENGTH) };
    if *slot > 2 && !world.kit.tells_access {
        return refused(WRONG_VALUE);
    }
    let enabled = world.machine.users.iter().filter(|user| user.enabled).count() as u8;
    let Some(user) = user(world, *slot) else { return refused(WRONG_VALUE) };
    let state = if user.enabled { 0x40 } else { 0x80 };
    done([SLOTS as u8, state | enabled, 0x01, user.privilege | if user.may_send { 0x10 } else { 0 }])
}

pub(super) fn set_user_access(world: &mut World, _: u32, data: &[u8]) -> Answer {
    let [bits, slot, privilege, ..] = data else { return refused(WRONG_LENGTH) };
    let Some(user) = user(world, *slot) else { return refused(WRONG_VALUE) };
    if bits & 0x80 != 0 {
        user.may_send = bits & 0x10 != 0;
    }
    user.privilege = privilege & 0x0f;
    done([])
}

pub(super) fn user_name(world: &mut World, _: u32, data: &[u8]) -> Answer {
    let [slot] = data else { return refused(WRONG_LENGTH) };
    let Some(user) = user(world, *slot) else { return refused(WRONG_VALUE) };
    let mut name = user.name.clone().into_bytes();
    name.resize(16, 0);
    done(name)
}

pub(super) fn set_user_name(world: &mut World, _: u32, data: &[u8]) -> Answer {
    let Some((slot, name)) = data.split_first().filter(|(_, name)| name.len() == 16) else { return refused(WRONG_LENGTH) };
    let text = String::from_utf8_lossy(name).trim_end_matches('\0').to_owned();
    let Some(user) = user(world, *slot) else { return refused(WRONG_VALUE) };
    user.name = text;
    done([])
}

pub(super) fn set_user_password(world: &mut World, _: u32, data: &[u8]) -> Answer {
    let Some(([slot, operation], password)) = data.split_first_chunk::<2>() else { return refused(WRONG_LENGTH) };
    let length = if slot & 0x80 != 0 { 20 } else { 16 };
    let Some(user) = user(world, *slot) else { return refused(WRONG_VALUE) };
    match operation {
        0 => user.enabled = false,
        1 => user.enabled = true,
        2 | 3 if password.len() != length => return refused(WRONG_LENGTH),
        2 => user.password = String::from_utf8_lossy(password).trim_end_matches('\0').to_owned(),
        3 if user.password.as_bytes() == String::from_utf8_lossy(password).trim_end_matches('\0').as_bytes() => {}
        3 => return refused(0x80),
        _ => return refused(WRONG_VALUE),
    }
    done([])
}

/// The channel is one of a local network, whatever its number.
pub(super) fn channel(_: &mut World, _: u32, data: &[u8]) -> Answer {
    let [channel] = data else { return refused(WRONG_LENGTH) };
    done([*channel & 0x0f, 0x04, 0x01, 0x80, 0xf2, 0x1b, 0x00, 0x00, 0x00])
}
