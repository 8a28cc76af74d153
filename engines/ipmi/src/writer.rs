//! Which changes are made to a machine? Each goes through the gate, which journals it first.

use std::collections::BTreeMap;
use std::time::Duration;

use engine_api::{EngineError, Gate, Mutation, Repeat};

use crate::driver::{AccountEdit, Addresses, Bmc, BootOverride, Console, Medium, Network, PowerOrder, PowerRestore, Reset};
use crate::types;

/// What the journal calls the changes.
pub(crate) mod operation {
    pub(crate) const SET_POWER: &str = "SetPower";
    pub(crate) const SET_POWER_RESTORE: &str = "SetPowerRestore";
    pub(crate) const SET_BOOT: &str = "SetBoot";
    pub(crate) const SET_BOOT_ORDER: &str = "SetBootOrder";
    pub(crate) const INSERT_MEDIA: &str = "InsertMedia";
    pub(crate) const EJECT_MEDIA: &str = "EjectMedia";
    pub(crate) const SET_NETWORK: &str = "SetNetwork";
    pub(crate) const SET_ADDRESSES: &str = "SetAddresses";
    pub(crate) const SET_CONSOLE: &str = "SetConsole";
    pub(crate) const PUT_ACCOUNT: &str = "PutAccount";
    pub(crate) const REMOVE_ACCOUNT: &str = "RemoveAccount";
    pub(crate) const SET_SETTINGS: &str = "SetSettings";
    pub(crate) const SET_TIME_SERVERS: &str = "SetTimeServers";
    pub(crate) const RESET: &str = "Reset";
    pub(crate) const CLEAR_EVENTS: &str = "ClearEvents";
    pub(crate) const IDENTIFY: &str = "Identify";
}

/// The keys of switching, by which a fresh read tells what became of it.
pub(crate) const KEY_ON: &str = "on";
pub(crate) const KEY_OFF: &str = "off";
/// Between the token of a reset and what the BMC said of resets before it.
pub(crate) const EVIDENCE: &str = " after ";

/// The one way to a BMC's changes.
pub(crate) struct Calls<'a> {
    pub(crate) gate: &'a Gate<'a>,
    pub(crate) bmc: &'a mut dyn Bmc,
    pub(crate) machine: &'a str,
    pub(crate) within: Duration,
    pub(crate) media_within: Duration,
}

impl Calls<'_> {
    fn mutation(&self, operation: &'static str, attempt: String, key: impl Into<String>, repeat: Repeat) -> Mutation {
        Mutation { attempt, operation, key: key.into(), repeat, deadline: self.within }
    }

    pub(crate) async fn set_power(&mut self, order: PowerOrder, repeat: Repeat) -> Result<(), EngineError> {
        let machine = self.machine;
        let (attempt, key) = match order {
            PowerOrder::On => (format!("switch `{machine}` on"), KEY_ON),
            PowerOrder::Off => (format!("cut the power of `{machine}`"), KEY_OFF),
            PowerOrder::ShutDown => (format!("ask `{machine}` to shut down"), KEY_OFF),
        };
        let mutation = self.mutation(operation::SET_POWER, attempt, key, repeat);
        self.gate.mutate(mutation, async |permit| self.bmc.set_power(&permit, order).await).await
    }

    pub(crate) async fn set_power_restore(&mut self, policy: PowerRestore) -> Result<(), EngineError> {
        let attempt = format!("set what `{}` does when mains power comes back", self.machine);
        let mutation = self.mutation(operation::SET_POWER_RESTORE, attempt, types::power_restore_word(policy), Repeat::Safe);
        self.gate.mutate(mutation, async |permit| self.bmc.set_power_restore(&permit, policy).await).await
    }

    pub(crate) async fn set_boot(&mut self, boot: BootOverride) -> Result<(), EngineError> {
        let word = types::boot_device_word(boot.device);
        let attempt = format!("let `{}` boot from {word}", self.machine);
        let mutation = self.mutation(operation::SET_BOOT, attempt, word, Repeat::Safe);
        self.gate.mutate(mutation, async |permit| self.bmc.set_boot(&permit, boot).await).await
    }

    pub(crate) async fn set_boot_order(&mut self, order: &[String]) -> Result<(), EngineError> {
        let attempt = format!("set the boot order of the firmware of `{}`", self.machine);
        let mutation = self.mutation(operation::SET_BOOT_ORDER, attempt, order.join(", "), Repeat::Safe);
        self.gate.mutate(mutation, async |permit| self.bmc.set_boot_order(&permit, order).await).await
    }

    pub(crate) async fn insert_media(&mut self, slot: &str, medium: &Medium) -> Result<(), EngineError> {
        let attempt = format!("put an image into the virtual drive `{slot}` of `{}`", self.machine);
        let mutation = Mutation { deadline: self.media_within, ..self.mutation(operation::INSERT_MEDIA, attempt, slot, Repeat::Safe) };
        self.gate.mutate(mutation, async |permit| self.bmc.insert_media(&permit, slot, medium).await).await
    }

    pub(crate) async fn eject_media(&mut self, slot: &str) -> Result<(), EngineError> {
        let attempt = format!("empty the virtual drive `{slot}` of `{}`", self.machine);
        let mutation = Mutation { deadline: self.media_within, ..self.mutation(operation::EJECT_MEDIA, attempt, slot, Repeat::Safe) };
        self.gate.mutate(mutation, async |permit| self.bmc.eject_media(&permit, slot).await).await
    }

    pub(crate) async fn set_network(&mut self, network: &Network) -> Result<(), EngineError> {
        let attempt = format!("set the own name and the name servers of the BMC of `{}`", self.machine);
        let mutation = self.mutation(operation::SET_NETWORK, attempt, self.machine, Repeat::Safe);
        self.gate.mutate(mutation, async |permit| self.bmc.set_network(&permit, network).await).await
    }

    pub(crate) async fn set_addresses(&mut self, addresses: &Addresses) -> Result<(), EngineError> {
        let attempt = format!("set the addresses of the BMC of `{}`", self.machine);
        let mutation = self.mutation(operation::SET_ADDRESSES, attempt, self.machine, Repeat::Safe);
        self.gate.mutate(mutation, async |permit| self.bmc.set_addresses(&permit, addresses).await).await
    }

    pub(crate) async fn set_console(&mut self, console: &Console) -> Result<(), EngineError> {
        let attempt = format!("set up the serial console of `{}`", self.machine);
        let mutation = self.mutation(operation::SET_CONSOLE, attempt, self.machine, Repeat::Safe);
        self.gate.mutate(mutation, async |permit| self.bmc.set_console(&permit, console).await).await
    }

    pub(crate) async fn put_account(&mut self, edit: &AccountEdit<'_>) -> Result<(), EngineError> {
        let attempt = format!("set up the account `{}` of `{}`", edit.name, self.machine);
        let mutation = self.mutation(operation::PUT_ACCOUNT, attempt, edit.name, Repeat::Safe);
        self.gate.mutate(mutation, async |permit| self.bmc.put_account(&permit, edit).await).await
    }

    pub(crate) async fn remove_account(&mut self, name: &str) -> Result<(), EngineError> {
        let attempt = format!("remove the account `{name}` of `{}`", self.machine);
        let mutation = self.mutation(operation::REMOVE_ACCOUNT, attempt, name, Repeat::Safe);
        self.gate.mutate(mutation, async |permit| self.bmc.remove_account(&permit, name).await).await
    }

    pub(crate) async fn set_settings(&mut self, settings: &BTreeMap<String, String>) -> Result<(), EngineError> {
        let attempt = format!("set {} settings of the firmware of `{}`", settings.len(), self.machine);
        let names: Vec<&str> = settings.keys().map(String::as_str).collect();
        let mutation = self.mutation(operation::SET_SETTINGS, attempt, names.join(" "), Repeat::Safe);
        self.gate.mutate(mutation, async |permit| self.bmc.set_settings(&permit, settings).await).await
    }

    pub(crate) async fn set_time_servers(&mut self, hosts: &[String]) -> Result<(), EngineError> {
        let attempt = format!("set where the BMC of `{}` gets its time from", self.machine);
        let mutation = self.mutation(operation::SET_TIME_SERVERS, attempt, hosts.join(" "), Repeat::Safe);
        self.gate.mutate(mutation, async |permit| self.bmc.set_time_servers(&permit, hosts).await).await
    }

    /// Nobody may repeat it: after a crash a person is asked, unless the BMC can tell that it happened.
    pub(crate) async fn reset(&mut self, token: &str, reset: Reset) -> Result<(), EngineError> {
        let evidence = self.bmc.reset_evidence().await?;
        let key = evidence.map_or_else(|| token.to_owned(), |evidence| format!("{token}{EVIDENCE}{evidence}"));
        let mutation = self.mutation(operation::RESET, format!("reset `{}` for the token `{token}`", self.machine), key, Repeat::Never);
        self.gate.mutate(mutation, async |permit| self.bmc.reset(&permit, reset).await).await
    }

    pub(crate) async fn clear_events(&mut self) -> Result<(), EngineError> {
        let attempt = format!("clear the event log of `{}`", self.machine);
        let mutation = self.mutation(operation::CLEAR_EVENTS, attempt, self.machine, Repeat::Safe);
        self.gate.mutate(mutation, async |permit| self.bmc.clear_events(&permit).await).await
    }

    pub(crate) async fn identify(&mut self, duration: Duration) -> Result<(), EngineError> {
        let attempt = format!("let the light of `{}` blink", self.machine);
        // A BMC without a timer of its own is told when the time is over.
        let mutation = Mutation { deadline: self.within + duration, ..self.mutation(operation::IDENTIFY, attempt, self.machine, Repeat::Safe) };
        self.gate.mutate(mutation, async |permit| self.bmc.identify(&permit, duration).await).await
    }
}
