//! Which mistakes does the table of fields not see? Each with what to do about it.

use core_model::resource_type::Finding;
use core_model::state::DesiredResource;
use serde_json::{Map, Value};

use crate::checks::{is_device_slot, is_dns_name, is_free_disk_slot, is_further_network};
use crate::file::name::FileName;
use crate::stamp;

const MEBIBYTE: u64 = 1 << 20;
const GIBIBYTE: u64 = 1 << 30;

pub(super) fn of(resource: &DesiredResource) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(name(resource));
    findings.extend(memory(resource));
    findings.extend(disks(resource));
    findings.extend(cards(resource));
    findings.extend(slots(resource));
    findings.extend(first_boot(resource));
    findings.extend(tags(resource));
    findings.extend(ready(resource));
    findings.extend(image(resource));
    findings
}

fn finding(path: impl Into<String>, summary: &'static str, detail: impl Into<String>, hint: &str) -> Finding {
    Finding { path: path.into(), summary, detail: detail.into(), hint: Some(hint.to_owned()) }
}

fn map<'a>(resource: &'a DesiredResource, name: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    resource.spec(name).and_then(Value::as_object).into_iter().flat_map(Map::iter)
}

fn size(value: Option<&Value>) -> Option<u64> {
    value.and_then(Value::as_u64)
}

fn name(resource: &DesiredResource) -> Option<Finding> {
    if is_dns_name(&resource.object) {
        return None;
    }
    let detail = format!("`{}` cannot be the name of a machine: Proxmox takes DNS names.", resource.object);
    Some(finding("specs.name", "Name not possible", detail, "letters, digits and `-`, for example web-01"))
}

fn memory(resource: &DesiredResource) -> Vec<Finding> {
    let mut findings = Vec::new();
    for name in ["memory", "balloon"] {
        let Some(bytes) = size(resource.spec(name)) else { continue };
        let path = format!("specs.{name}");
        if bytes % MEBIBYTE != 0 {
            findings.push(finding(&path, "Wrong amount of memory", "Proxmox gives memory in whole mebibytes.", "for example 512MB or 8GB"));
        }
        if name == "memory" && !(16 * MEBIBYTE..=4_096 * 1_024 * GIBIBYTE).contains(&bytes) {
            findings.push(finding(&path, "Wrong amount of memory", "A machine has at least 16MB and at most 4096TB.", "for example 2GB"));
        }
    }
    if let (Some(memory), Some(balloon)) = (size(resource.spec("memory")), size(resource.spec("balloon")))
        && balloon > memory
    {
        findings.push(finding("specs.balloon", "Balloon larger than memory", "The machine cannot keep more than it has.", "lower it"));
    }
    findings
}

fn disks(resource: &DesiredResource) -> Vec<Finding> {
    let mut findings = Vec::new();
    let sizes = map(resource, "disks").filter_map(|(slot, disk)| Some((format!("specs.disks.{slot}.size"), size(disk.get("size"))?)));
    for (path, bytes) in sizes.chain(size(resource.spec("storage")).map(|bytes| ("specs.storage".to_owned(), bytes))) {
        if bytes == 0 || bytes % GIBIBYTE != 0 {
            findings.push(finding(path, "Wrong size", "Disks are made in whole gibibytes.", "for example 100GB"));
        }
    }
    let is_open = |(_, disk): &(&String, &Value)| disk.get("size").is_none() && disk.get("import").is_none();
    // The first disk's size may be `storage`, or its template's.
    for (slot, _) in map(resource, "disks").filter(is_open).skip(1) {
        let detail = format!("The disk `{slot}` has neither `size` nor `import`, and only the first disk can do without.");
        findings.push(finding(format!("specs.disks.{slot}"), "Disk without a size", detail, "for example size: 20GB"));
    }
    findings
}

fn cards(resource: &DesiredResource) -> Vec<Finding> {
    let open = map(resource, "networks").filter(|(_, card)| card.get("bridge").is_none());
    open.map(|(slot, _)| {
        let detail = format!("The card `{slot}` names no bridge.");
        finding(format!("specs.networks.{slot}.bridge"), "Card without a bridge", detail, "for example bridge: vmbr0")
    })
    .collect()
}

fn slots(resource: &DesiredResource) -> Vec<Finding> {
    type Group = (&'static str, fn(&str) -> bool, &'static str);
    let groups: [Group; 3] = [
        ("disks", is_free_disk_slot, "scsi0 to scsi30, virtio0 to virtio15, sata0 to sata5, ide1 or ide3 (ide0 and ide2 are ours)"),
        ("networks", is_further_network, "net1 to net31; the first card is `network`"),
        ("devices", is_device_slot, "hostpci0 to hostpci15, or usb0 to usb13"),
    ];
    let mut findings = Vec::new();
    for (group, is_slot, hint) in groups {
        for (slot, _) in map(resource, group).filter(|(slot, _)| !is_slot(slot)) {
            findings.push(finding(format!("specs.{group}.{slot}"), "Unknown slot", format!("`{slot}` is no slot of `{group}`."), hint));
        }
    }
    findings
}

/// What our own cloud-init image cannot carry, and what needs an image at all.
fn first_boot(resource: &DesiredResource) -> Vec<Finding> {
    let by_image: Vec<&str> = ["packages", "commands"].into_iter().filter(|name| resource.spec(name).is_some()).collect();
    let Some(first) = by_image.first() else { return Vec::new() };
    let mut findings = Vec::new();
    if resource.spec("user").and_then(|user| user.get("password")).is_some() {
        let detail = format!("`{first}` needs a cloud-init image of ours, which would hold the password in the open.");
        findings.push(finding("specs.user.password", "Password not possible here", detail, "use `ssh_keys`"));
    }
    findings
}

fn tags(resource: &DesiredResource) -> Option<Finding> {
    let tags = resource.values.get("metadata").and_then(|metadata| metadata.get("tags")).and_then(Value::as_array)?;
    let reserved = tags.iter().filter_map(Value::as_str).find(|tag| stamp::is_our_tag(tag))?;
    let detail = format!("The tag `{reserved}` starts with `ipr.`, which marks what ipr made.");
    Some(finding("metadata.tags", "Tag not possible", detail, "choose another tag"))
}

fn ready(resource: &DesiredResource) -> Option<Finding> {
    resource.spec("ready").and_then(|ready| ready.get("port"))?;
    let ip = resource.spec("network").and_then(|network| network.get("ip")).and_then(Value::as_str);
    if ip.is_some_and(|ip| ip.contains('/')) {
        return None;
    }
    let detail = "`ready.port` is asked at `network.ip`, which is not an address here.";
    Some(finding("specs.ready.port", "Nobody to ask", detail, "set `network: {ip: 10.0.20.11/24}`, or leave `ready` out"))
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
