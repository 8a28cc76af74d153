//! Which commands are there, and who may give them? A table, and what each does.

mod application;
mod chassis;
pub(crate) mod console;
pub(crate) mod lan;
mod storage;

use crate::packets::Message;
use crate::world::World;

/// Completion code and data.
pub(crate) type Answer = (u8, Vec<u8>);

pub(crate) const CLOSE_SESSION: (u8, u8) = (0x06, 0x3c);

const DONE: u8 = 0x00;
const UNKNOWN_COMMAND: u8 = 0xc1;
const WRONG_LENGTH: u8 = 0xc7;
const NOT_PRESENT: u8 = 0xcb;
const WRONG_VALUE: u8 = 0xcc;
const TOO_LITTLE_PRIVILEGE: u8 = 0xd4;
const NOT_IN_THIS_STATE: u8 = 0xd5;

const USER: u8 = 2;
const OPERATOR: u8 = 3;
const ADMINISTRATOR: u8 = 4;

fn done(data: impl Into<Vec<u8>>) -> Answer {
    (DONE, data.into())
}

fn refused(completion: u8) -> Answer {
    (completion, Vec::new())
}

/// The two questions that need no session.
pub(crate) fn before_login(world: &World, message: &Message) -> Answer {
    match (message.function, message.command) {
        (0x06, 0x38) => {
            let key = if world.kit.bmc_key.is_some() { 0x20 } else { 0 };
            done([0x01, 0x80 | 0x04, 0x04 | key, 0x03, 0, 0, 0, 0])
        }
        (0x06, 0x54) if world.kit.tells_suites => application::cipher_suites(world, &message.data),
        (0x06, 0x37) => done(world.machine.guid),
        _ => refused(UNKNOWN_COMMAND),
    }
}

type Command = fn(&mut World, u32, &[u8]) -> Answer;

/// Function, command, the privilege it needs, and what it does.
const COMMANDS: &[(u8, u8, u8, Command)] = &[
    (0x00, 0x01, USER, chassis::status),
    (0x00, 0x02, OPERATOR, chassis::control),
    (0x00, 0x04, OPERATOR, chassis::identify),
    (0x00, 0x06, OPERATOR, chassis::restore_policy),
    (0x00, 0x08, OPERATOR, chassis::set_boot_option),
    (0x00, 0x09, OPERATOR, chassis::boot_option),
    (0x04, 0x2d, USER, storage::reading),
    (0x06, 0x01, USER, application::device_id),
    (0x06, 0x37, USER, application::guid),
    (0x06, 0x38, USER, application::capabilities),
    (0x06, 0x3b, USER, application::set_privilege),
    (0x06, 0x3c, USER, application::close),
    (0x06, 0x42, USER, application::channel),
    (0x06, 0x43, ADMINISTRATOR, application::set_user_access),
    (0x06, 0x44, OPERATOR, application::user_access),
    (0x06, 0x45, ADMINISTRATOR, application::set_user_name),
    (0x06, 0x46, OPERATOR, application::user_name),
    (0x06, 0x47, ADMINISTRATOR, application::set_user_password),
    (0x06, 0x54, USER, application::suites),
    (0x0a, 0x10, USER, storage::inventory_size),
    (0x0a, 0x11, USER, storage::inventory),
    (0x0a, 0x20, USER, storage::repository_info),
    (0x0a, 0x22, USER, storage::reserve),
    (0x0a, 0x23, USER, storage::record),
    (0x0a, 0x40, USER, storage::log_info),
    (0x0a, 0x42, OPERATOR, storage::reserve),
    (0x0a, 0x43, USER, storage::log_entry),
    (0x0a, 0x47, OPERATOR, storage::clear_log),
    (0x0c, 0x01, ADMINISTRATOR, lan::set_parameter),
    (0x0c, 0x02, OPERATOR, lan::parameter),
    (0x0c, 0x21, ADMINISTRATOR, console::set_parameter),
    (0x0c, 0x22, USER, console::parameter),
];

pub(crate) fn carry_out(world: &mut World, session: u32, message: &Message) -> Answer {
    let found = COMMANDS.iter().find(|(function, command, ..)| (*function, *command) == (message.function, message.command));
    let Some((_, _, privilege, command)) = found else { return refused(UNKNOWN_COMMAND) };
    if world.sessions.privilege(session) < *privilege {
        return refused(TOO_LITTLE_PRIVILEGE);
    }
    command(world, session, &message.data)
}
