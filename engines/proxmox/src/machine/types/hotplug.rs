//! What does a change cost a machine as it is now? Facts of qemu-server 9.2, `vmconfig_hotplug_pending`: what is plugged while
//! the machine runs, and what waits until it is switched off and on.

use core_model::diff::Sides;
use core_model::plan::{FieldChange, Risk, Step};
use core_model::schema::Effect;
use serde_json::Value;

use crate::guest::GuestKind;
use crate::preflight::makes;

/// How a field of a running machine takes a new value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Plug {
    /// At once, whatever the machine's hotplug setting is.
    Live,
    /// At once where the machine's hotplug setting has this word.
    With(&'static str),
    /// Memory moves while the machine runs only with memory hotplug and NUMA.
    Memory,
    /// The balloon takes another size at once; coming and going needs a restart.
    Balloon,
    /// Another medium in a drive that is there is live; a drive that comes or goes is not (`vmconfig_update_disk`).
    Medium,
    /// The fraction of the processors is a limit and live; their number is not.
    Processors,
    Restart,
    /// It moves only while the machine is off: it can neither be plugged nor wait.
    Off,
}

/// By path, `*` for a slot. Fields that are not here are `Live` if their table says "in place", and `Restart` otherwise.
const TABLE: &[(&str, Plug)] = &[
    ("specs.cpu", Plug::Processors),
    ("specs.memory", Plug::Memory),
    ("specs.balloon", Plug::Balloon),
    ("specs.cdrom", Plug::Medium),
    ("specs.network.model", Plug::With("network")),
    ("specs.network.mac", Plug::With("network")),
    ("specs.network.mtu", Plug::With("network")),
    ("specs.networks.*.bridge", Plug::Live),
    ("specs.networks.*.model", Plug::With("network")),
    ("specs.networks.*.mac", Plug::With("network")),
    ("specs.networks.*.mtu", Plug::With("network")),
    ("specs.disks.*.cache", Plug::Restart),
    ("specs.disks.*.discard", Plug::Restart),
    ("specs.disks.*.iothread", Plug::Restart),
    ("specs.disks.*.ssd", Plug::Restart),
    ("specs.efi.storage", Plug::Restart),
    ("specs.tpm.storage", Plug::Off),
];

/// What Proxmox plugs when nobody says anything else.
const HOTPLUG_BY_DEFAULT: [&str; 3] = ["network", "disk", "usb"];

/// What the machine is like.
struct Machine {
    is_off: bool,
    hotplug: Vec<String>,
    has_numa: bool,
    may_restart: bool,
}

pub(super) fn weigh(changes: &mut [FieldChange], sides: &Sides<'_>) {
    newer_image(changes);
    let spec = |map: &serde_json::Map<String, Value>, name: &str| map.get("specs").and_then(|specs| specs.get(name)).cloned();
    let words =
        |value: Option<Value>| value.as_ref().and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect();
    let machine = Machine {
        is_off: spec(sides.live, "power") == Some(Value::from("off")),
        hotplug: words(spec(sides.live, "hotplug")),
        has_numa: spec(sides.live, "numa") == Some(Value::Bool(true)),
        may_restart: spec(sides.desired, "restart") != Some(Value::from("never")),
    };
    let added: Vec<String> = added_slots(changes, sides);
    for change in changes.iter_mut().filter(|change| change.effect != Effect::Replace && change.risk != Risk::None) {
        (change.effect, change.risk) = cost(change, &machine, &added);
    }
}

/// The fields that a step writes and that a machine which must not be restarted does not take while it runs. Read from the step
/// alone: a machine that plugs more than its blueprint says takes them at once.
pub(super) fn waiting(step: &Step) -> Vec<&str> {
    let spec = |name: &str| step.desired.get("specs").and_then(|specs| specs.get(name));
    if spec("restart") != Some(&Value::from("never")) || spec("power") == Some(&Value::from("off")) {
        return Vec::new();
    }
    let hotplug = match spec("hotplug").and_then(Value::as_array) {
        Some(words) => words.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        None => HOTPLUG_BY_DEFAULT.map(str::to_owned).to_vec(),
    };
    let machine = Machine { is_off: false, hotplug, has_numa: spec("numa") == Some(&Value::Bool(true)), may_restart: true };
    let added: Vec<String> = step.changes.iter().filter_map(made_slot).collect();
    // Once weighed, a change no longer says what its field usually costs.
    let usual = |change: &FieldChange| FieldChange {
        effect: GuestKind::Machine.field_of(&change.path).map_or(change.effect, |field| field.effect),
        ..change.clone()
    };
    let waits = |change: &&FieldChange| change.risk != Risk::None && cost(&usual(change), &machine, &added).0 == Effect::Restart;
    step.changes.iter().filter(waits).map(|change| change.path.as_str()).collect()
}

/// The slot that a change brings: what it cannot be without was not there.
fn made_slot(change: &FieldChange) -> Option<String> {
    let (slot, field) = change.path.rsplit_once('.')?;
    let makes = change.before.is_null() && matches!(field, "size" | "import" | "bridge" | "mapping");
    (makes && slot.split('.').count() == 3).then(|| format!("{slot}."))
}

/// Another file of the same resource is for the machines to come; another resource is another machine.
fn newer_image(changes: &mut [FieldChange]) {
    let same = |change: &FieldChange| change.before.get("resource").is_some() && change.before.get("resource") == change.after.get("resource");
    let newer = changes.iter_mut().filter(|change| change.path == "specs.image" && same(change));
    newer.for_each(|change| (change.effect, change.risk) = (Effect::InPlace, Risk::None));
}

fn cost(change: &FieldChange, machine: &Machine, added: &[String]) -> (Effect, Risk) {
    if change.path == "specs.power" {
        let risk = if change.after == "off" { Risk::Restart } else { Risk::InPlace };
        return (Effect::InPlace, risk);
    }
    if machine.is_off {
        return (Effect::InPlace, Risk::InPlace);
    }
    if moves_while_off(change) {
        // With `restart: never` the plan is refused.
        return (Effect::Restart, Risk::Restart);
    }
    let is_new = added.iter().any(|slot| change.path.starts_with(slot.as_str()));
    let is_live = match plug_of(&change.path) {
        _ if is_new => slot_word(&change.path).is_some_and(|word| machine.has(word)),
        Some(Plug::Live) => true,
        Some(Plug::With(word)) => machine.has(word),
        Some(Plug::Memory) => machine.has("memory") && machine.has_numa,
        Some(Plug::Balloon) => is_positive(&change.before) && is_positive(&change.after),
        Some(Plug::Medium) => !change.before.is_null() && !change.after.is_null(),
        Some(Plug::Processors) => whole(&change.before) == whole(&change.after),
        Some(Plug::Restart | Plug::Off) => false,
        None => change.effect == Effect::InPlace,
    };
    match (is_live, machine.may_restart) {
        // A fraction of the processors is the one restart of the table that may turn out live.
        (true, _) => (Effect::InPlace, if change.risk == Risk::Restart { Risk::InPlace } else { change.risk }),
        // It is written and waits; the machine is not restarted for it.
        (false, false) => (Effect::InPlace, Risk::InPlace),
        (false, true) => (Effect::Restart, Risk::Restart),
    }
}

/// A volume that is there and that moves only while the machine is off: `clone_disk` says "cannot move TPM state while VM is running".
fn moves_while_off(change: &FieldChange) -> bool {
    plug_of(&change.path) == Some(Plug::Off) && !change.before.is_null() && !change.unset
}

/// The fields of a step for which a machine that runs has to be off for a while.
pub(in crate::machine) fn needs_it_off(step: &Step) -> Vec<&str> {
    let moves = step.changes.iter().filter(|change| !makes(step) && change.effect == Effect::Restart && moves_while_off(change));
    moves.map(|change| change.path.as_str()).collect()
}

impl Machine {
    fn has(&self, word: &str) -> bool {
        self.hotplug.iter().any(|known| known == word)
    }
}

/// Whether a change of this path shows at once on a machine that runs with the usual hotplug setting.
#[cfg(test)]
pub(super) fn is_live(path: &str, field_is_in_place: bool) -> bool {
    match plug_of(path) {
        Some(Plug::Live | Plug::With("network" | "disk" | "usb") | Plug::Balloon) => true,
        Some(_) => false,
        None => field_is_in_place,
    }
}

fn plug_of(path: &str) -> Option<Plug> {
    TABLE.iter().find(|(pattern, _)| fits(pattern, path)).map(|(_, plug)| *plug)
}

fn fits(pattern: &str, path: &str) -> bool {
    let (mut pattern, mut path) = (pattern.split('.'), path.split('.'));
    loop {
        match (pattern.next(), path.next()) {
            (None, None) => return true,
            (Some("*"), Some(_)) => {}
            (Some(wanted), Some(found)) if wanted == found => {}
            _ => return false,
        }
    }
}

/// The disks and cards that come or go as a whole, as prefixes of their paths.
fn added_slots(changes: &[FieldChange], sides: &Sides<'_>) -> Vec<String> {
    let is_there = |map: &serde_json::Map<String, Value>, group: &str, slot: &str| {
        map.get("specs").and_then(|specs| specs.get(group)).and_then(|slots| slots.get(slot)).is_some()
    };
    let first = first_disk(sides.live);
    let slots = changes.iter().filter_map(|change| {
        let mut parts = change.path.split('.');
        let (_, group, slot) = (parts.next()?, parts.next()?, parts.next()?);
        // The first disk stays, whether it is named or not.
        let comes_or_goes = is_there(sides.live, group, slot) != is_there(sides.desired, group, slot) && first != Some(slot);
        (matches!(group, "disks" | "networks" | "devices") && comes_or_goes).then(|| format!("specs.{group}.{slot}."))
    });
    slots.collect()
}

/// The slot that the machine boots from.
fn first_disk(live: &serde_json::Map<String, Value>) -> Option<&str> {
    let specs = live.get("specs")?;
    let disks = specs.get("disks")?.as_object()?;
    specs.get("boot")?.as_array()?.iter().filter_map(Value::as_str).find(|device| disks.contains_key(*device))
}

/// What must be hot-pluggable for a slot to come or go. IDE and SATA disks and PCI devices never are.
fn slot_word(path: &str) -> Option<&'static str> {
    let slot = path.split('.').nth(2)?;
    match slot.trim_end_matches(|letter: char| letter.is_ascii_digit()) {
        "scsi" | "virtio" => Some("disk"),
        "net" => Some("network"),
        "usb" => Some("usb"),
        _ => None,
    }
}

fn is_positive(value: &Value) -> bool {
    value.as_i64().is_none_or(|number| number > 0)
}

/// How many processors the guest sees for a number in thousandths.
fn whole(value: &Value) -> Option<i64> {
    value.as_i64().map(|thousandths| (thousandths + 999) / 1_000)
}
