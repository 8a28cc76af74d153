//! Which mistakes does the table of fields not see? Each with what to do about it.

use std::collections::BTreeMap;

use core_model::resource_type::Finding;
use core_model::state::DesiredResource;
use serde_json::Value;

use crate::checks::is_further_network;
use crate::container::checks::{ROOT, is_mount_slot};
use crate::guest::findings::{self, MEBIBYTE, Slots, entries, finding, size};

const SLOTS: [Slots; 2] =
    [("mounts", is_mount_slot, "mp0 to mp255, or rootfs"), ("networks", is_further_network, "net1 to net31; the first card is `network`")];

pub(super) fn of(resource: &DesiredResource) -> Vec<Finding> {
    let mut found = Vec::new();
    found.extend(findings::name(resource));
    found.extend(memory(resource));
    found.extend(findings::whole_gibibytes(resource, "mounts"));
    found.extend(root(resource));
    found.extend(paths(resource));
    found.extend(findings::cards(resource));
    found.extend(findings::slots(resource, &SLOTS));
    found.extend(findings::tags(resource));
    found.extend(findings::ready(resource));
    found
}

fn memory(resource: &DesiredResource) -> Vec<Finding> {
    let mut found = findings::whole_mebibytes(resource, &["memory", "swap"]);
    if size(resource.spec("memory")).is_some_and(|bytes| bytes < 16 * MEBIBYTE) {
        found.push(finding("specs.memory", "Wrong amount of memory", "A container has at least 16MB.", "for example 512MB"));
    }
    found
}

/// The root is where it is, and in every backup.
fn root(resource: &DesiredResource) -> Vec<Finding> {
    let root = entries(resource, "mounts").find(|(slot, _)| *slot == ROOT).map(|(_, mount)| mount);
    let said = ["path", "backup"].into_iter().filter(|field| root.is_some_and(|mount| mount.get(field).is_some()));
    said.map(|field| {
        let path = format!("specs.mounts.{ROOT}.{field}");
        finding(path, "Not for the root", format!("`{ROOT}` is at `/` and in every backup; `{field}` says nothing of it."), "leave it out")
    })
    .collect()
}

fn paths(resource: &DesiredResource) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut taken: BTreeMap<&str, &str> = BTreeMap::new();
    for (slot, mount) in entries(resource, "mounts").filter(|(slot, _)| *slot != ROOT) {
        let place = format!("specs.mounts.{slot}.path");
        match mount.get("path").and_then(Value::as_str) {
            None => {
                let detail = format!("Nobody says where the container sees `{slot}`.");
                found.push(finding(place, "Mount point without a path", detail, "for example path: /srv"));
            }
            Some(path) => {
                if let Some(other) = taken.insert(path, slot) {
                    let detail = format!("`{other}` and `{slot}` are both at `{path}`.");
                    found.push(finding(place, "Two mount points at one path", detail, "choose another path"));
                }
            }
        }
    }
    found
}
