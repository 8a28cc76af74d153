//! What is there? The machine, in the form of the table, and what it says of its health.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use core_model::state::{Gap, ObservedObject, TargetObservation};
use engine_api::{EngineError, ErrorKind, Gauge, ObserveScope};
use serde_json::{Map, Value, json};

use crate::driver::{
    Account, Addresses, Bmc, BootDevice, BootOrder, BootOverride, Console, Identity, MediaSlot, Medium, Network, PowerRestore, PowerState, Settings,
};
use crate::measured::Health;
use crate::types::{self, BOOT_DEVICE_NONE};

pub(crate) const COMPUTE: &str = "compute";

/// What can be seen of a machine. `None`: its BMC does not tell.
pub(crate) struct Seen {
    pub(crate) power: PowerState,
    pub(crate) after_power_loss: Option<PowerRestore>,
    pub(crate) boot: Option<BootOverride>,
    pub(crate) order: Option<BootOrder>,
    pub(crate) media: Option<Vec<MediaSlot>>,
    pub(crate) network: Option<Network>,
    pub(crate) addresses: Option<Addresses>,
    pub(crate) console: Option<Console>,
    pub(crate) accounts: Option<Vec<Account>>,
    /// As they will be after the next start.
    pub(crate) settings: BTreeMap<String, String>,
    pub(crate) time_servers: Option<Vec<String>>,
    /// Why parts that a machine can do without are not told.
    pub(crate) untold: Vec<EngineError>,
}

/// What is there, and what was measured on the way.
pub(crate) async fn observe(
    bmc: &mut dyn Bmc,
    health_within: Duration,
    scope: &ObserveScope,
) -> Result<(TargetObservation, Vec<Gauge>), EngineError> {
    let identity = bmc.identity().await?;
    let mut observation = TargetObservation { identity: name(&identity)?, objects: Vec::new(), gaps: Vec::new(), notes: Vec::new() };
    let names: Vec<&str> = scope.wanted.iter().filter(|wanted| wanted.type_name == COMPUTE).map(|wanted| wanted.object.as_str()).collect();
    let Some(first) = names.first().copied() else { return Ok((observation, Vec::new())) };
    let mut is_on = None;
    match read(bmc).await {
        Ok(seen) => {
            observation.notes = limits_of_the_look(&seen);
            is_on = Some(seen.power == PowerState::On);
            observation.objects.extend(names.into_iter().map(|name| object(name, &identity, &seen)));
        }
        Err(error) if is_about_a_part(error.kind) => {
            observation.gaps.push(Gap { type_name: Some(COMPUTE.to_owned()), object: None, why: error.to_string() });
        }
        Err(error) => return Err(error),
    }
    let health = health(bmc, health_within).await;
    // There is one machine, whatever it is called.
    let gauges = health.gauges(&format!("{COMPUTE}/{first}"), is_on);
    observation.notes.extend(health.notes);
    Ok((observation, gauges))
}

/// Whether the machine can be seen, and something of it cannot.
pub(crate) fn is_about_a_part(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::Unauthorised | ErrorKind::NotFound | ErrorKind::Conflict | ErrorKind::Rejected | ErrorKind::Protocol)
}

/// What an account may not see is for its owner to say; what the BMC fails to tell is worth a note.
fn limits_of_the_look(seen: &Seen) -> Vec<String> {
    let failed = seen.untold.iter().filter(|error| !matches!(error.kind, ErrorKind::Unauthorised | ErrorKind::NotFound));
    failed.map(EngineError::to_string).collect()
}

/// What a machine is known by. One that nothing tells from another is not touched.
pub(crate) fn name(identity: &Identity) -> Result<String, EngineError> {
    identity.name().ok_or_else(|| {
        let words = "it has neither a GUID nor a serial number nor a network address of its own. Hint: set one with the vendor's tools";
        EngineError::new(ErrorKind::Rejected, "learn which machine this is", words)
    })
}

/// All settings of the firmware; none where there is no way to them.
pub(crate) async fn settings(bmc: &mut dyn Bmc) -> Result<Settings, EngineError> {
    if bmc.abilities().settings { bmc.settings(&[]).await } else { Ok(Settings::default()) }
}

pub(crate) async fn read(bmc: &mut dyn Bmc) -> Result<Seen, EngineError> {
    let read = settings(bmc).await?;
    let mut settings = read.now;
    settings.extend(read.pending);
    let state = bmc.state().await?;
    let mut untold = Vec::new();
    Ok(Seen {
        power: state.power,
        after_power_loss: state.after_power_loss,
        boot: state.boot,
        order: told(state.order, &mut untold)?,
        media: told(bmc.media().await, &mut untold)?,
        network: told(bmc.network().await, &mut untold)?,
        addresses: told(bmc.addresses().await, &mut untold)?,
        console: told(bmc.console().await, &mut untold)?,
        accounts: bmc.accounts().await?,
        settings,
        time_servers: bmc.time_servers().await?,
        untold,
    })
}

/// A part that perhaps no blueprint asks for, and that cannot be read, is not told; it hides nothing else.
fn told<T>(read: Result<Option<T>, EngineError>, untold: &mut Vec<EngineError>) -> Result<Option<T>, EngineError> {
    match read {
        Err(error) if is_about_a_part(error.kind) => {
            untold.push(error);
            Ok(None)
        }
        read => read,
    }
}

/// Reading every sensor takes seconds; a plan does not fail for it.
async fn health(bmc: &mut dyn Bmc, within: Duration) -> Health {
    let unknown = |why: String| Health::unknown(&why);
    match tokio::time::timeout(within, bmc.health()).await {
        Ok(Ok(health)) => health,
        Ok(Err(error)) => unknown(error.to_string()),
        Err(_) => unknown(format!("reading its sensors took longer than {} s", within.as_secs())),
    }
}

fn object(name: &str, identity: &Identity, seen: &Seen) -> ObservedObject {
    let mut specs = Map::new();
    specs.insert("identity".to_owned(), without_nulls(json!({"serial": identity.serial, "guid": identity.guid})));
    specs.insert("power".to_owned(), json!(if seen.power == PowerState::On { "on" } else { "off" }));
    specs.extend(seen.after_power_loss.map(|policy| ("after_power_loss".to_owned(), json!(types::power_restore_word(policy)))));
    let mut boot = seen.boot.map(boot_value).unwrap_or_default();
    boot.extend(seen.order.as_ref().map(|order| ("order".to_owned(), json!(order.to_come()))));
    if !boot.is_empty() {
        specs.insert("boot".to_owned(), Value::Object(boot));
    }
    specs.extend(seen.accounts.as_ref().map(|accounts| ("users".to_owned(), accounts.iter().map(account_value).collect())));
    if !seen.settings.is_empty() {
        specs.insert("bios".to_owned(), json!(seen.settings));
    }
    specs.extend(seen.time_servers.as_ref().map(|hosts| ("ntp".to_owned(), json!(hosts))));
    let mut bmc = seen.network.as_ref().map(network_value).unwrap_or_default();
    bmc.extend(seen.addresses.as_ref().map(addresses_value).unwrap_or_default());
    if seen.network.is_some() || !bmc.is_empty() {
        specs.insert("bmc".to_owned(), Value::Object(bmc));
    }
    specs.extend(seen.console.as_ref().map(|console| ("console".to_owned(), console_value(console))));
    specs.extend(seen.media.as_ref().map(|slots| ("media".to_owned(), media_value(slots))));
    ObservedObject {
        type_name: COMPUTE.to_owned(),
        name: name.to_owned(),
        marker: None,
        values: Map::from_iter([("specs".to_owned(), Value::Object(specs))]),
        defaults: Map::from_iter([("specs".to_owned(), json!({"boot": {"device": BOOT_DEVICE_NONE}}))]),
        ready: None,
        is_shallow: false,
    }
}

/// An override for the next start alone is not the lasting one.
fn boot_value(boot: BootOverride) -> Map<String, Value> {
    let lasting = if boot.is_lasting { boot } else { BootOverride::NONE };
    let mode = lasting.mode.filter(|_| lasting.device != BootDevice::None).map(types::boot_mode_word);
    let mut value = Map::from_iter([("device".to_owned(), json!(types::boot_device_word(lasting.device)))]);
    value.extend(mode.map(|mode| ("mode".to_owned(), json!(mode))));
    value
}

/// Under each name that a blueprint may call a drive by; only those that it does are compared. An empty one is not there.
fn media_value(slots: &[MediaSlot]) -> Value {
    let names: BTreeSet<&str> = slots.iter().flat_map(|slot| slot.kinds.iter().copied().chain([slot.name.as_str()])).collect();
    let medium = |name: &str| MediaSlot::find(slots, name).and_then(|slot| slot.medium.as_ref()).map(medium_value);
    names.into_iter().filter_map(|name| Some((name.to_owned(), medium(name)?))).collect::<Map<_, _>>().into()
}

pub(crate) fn medium_value(medium: &Medium) -> Value {
    without_nulls(json!({"image": medium.image, "write_protected": medium.write_protected}))
}

pub(crate) fn network_value(network: &Network) -> Map<String, Value> {
    map(without_nulls(json!({"hostname": network.hostname, "dns": network.name_servers})))
}

fn addresses_value(addresses: &Addresses) -> Map<String, Value> {
    let source = addresses.source.map(types::address_source_word);
    map(without_nulls(json!({
        "source": source, "address": addresses.address, "netmask": addresses.netmask, "gateway": addresses.gateway, "vlan": addresses.vlan,
    })))
}

fn map(value: Value) -> Map<String, Value> {
    if let Value::Object(map) = value { map } else { Map::new() }
}

pub(crate) fn console_value(console: &Console) -> Value {
    let bit_rate = console.bit_rate.map(|rate| rate.to_string());
    without_nulls(json!({"enabled": console.is_enabled, "role": console.role.map(types::role_word), "bit_rate": bit_rate}))
}

fn account_value(account: &Account) -> Value {
    json!({"name": account.name, "role": types::role_word(account.role), "enabled": account.is_enabled})
}

fn without_nulls(mut value: Value) -> Value {
    if let Some(object) = value.as_object_mut() {
        object.retain(|_, value| !value.is_null());
    }
    value
}
