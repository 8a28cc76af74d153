//! Which privileges does a step on a machine need? Proxmox VE says no at the call; this says it in the plan.

use std::collections::BTreeMap;

use core_model::plan::{Action, Step};
use serde_json::Value;

use super::wanted;
use crate::machine::types::{Source, split_os};
use crate::preflight::{Need, makes};
use crate::reader::Guest;

/// Which privilege a change of a field needs (qemu-server Qemu.pm, check_vm_modify_config_perm). The first that fits.
const BY_FIELD: &[(&str, &str)] = &[
    ("specs.cpu", "VM.Config.CPU"),
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
    let values = wanted(step);
    let text = |path: &str| values.get(path).and_then(Value::as_str);
    let pool = text("metadata.pool").map(str::to_owned).or_else(|| guest.and_then(|guest| guest.pool.clone()));
    let machine = guest.map_or_else(|| "/vms".to_owned(), |guest| format!("/vms/{}", guest.vmid));
    let here: Vec<String> = std::iter::once(machine).chain(pool.map(|pool| format!("/pool/{pool}"))).collect();
    let mut needed: BTreeMap<Need, Vec<String>> = BTreeMap::new();
    let mut need =
        |paths: Vec<String>, privilege, field: Option<&str>| needed.entry((paths, privilege)).or_default().extend(field.map(str::to_owned));
    for change in &step.changes {
        let privilege =
            BY_FIELD.iter().find(|(field, _)| change.path == *field || change.path.strip_prefix(field).is_some_and(|rest| rest.starts_with('.')));
        // A new machine is made by one privilege; the others are for what is changed.
        if let Some((_, privilege)) = privilege.filter(|_| !makes(step)) {
            need(here.clone(), privilege, Some(&change.path));
        }
    }
    if makes(step) || step.action == Action::Delete {
        need(here.clone(), "VM.Allocate", None);
    }
    if makes(step) || matches!(step.action, Action::Restart | Action::Delete) {
        need(here.clone(), "VM.PowerMgmt", None);
    }
    if makes(step) {
        if let Some((_, Source::Template { vmid })) = text("specs.os").and_then(split_os) {
            need(vec![format!("/vms/{vmid}")], "VM.Clone", Some("specs.os"));
        }
        let is_storage = |path: &str| path.starts_with("specs.disks.") && path.ends_with(".storage");
        for (path, storage) in values.iter().filter(|(path, _)| is_storage(path)) {
            if let Some(storage) = storage.as_str() {
                need(vec![format!("/storage/{storage}")], "Datastore.AllocateSpace", Some(path));
            }
        }
    }
    needed
}
