//! Which pending changes of a running guest come true at once?
//!
//! The table is `data/hotplug.tsv`, each row with its source. Where a word of the table needs more than a feature flag, its
//! rule is a function here.

mod disk;
mod net;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use crate::methods::indexed;
use crate::verify::parse_properties;
use crate::world::{Guest, GuestKind};

/// What the table says of one option.
#[derive(Clone, Copy, Debug)]
struct Row {
    change: &'static str,
    removal: &'static str,
}

static TABLE: LazyLock<BTreeMap<(&'static str, &'static str), Row>> = LazyLock::new(|| {
    let rows = include_str!("../../data/hotplug.tsv").lines().filter(|line| !line.starts_with('#'));
    rows.filter_map(|line| match line.split('\t').collect::<Vec<_>>()[..] {
        [guest, option, change, removal, _] => Some(((guest, option), Row { change, removal })),
        _ => None,
    })
    .collect()
});

fn row(kind: GuestKind, option: &str) -> Row {
    let stem = indexed(option).map(|(stem, _)| format!("{stem}[n]"));
    let find = |name: &str| TABLE.iter().find(|((guest, known), _)| *guest == kind.word() && *known == name).map(|(_, row)| *row);
    let found = find(option).or_else(|| find(&stem?)).or_else(|| find("*"));
    found.unwrap_or(Row { change: "pending", removal: "pending" })
}

/// What hot-plugging one change comes to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Plug {
    Live,
    /// It waits for a stop and start.
    Pending,
    /// It fails with these words.
    Problem(String),
}

impl Plug {
    fn live_if(condition: bool) -> Self {
        if condition { Self::Live } else { Self::Pending }
    }
}

/// Applies what can be applied to a running guest, of the options in `selection`; answers the problems by option.
pub(super) fn plug(guest: &mut Guest, selection: &BTreeSet<String>) -> BTreeMap<String, String> {
    let mut problems = BTreeMap::new();
    let features = features(guest);
    let is_selected = |option: &String| selection.contains(option) || is_always_live(guest.kind, option);
    let removals: Vec<(String, bool)> =
        guest.pending_delete.iter().filter(|(option, _)| is_selected(option)).map(|(option, force)| (option.clone(), *force)).collect();
    let changes: Vec<(String, String)> =
        guest.pending.iter().filter(|(option, _)| is_selected(option)).map(|(option, value)| (option.clone(), value.clone())).collect();
    for (option, force) in removals {
        match refusing(guest, &option).unwrap_or_else(|| removal(guest, &features, &option)) {
            Plug::Live => commit_removal(guest, &option, force),
            Plug::Pending => {}
            Plug::Problem(problem) => _ = problems.insert(option.clone(), problem_words(guest.kind, &option, &problem)),
        }
    }
    for (option, value) in changes {
        match refusing(guest, &option).unwrap_or_else(|| change(guest, &features, &option, &value)) {
            Plug::Live => commit_change(guest, &option, value),
            Plug::Pending => {}
            Plug::Problem(problem) => _ = problems.insert(option.clone(), problem_words(guest.kind, &option, &problem)),
        }
    }
    problems
}

/// Sources: `QemuServer.pm:4630`, pve-container `Config.pm:1632`.
fn problem_words(kind: GuestKind, option: &str, problem: &str) -> String {
    match kind {
        GuestKind::Qemu => format!("hotplug problem - {problem}"),
        GuestKind::Lxc => format!("unable to hotplug {option}: {problem}"),
    }
}

fn refusing(guest: &Guest, option: &str) -> Option<Plug> {
    guest.refuses_hotplug.get(option).cloned().map(Plug::Problem)
}

fn is_always_live(kind: GuestKind, option: &str) -> bool {
    row(kind, option).change == "live" && kind == GuestKind::Qemu
}

/// A removal comes true: the volume of a drive becomes unused, or is destroyed by the caller where `force` says so.
fn commit_removal(guest: &mut Guest, option: &str, force: bool) {
    guest.pending_delete.remove(option);
    let old = guest.config.remove(option);
    if let Some(running) = &mut guest.running {
        running.config.remove(option);
    }
    if !force && super::drive::is_disk_slot(guest.kind, option) {
        super::drive::detach(guest, old.as_deref());
    }
}

fn commit_change(guest: &mut Guest, option: &str, value: String) {
    guest.pending.remove(option);
    let old = guest.config.insert(option.to_owned(), value.clone());
    if let Some(running) = &mut guest.running {
        running.config.insert(option.to_owned(), value.clone());
    }
    if super::drive::is_disk_slot(guest.kind, option) {
        super::drive::detach_if_replaced(guest, old.as_deref(), &value);
    }
}

/// `hotplug`: a list of features, `1` for the default, `0` for none. Source: `QemuServer.pm` `parse_hotplug_features`.
fn features(guest: &Guest) -> BTreeSet<String> {
    let text = guest.option("hotplug").unwrap_or("1");
    let text = match text {
        "1" => "network,disk,usb",
        "0" => "",
        other => other,
    };
    text.split([',', ';']).filter(|feature| !feature.is_empty()).map(str::to_owned).collect()
}

fn removal(guest: &Guest, features: &BTreeSet<String>, option: &str) -> Plug {
    let has = |feature: &str| features.contains(feature);
    match row(guest.kind, option).removal {
        "live" => Plug::Live,
        "network-feature" => Plug::live_if(has("network")),
        "disk-feature" => Plug::live_if(has("disk")),
        "cpu-feature" => Plug::live_if(has("cpu")),
        "memory-feature" => Plug::live_if(has("memory")),
        "usb-feature" => Plug::live_if(has("usb")),
        "usb" => Plug::live_if(has("usb") && usb_is_supported(guest)),
        "balloon" => Plug::live_if(guest.option("balloon") != Some("0")),
        "hotplug" => Plug::live_if(!mentions_cpu_or_memory(guest.option("hotplug"))),
        _ => Plug::Pending,
    }
}

fn change(guest: &Guest, features: &BTreeSet<String>, option: &str, value: &str) -> Plug {
    let has = |feature: &str| features.contains(feature);
    let old = guest.option(option);
    match row(guest.kind, option).change {
        "live" => Plug::Live,
        "new" => Plug::live_if(old.is_none()),
        "cpu-feature" => Plug::live_if(has("cpu")),
        "memory-feature" => Plug::live_if(has("memory")),
        "usb-feature" => Plug::live_if(has("usb")),
        "usb" => Plug::live_if(has("usb") && usb_is_supported(guest)),
        "balloon" => Plug::live_if((old == Some("0")) == (value == "0")),
        "hotplug" => Plug::live_if(!mentions_cpu_or_memory(old) && !mentions_cpu_or_memory(Some(value))),
        "net" => net::change(old, value, has("network")),
        "disk" => disk::change(old, value, has("disk")),
        "fixed-disk" => disk::change_fixed(old, value, has("disk")),
        "agent" => agent_change(old, value),
        _ => Plug::Pending,
    }
}

fn mentions_cpu_or_memory(value: Option<&str>) -> bool {
    value.is_some_and(|value| value.contains("cpu") || value.contains("memory"))
}

/// Source: `QemuServer.pm` lines 4718 to 4728.
fn usb_is_supported(guest: &Guest) -> bool {
    matches!(guest.option("ostype"), Some("l26" | "win8" | "win10" | "win11"))
}

/// Only `fstrim_cloned_disks` can change while the guest runs. Source: `QemuServer.pm` `vmconfig_update_agent`.
fn agent_change(old: Option<&str>, new: &str) -> Plug {
    let Some(old) = old else { return Plug::Pending };
    let rest = |text: &str| {
        let mut parts = parse_properties(text, "enabled");
        parts.remove("fstrim_cloned_disks");
        parts
    };
    Plug::live_if(rest(old) == rest(new))
}
