//! How does Redfish answer what the model asks? Reading; what changes something is in the writer.

use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;
use engine_api::{EngineError, ErrorKind, WritePermit};
use engine_tls::Trust;
use serde_json::Value;

use super::client::{self, Client};
use super::options::RedfishOptions;
use super::service::{self, Service};
use super::{accounts, bios, boot, boot_order, console, fault, health, identity, media, network, registry, time, writer};
use crate::driver::{
    Abilities, Account, AccountEdit, Bmc, BootOrder, BootOverride, Console, Driver, Identity, MediaSlot, Medium, Network, PowerOrder, PowerRestore,
    PowerState, Reset, Settings, State,
};
use crate::measured::Health;

pub(super) const READ_SYSTEM: &str = "read the machine's state";
pub(super) const POWER_RESTORES: &[(PowerRestore, &str)] =
    &[(PowerRestore::StaysOff, "AlwaysOff"), (PowerRestore::Previous, "LastState"), (PowerRestore::On, "AlwaysOn")];
/// What a password may have where the BMC does not say.
const PASSWORD_BYTES_MAX: usize = 128;

/// The way to one BMC by Redfish.
pub struct RedfishDriver {
    options: RedfishOptions,
    http: reqwest::Client,
}

impl RedfishDriver {
    /// Sends nothing.
    pub fn new(options: RedfishOptions) -> Result<Self, EngineError> {
        let refused = |why| EngineError::new(ErrorKind::Rejected, "prepare the connection to the BMC", why);
        let http = engine_http::client(&options.trust, options.timeouts.connect).map_err(refused)?;
        Ok(Self { options, http })
    }

    /// Whether there is Redfish at all: `false` for a closed port, or a web server without it. Asked without a credential.
    pub(crate) async fn is_there(&self) -> Result<bool, EngineError> {
        Ok(client::presence(&self.http, &self.options).await?.is_some())
    }
}

#[async_trait]
impl Driver for RedfishDriver {
    fn account(&self) -> &str {
        &self.options.user
    }

    async fn open(&self) -> Result<Box<dyn Bmc>, EngineError> {
        let mut client = Client::open(self.http.clone(), self.options.clone()).await?;
        match service::discover(&mut client).await {
            Ok(service) => Ok(Box::new(RedfishBmc { abilities: abilities(&service, &self.options.trust), client, service })),
            Err(error) => {
                if let Err(error) = client.close().await {
                    tracing::debug!(%error, "a session was not closed");
                }
                Err(error)
            }
        }
    }
}

fn abilities(service: &Service, trust: &Trust) -> Abilities {
    let told = service.account_service.as_ref().and_then(|accounts| accounts.get("MaxPasswordLength")).and_then(Value::as_u64);
    Abilities {
        boot_devices: boot::devices(&service.system_then),
        lasting_override: boot::may_last(&service.system_then),
        boot_order: boot_order::is_told(&service.system_then),
        media: media::is_told(service),
        network: network::is_told(service),
        is_pinned: matches!(trust, Trust::Fingerprint(_)),
        addresses: false,
        console: console::is_told(service),
        orders: service.resets.orders(),
        resets: service.resets.resets(),
        settings: service.bios.is_some(),
        time_servers: time::place(service).is_some(),
        password_bytes_max: told.and_then(|length| usize::try_from(length).ok()).filter(|length| *length > 0).unwrap_or(PASSWORD_BYTES_MAX),
    }
}

struct RedfishBmc {
    client: Client,
    service: Service,
    abilities: Abilities,
}

impl RedfishBmc {
    async fn system(&mut self) -> Result<Value, EngineError> {
        self.client.get(READ_SYSTEM, &self.service.system).await
    }
}

#[async_trait]
impl Bmc for RedfishBmc {
    fn protocol(&self) -> &'static str {
        "Redfish"
    }

    fn abilities(&self) -> &Abilities {
        &self.abilities
    }

    async fn identity(&mut self) -> Result<Identity, EngineError> {
        identity::read(&mut self.client, &self.service).await
    }

    async fn power(&mut self) -> Result<PowerState, EngineError> {
        power_state(&self.system().await?)
    }

    async fn power_restore(&mut self) -> Result<Option<PowerRestore>, EngineError> {
        if self.service.system_then.get("PowerRestorePolicy").is_none() {
            return Ok(None);
        }
        Ok(power_restore(&self.system().await?))
    }

    async fn boot(&mut self) -> Result<Option<BootOverride>, EngineError> {
        Ok(boot::read(&self.system().await?))
    }

    async fn boot_order(&mut self) -> Result<Option<BootOrder>, EngineError> {
        if !self.abilities.boot_order {
            return Ok(None);
        }
        boot_order::read(&mut self.client, &self.service).await
    }

    async fn state(&mut self) -> Result<State, EngineError> {
        let system = self.system().await?;
        let order = if self.abilities.boot_order { boot_order::of(&mut self.client, &system).await } else { Ok(None) };
        Ok(State { power: power_state(&system)?, after_power_loss: power_restore(&system), boot: boot::read(&system), order })
    }

    async fn media(&mut self) -> Result<Option<Vec<MediaSlot>>, EngineError> {
        let drives = media::drives(&mut self.client, &self.service).await?;
        Ok(drives.map(|drives| drives.into_iter().map(|drive| drive.slot).collect()))
    }

    async fn network(&mut self) -> Result<Option<Network>, EngineError> {
        network::read(&mut self.client, &self.service).await
    }

    /// As it was at the login: nobody asks again after a change of it.
    async fn console(&mut self) -> Result<Option<Console>, EngineError> {
        Ok(self.service.manager.as_ref().and_then(console::of))
    }

    async fn accounts(&mut self) -> Result<Option<Vec<Account>>, EngineError> {
        let places = accounts::places(&mut self.client, &self.service).await?;
        Ok(places.map(|places| places.iter().filter(|place| !place.name.is_empty()).map(accounts::Place::account).collect()))
    }

    async fn settings(&mut self, names: &[String]) -> Result<Settings, EngineError> {
        bios::settings(&mut self.client, &self.service, names).await
    }

    async fn check_settings(&mut self, wanted: &BTreeMap<String, String>) -> Result<Vec<String>, EngineError> {
        registry::check(&mut self.client, &self.service, wanted).await
    }

    async fn time_servers(&mut self) -> Result<Option<Vec<String>>, EngineError> {
        time::read(&mut self.client, &self.service).await
    }

    async fn health(&mut self) -> Result<Health, EngineError> {
        health::health(&mut self.client, &self.service).await
    }

    async fn reset_evidence(&mut self) -> Result<Option<String>, EngineError> {
        Ok(self.system().await?.get("LastResetTime").and_then(Value::as_str).map(str::to_owned))
    }

    async fn set_power(&mut self, permit: &WritePermit, order: PowerOrder) -> Result<(), EngineError> {
        writer::switch(&mut self.client, &self.service, permit, order).await
    }

    async fn set_power_restore(&mut self, permit: &WritePermit, policy: PowerRestore) -> Result<(), EngineError> {
        writer::restore(&mut self.client, &self.service, permit, policy).await
    }

    async fn set_boot(&mut self, permit: &WritePermit, boot: BootOverride) -> Result<(), EngineError> {
        writer::override_boot(&mut self.client, &self.service, permit, boot).await
    }

    async fn set_boot_order(&mut self, permit: &WritePermit, order: &[String]) -> Result<(), EngineError> {
        writer::write_boot_order(&mut self.client, &self.service, permit, order).await
    }

    async fn insert_media(&mut self, permit: &WritePermit, slot: &str, medium: &Medium) -> Result<(), EngineError> {
        writer::fill(&mut self.client, &self.service, permit, slot, medium).await
    }

    async fn eject_media(&mut self, permit: &WritePermit, slot: &str) -> Result<(), EngineError> {
        writer::empty(&mut self.client, &self.service, permit, slot).await
    }

    async fn set_network(&mut self, permit: &WritePermit, network: &Network) -> Result<(), EngineError> {
        writer::write_network(&mut self.client, &self.service, permit, network).await
    }

    async fn set_console(&mut self, permit: &WritePermit, console: &Console) -> Result<(), EngineError> {
        writer::switch_console(&mut self.client, &self.service, permit, console).await
    }

    async fn put_account(&mut self, permit: &WritePermit, edit: &AccountEdit<'_>) -> Result<(), EngineError> {
        writer::put(&mut self.client, &self.service, permit, edit).await
    }

    async fn remove_account(&mut self, permit: &WritePermit, name: &str) -> Result<(), EngineError> {
        writer::remove(&mut self.client, &self.service, permit, name).await
    }

    async fn set_settings(&mut self, permit: &WritePermit, settings: &BTreeMap<String, String>) -> Result<(), EngineError> {
        writer::write_settings(&mut self.client, &self.service, permit, settings).await
    }

    async fn set_time_servers(&mut self, permit: &WritePermit, hosts: &[String]) -> Result<(), EngineError> {
        writer::tell_the_time(&mut self.client, &self.service, permit, hosts).await
    }

    async fn reset(&mut self, permit: &WritePermit, reset: Reset) -> Result<(), EngineError> {
        writer::reset_by(&mut self.client, &self.service, permit, reset).await
    }

    async fn clear_events(&mut self, permit: &WritePermit) -> Result<(), EngineError> {
        writer::clear(&mut self.client, &self.service, permit).await
    }

    async fn identify(&mut self, permit: &WritePermit, duration: Duration) -> Result<(), EngineError> {
        writer::blink(&mut self.client, &self.service, permit, duration).await
    }

    async fn close(self: Box<Self>) -> Result<(), EngineError> {
        self.client.close().await
    }
}

fn power_restore(system: &Value) -> Option<PowerRestore> {
    let told = system.get("PowerRestorePolicy")?.as_str()?;
    POWER_RESTORES.iter().find(|(_, word)| *word == told).map(|(policy, _)| *policy)
}

/// On its way counts as where it comes from: whoever waits goes on waiting.
fn power_state(system: &Value) -> Result<PowerState, EngineError> {
    match system.get("PowerState").and_then(Value::as_str) {
        Some("On" | "PoweringOff" | "Paused") => Ok(PowerState::On),
        Some("Off" | "PoweringOn") => Ok(PowerState::Off),
        Some(other) => Err(fault::senseless(READ_SYSTEM, format!("`{other}` is no state of power"))),
        None => Err(fault::senseless(READ_SYSTEM, "the BMC does not tell whether the machine is on")),
    }
}
