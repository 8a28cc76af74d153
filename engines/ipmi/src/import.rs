//! How would a blueprint say what this machine is? As far as it tells; passwords have to be filled in.

use std::fmt::Write as _;

use engine_api::{EngineError, Member, literals};
use serde_json::{Map, Value, json};

use crate::PROVIDER;
use crate::driver::{BootDevice, BootOrder, Console, Identity, MediaSlot, Network, Role};
use crate::observe::{self, COMPUTE, Seen};
use crate::types;

/// What no other machine of a rack has.
const OWN: &[&str] = &["identity.serial", "identity.guid", "bmc.hostname"];

/// The machine alone, as a blueprint.
pub(crate) fn blueprint(member: &Member) -> String {
    let mut text = format!("version: \"1.0\"\nname: imported\nresources:\n  # {}\n", in_one_line(&member.what));
    for untold in &member.untold {
        let _ = writeln!(text, "  # Not told: {}", in_one_line(untold));
    }
    let specs = Value::Object(member.specs.clone());
    let name = resource_name(member);
    // JSON is YAML, and quotes every text.
    let _ = writeln!(text, "  - type: {}\n    name: {name}\n    provider: {}\n    specs: {specs}", member.type_name, member.provider);
    text
}

pub(crate) fn member(identity: &Identity, seen: &Seen, own_account: &str) -> Result<Member, EngineError> {
    let known_by = observe::name(identity)?;
    let mut specs = specs(identity, seen, own_account);
    specs.values_mut().for_each(literals);
    let ids = [("serial number", &identity.serial), ("GUID", &identity.guid)];
    let ids: Vec<String> = ids.into_iter().filter_map(|(word, id)| Some(format!("{word} {}", id.as_ref()?))).collect();
    let hostname = seen.network.as_ref().and_then(|network| network.hostname.clone());
    Ok(Member {
        type_name: COMPUTE,
        provider: PROVIDER,
        // Some boards leave the factory with one GUID for all, so that all that is told counts.
        identity: if ids.is_empty() { known_by } else { ids.join(", ") },
        names: [hostname, identity.serial.clone(), identity.guid.clone(), identity.mac.clone()].into_iter().flatten().collect(),
        what: [&identity.manufacturer, &identity.product].map(|part| part.as_deref().unwrap_or("unknown")).join(" "),
        untold: seen.untold.iter().map(EngineError::to_string).collect(),
        specs,
        own: OWN,
    })
}

/// Power is left out: whether a machine is to be on is for its owner to say, not for the moment of the import.
fn specs(identity: &Identity, seen: &Seen, own_account: &str) -> Map<String, Value> {
    let mut specs = Map::new();
    let known: Map<String, Value> = [("serial", &identity.serial), ("guid", &identity.guid)]
        .into_iter()
        .filter_map(|(key, value)| Some((key.to_owned(), json!(value.as_ref()?))))
        .collect();
    specs.insert("identity".to_owned(), Value::Object(known));
    specs.extend(seen.after_power_loss.map(|policy| ("after_power_loss".to_owned(), json!(types::power_restore_word(policy)))));
    let boot = seen.boot.filter(|boot| boot.is_lasting && !matches!(boot.device, BootDevice::None | BootDevice::Other));
    let mut boot = boot.map_or_else(Map::new, |boot| {
        let mode = boot.mode.map_or("legacy", types::boot_mode_word);
        Map::from_iter([("device".to_owned(), json!(types::boot_device_word(boot.device))), ("mode".to_owned(), json!(mode))])
    });
    let order = seen.order.as_ref().map(BootOrder::to_come).filter(|order| !order.is_empty());
    boot.extend(order.map(|order| ("order".to_owned(), json!(order))));
    if !boot.is_empty() {
        specs.insert("boot".to_owned(), Value::Object(boot));
    }
    let accounts = seen.accounts.iter().flatten().filter(|account| account.name != own_account && !matches!(account.role, Role::None | Role::Other));
    let users: Vec<Value> =
        accounts.map(|account| json!({"name": account.name, "role": types::role_word(account.role), "enabled": account.is_enabled})).collect();
    if !users.is_empty() {
        specs.insert("users".to_owned(), Value::Array(users));
    }
    if !seen.settings.is_empty() {
        specs.insert("bios".to_owned(), json!(seen.settings));
    }
    let hosts = seen.time_servers.as_ref().filter(|hosts| !hosts.is_empty());
    specs.extend(hosts.map(|hosts| ("ntp".to_owned(), json!(hosts))));
    specs.extend(seen.network.as_ref().and_then(network).map(|network| ("bmc".to_owned(), network)));
    let is_writable = |console: &&Console| !matches!(console.role, Some(Role::None | Role::Other));
    let console = seen.console.as_ref().filter(is_writable).filter(|console| **console != Console::default());
    specs.extend(console.map(|console| ("console".to_owned(), observe::console_value(console))));
    specs.extend(seen.media.as_deref().and_then(media).map(|media| ("media".to_owned(), media)));
    specs
}

/// What a machine says of itself, in a comment.
fn in_one_line(words: &str) -> String {
    words.chars().filter(|letter| !letter.is_control()).collect()
}

/// A name that no blueprint may hold is left out, and the name servers are not.
fn network(found: &Network) -> Option<Value> {
    let hostname = found.hostname.clone().filter(|name| types::host_name(name).is_ok());
    let name_servers = found.name_servers.clone().filter(|servers| !servers.is_empty());
    let written = Network { hostname, name_servers };
    (written != Network::default()).then(|| Value::Object(observe::network_value(&written)))
}

/// The drives with an image that a blueprint may name.
fn media(slots: &[MediaSlot]) -> Option<Value> {
    let written = slots.iter().filter_map(|slot| {
        let medium = slot.medium.as_ref().filter(|medium| types::image(&medium.image).is_ok())?;
        Some((drive_name(slots, slot)?.to_owned(), observe::medium_value(medium)))
    });
    let written: Map<String, Value> = written.collect();
    (!written.is_empty()).then_some(Value::Object(written))
}

/// By what a blueprint can call a drive: a name with a dot in it is none.
fn drive_name<'s>(slots: &[MediaSlot], slot: &'s MediaSlot) -> Option<&'s str> {
    let by_kind = || slot.kinds.iter().copied().find(|kind| MediaSlot::find(slots, kind) == Some(slot));
    if slot.name.contains('.') { by_kind() } else { Some(&slot.name) }
}

/// A resource's name made from what the machine is known by.
fn resource_name(member: &Member) -> String {
    let ids = ["serial", "guid"].map(|key| member.specs.get("identity").and_then(|identity| identity.get(key)).and_then(Value::as_str));
    let known = ids.into_iter().flatten().next().or(member.names.last().map(String::as_str)).unwrap_or("unnamed");
    let plain = |letter: char| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '-' };
    format!("machine-{known}").chars().map(plain).take(40).collect()
}
