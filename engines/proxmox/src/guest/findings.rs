//! Which mistakes can be made with a guest of either kind? Each with what to do about it.

use core_model::resource_type::Finding;
use core_model::state::DesiredResource;
use serde_json::{Map, Value};

use super::GuestKind;
use crate::checks::is_dns_name;
use crate::stamp;

pub(crate) const MEBIBYTE: u64 = 1 << 20;
pub(crate) const GIBIBYTE: u64 = 1 << 30;

pub(crate) fn finding(path: impl Into<String>, summary: &'static str, detail: impl Into<String>, hint: &str) -> Finding {
    Finding { path: path.into(), summary, detail: detail.into(), hint: Some(hint.to_owned()) }
}

/// The entries of a map among the specs.
pub(crate) fn entries<'a>(resource: &'a DesiredResource, name: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    resource.spec(name).and_then(Value::as_object).into_iter().flat_map(Map::iter)
}

pub(crate) fn size(value: Option<&Value>) -> Option<u64> {
    value.and_then(Value::as_u64)
}

pub(crate) fn name(resource: &DesiredResource) -> Option<Finding> {
    if is_dns_name(&resource.object) {
        return None;
    }
    let noun = GuestKind::of_type(&resource.type_name).noun();
    let detail = format!("`{}` cannot be the name of a {noun}: Proxmox takes DNS names.", resource.object);
    Some(finding("specs.name", "Name not possible", detail, "letters, digits and `-`, for example web-01"))
}

pub(crate) fn whole_mebibytes(resource: &DesiredResource, names: &[&str]) -> Vec<Finding> {
    let odd = names.iter().filter(|name| size(resource.spec(name)).is_some_and(|bytes| bytes % MEBIBYTE != 0));
    let detail = "Proxmox gives memory in whole mebibytes.";
    odd.map(|name| finding(format!("specs.{name}"), "Wrong amount of memory", detail, "for example 512MB or 8GB")).collect()
}

/// `group` holds disks by slot.
pub(crate) fn whole_gibibytes(resource: &DesiredResource, group: &str) -> Vec<Finding> {
    let sizes = entries(resource, group).filter_map(|(slot, disk)| Some((format!("specs.{group}.{slot}.size"), size(disk.get("size"))?)));
    let all = sizes.chain(size(resource.spec("storage")).map(|bytes| ("specs.storage".to_owned(), bytes)));
    let odd = all.filter(|(_, bytes)| *bytes == 0 || bytes % GIBIBYTE != 0);
    odd.map(|(path, _)| finding(path, "Wrong size", "Disks are made in whole gibibytes.", "for example 100GB")).collect()
}

pub(crate) fn cards(resource: &DesiredResource) -> Vec<Finding> {
    let open = entries(resource, "networks").filter(|(_, card)| card.get("bridge").is_none());
    open.map(|(slot, _)| {
        let detail = format!("The card `{slot}` names no bridge.");
        finding(format!("specs.networks.{slot}.bridge"), "Card without a bridge", detail, "for example bridge: vmbr0")
    })
    .collect()
}

/// A map of slots: its name, which slots there are, and a hint that says so.
pub(crate) type Slots = (&'static str, fn(&str) -> bool, &'static str);

pub(crate) fn slots(resource: &DesiredResource, groups: &[Slots]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (group, is_slot, hint) in groups {
        for (slot, _) in entries(resource, group).filter(|(slot, _)| !is_slot(slot)) {
            findings.push(finding(format!("specs.{group}.{slot}"), "Unknown slot", format!("`{slot}` is no slot of `{group}`."), hint));
        }
    }
    findings
}

pub(crate) fn tags(resource: &DesiredResource) -> Option<Finding> {
    let tags = resource.values.get("metadata").and_then(|metadata| metadata.get("tags")).and_then(Value::as_array)?;
    let reserved = tags.iter().filter_map(Value::as_str).find(|tag| stamp::is_our_tag(tag))?;
    let detail = format!("The tag `{reserved}` starts with `ipr.`, which marks what ipr made.");
    Some(finding("metadata.tags", "Tag not possible", detail, "choose another tag"))
}

pub(crate) fn ready(resource: &DesiredResource) -> Option<Finding> {
    resource.spec("ready").and_then(|ready| ready.get("port"))?;
    let ip = resource.spec("network").and_then(|network| network.get("ip")).and_then(Value::as_str);
    if ip.is_some_and(|ip| ip.contains('/')) {
        return None;
    }
    let detail = "`ready.port` is asked at `network.ip`, which is not an address here.";
    Some(finding("specs.ready.port", "Nobody to ask", detail, "set `network: {ip: 10.0.20.11/24}`, or leave `ready` out"))
}
