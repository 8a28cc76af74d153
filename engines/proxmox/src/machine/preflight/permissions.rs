//! Which privileges does a step on a machine need? Proxmox VE says no at the call; this says it in the plan.

use std::collections::BTreeMap;

use core_model::plan::Step;
use serde_json::Value;

use crate::guest::permissions;
use crate::guest::preflight::wanted;
use crate::machine::types::{Source, split_os};
use crate::preflight::{Need, makes};
use crate::reader::Guest;

/// Which privilege a change of a field needs (qemu-server Qemu.pm, check_vm_modify_config_perm). The first that fits.
const BY_FIELD: &[(&str, &str)] = &[
    ("specs.cpu", "VM.Config.CPU"),
    ("specs.cpu_type", "VM.Config.CPU"),
    ("specs.sockets", "VM.Config.CPU"),
    ("specs.numa", "VM.Config.CPU"),
    ("specs.memory", "VM.Config.Memory"),
    ("specs.balloon", "VM.Config.Memory"),
    ("specs.storage", "VM.Config.Disk"),
    ("specs.disks", "VM.Config.Disk"),
    ("specs.efi", "VM.Config.Disk"),
    ("specs.tpm", "VM.Config.Disk"),
    ("specs.boot", "VM.Config.Disk"),
    ("specs.cdrom", "VM.Config.CDROM"),
    ("specs.network", "VM.Config.Network"),
    ("specs.networks", "VM.Config.Network"),
    ("specs.user", "VM.Config.Cloudinit"),
    ("specs.dns", "VM.Config.Cloudinit"),
    ("specs.upgrade", "VM.Config.Cloudinit"),
    ("specs.machine", "VM.Config.HWType"),
    ("specs.scsi_controller", "VM.Config.HWType"),
    ("specs.display", "VM.Config.HWType"),
    ("specs.serial", "VM.Config.HWType"),
    ("specs.hotplug", "VM.Config.HWType"),
    ("specs.devices", "VM.Config.HWType"),
    ("specs.name", "VM.Config.Options"),
    ("specs.bios", "VM.Config.Options"),
    ("specs.os_type", "VM.Config.Options"),
    ("specs.agent", "VM.Config.Options"),
    ("specs.onboot", "VM.Config.Options"),
    ("specs.startup", "VM.Config.Options"),
    ("specs.protection", "VM.Config.Options"),
    ("specs.power", "VM.PowerMgmt"),
    ("metadata.tags", "VM.Config.Options"),
    ("metadata.notes", "VM.Config.Options"),
    ("metadata.node", "VM.Migrate"),
];

/// Privileges, each with the paths of which one is enough, and with the fields that ask for it.
pub(super) fn needed(step: &Step, guest: Option<&Guest>) -> BTreeMap<Need, Vec<String>> {
    let mut needed = permissions::needed(step, guest, BY_FIELD, "specs.disks.");
    let os = wanted(step).get("specs.os").and_then(Value::as_str).map(str::to_owned);
    if let Some((_, Source::Template { vmid })) = os.as_deref().and_then(split_os).filter(|_| makes(step)) {
        needed.entry((vec![format!("/vms/{vmid}")], "VM.Clone")).or_default().push("specs.os".to_owned());
    }
    for (path, value) in wanted(step) {
        let is_written = makes(step) || step.changes.iter().any(|change| change.path == path);
        let Some(name) = value.as_str().filter(|_| is_written) else { continue };
        if path == "specs.efi.storage" || path == "specs.tpm.storage" {
            needed.entry((vec![format!("/storage/{name}")], "Datastore.AllocateSpace")).or_default().push(path);
        } else if let Some(slot) = path.strip_prefix("specs.devices.").and_then(|rest| rest.strip_suffix(".mapping")) {
            // Qemu.pm, check_hostpci_perm and check_usb_perm.
            let kind = if slot.starts_with("usb") { "usb" } else { "pci" };
            needed.entry((vec![format!("/mapping/{kind}/{name}")], "Mapping.Use")).or_default().push(path);
        }
    }
    needed
}
