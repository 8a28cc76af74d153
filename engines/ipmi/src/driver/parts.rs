//! What is said to a BMC and by it? Values without a protocol.

use std::collections::BTreeMap;

use core_model::Secret;
use engine_api::EngineError;

/// Who a machine says it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Identity {
    /// Of the system, in the form `12345678-9abc-..`. `None` where it is not set or all zero.
    pub guid: Option<String>,
    /// The serial number of the product, or else of the chassis.
    pub serial: Option<String>,
    /// Of the BMC's own network interface, in the form `02:00:..`; it goes with the board.
    pub mac: Option<String>,
    pub manufacturer: Option<String>,
    pub product: Option<String>,
    /// Of the BMC.
    pub firmware: String,
}

impl Identity {
    /// One name that stays the same while the machine does. The kind of it is part of the name: a BMC that forgets its GUID
    /// counts as another one until somebody has looked.
    pub fn name(&self) -> Option<String> {
        let named = |kind: &str, value: &Option<String>| value.as_ref().map(|value| format!("{kind} {value}"));
        named("guid", &self.guid).or_else(|| named("serial", &self.serial)).or_else(|| named("mac", &self.mac))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PowerState {
    On,
    Off,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PowerOrder {
    On,
    /// At once; whatever runs is cut off.
    Off,
    /// Asks the operating system to end.
    ShutDown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PowerRestore {
    StaysOff,
    Previous,
    On,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reset {
    /// Off and on again.
    Cycle,
    /// Without loss of power.
    Hard,
    /// A diagnostic interrupt: the operating system writes what it holds, if it is set up to.
    Nmi,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BootDevice {
    /// No override: the firmware's own order.
    None,
    Pxe,
    Disk,
    Cdrom,
    Usb,
    /// The firmware's setup.
    Setup,
    /// UEFI HTTP boot.
    Http,
    /// One that this program has no word for.
    Other,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BootMode {
    Legacy,
    Uefi,
}

/// What the firmware boots from in place of its own order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BootOverride {
    pub device: BootDevice,
    /// `None`: the BMC's own choice.
    pub mode: Option<BootMode>,
    /// At every start, not only at the next one.
    pub is_lasting: bool,
}

impl BootOverride {
    pub const NONE: Self = Self { device: BootDevice::None, mode: None, is_lasting: false };
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// May log in and do nothing, or not even that.
    None,
    User,
    Operator,
    Administrator,
    /// One of the BMC's own that this program has no word for.
    Other,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub name: String,
    pub role: Role,
    pub is_enabled: bool,
}

/// What an account is to be; `None` leaves it as it is, or at the BMC's own default for a new account.
#[derive(Debug)]
pub struct AccountEdit<'a> {
    pub name: &'a str,
    pub role: Option<Role>,
    pub is_enabled: Option<bool>,
    pub password: Option<&'a Secret>,
}

/// Firmware settings by name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settings {
    pub now: BTreeMap<String, String>,
    /// Those that hold from the next start on.
    pub pending: BTreeMap<String, String>,
}

/// The firmware's own order of what it boots from, by the names of its options.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BootOrder {
    /// Every option there is, in the order or not.
    pub options: Vec<BootOption>,
    pub now: Vec<String>,
    /// The one that holds from the next start on, where it is another.
    pub pending: Option<Vec<String>>,
    /// Why their names are not known, where only their references are.
    pub unnamed: Option<String>,
}

impl BootOrder {
    /// As it will be after the next start.
    pub fn to_come(&self) -> &[String] {
        self.pending.as_ref().unwrap_or(&self.now)
    }
}

/// Something that the firmware can boot from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BootOption {
    /// What people call it, where no other option is called so; else the reference.
    pub name: String,
    /// What the firmware calls it. It may be another one after the operating system was installed anew.
    pub reference: String,
}

/// What a machine tells of itself in one answer.
#[derive(Debug)]
pub struct State {
    pub power: PowerState,
    pub after_power_loss: Option<PowerRestore>,
    pub boot: Option<BootOverride>,
    /// Of which more has to be read, and may be refused.
    pub order: Result<Option<BootOrder>, EngineError>,
}

/// The BMC's own name, and whom it asks for the names of others.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Network {
    /// `None`: it does not tell.
    pub hostname: Option<String>,
    /// Those that somebody set, if they are asked. `None`: it does not tell.
    pub name_servers: Option<Vec<String>>,
}

impl Network {
    /// Whether it is what is wanted; what nobody names is not looked at.
    pub fn is_as(&self, wanted: &Self) -> bool {
        let is_hostname = wanted.hostname.is_none() || self.hostname == wanted.hostname;
        is_hostname && (wanted.name_servers.is_none() || self.name_servers == wanted.name_servers)
    }
}
