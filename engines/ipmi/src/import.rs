//! How would a blueprint say what this machine is? As far as it tells; passwords have to be filled in.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use crate::PROVIDER;
use crate::driver::{BootDevice, BootOrder, Console, Identity, MediaSlot, Network, Role};
use crate::observe::{self, Seen};
use crate::types;

/// Power is left out: whether a machine is to be on is for its owner to say, not for the moment of the import.
pub(crate) fn blueprint(identity: &Identity, seen: &Seen, own_account: &str) -> String {
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
    let mut text = "version: \"1.0\"\nname: imported\nresources:\n".to_owned();
    let what = [&identity.manufacturer, &identity.product].map(|part| part.as_deref().unwrap_or("unknown")).join(" ");
    // JSON is YAML, and quotes every text.
    let _ = writeln!(text, "  # {}", in_one_line(&what));
    for error in &seen.untold {
        let _ = writeln!(text, "  # Not told: {}", in_one_line(&error.to_string()));
    }
    let _ = writeln!(text, "  - type: compute\n    name: {}\n    provider: {PROVIDER}\n    specs: {}", resource_name(identity), Value::Object(specs));
    text
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
fn resource_name(identity: &Identity) -> String {
    let known = identity.serial.as_deref().or(identity.guid.as_deref()).or(identity.mac.as_deref()).unwrap_or("unnamed");
    let plain = |letter: char| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '-' };
    format!("machine-{known}").chars().map(plain).take(40).collect()
}
