//! What is the machine's state? Power, boot flags, users, inventory, sensors, events.

use std::collections::BTreeMap;

use crate::commands::{console, lan};
use crate::fru;
use crate::sensors::{self, Sensor};
use crate::world::Kit;

/// The first two bytes of the boot flags, taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BootFlags {
    pub valid: bool,
    pub lasting: bool,
    pub uefi: bool,
    pub device: u8,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    pub name: String,
    pub password: String,
    /// 2 user, 3 operator, 4 administrator, 15 none.
    pub privilege: u8,
    pub may_send: bool,
    pub enabled: bool,
}

impl User {
    pub fn new(name: &str, password: &str, privilege: u8) -> Self {
        Self { name: name.to_owned(), password: password.to_owned(), privilege, may_send: true, enabled: true }
    }

    fn nobody() -> Self {
        Self { name: String::new(), password: String::new(), privilege: 15, may_send: false, enabled: false }
    }
}

pub(crate) const SLOTS: usize = 10;

pub(crate) struct Machine {
    pub(crate) guid: [u8; 16],
    pub(crate) inventory: Vec<u8>,
    pub(crate) on: bool,
    pub(crate) restore_policy: u8,
    /// The five bytes as they were set.
    pub(crate) boot_flags: [u8; 5],
    pub(crate) set_in_progress: bool,
    /// The slots from 1 on.
    pub(crate) users: Vec<User>,
    pub(crate) sensors: Vec<Sensor>,
    pub(crate) events: Vec<[u8; 16]>,
    pub(crate) events_lost: bool,
    pub(crate) reservation: u16,
    /// The parameters of the BMC's own addresses, as they were set.
    pub(crate) lan: BTreeMap<u8, Vec<u8>>,
    /// With another address it is gone from where it was.
    pub(crate) follows_its_address: bool,
    /// The parameters of the serial console, as they were set.
    pub(crate) console: Vec<Vec<u8>>,
    /// The operating system takes no notice of a request to shut down.
    pub(crate) ignores_shutdown: bool,
    /// The firmware does not come to look at the boot flags.
    pub(crate) never_boots: bool,
    /// What each start booted from: the flags as the firmware found them.
    pub(crate) boots: Vec<BootFlags>,
    pub(crate) cycles: u32,
    pub(crate) resets: u32,
    pub(crate) identified_s: Vec<u8>,
}

impl Machine {
    pub(crate) fn new(kit: &Kit) -> Self {
        let mut users = vec![User::nobody(); SLOTS];
        users[1] = User::new("admin", "password", 4);
        users[2] = User::new("oper", "opassword", 3);
        Self {
            guid: kit.guid,
            inventory: fru::image(&kit.serial),
            on: kit.on,
            restore_policy: 0,
            boot_flags: [0; 5],
            set_in_progress: false,
            users,
            sensors: sensors::factory(),
            events: Vec::new(),
            events_lost: false,
            reservation: 0,
            lan: lan::factory(),
            follows_its_address: false,
            console: console::factory(),
            ignores_shutdown: false,
            never_boots: false,
            boots: Vec::new(),
            cycles: 0,
            resets: 0,
            identified_s: Vec::new(),
        }
    }

    pub(crate) fn flags(&self) -> BootFlags {
        let [first, second, ..] = self.boot_flags;
        BootFlags { valid: first & 0x80 != 0, lasting: first & 0x40 != 0, uefi: first & 0x20 != 0, device: second >> 2 & 0x0f }
    }

    /// The machine starts: its firmware looks at the flags, and those that are not lasting are used up.
    pub(crate) fn start(&mut self) {
        self.on = true;
        if self.never_boots {
            return;
        }
        let flags = self.flags();
        self.boots.push(flags);
        if flags.valid && !flags.lasting {
            self.boot_flags = [0; 5];
        }
    }
}
