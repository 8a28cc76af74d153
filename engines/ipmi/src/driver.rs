//! What can be asked of a BMC, whatever it speaks? The seam between the resource model and the drivers for IPMI and Redfish.
//!
//! A [`Driver`] knows how to log in; a [`Bmc`] is one login, used for one look or one step and closed after it. BMCs have few
//! sessions, and some hang when they run out of them: whoever opens one closes it, and there is never a second one.
//!
//! Reads take no permit. Everything that changes something takes the [`WritePermit`] that only the write gate gives, and says
//! here whether doing it twice differs from doing it once.

mod addresses;
mod console;
mod media;
mod parts;

use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;
use engine_api::{EngineError, ErrorKind, WritePermit};

use crate::measured::Health;
pub use addresses::{AddressSource, Addresses};
pub use console::Console;
pub use media::{MediaSlot, Medium};
pub use parts::{
    Account, AccountEdit, BootDevice, BootMode, BootOption, BootOrder, BootOverride, Identity, Network, PowerOrder, PowerRestore, PowerState, Reset,
    Role, Settings, State,
};

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
    /// Whether the firmware's own order can be read and set.
    pub boot_order: bool,
    pub orders: Vec<PowerOrder>,
    pub resets: Vec<Reset>,
    /// Whether there are virtual drives.
    pub media: bool,
    /// Whether the BMC tells its own name and name servers.
    pub network: bool,
    /// Whether we believe one certificate of the BMC's and no other.
    pub is_pinned: bool,
    /// Whether its addresses can be set.
    pub addresses: bool,
    /// Whether anything of the serial console over the network can be read and set.
    pub console: bool,
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

    /// The firmware's own order. `None`: the BMC does not tell.
    async fn boot_order(&mut self) -> Result<Option<BootOrder>, EngineError> {
        Ok(None)
    }

    /// All of the above, from as few answers as possible.
    async fn state(&mut self) -> Result<State, EngineError> {
        Ok(State {
            power: self.power().await?,
            after_power_loss: self.power_restore().await?,
            boot: self.boot().await?,
            order: self.boot_order().await,
        })
    }

    /// Every virtual drive. `None`: the BMC does not tell.
    async fn media(&mut self) -> Result<Option<Vec<MediaSlot>>, EngineError> {
        Ok(None)
    }

    /// The BMC's own name and name servers. `None`: it does not tell.
    async fn network(&mut self) -> Result<Option<Network>, EngineError> {
        Ok(None)
    }

    /// The BMC's own addresses. `None`: it does not tell, or not to us.
    async fn addresses(&mut self) -> Result<Option<Addresses>, EngineError> {
        Ok(None)
    }

    /// The serial console over the network. `None`: the BMC does not tell.
    async fn console(&mut self) -> Result<Option<Console>, EngineError> {
        Ok(None)
    }

    /// Every account with a name. `None`: the BMC does not tell.
    async fn accounts(&mut self) -> Result<Option<Vec<Account>>, EngineError>;

    /// The named firmware settings, or all of them when none is named.
    async fn settings(&mut self, names: &[String]) -> Result<Settings, EngineError>;

    /// What would be refused about these settings, in words: an unknown name, a value that is not in the list, a read-only one.
    async fn check_settings(&mut self, wanted: &BTreeMap<String, String>) -> Result<Vec<String>, EngineError>;

    /// The hosts that the BMC gets its time from; none when it asks nobody. `None`: it does not tell.
    async fn time_servers(&mut self) -> Result<Option<Vec<String>>, EngineError>;

    /// The machine's health: sensors beyond their limits, failed supplies and fans, the last grave entries of the event log.
    async fn health(&mut self) -> Result<Health, EngineError>;

    /// What tells whether a reset happened since: the time of the last one, a counter. `None`: this BMC keeps no such thing.
    async fn reset_evidence(&mut self) -> Result<Option<String>, EngineError>;

    /// On, off at once, or a request to the operating system. Each leads to the same state when it is made again.
    async fn set_power(&mut self, permit: &WritePermit, order: PowerOrder) -> Result<(), EngineError>;

    async fn set_power_restore(&mut self, permit: &WritePermit, policy: PowerRestore) -> Result<(), EngineError>;

    /// Sets or clears the override. The same again changes nothing.
    async fn set_boot(&mut self, permit: &WritePermit, boot: BootOverride) -> Result<(), EngineError>;

    /// Sets the whole order, by the names of its options. It holds from the next start of the machine on.
    async fn set_boot_order(&mut self, _permit: &WritePermit, _order: &[String]) -> Result<(), EngineError> {
        Err(beyond(self.protocol(), "set the firmware's boot order"))
    }

    /// Puts an image into the drive of this name, in place of another. The same again changes nothing.
    async fn insert_media(&mut self, _permit: &WritePermit, _slot: &str, _medium: &Medium) -> Result<(), EngineError> {
        Err(beyond(self.protocol(), "put an image into a virtual drive"))
    }

    /// Empties the drive of this name. One that is empty is no error.
    async fn eject_media(&mut self, _permit: &WritePermit, _slot: &str) -> Result<(), EngineError> {
        Err(beyond(self.protocol(), "empty a virtual drive"))
    }

    /// Sets what is given of the BMC's own name and name servers. Its addresses stay.
    async fn set_network(&mut self, _permit: &WritePermit, _network: &Network) -> Result<(), EngineError> {
        Err(beyond(self.protocol(), "set the BMC's own name and name servers"))
    }

    /// Sets what is given of its addresses. It may be the last thing that is heard of it.
    async fn set_addresses(&mut self, _permit: &WritePermit, _addresses: &Addresses) -> Result<(), EngineError> {
        Err(EngineError::new(ErrorKind::Rejected, "set the BMC's own addresses", format!("they are not set over {}; use IPMI", self.protocol())))
    }

    /// Sets what is given of the serial console over the network. The same again changes nothing.
    async fn set_console(&mut self, _permit: &WritePermit, _console: &Console) -> Result<(), EngineError> {
        Err(beyond(self.protocol(), "set up the serial console"))
    }

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

/// What a protocol has no words for is refused when the plan is made; this is for a plan that is older than the driver.
fn beyond(protocol: &str, attempt: &str) -> EngineError {
    EngineError::new(ErrorKind::Rejected, attempt, format!("{protocol} has no command for it; use Redfish"))
}
