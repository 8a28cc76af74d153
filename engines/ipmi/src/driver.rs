//! What can be asked of a BMC, whatever it speaks? The seam between the resource model and the drivers for IPMI and Redfish.
//!
//! A [`Driver`] knows how to log in; a [`Bmc`] is one login, used for one look or one step and closed after it. BMCs have few
//! sessions, and some hang when they run out of them: whoever opens one closes it, and there is never a second one.
//!
//! Reads take no permit. Everything that changes something takes the [`WritePermit`] that only the write gate gives, and says
//! here whether doing it twice differs from doing it once.

use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;
use core_model::Secret;
use engine_api::{EngineError, WritePermit};

/// The way to one BMC. Nothing is sent before [`Driver::open`].
#[async_trait]
pub trait Driver: Send + Sync + 'static {
    /// The account that we log in with. It is never changed through this login: that would lock us out in mid-run.
    fn account(&self) -> &str;

    /// Logs in. `Unreachable` when nobody answers, `Unauthorised` when the credential is refused, `Busy` when no session is free.
    async fn open(&self) -> Result<Box<dyn Bmc>, EngineError>;
}

/// What can be done at all, by the protocol and as far as the BMC says it; a plan that asks for more is refused before anything is
/// changed.
#[derive(Debug)]
pub struct Abilities {
    pub boot_devices: Vec<BootDevice>,
    /// Whether an override can hold for every start.
    pub lasting_override: bool,
    pub orders: Vec<PowerOrder>,
    pub resets: Vec<Reset>,
    /// Whether firmware settings can be read and set.
    pub settings: bool,
    /// Whether the BMC can be told where it gets its time from.
    pub time_servers: bool,
    /// The longest password, in bytes; a longer one would be cut silently, or refused.
    pub password_bytes_max: usize,
}

/// A BMC that we are logged in to.
#[async_trait]
pub trait Bmc: Send {
    /// What is spoken with it, for messages: `IPMI`.
    fn protocol(&self) -> &'static str;

    fn abilities(&self) -> &Abilities;

    /// Who is there? Read at every login, before anything is changed.
    async fn identity(&mut self) -> Result<Identity, EngineError>;

    async fn power(&mut self) -> Result<PowerState, EngineError>;

    /// What the machine does when mains power comes back. `None`: the BMC does not tell.
    async fn power_restore(&mut self) -> Result<Option<PowerRestore>, EngineError>;

    /// The override of the boot order that waits for the next start. `None`: the BMC cannot say; [`BootOverride::NONE`]: none.
    async fn boot(&mut self) -> Result<Option<BootOverride>, EngineError>;

    /// Every account with a name. `None`: the BMC does not tell.
    async fn accounts(&mut self) -> Result<Option<Vec<Account>>, EngineError>;

    /// The named firmware settings, or all of them when none is named.
    async fn settings(&mut self, names: &[String]) -> Result<Settings, EngineError>;

    /// What would be refused about these settings, in words: an unknown name, a value that is not in the list, a read-only one.
    async fn check_settings(&mut self, wanted: &BTreeMap<String, String>) -> Result<Vec<String>, EngineError>;

    /// The hosts that the BMC gets its time from; none when it asks nobody. `None`: it does not tell.
    async fn time_servers(&mut self) -> Result<Option<Vec<String>>, EngineError>;

    /// What is worth knowing about the machine's health, one sentence each, without values that change all the time: sensors
    /// beyond their limits, failed supplies and fans, the last grave entries of the event log.
    async fn health(&mut self) -> Result<Vec<String>, EngineError>;

    /// What tells whether a reset happened since: the time of the last one, a counter. `None`: this BMC keeps no such thing.
    async fn reset_evidence(&mut self) -> Result<Option<String>, EngineError>;

    /// On, off at once, or a request to the operating system. Each leads to the same state when it is made again.
    async fn set_power(&mut self, permit: &WritePermit, order: PowerOrder) -> Result<(), EngineError>;

    async fn set_power_restore(&mut self, permit: &WritePermit, policy: PowerRestore) -> Result<(), EngineError>;

    /// Sets or clears the override. The same again changes nothing.
    async fn set_boot(&mut self, permit: &WritePermit, boot: BootOverride) -> Result<(), EngineError>;

    /// Makes the account, or changes what the edit names. The same again changes nothing.
    async fn put_account(&mut self, permit: &WritePermit, edit: &AccountEdit<'_>) -> Result<(), EngineError>;

    /// Takes away access, password and name. No such account is no error.
    async fn remove_account(&mut self, permit: &WritePermit, name: &str) -> Result<(), EngineError>;

    /// Writes firmware settings; they hold from the next start of the machine on.
    async fn set_settings(&mut self, permit: &WritePermit, settings: &BTreeMap<String, String>) -> Result<(), EngineError>;

    /// Sets the hosts that the BMC gets its time from, and lets it ask them.
    async fn set_time_servers(&mut self, permit: &WritePermit, hosts: &[String]) -> Result<(), EngineError>;

    /// Takes effect each time it arrives: sent so that a network that doubles packets cannot double it, and never repeated by
    /// whoever calls it.
    async fn reset(&mut self, permit: &WritePermit, reset: Reset) -> Result<(), EngineError>;

    /// Empties the log of hardware events.
    async fn clear_events(&mut self, permit: &WritePermit) -> Result<(), EngineError>;

    /// Lets the machine's identification light blink for so long.
    async fn identify(&mut self, permit: &WritePermit, duration: Duration) -> Result<(), EngineError>;

    /// Ends the session on the BMC.
    async fn close(self: Box<Self>) -> Result<(), EngineError>;
}

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
