//! Which privilege does setting an option need?
//!
//! Sources: qemu-server `src/PVE/API2/Qemu.pm` lines 789 to 1040, pve-container `src/PVE/LXC.pm` line 1655, pve-guest-common
//! `src/PVE/GuestHelpers.pm` line 397. `root@pam` itself may do all of it; a token of it is somebody else.

use super::{Call, drive, net};
use crate::methods::indexed;
use crate::refusal::Refusal;
use crate::verify::{Parameters, parse_properties};
use crate::world::GuestKind;

/// What one option needs.
enum Needed {
    Nothing,
    /// One of these, on the guest or its future pool.
    AnyOf(&'static [&'static str]),
    /// All of these.
    AllOf(&'static [&'static str]),
    /// `root@pam`, or else these words with this status.
    Root(u16, String),
}

/// Whether the guest is being made or changed: a new guest's disks need no privilege of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Occasion {
    Creation,
    Change,
}

/// Checks the options that are set and those that are removed.
pub(super) fn check(call: &Call<'_>, kind: GuestKind, occasion: Occasion, set: &Parameters, removed: &[String]) -> Result<(), Refusal> {
    if call.is_root() {
        return Ok(());
    }
    let removed = removed.iter().map(|option| (option.as_str(), None));
    for (option, value) in set.iter().map(|(option, value)| (option.as_str(), Some(value.as_str()))).chain(removed) {
        let current = call.guest().ok().and_then(|guest| guest.option(option).map(str::to_owned));
        let value = value.or(current.as_deref()).unwrap_or_default();
        let needed = match kind {
            GuestKind::Qemu => of_machine(occasion, option, value),
            GuestKind::Lxc => of_container(call, set, option, value),
        };
        grant(call, needed)?;
        if option == "startup" && kind == GuestKind::Qemu {
            call.need("/", "Sys.Modify")?;
        }
        check_mapping(call, option, value)?;
    }
    check_storages(call, kind, set)?;
    check_bridges(call, set)
}

fn grant(call: &Call<'_>, needed: Needed) -> Result<(), Refusal> {
    let (privileges, any) = match needed {
        Needed::Nothing => return Ok(()),
        Needed::Root(status, words) => return Err(Refusal::with_status(status, words)),
        Needed::AnyOf(privileges) => (privileges, true),
        Needed::AllOf(privileges) => (privileges, false),
    };
    let has_all = |path: &str| match any {
        true => privileges.iter().any(|privilege| call.has_privilege(path, privilege)),
        false => privileges.iter().all(|privilege| call.has_privilege(path, privilege)),
    };
    let path = format!("/vms/{}", call.vmid()?);
    let of_pool = call.text("pool").is_some_and(|pool| has_all(&format!("/pool/{pool}")));
    if of_pool || has_all(&path) {
        return Ok(());
    }
    let missing = privileges.iter().find(|privilege| !call.has_privilege(&path, privilege)).copied().unwrap_or_default();
    Err(Refusal::forbidden(&path, if any { privileges.join("|") } else { missing.to_owned() }.as_str()))
}

const DISK: Needed = Needed::AllOf(&["VM.Config.Disk"]);
const HARDWARE: Needed = Needed::AllOf(&["VM.Config.HWType"]);
const OPTIONS: Needed = Needed::AllOf(&["VM.Config.Options"]);

fn of_machine(occasion: Occasion, option: &str, value: &str) -> Needed {
    let stem = indexed(option).map_or(option, |(stem, _)| stem);
    if drive::is_disk_slot(GuestKind::Qemu, option) {
        return match occasion {
            Occasion::Creation => Needed::Nothing,
            Occasion::Change if value.contains(":cloudinit") || drive::is_cloudinit(value) => {
                Needed::AllOf(&["VM.Config.Cloudinit", "VM.Config.CDROM"])
            }
            Occasion::Change if drive::is_cdrom(value) => Needed::AllOf(&["VM.Config.CDROM"]),
            Occasion::Change => DISK,
        };
    }
    match stem {
        "cores" | "cpu" | "cpulimit" | "cpuunits" | "numa" | "sockets" | "vcpus" => Needed::AllOf(&["VM.Config.CPU"]),
        "memory" | "balloon" | "shares" | "allow-ksm" => Needed::AllOf(&["VM.Config.Memory"]),
        "acpi" | "hotplug" | "kvm" | "machine" | "scsihw" | "smbios" | "tablet" | "vga" | "watchdog" | "audio" | "rng" => HARDWARE,
        "agent" | "autostart" | "bios" | "description" | "keyboard" | "localtime" | "migrate_downtime" | "migrate_speed" | "name" | "onboot"
        | "ostype" | "protection" | "reboot" | "startdate" | "startup" | "tdf" | "template" | "tags" => OPTIONS,
        "freeze" => Needed::AllOf(&["VM.PowerMgmt"]),
        "boot" | "bootdisk" | "vmstatestorage" | "unused" | "virtiofs" => DISK,
        "net" => Needed::AllOf(&["VM.Config.Network"]),
        "cicustom" | "cipassword" | "citype" | "ciuser" | "ciupgrade" | "nameserver" | "searchdomain" | "sshkeys" | "ipconfig" => {
            Needed::AnyOf(&["VM.Config.Cloudinit", "VM.Config.Network"])
        }
        "serial" if value == "socket" => HARDWARE,
        "usb" if value.contains("spice") || value.contains("mapping=") => HARDWARE,
        "serial" | "usb" => Needed::Root(500, format!("only root can set '{option}' config for real devices")),
        "hostpci" if value.contains("mapping=") => HARDWARE,
        "hostpci" => Needed::Root(500, format!("only root can set '{option}' config for non-mapped devices")),
        _ => Needed::Root(500, format!("only root can set '{option}' config")),
    }
}

fn of_container(call: &Call<'_>, set: &Parameters, option: &str, value: &str) -> Needed {
    let for_root = |words: &str| Needed::Root(403, format!("Permission check failed ({words})"));
    let stem = indexed(option).map_or(option, |(stem, _)| stem);
    match stem {
        "cores" | "cpuunits" | "cpulimit" => Needed::AllOf(&["VM.Config.CPU"]),
        "rootfs" | "mp" if value.starts_with('/') || value.starts_with("volume=/") => for_root("mount point type bind is only allowed for root@pam"),
        "rootfs" | "mp" => DISK,
        "memory" | "swap" => Needed::AllOf(&["VM.Config.Memory"]),
        "net" | "nameserver" | "searchdomain" | "hostname" => Needed::AllOf(&["VM.Config.Network"]),
        "dev" => for_root("configuring device passthrough is only allowed for root@pam"),
        "hookscript" => for_root("changing the hookscript is only allowed for root@pam"),
        "features" => {
            let given = set.get("unprivileged").map(String::as_str);
            let known = call.guest().ok().and_then(|guest| guest.option("unprivileged"));
            let only_nesting = value.split(',').all(|feature| feature.starts_with("nesting="));
            match given.or(known) == Some("1") {
                false => for_root("changing feature flags for privileged container is only allowed for root@pam"),
                true if only_nesting => Needed::AllOf(&["VM.Allocate"]),
                true => for_root("changing feature flags (except nesting) is only allowed for root@pam"),
            }
        }
        _ => OPTIONS,
    }
}

/// Mapped devices need the use of their mapping.
fn check_mapping(call: &Call<'_>, option: &str, value: &str) -> Result<(), Refusal> {
    let folder = match indexed(option) {
        Some(("usb", _)) => "usb",
        Some(("hostpci", _)) => "pci",
        _ => return Ok(()),
    };
    match parse_properties(value, "host").get("mapping") {
        Some(mapping) => call.need(&format!("/mapping/{folder}/{mapping}"), "Mapping.Use"),
        None => Ok(()),
    }
}

/// New volumes need space on their storage.
fn check_storages(call: &Call<'_>, kind: GuestKind, set: &Parameters) -> Result<(), Refusal> {
    for (_, value) in set.iter().filter(|(option, _)| drive::is_disk_slot(kind, option)) {
        let file = value.split(',').next().unwrap_or_default();
        let file = file.split_once('=').map_or(file, |(_, file)| file);
        if let Some((storage, _)) = file.split_once(':').filter(|(_, name)| name.parse::<f64>().is_ok()) {
            call.need(&format!("/storage/{storage}"), "Datastore.AllocateSpace")?;
        }
    }
    Ok(())
}

/// A network device needs the use of its bridge, and with a tag that of the VLAN alone.
fn check_bridges(call: &Call<'_>, set: &Parameters) -> Result<(), Refusal> {
    for (_, value) in set.iter().filter(|(option, _)| indexed(option).is_some_and(|(stem, _)| stem == "net")) {
        let parts = net::parts(value);
        let Some(bridge) = parts.get("bridge") else { continue };
        let zone = format!("/sdn/zones/localnetwork/{bridge}");
        let trunks = parts.get("trunks").into_iter().flat_map(|trunks| trunks.split(';'));
        let tags: Vec<&str> = parts.get("tag").map(String::as_str).into_iter().chain(trunks).collect();
        for tag in &tags {
            call.need(&format!("{zone}/{tag}"), "SDN.Use")?;
        }
        if tags.is_empty() {
            call.need(&zone, "SDN.Use")?;
        }
    }
    Ok(())
}
