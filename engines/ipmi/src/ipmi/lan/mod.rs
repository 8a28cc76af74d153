//! How does one talk to a BMC over the network? RMCP+ sessions over UDP, as IPMI 2.0, chapter 13, describes them.
//!
//! A datagram may be lost, doubled, delayed or forged. What is not protected is believed only as far as a session can be opened
//! with it; within a session a packet counts once, if its code is right and its number is new.

mod capabilities;
mod cipher;
mod handshake;
mod keys;
mod link;
mod message;
mod open;
mod packet;
mod seal;
mod session;
mod window;

pub use cipher::{Suite, SuiteChoice};
pub(crate) use handshake::USER_NAME_BYTES_MAX;
pub(crate) use link::NoAnswer;
pub use link::Patience;
pub(crate) use message::{Reply, Request};
pub(crate) use open::{Login, OpenError, open};
pub(crate) use session::{Resend, Session, SessionError};

/// Why bytes are not what they should be. A sentence about "it", without any of the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct MalformedPacket(pub(crate) &'static str);
