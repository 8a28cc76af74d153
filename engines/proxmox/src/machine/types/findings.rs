//! Which mistakes does the table of fields not see? Each with what to do about it.

use core_model::resource_type::Finding;
use core_model::state::DesiredResource;
use serde_json::Value;

use crate::checks::{is_device_slot, is_free_disk_slot, is_further_network};
use crate::file::name::FileName;
use crate::guest::findings::{self, GIBIBYTE, MEBIBYTE, Slots, entries, finding, size};

const SLOTS: [Slots; 3] = [
    ("disks", is_free_disk_slot, "scsi0 to scsi30, virtio0 to virtio15, sata0 to sata5, ide1 or ide3 (ide0 and ide2 are ours)"),
    ("networks", is_further_network, "net1 to net31; the first card is `network`"),
    ("devices", is_device_slot, "hostpci0 to hostpci15, or usb0 to usb13"),
];

pub(super) fn of(resource: &DesiredResource) -> Vec<Finding> {
    let mut found = Vec::new();
    found.extend(findings::name(resource));
    found.extend(memory(resource));
    found.extend(disks(resource));
    found.extend(findings::cards(resource));
    found.extend(findings::slots(resource, &SLOTS));
    found.extend(first_boot(resource));
    found.extend(findings::tags(resource));
    found.extend(findings::ready(resource));
    found.extend(image(resource));
    found
}

fn memory(resource: &DesiredResource) -> Vec<Finding> {
    let mut found = findings::whole_mebibytes(resource, &["memory", "balloon"]);
    let memory = size(resource.spec("memory"));
    if memory.is_some_and(|bytes| !(16 * MEBIBYTE..=4_096 * 1_024 * GIBIBYTE).contains(&bytes)) {
        let detail = "A machine has at least 16MB and at most 4096TB.";
        found.push(finding("specs.memory", "Wrong amount of memory", detail, "for example 2GB"));
    }
    if let (Some(memory), Some(balloon)) = (memory, size(resource.spec("balloon")))
        && balloon > memory
    {
        found.push(finding("specs.balloon", "Balloon larger than memory", "The machine cannot keep more than it has.", "lower it"));
    }
    found
}

fn disks(resource: &DesiredResource) -> Vec<Finding> {
    let mut found = findings::whole_gibibytes(resource, "disks");
    let is_open = |(_, disk): &(&String, &Value)| disk.get("size").is_none() && disk.get("import").is_none();
    // The first disk's size may be `storage`, or its template's.
    for (slot, _) in entries(resource, "disks").filter(is_open).skip(1) {
        let detail = format!("The disk `{slot}` has neither `size` nor `import`, and only the first disk can do without.");
        found.push(finding(format!("specs.disks.{slot}"), "Disk without a size", detail, "for example size: 20GB"));
    }
    found
}

/// What our own cloud-init image cannot carry, and what needs an image at all.
fn first_boot(resource: &DesiredResource) -> Vec<Finding> {
    let by_image: Vec<&str> = ["packages", "commands"].into_iter().filter(|name| resource.spec(name).is_some()).collect();
    let Some(first) = by_image.first() else { return Vec::new() };
    let mut found = Vec::new();
    if resource.spec("user").and_then(|user| user.get("password")).is_some() {
        let detail = format!("`{first}` needs a cloud-init image of ours, which would hold the password in the open.");
        found.push(finding("specs.user.password", "Password not possible here", detail, "use `ssh_keys`"));
    }
    found
}

/// A machine is made from one thing, and Proxmox imports disk images alone.
fn image(resource: &DesiredResource) -> Option<Finding> {
    let name = resource.spec("image")?.get("name").and_then(Value::as_str).unwrap_or_default();
    if resource.spec("os").is_some() {
        let detail = "`os` and `image` both say what the first disk is made from.";
        return Some(finding("specs.image", "Two sources", detail, "leave one of them out"));
    }
    let is_disk = |file: &FileName| file.content == "import" && !file.file.ends_with(".ova");
    if FileName::parse(name).is_some_and(|file| is_disk(&file)) {
        return None;
    }
    let detail = format!("A disk cannot be made from `{name}`.");
    Some(finding(
        "specs.image",
        "Not a disk image",
        detail,
        "link a `file` with `content: import`, or write {external: \"local:import/debian-13.qcow2\"}",
    ))
}
