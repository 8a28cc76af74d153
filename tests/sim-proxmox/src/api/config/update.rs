//! What does one change of a configuration do?
//!
//! Everything is first written to `[PENDING]`. A stopped guest then takes all of it; a running one what can be hot-plugged.

use std::collections::{BTreeMap, BTreeSet};

use crate::api::Call;
use crate::api::drive::{self, Owner};
use crate::api::guest::{self, check_digest, check_lock};
use crate::api::hotplug;
use crate::api::option_permission::{self, Occasion};
use crate::job::{Phase, Progress};
use crate::refusal::Refusal;
use crate::verify::{Parameters, parse_properties};
use crate::world::{Guest, GuestKind, World, volume_of};

/// Parameters that are no options.
const ABOUT_THE_REQUEST: &[&str] = &["node", "vmid", "delete", "revert", "digest", "skiplock", "force", "background_delay", "import-working-storage"];

/// A change that was asked for.
#[derive(Debug)]
pub(in crate::api) struct Update {
    owner: Owner,
    options: Parameters,
    delete: Vec<String>,
    revert: Vec<String>,
    force: bool,
    digest: Option<String>,
    skip_lock: bool,
}

impl Update {
    pub(in crate::api) fn of(call: &Call<'_>) -> Result<Self, Refusal> {
        let list = |name: &str| -> Vec<String> {
            let text = call.text(name).unwrap_or_default();
            text.split([',', ';', ' ', '\0']).filter(|item| !item.is_empty()).map(str::to_owned).collect()
        };
        let options: Parameters = call
            .parameters
            .iter()
            .filter(|(name, _)| !ABOUT_THE_REQUEST.contains(&name.as_str()))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        let update = Self {
            owner: Owner { vmid: call.vmid()?, kind: call.guest()?.kind, node: call.node()? },
            options,
            delete: list("delete"),
            revert: list("revert"),
            force: call.flag("force").unwrap_or(false),
            digest: call.owned("digest"),
            skip_lock: call.flag("skiplock").unwrap_or(false),
        };
        update.check(call)?;
        Ok(update)
    }

    /// The same for a method whose own parameters are no options.
    pub(in crate::api) fn unlinking(call: &Call<'_>) -> Result<Self, Refusal> {
        check_lock(call.guest()?)?;
        Self::of(call)
    }

    fn check(&self, call: &Call<'_>) -> Result<(), Refusal> {
        if self.skip_lock && !call.is_root() {
            return Err(Refusal::parameter("skiplock", "Only root may use this option."));
        }
        if self.options.is_empty() && self.delete.is_empty() && self.revert.is_empty() {
            return Err(Refusal::failed("no options specified"));
        }
        for option in &self.delete {
            if self.options.contains_key(option) {
                return Err(Refusal::parameter("delete", format!("you can't use '-{option}' and -delete {option}' at the same time")));
            }
            if !is_option(self.owner.kind, option) {
                return Err(Refusal::parameter("delete", format!("unknown option '{option}'")));
            }
        }
        option_permission::check(call, self.owner.kind, Occasion::Change, &self.options, &self.delete)?;
        crate::api::create::check_storages(call, self.owner.kind, &self.options)
    }

    /// Allocates first; the change itself comes when that is done.
    pub(in crate::api) fn run(self, world: &mut World, progress: &mut Progress) -> Result<(), Refusal> {
        let guest = guest::of(world, self.owner.vmid)?;
        check_digest(guest, self.digest.as_deref())?;
        if !self.skip_lock {
            check_lock(guest)?;
        }
        if guest.kind == GuestKind::Lxc {
            self.check_container(guest)?;
        }
        check_balloon(guest, &self.options)?;
        check_boot_order(guest, &self.options, &self.delete)?;
        let mut options = Parameters::new();
        for (option, value) in &self.options {
            let is_drive = drive::is_disk_slot(self.owner.kind, option);
            let value = match is_drive {
                true => drive::place(world, progress, &self.owner, option, value)?,
                false => normalised(world, self.owner.kind, option, value),
            };
            options.insert(option.clone(), value);
        }
        progress.then([Phase::run(move |world, progress| self.write(world, progress, options))]);
        Ok(())
    }

    /// Source: pve-container `Config.pm` `update_pct_config`.
    fn check_container(&self, guest: &Guest) -> Result<(), Refusal> {
        let vmid = self.owner.vmid;
        let is_protected = guest.is_on("protection");
        for option in &self.delete {
            match option.as_str() {
                "memory" | "rootfs" | "ostype" => return Err(Refusal::failed(format!("unable to delete required option '{option}'"))),
                "unprivileged" => return Err(Refusal::failed("unable to delete read-only option: 'unprivileged'")),
                other if is_protected && (other.starts_with("mp") || other.starts_with("unused")) => {
                    return Err(Refusal::failed(format!("can't remove CT {vmid} drive '{other}' - protection mode enabled")));
                }
                _ => {}
            }
        }
        for option in self.options.keys() {
            if option == "unprivileged" {
                return Err(Refusal::failed("unable to modify read-only option: 'unprivileged'"));
            }
            if is_protected && drive::is_disk_slot(guest.kind, option) {
                return Err(Refusal::failed(format!("can't update CT {vmid} drive '{option}' - protection mode enabled")));
            }
        }
        Ok(())
    }

    fn write(self, world: &mut World, progress: &mut Progress, options: Parameters) -> Result<(), Refusal> {
        let guest = guest::of(world, self.owner.vmid)?;
        let mut selection: BTreeSet<String> = options.keys().cloned().collect();
        let mut freed = Vec::new();
        for option in &self.revert {
            guest.pending.remove(option);
            guest.pending_delete.remove(option);
        }
        for option in &self.delete {
            selection.insert(option.clone());
            freed.extend(delete_option(guest, option, self.force)?);
        }
        for (option, value) in options {
            guest.pending_delete.remove(&option);
            if option == "cipassword" {
                guest.config.insert(option, value);
                continue;
            }
            // A volume that was only pending, and is replaced before it was ever used, stays as unused.
            let replaced = guest.pending.insert(option.clone(), value);
            if drive::is_disk_slot(guest.kind, &option) {
                drive::detach(guest, replaced.as_deref());
            }
        }
        forget_what_changes_nothing(guest);
        freed.extend(self.removed_volumes(guest));
        let problems = match guest.is_running() {
            true => hotplug::plug(guest, &selection),
            false => {
                apply_pending(guest);
                BTreeMap::new()
            }
        };
        // What is still in the configuration or waits to be removed keeps its volume.
        freed.retain(|volume| !guest.volumes().contains(volume));
        for volume in freed {
            drive::free(world, progress, &self.owner.node, &volume)?;
        }
        crate::api::cloudinit_changed(world, self.owner.vmid)?;
        if problems.is_empty() { Ok(()) } else { Err(Refusal::parameters(problems)) }
    }

    /// The volumes of slots that are emptied with `force`.
    fn removed_volumes(&self, guest: &Guest) -> Vec<String> {
        let slots = self.delete.iter().filter(|option| self.force && drive::is_disk_slot(guest.kind, option));
        slots.filter_map(|option| volume_of(guest.config.get(option)?)).map(str::to_owned).collect()
    }
}

fn is_option(kind: GuestKind, option: &str) -> bool {
    let path = format!("/nodes/x/{}/100/config", kind.word());
    crate::methods::Method::find("PUT", &path).is_some_and(|(method, _)| method.parameter(option).is_some()) || option.starts_with("unused")
}

/// Marks an option for removal; an unused volume goes at once, and its id is answered.
fn delete_option(guest: &mut Guest, option: &str, force: bool) -> Result<Option<String>, Refusal> {
    let waiting = guest.pending.remove(option);
    if drive::is_disk_slot(guest.kind, option) {
        drive::detach(guest, waiting.as_deref());
        leave_boot_order(guest, option);
    }
    let Some(value) = guest.config.get(option).cloned() else { return Ok(None) };
    if option.starts_with("unused") {
        if guest.is_on("protection") {
            return Err(Refusal::failed(format!("can't remove unused disk '{value}' - protection mode enabled")));
        }
        guest.config.remove(option);
        return Ok(volume_of(&value).map(str::to_owned));
    }
    // Whatever becomes of its volume. Source: `API2/Qemu.pm:2341`.
    if drive::is_disk_slot(guest.kind, option) && guest.is_on("protection") {
        return Err(Refusal::failed(format!("can't remove drive '{option}' - protection mode enabled")));
    }
    guest.pending_delete.insert(option.to_owned(), force);
    Ok(None)
}

/// Source: `API2/Qemu.pm`, the removal of options.
fn leave_boot_order(guest: &mut Guest, slot: &str) {
    let Some(boot) = guest.option("boot").map(|boot| parse_properties(boot, "legacy")) else { return };
    let Some(order) = boot.get("order") else { return };
    if order.split(';').any(|device| device == slot) {
        let left: Vec<&str> = order.split(';').filter(|device| *device != slot).collect();
        guest.pending.insert("boot".to_owned(), format!("order={}", left.join(";")));
        // The boot order of a running guest waits like any other option.
    }
}

fn forget_what_changes_nothing(guest: &mut Guest) {
    let config = &guest.config;
    guest.pending.retain(|option, value| config.get(option) != Some(value));
    guest.pending_delete.retain(|option, _| config.contains_key(option));
}

/// A stopped guest takes all that waits.
pub(in crate::api) fn apply_pending(guest: &mut Guest) {
    for (option, force) in std::mem::take(&mut guest.pending_delete) {
        let old = guest.config.remove(&option);
        if !force && drive::is_disk_slot(guest.kind, &option) {
            drive::detach(guest, old.as_deref());
        }
    }
    for (option, value) in std::mem::take(&mut guest.pending) {
        let old = guest.config.insert(option.clone(), value.clone());
        if drive::is_disk_slot(guest.kind, &option) {
            drive::detach_if_replaced(guest, old.as_deref(), &value);
        }
    }
}

fn check_balloon(guest: &Guest, options: &Parameters) -> Result<(), Refusal> {
    if !options.contains_key("memory") && !options.contains_key("balloon") {
        return Ok(());
    }
    let value = |name: &str| options.get(name).or_else(|| guest.pending.get(name)).or_else(|| guest.config.get(name));
    let number = |text: &String| parse_properties(text, "current").get("current").and_then(|number| number.parse::<u64>().ok());
    let memory = value("memory").and_then(number).unwrap_or(512);
    match value("balloon").and_then(number) {
        Some(balloon) if balloon > memory => Err(Refusal::failed("balloon value too large (must be smaller than assigned memory)")),
        _ => Ok(()),
    }
}

fn check_boot_order(guest: &Guest, options: &Parameters, deleted: &[String]) -> Result<(), Refusal> {
    let boot = options.get("boot").map(|boot| parse_properties(boot, "legacy")).unwrap_or_default();
    let Some(order) = boot.get("order") else { return Ok(()) };
    let exists = |device: &str| {
        let known = guest.config.contains_key(device) || guest.pending.contains_key(device) || options.contains_key(device);
        known && !deleted.iter().any(|option| option == device)
    };
    match order.split(';').find(|device| !device.is_empty() && !exists(device)) {
        // The stray quote is theirs.
        Some(missing) => Err(Refusal::failed(format!("invalid bootorder: device '{missing}' does not exist'"))),
        None => Ok(()),
    }
}

/// The form in which the configuration keeps a value that is no drive.
pub(in crate::api) fn normalised(world: &mut World, kind: GuestKind, option: &str, value: &str) -> String {
    let is_net = crate::methods::indexed(option).is_some_and(|(stem, _)| stem == "net");
    match option {
        _ if is_net => crate::api::net::written(world, kind, value),
        "tags" => unique_tags(world, value),
        // Stored as a hash; nobody reads it back.
        "cipassword" if !value.starts_with("$5$") => format!("$5$simulated${}", value.len()),
        _ => value.to_owned(),
    }
}

/// In lower case and in order, unless `tag-style` says otherwise. Source: pve-guest-common `GuestHelpers.pm` `get_unique_tags`.
fn unique_tags(world: &World, value: &str) -> String {
    let style = world.options.get("tag-style").map(String::as_str).unwrap_or_default();
    let tags = value.split([';', ',', ' ', '\0']).filter(|tag| !tag.is_empty());
    let mut tags: Vec<String> = tags.map(|tag| if style.contains("case-sensitive=1") { tag.to_owned() } else { tag.to_lowercase() }).collect();
    if !style.contains("ordering=config") {
        tags.sort();
    }
    let mut seen = BTreeSet::new();
    tags.retain(|tag| seen.insert(tag.clone()));
    tags.join(";")
}
