//! What does a blueprint want of a machine? The canonical values of the table, as types.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::time::Duration;

use core_model::Secret;
use serde_json::{Map, Value};

use crate::driver::{Addresses, BootDevice, BootMode, Console, Medium, Network, PowerRestore, PowerState, Reset, Role};
use crate::types;

/// The values of a step. Secrets are in it only where the values were unsealed.
#[derive(Debug, Default)]
pub(crate) struct Wanted {
    pub(crate) serial: Option<String>,
    pub(crate) guid: Option<String>,
    pub(crate) power: Option<PowerState>,
    pub(crate) shut_down_within: Duration,
    pub(crate) may_cut_power: bool,
    pub(crate) after_power_loss: Option<PowerRestore>,
    pub(crate) boot: Option<WantedBoot>,
    /// The firmware's own order.
    pub(crate) order: Option<Vec<String>>,
    /// By slot or kind.
    pub(crate) media: BTreeMap<String, Medium>,
    /// The BMC's own.
    pub(crate) network: Network,
    pub(crate) addresses: Addresses,
    pub(crate) console: Console,
    pub(crate) users: Vec<WantedUser>,
    pub(crate) settings: BTreeMap<String, String>,
    pub(crate) time_servers: Option<Vec<String>>,
    pub(crate) once: Option<Once>,
    pub(crate) ready: Option<Ready>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct WantedBoot {
    pub(crate) device: BootDevice,
    pub(crate) mode: Option<BootMode>,
}

#[derive(Debug)]
pub(crate) struct WantedUser {
    pub(crate) name: String,
    pub(crate) role: Option<Role>,
    pub(crate) is_enabled: Option<bool>,
    /// `None` also where it is sealed.
    pub(crate) password: Option<Secret>,
    pub(crate) sets_password: bool,
}

#[derive(Debug)]
pub(crate) struct Once {
    pub(crate) token: String,
    pub(crate) boot: Option<WantedBoot>,
    pub(crate) reset_kind: Option<Reset>,
    pub(crate) clears_events: bool,
    pub(crate) blinks_for: Option<Duration>,
}

#[derive(Debug)]
pub(crate) struct Ready {
    pub(crate) address: IpAddr,
    pub(crate) port: u16,
    pub(crate) within: Duration,
}

const DEFAULT_READY_WITHIN: Duration = Duration::from_secs(15 * 60);

impl Wanted {
    /// From `{"specs": {..}}`. What the table does not let through is not here, so what cannot be read is left out.
    pub(crate) fn of(values: &Map<String, Value>) -> Self {
        let nothing = Map::new();
        let specs = values.get("specs").and_then(Value::as_object).unwrap_or(&nothing);
        let (identity, power_off) = (specs.get("identity"), specs.get("power_off"));
        Self {
            serial: text(identity, "serial").map(str::to_owned),
            guid: text(identity, "guid").map(str::to_owned),
            power: specs.get("power").map(|power| if power == "on" { PowerState::On } else { PowerState::Off }),
            shut_down_within: duration(power_off, "within").unwrap_or(types::DEFAULT_SHUT_DOWN_WITHIN),
            may_cut_power: flag(power_off, "force").unwrap_or(false),
            after_power_loss: specs.get("after_power_loss").and_then(Value::as_str).and_then(types::power_restore),
            boot: boot(specs.get("boot"), "device"),
            order: specs.get("boot").and_then(|boot| boot.get("order")).and_then(Value::as_array).map(|names| texts(names)),
            media: specs.get("media").and_then(Value::as_object).map(media).unwrap_or_default(),
            network: network(specs.get("bmc")),
            addresses: addresses(specs.get("bmc")),
            console: console(specs.get("console")),
            users: specs.get("users").and_then(Value::as_array).into_iter().flatten().map(user).collect(),
            settings: specs.get("bios").and_then(Value::as_object).map(settings).unwrap_or_default(),
            time_servers: specs.get("ntp").and_then(Value::as_array).map(|hosts| texts(hosts)),
            once: once(specs.get("once")),
            ready: ready(specs.get("ready")),
        }
    }
}

fn text<'v>(object: Option<&'v Value>, key: &str) -> Option<&'v str> {
    object?.get(key)?.as_str()
}

fn texts(values: &[Value]) -> Vec<String> {
    values.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn flag(object: Option<&Value>, key: &str) -> Option<bool> {
    object?.get(key)?.as_bool()
}

fn duration(object: Option<&Value>, key: &str) -> Option<Duration> {
    object?.get(key)?.as_u64().map(Duration::from_millis)
}

fn boot(object: Option<&Value>, device: &str) -> Option<WantedBoot> {
    let device = text(object, device).and_then(types::boot_device)?;
    Some(WantedBoot { device, mode: text(object, "mode").and_then(types::boot_mode) })
}

fn user(value: &Value) -> WantedUser {
    let item = Some(value);
    WantedUser {
        name: text(item, "name").unwrap_or_default().to_owned(),
        role: text(item, "role").and_then(types::role),
        is_enabled: flag(item, "enabled"),
        password: text(item, "password").map(Secret::new),
        sets_password: value.get("password").is_some(),
    }
}

fn settings(values: &Map<String, Value>) -> BTreeMap<String, String> {
    values.iter().filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned()))).collect()
}

/// A drive that nothing is named for is to be empty, as one that is not named.
fn media(values: &Map<String, Value>) -> BTreeMap<String, Medium> {
    let medium =
        |value: &Value| Some(Medium { image: text(Some(value), "image")?.to_owned(), write_protected: flag(Some(value), "write_protected") });
    values.iter().filter_map(|(called, value)| Some((called.clone(), medium(value)?))).collect()
}

fn network(value: Option<&Value>) -> Network {
    let name_servers = value.and_then(|bmc| bmc.get("dns")).and_then(Value::as_array).map(|servers| texts(servers));
    Network { hostname: text(value, "hostname").map(str::to_owned), name_servers }
}

fn addresses(value: Option<&Value>) -> Addresses {
    let address = |key| text(value, key).and_then(|text| text.parse().ok());
    Addresses {
        source: text(value, "source").and_then(types::address_source),
        address: address("address"),
        netmask: address("netmask"),
        gateway: address("gateway"),
        vlan: value.and_then(|bmc| bmc.get("vlan")).and_then(Value::as_u64).and_then(|vlan| u16::try_from(vlan).ok()),
    }
}

fn console(value: Option<&Value>) -> Console {
    let bit_rate = text(value, "bit_rate").and_then(|rate| rate.parse().ok());
    Console { is_enabled: flag(value, "enabled"), role: text(value, "role").and_then(types::role), bit_rate }
}

fn once(value: Option<&Value>) -> Option<Once> {
    Some(Once {
        token: text(value, "token")?.to_owned(),
        boot: boot(value, "boot"),
        reset_kind: text(value, "reset").and_then(types::reset_kind),
        clears_events: flag(value, "clear_events").unwrap_or(false),
        blinks_for: duration(value, "identify"),
    })
}

fn ready(value: Option<&Value>) -> Option<Ready> {
    Some(Ready {
        address: text(value, "address")?.parse().ok()?,
        port: value?.get("port")?.as_u64().and_then(|port| u16::try_from(port).ok())?,
        within: duration(value, "within").unwrap_or(DEFAULT_READY_WITHIN),
    })
}
