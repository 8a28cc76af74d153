//! How is a command given to a BMC that we are logged in to? And what becomes of it when packets are lost?
//!
//! Every packet has two numbers: the message's, by which the answer is known, and the session's, by which a BMC refuses a packet
//! that it has seen. A lost packet can be the question or the answer, and nobody can tell which. So:
//!
//! - a command that may be given twice is repeated with a new session number: a BMC whose answer was lost answers again;
//! - a command that must not be given twice is repeated as exactly the same bytes: a BMC that has seen them drops them. If its
//!   answer was lost, there will be none, and the outcome is unknown. That is the truth, and better than a second reset.

use super::MalformedPacket;
use super::keys::SessionKeys;
use super::link::{Link, NoAnswer};
use super::message::{Reply, Request, SEQUENCE_MODULUS};
use super::packet::{Packet, decode};
use super::seal::{open, seal};
use super::window::Window;
use crate::ipmi::lan::Suite;

/// How a command is sent again while there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Resend {
    Anew,
    /// The BMC takes it once at most.
    SameBytes,
}

/// Why there is no answer within a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SessionError {
    /// The command may have taken effect. The session may be gone with the BMC that held it.
    NoAnswer(NoAnswer),
    /// No more random numbers from the operating system; nothing was sent.
    NoRandomness,
}

/// A session with one BMC. It is closed by [`Session::close`], or at least announced as closed when it is dropped.
pub(crate) struct Session {
    link: Link,
    keys: SessionKeys,
    console_id: u32,
    bmc_id: u32,
    sequence: u32,
    message: u8,
    window: Window,
    is_open: bool,
}

impl Session {
    pub(super) fn new(link: Link, keys: SessionKeys, console_id: u32, bmc_id: u32) -> Self {
        Self { link, keys, console_id, bmc_id, sequence: 0, message: 0, window: Window::default(), is_open: true }
    }

    pub(crate) fn suite(&self) -> Suite {
        self.keys.suite
    }

    pub(crate) async fn exchange(&mut self, request: &Request<'_>, resend: Resend) -> Result<Reply, SessionError> {
        let number = self.message;
        self.message = (self.message + 1) % SEQUENCE_MODULUS;
        let message = request.encode(number);
        let mut vector = vectors(self.link.tries())?;
        let Self { link, keys, console_id, bmc_id, sequence, window, .. } = self;
        let mut next = || {
            *sequence += 1;
            seal(keys, *bmc_id, *sequence, vector(), &message)
        };
        let first = next();
        let mut is_first = true;
        let datagram = || {
            let again = if std::mem::take(&mut is_first) || resend == Resend::SameBytes { None } else { Some(next()) };
            again.unwrap_or_else(|| first.clone())
        };
        let take = |datagram: &[u8]| {
            let Packet::Sealed(rest) = decode(datagram)? else { return Err(MalformedPacket("it is not protected")) };
            let opened = open(keys, *console_id, rest)?;
            if !window.take(opened.sequence) {
                return Err(MalformedPacket("it was seen before"));
            }
            let reply = Reply::decode(&opened.message)?;
            if reply.answers(request, number) { Ok(reply) } else { Err(MalformedPacket("it answers another command")) }
        };
        link.ask(datagram, take).await.map_err(SessionError::NoAnswer)
    }

    /// Tells the BMC that the session is over. Whether it heard it does not matter any more.
    pub(crate) async fn close(mut self) {
        self.is_open = false;
        let id = self.bmc_id.to_le_bytes();
        let _ = self.exchange(&close_request(&id), Resend::SameBytes).await;
    }
}

/// Close Session: IPMI 2.0, table 22-24.
fn close_request(bmc_id: &[u8; 4]) -> Request<'_> {
    Request { function: 0x06, command: 0x3c, data: bmc_id }
}

impl Drop for Session {
    /// Whoever was stopped in the middle cannot wait, and a BMC has few sessions.
    fn drop(&mut self) {
        if !self.is_open {
            return;
        }
        let Ok(vector) = random() else { return };
        let message = close_request(&self.bmc_id.to_le_bytes()).encode(self.message);
        let datagram = seal(&self.keys, self.bmc_id, self.sequence + 1, vector, &message);
        self.link.send_and_forget(&datagram);
    }
}

/// Initialisation vectors, one for each datagram that may be sent.
fn vectors(count: u32) -> Result<impl FnMut() -> [u8; 16], SessionError> {
    let mut left = (0..count).map(|_| random()).collect::<Result<Vec<_>, _>>()?;
    Ok(move || left.pop().expect("no question is sent more often than it is tried"))
}

fn random() -> Result<[u8; 16], SessionError> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|_| SessionError::NoRandomness)?;
    Ok(bytes)
}
