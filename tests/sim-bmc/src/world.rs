//! What is there in all? The machine, its sessions, what is wrong, and what was asked.

use crate::machine::Machine;
use crate::network::{Direction, Weather};
use crate::sessions::Sessions;

/// What a BMC is made of.
#[derive(Debug, Clone)]
pub struct Kit {
    pub serial: String,
    pub guid: [u8; 16],
    pub on: bool,
    /// Cipher suites, of 0, 3 and 17.
    pub suites: Vec<u8>,
    /// Whether it answers Get Channel Cipher Suites.
    pub tells_suites: bool,
    pub bmc_key: Option<String>,
    pub sessions_max: usize,
    /// Boot flags lose these bits: some BMCs keep neither the lasting nor the UEFI one.
    pub boot_bits_dropped: u8,
    /// How many bytes of a record or an inventory it sends at once.
    pub piece_max: usize,
    /// Whether it says what the accounts behind the first one may do.
    pub tells_access: bool,
}

impl Default for Kit {
    fn default() -> Self {
        Self {
            serial: "S412340".to_owned(),
            guid: [0x44, 0x45, 0x4c, 0x4c, 0x33, 0x00, 0x10, 0x46, 0x80, 0x50, 0xb4, 0xc0, 0x4f, 0x30, 0x50, 0x32],
            on: true,
            suites: vec![3, 17],
            tells_suites: true,
            bmc_key: None,
            sessions_max: 4,
            boot_bits_dropped: 0,
            piece_max: 16,
            tells_access: true,
        }
    }
}

/// A command within a session, as it was carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    pub function: u8,
    pub command: u8,
    pub data: Vec<u8>,
}

/// Something that goes wrong with a command.
pub(crate) struct Fault {
    pub(crate) function: u8,
    pub(crate) command: u8,
    pub(crate) what: Misbehaviour,
    pub(crate) times: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Misbehaviour {
    /// It is not carried out, and this is the answer.
    Refuse(u8),
    /// It is carried out, and the answer is lost.
    LoseReply,
    /// It is neither carried out nor answered.
    Ignore,
    /// It is carried out, and the answer holds nonsense.
    Garble,
}

pub(crate) struct World {
    pub(crate) kit: Kit,
    pub(crate) machine: Machine,
    pub(crate) sessions: Sessions,
    pub(crate) faults: Vec<Fault>,
    pub(crate) silent: bool,
    pub(crate) requests: Vec<Request>,
    pub(crate) incoming: Direction<(Vec<u8>, std::net::SocketAddr)>,
    pub(crate) outgoing: Direction<(Vec<u8>, std::net::SocketAddr)>,
}

impl World {
    pub(crate) fn new(kit: Kit) -> Self {
        let machine = Machine::new(&kit);
        Self {
            machine,
            kit,
            sessions: Sessions::default(),
            faults: Vec::new(),
            silent: false,
            requests: Vec::new(),
            incoming: Direction::new(Weather::FINE, 0),
            outgoing: Direction::new(Weather::FINE, 1),
        }
    }

    /// The fault that strikes this command, counted.
    pub(crate) fn fault(&mut self, function: u8, command: u8) -> Option<Misbehaviour> {
        let fault = self.faults.iter_mut().find(|fault| fault.times > 0 && fault.function == function && fault.command == command)?;
        fault.times -= 1;
        Some(fault.what)
    }
}
