//! How is a router spoken to? RouterOS's binary API: a client of our own, because the published one is under the AGPL.

mod command;
mod connection;
mod decoder;
mod dial;
mod listen;
mod reply;
mod trap;

pub(crate) use command::Command;
pub(crate) use connection::{Answer, Connection, Failure};
pub(crate) use dial::Dialer;
pub(crate) use listen::listen;
pub(crate) use reply::Row;
