//! How does IPMI answer what the model asks? Reading; what changes something is in the writer.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use engine_api::{EngineError, ErrorKind, WritePermit};

use super::client::Client;
use super::command::boot::{BootFlags, GetBootFlags};
use super::command::chassis::GetChassisStatus;
use super::command::user::PASSWORD_BYTES;
use super::health::{self, Sensors};
use super::lan::Suite;
use super::options::IpmiOptions;
use super::{accounts, addresses, console, identity, writer};
use crate::driver::{
    Abilities, Account, AccountEdit, Addresses, Bmc, BootDevice, BootMode, BootOverride, Console, Driver, Identity, PowerOrder, PowerRestore,
    PowerState, Reset, Settings,
};
use crate::measured::Health;

/// How long the name of a host may be looked up.
const LOOK_UP_TIMEOUT: Duration = Duration::from_secs(5);

fn abilities() -> Abilities {
    Abilities {
        boot_devices: vec![BootDevice::None, BootDevice::Pxe, BootDevice::Disk, BootDevice::Cdrom, BootDevice::Usb, BootDevice::Setup],
        lasting_override: true,
        boot_order: false,
        media: false,
        network: false,
        is_pinned: false,
        addresses: true,
        console: true,
        orders: vec![PowerOrder::On, PowerOrder::Off, PowerOrder::ShutDown],
        resets: vec![Reset::Cycle, Reset::Hard, Reset::Nmi],
        settings: false,
        time_servers: false,
        password_bytes_max: PASSWORD_BYTES,
    }
}

/// The way to one BMC by IPMI 2.0.
pub struct IpmiDriver {
    options: IpmiOptions,
    remembered: Arc<Remembered>,
}

/// What is worth remembering from one login to the next.
#[derive(Default)]
struct Remembered {
    /// The suite that was agreed on: a worse one is never taken afterwards.
    suite: Mutex<Option<Suite>>,
    /// Reading the list of sensors takes hundreds of packets, and it hardly ever changes.
    sensors: Mutex<Option<Arc<Sensors>>>,
}

impl IpmiDriver {
    /// Sends nothing.
    pub fn new(options: IpmiOptions) -> Self {
        Self { options, remembered: Arc::default() }
    }

    async fn address(&self) -> Result<SocketAddr, EngineError> {
        let (host, port) = (self.options.host.as_str(), self.options.port);
        let failed = |why: &str| EngineError::new(ErrorKind::Unreachable, format!("find the address of the BMC `{host}`"), why);
        match tokio::time::timeout(LOOK_UP_TIMEOUT, tokio::net::lookup_host((host, port))).await {
            Err(_) => Err(failed("the name servers do not answer")),
            Ok(Err(error)) => Err(failed("the name is not known").with_source(error)),
            Ok(Ok(mut found)) => found.next().ok_or_else(|| failed("the name has no address")),
        }
    }
}

#[async_trait]
impl Driver for IpmiDriver {
    fn account(&self) -> &str {
        &self.options.user
    }

    async fn open(&self) -> Result<Box<dyn Bmc>, EngineError> {
        let address = self.address().await?;
        let agreed_before = *self.remembered.suite.lock().unwrap_or_else(PoisonError::into_inner);
        let client = Client::open(self.options.clone(), address, agreed_before).await?;
        let suite = client.suite();
        *self.remembered.suite.lock().unwrap_or_else(PoisonError::into_inner) = Some(suite);
        if suite == Suite::Three && agreed_before.is_none() {
            tracing::warn!(bmc = %address, "the session is protected by cipher suite 3 (SHA-1); suite 17 is better, where the BMC has it");
        }
        Ok(Box::new(IpmiBmc { client, abilities: abilities(), remembered: self.remembered.clone() }))
    }
}

struct IpmiBmc {
    client: Client,
    abilities: Abilities,
    remembered: Arc<Remembered>,
}

#[async_trait]
impl Bmc for IpmiBmc {
    fn protocol(&self) -> &'static str {
        "IPMI"
    }

    fn abilities(&self) -> &Abilities {
        &self.abilities
    }

    async fn identity(&mut self) -> Result<Identity, EngineError> {
        identity::read(&mut self.client).await
    }

    async fn power(&mut self) -> Result<PowerState, EngineError> {
        let status = self.client.ask(&GetChassisStatus).await?;
        Ok(if status.is_on { PowerState::On } else { PowerState::Off })
    }

    async fn power_restore(&mut self) -> Result<Option<PowerRestore>, EngineError> {
        let policy = self.client.ask(&GetChassisStatus).await?.restore_policy;
        Ok([Some(PowerRestore::StaysOff), Some(PowerRestore::Previous), Some(PowerRestore::On)].get(usize::from(policy)).copied().flatten())
    }

    async fn boot(&mut self) -> Result<Option<BootOverride>, EngineError> {
        Ok(self.client.ask_if_there(&GetBootFlags).await?.map(boot_override))
    }

    async fn accounts(&mut self) -> Result<Option<Vec<Account>>, EngineError> {
        Ok(accounts::read(&mut self.client).await?.map(|slots| slots.into_iter().map(|slot| slot.account).collect()))
    }

    async fn addresses(&mut self) -> Result<Option<Addresses>, EngineError> {
        addresses::read(&mut self.client).await
    }

    async fn console(&mut self) -> Result<Option<Console>, EngineError> {
        console::read(&mut self.client).await
    }

    async fn settings(&mut self, _names: &[String]) -> Result<Settings, EngineError> {
        Ok(Settings::default())
    }

    async fn check_settings(&mut self, _wanted: &BTreeMap<String, String>) -> Result<Vec<String>, EngineError> {
        Ok(Vec::new())
    }

    async fn time_servers(&mut self) -> Result<Option<Vec<String>>, EngineError> {
        Ok(None)
    }

    async fn health(&mut self) -> Result<Health, EngineError> {
        let known = self.remembered.sensors.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let sensors = health::sensors(&mut self.client, known).await?;
        self.remembered.sensors.lock().unwrap_or_else(PoisonError::into_inner).clone_from(&sensors);
        let mut health = health::health(&mut self.client, sensors.as_deref()).await?;
        if self.client.suite() == Suite::Three {
            health.notes.push("its sessions are protected by cipher suite 3 (SHA-1); suite 17 is better, where the BMC has it".to_owned());
        }
        Ok(health)
    }

    /// IPMI counts no resets.
    async fn reset_evidence(&mut self) -> Result<Option<String>, EngineError> {
        Ok(None)
    }

    async fn set_power(&mut self, permit: &WritePermit, order: PowerOrder) -> Result<(), EngineError> {
        writer::switch(&mut self.client, permit, order).await
    }

    async fn set_power_restore(&mut self, permit: &WritePermit, policy: PowerRestore) -> Result<(), EngineError> {
        writer::restore(&mut self.client, permit, policy).await
    }

    async fn set_boot(&mut self, permit: &WritePermit, boot: BootOverride) -> Result<(), EngineError> {
        writer::override_boot(&mut self.client, permit, boot).await
    }

    async fn set_addresses(&mut self, permit: &WritePermit, addresses: &Addresses) -> Result<(), EngineError> {
        writer::readdress(&mut self.client, permit, addresses).await
    }

    async fn set_console(&mut self, permit: &WritePermit, console: &Console) -> Result<(), EngineError> {
        writer::set_up(&mut self.client, permit, console).await
    }

    async fn put_account(&mut self, permit: &WritePermit, edit: &AccountEdit<'_>) -> Result<(), EngineError> {
        writer::put(&mut self.client, permit, edit).await
    }

    async fn remove_account(&mut self, permit: &WritePermit, name: &str) -> Result<(), EngineError> {
        writer::remove(&mut self.client, permit, name).await
    }

    async fn set_settings(&mut self, _permit: &WritePermit, _settings: &BTreeMap<String, String>) -> Result<(), EngineError> {
        Err(EngineError::new(ErrorKind::Rejected, "set the firmware's settings", "IPMI has no command for it; use Redfish"))
    }

    async fn set_time_servers(&mut self, _permit: &WritePermit, _hosts: &[String]) -> Result<(), EngineError> {
        Err(EngineError::new(ErrorKind::Rejected, "set where the BMC gets its time from", "IPMI has no command for it; use Redfish"))
    }

    async fn reset(&mut self, permit: &WritePermit, reset: Reset) -> Result<(), EngineError> {
        writer::reset_by(&mut self.client, permit, reset).await
    }

    async fn clear_events(&mut self, permit: &WritePermit) -> Result<(), EngineError> {
        writer::clear(&mut self.client, permit).await
    }

    async fn identify(&mut self, permit: &WritePermit, duration: Duration) -> Result<(), EngineError> {
        writer::blink(&mut self.client, permit, duration).await
    }

    async fn close(self: Box<Self>) -> Result<(), EngineError> {
        self.client.close().await;
        Ok(())
    }
}

/// Flags that are not valid are those of an override that is over.
pub(super) fn boot_override(flags: BootFlags) -> BootOverride {
    if !flags.are_valid || flags.device == 0 {
        return BootOverride::NONE;
    }
    let device = match flags.device {
        1 => BootDevice::Pxe,
        2 => BootDevice::Disk,
        5 | 8 => BootDevice::Cdrom,
        6 => BootDevice::Setup,
        7 | 9 | 15 => BootDevice::Usb,
        _ => BootDevice::Other,
    };
    let mode = if flags.uefi { BootMode::Uefi } else { BootMode::Legacy };
    BootOverride { device, mode: Some(mode), is_lasting: flags.are_lasting }
}
