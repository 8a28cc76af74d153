//! What does a step do to a machine? It looks whether it is the right one, and then does what is not so yet.

mod accounts;
mod media;
mod once;
mod power;

use std::collections::BTreeMap;

pub(crate) use accounts::own_account;
use core_model::plan::Action;
use engine_api::{EngineError, ErrorKind, Order};

use crate::driver::{Addresses, BootOverride, Console, Driver, Identity, Network};
use crate::limits::Limits;
use crate::wanted::{Wanted, WantedBoot};
use crate::writer::Calls;

/// One step being carried out, within one session.
pub(crate) struct Work<'a> {
    pub(crate) order: &'a Order,
    pub(crate) wanted: &'a Wanted,
    pub(crate) driver: &'a dyn Driver,
    pub(crate) limits: Limits,
    pub(crate) calls: Calls<'a>,
}

/// Whether the machine has to be reached at all.
pub(crate) fn needs_the_machine(action: Action) -> bool {
    action.mutates()
}

impl Work<'_> {
    pub(crate) async fn carry_out(&mut self) -> Result<(), EngineError> {
        if matches!(self.order.step.action, Action::Delete | Action::Replace) {
            return Err(self.error(ErrorKind::Rejected, "a machine cannot be made or deleted; it can only be released"));
        }
        let identity = self.calls.bmc.identity().await?;
        if let Some(why) = another_machine(self.wanted, &identity) {
            return Err(self.error(ErrorKind::Conflict, &why));
        }
        accounts::check(self)?;
        self.power_restore().await?;
        accounts::bring(self).await?;
        self.time_servers().await?;
        self.settings().await?;
        self.network().await?;
        self.console().await?;
        media::bring(self).await?;
        self.boot_order().await?;
        self.boot().await?;
        let was_started = once::run(self).await?;
        let brought = match power::bring(self).await {
            // Last of all: nothing may be heard of the BMC afterwards.
            Ok(()) => self.addresses().await,
            failed => failed,
        };
        if was_started { once::spent(self, brought) } else { brought }
    }

    /// Whether the review covers a change of this field, or of one below it.
    fn is_reviewed(&self, path: &str) -> bool {
        let below = |changed: &str| changed.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        self.order.step.changes.iter().any(|change| below(&change.path))
    }

    async fn power_restore(&mut self) -> Result<(), EngineError> {
        let Some(policy) = self.wanted.after_power_loss.filter(|_| self.is_reviewed("specs.after_power_loss")) else { return Ok(()) };
        if self.calls.bmc.power_restore().await? == Some(policy) { Ok(()) } else { self.calls.set_power_restore(policy).await }
    }

    async fn time_servers(&mut self) -> Result<(), EngineError> {
        let wanted = self.wanted;
        let Some(hosts) = wanted.time_servers.as_ref().filter(|_| self.is_reviewed("specs.ntp")) else { return Ok(()) };
        if self.calls.bmc.time_servers().await?.as_ref() == Some(hosts) { Ok(()) } else { self.calls.set_time_servers(hosts).await }
    }

    async fn network(&mut self) -> Result<(), EngineError> {
        let reviewed = Network {
            hostname: self.wanted.network.hostname.clone().filter(|_| self.is_reviewed("specs.bmc.hostname")),
            name_servers: self.wanted.network.name_servers.clone().filter(|_| self.is_reviewed("specs.bmc.dns")),
        };
        if reviewed == Network::default() {
            return Ok(());
        }
        let found = self.calls.bmc.network().await?;
        if found.is_some_and(|found| found.is_as(&reviewed)) { Ok(()) } else { self.calls.set_network(&reviewed).await }
    }

    async fn addresses(&mut self) -> Result<(), EngineError> {
        let wanted = self.wanted.addresses;
        let reviewed = Addresses {
            source: wanted.source.filter(|_| self.is_reviewed("specs.bmc.source")),
            address: wanted.address.filter(|_| self.is_reviewed("specs.bmc.address")),
            netmask: wanted.netmask.filter(|_| self.is_reviewed("specs.bmc.netmask")),
            gateway: wanted.gateway.filter(|_| self.is_reviewed("specs.bmc.gateway")),
            vlan: wanted.vlan.filter(|_| self.is_reviewed("specs.bmc.vlan")),
        };
        if reviewed == Addresses::default() {
            return Ok(());
        }
        let missing = reviewed.missing_from(&self.calls.bmc.addresses().await?.unwrap_or_default());
        if missing == Addresses::default() { Ok(()) } else { self.calls.set_addresses(&missing).await }
    }

    async fn console(&mut self) -> Result<(), EngineError> {
        let wanted = self.wanted.console;
        let reviewed = Console {
            is_enabled: wanted.is_enabled.filter(|_| self.is_reviewed("specs.console.enabled")),
            role: wanted.role.filter(|_| self.is_reviewed("specs.console.role")),
            bit_rate: wanted.bit_rate.filter(|_| self.is_reviewed("specs.console.bit_rate")),
        };
        if reviewed == Console::default() {
            return Ok(());
        }
        let found = self.calls.bmc.console().await?;
        if found.is_some_and(|found| found.is_as(&reviewed)) { Ok(()) } else { self.calls.set_console(&reviewed).await }
    }

    async fn settings(&mut self) -> Result<(), EngineError> {
        if !self.is_reviewed("specs.bios") || self.wanted.settings.is_empty() {
            return Ok(());
        }
        let names: Vec<String> = self.wanted.settings.keys().cloned().collect();
        let found = self.calls.bmc.settings(&names).await?;
        let as_wanted = |name: &str, value: &String| found.pending.get(name).or_else(|| found.now.get(name)) == Some(value);
        let missing: BTreeMap<String, String> =
            self.wanted.settings.iter().filter(|(name, value)| !as_wanted(name, value)).map(|(name, value)| (name.clone(), value.clone())).collect();
        if missing.is_empty() { Ok(()) } else { self.calls.set_settings(&missing).await }
    }

    async fn boot_order(&mut self) -> Result<(), EngineError> {
        let wanted = self.wanted;
        let Some(order) = wanted.order.as_ref().filter(|_| self.is_reviewed("specs.boot.order")) else { return Ok(()) };
        let found = self.calls.bmc.boot_order().await?;
        if found.is_some_and(|found| found.to_come() == order.as_slice()) { Ok(()) } else { self.calls.set_boot_order(order).await }
    }

    async fn boot(&mut self) -> Result<(), EngineError> {
        if !self.is_reviewed("specs.boot.device") && !self.is_reviewed("specs.boot.mode") {
            return Ok(());
        }
        let wanted = self.wanted.boot.map_or(BootOverride::NONE, lasting);
        self.ensure_boot(wanted).await
    }

    /// Sets the override unless it is so already. A mode that nobody names is left as it is.
    async fn ensure_boot(&mut self, wanted: BootOverride) -> Result<(), EngineError> {
        let found = self.calls.bmc.boot().await?;
        let wanted = BootOverride { mode: wanted.mode.or(found.and_then(|found| found.mode)), ..wanted };
        let is_so = found.is_some_and(|found| is_as(&found, &wanted));
        if is_so { Ok(()) } else { self.calls.set_boot(wanted).await }
    }

    fn error(&self, kind: ErrorKind, message: &str) -> EngineError {
        let step = &self.order.step;
        EngineError::new(kind, format!("{} the {} `{}`", step.action.word(), step.type_name, step.object), message)
    }
}

fn lasting(boot: WantedBoot) -> BootOverride {
    let is_lasting = boot.device != crate::driver::BootDevice::None;
    BootOverride { device: boot.device, mode: boot.mode, is_lasting }
}

/// Overrides are the same if they have the same effect: without a device there is none.
fn is_as(found: &BootOverride, wanted: &BootOverride) -> bool {
    let both_none = found.device == wanted.device && wanted.device == crate::driver::BootDevice::None;
    both_none || found == wanted
}

/// Why this machine is not the one that the blueprint means.
pub(crate) fn another_machine(wanted: &Wanted, found: &Identity) -> Option<String> {
    let differs = |what: &str, wanted: &Option<String>, found: &Option<String>| {
        let wanted = wanted.as_deref()?;
        match found.as_deref() {
            Some(found) if found.eq_ignore_ascii_case(wanted) => None,
            Some(found) => Some(format!("this is another machine: its {what} is `{found}`, and the blueprint says `{wanted}`")),
            None => Some(format!("whether this is the right machine is not known: its BMC tells no {what}, and the blueprint says `{wanted}`")),
        }
    };
    differs("serial number", &wanted.serial, &found.serial).or_else(|| differs("GUID", &wanted.guid, &found.guid))
}
