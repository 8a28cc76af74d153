//! How is a guest shown in lists and in its status?

use serde_json::{Value, json};

use super::{Call, Outcome, Reply};
use crate::refusal::Refusal;
use crate::verify::parse_properties;
use crate::world::{DiskSize, Guest, GuestKind, World};

/// Guests without `VM.Audit` are not in lists.
pub(super) fn visible(call: &Call<'_>, vmid: u32) -> bool {
    call.has_privilege(&format!("/vms/{vmid}"), "VM.Audit")
}

/// `VM is locked (backup)`. Source: pve-guest-common `AbstractConfig.pm` `check_lock`.
pub(super) fn check_lock(guest: &Guest) -> Result<(), Refusal> {
    match guest.option("lock") {
        Some(lock) => Err(Refusal::failed(format!("{} is locked ({lock})", guest.kind.label()))),
        None => Ok(()),
    }
}

/// Source: `API2/Qemu.pm` for virtual machines, pve-common `PVE::Tools::assert_if_modified` for containers.
pub(super) fn check_digest(guest: &Guest, digest: Option<&str>) -> Result<(), Refusal> {
    match digest {
        Some(digest) if digest != guest.digest() => Err(Refusal::failed(match guest.kind {
            GuestKind::Qemu => "checksum mismatch (file change by other user?)",
            GuestKind::Lxc => "detected modified configuration - file changed by other user? Try again.",
        })),
        _ => Ok(()),
    }
}

/// The guest an effect is for; between two phases it may have gone.
pub(super) fn of(world: &mut World, vmid: u32) -> Result<&mut Guest, Refusal> {
    world.guests.get_mut(&vmid).ok_or_else(|| Refusal::failed(format!("guest {vmid} does not exist")))
}

/// The memory that a guest may use. Source of the default: the schema's 512 MiB.
pub(super) fn memory_bytes(guest: &Guest) -> u64 {
    let mebibytes = guest.option("memory").map(|memory| parse_properties(memory, "current"));
    let mebibytes = mebibytes.and_then(|parts| parts.get("current")?.parse::<u64>().ok());
    mebibytes.unwrap_or(512) << 20
}

pub(super) fn cores(guest: &Guest) -> u64 {
    let number = |name: &str| guest.option(name).and_then(|value| value.parse::<u64>().ok());
    match guest.kind {
        GuestKind::Qemu => number("vcpus").unwrap_or(number("cores").unwrap_or(1) * number("sockets").unwrap_or(1)),
        GuestKind::Lxc => number("cores").unwrap_or(16),
    }
}

/// The size of the disk from which the guest starts, as `maxdisk` has it.
fn disk_bytes(guest: &Guest) -> u64 {
    let boot = guest.option("boot").map(|boot| parse_properties(boot, "legacy")).and_then(|boot| boot.get("order").cloned());
    let first = boot.and_then(|order| order.split(';').map(str::to_owned).find(|slot| guest.config.contains_key(slot)));
    let slot = match guest.kind {
        GuestKind::Lxc => Some("rootfs".to_owned()),
        GuestKind::Qemu => first.or_else(|| guest.option("bootdisk").map(str::to_owned)),
    };
    let value = slot.and_then(|slot| guest.config.get(&slot)).cloned().unwrap_or_default();
    parse_properties(&value, "file").get("size").and_then(|size| DiskSize::parse(size)).map_or(0, |size| size.0)
}

/// A row of `cluster/resources` (`is_cluster`) or of a node's list.
pub(super) fn summary(world: &World, vmid: u32, guest: &Guest, is_cluster: bool) -> Value {
    let is_silent = is_cluster && (world.now_ms < guest.told_at_ms || world.nodes.get(&guest.node).is_some_and(|node| node.silent));
    let is_there = !is_silent && world.nodes.get(&guest.node).is_some_and(|node| node.online);
    let running = guest.running.as_ref().filter(|_| is_there);
    let mut row = json!({
        "vmid": vmid, "name": guest.name(),
        "status": match (is_there, running) { (false, _) => "unknown", (true, Some(_)) => "running", (true, None) => "stopped" },
        "maxmem": memory_bytes(guest), "maxdisk": disk_bytes(guest), "disk": 0, "diskread": 0, "diskwrite": 0, "netin": 0, "netout": 0,
        "cpu": if running.is_some() { 0.02 } else { 0.0 }, "mem": running.map_or(0, |_| memory_bytes(guest) / 4),
        "uptime": running.map_or(0, |running| (world.now_ms - running.since_ms) / 1000),
    });
    if is_cluster {
        row["id"] = json!(format!("{}/{vmid}", guest.kind.word()));
        row["type"] = json!(guest.kind.word());
        row["node"] = json!(guest.node);
        row["maxcpu"] = json!(cores(guest));
        row["template"] = json!(u8::from(guest.is_template()));
        if let Some(pool) = world.pools.iter().find(|(_, pool)| pool.guests.contains(&vmid)) {
            row["pool"] = json!(pool.0);
        }
        if let Some(state) = world.ha_state(guest.kind, vmid) {
            row["hastate"] = json!(state);
        }
    } else {
        row["cpus"] = json!(cores(guest));
        if guest.is_template() {
            row["template"] = json!(1);
        }
    }
    // What only the node itself tells is forgotten; what the cluster file system has stays.
    if is_silent {
        let told = ["vmid", "id", "type", "node", "pool", "hastate"];
        row = row
            .as_object()
            .into_iter()
            .flatten()
            .filter(|(name, _)| told.contains(&name.as_str()))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        row["status"] = json!("unknown");
    }
    for name in ["lock", "tags"] {
        if let Some(value) = guest.option(name) {
            row[name] = json!(value);
        }
    }
    row
}

pub(super) fn list(call: &mut Call<'_>) -> Outcome {
    let node = call.node()?;
    let kind = if call.method.path.ends_with("/lxc") { GuestKind::Lxc } else { GuestKind::Qemu };
    let here = call.world.guests.iter().filter(|(vmid, guest)| guest.node == node && guest.kind == kind && visible(call, **vmid));
    Ok(Reply::Data(here.map(|(vmid, guest)| summary(call.world, *vmid, guest, false)).collect()))
}

/// `GET status/current`.
pub(super) fn current(call: &mut Call<'_>) -> Outcome {
    let vmid = call.vmid()?;
    let guest = call.guest()?;
    let mut row = summary(call.world, vmid, guest, false);
    let managed = call.world.ha_state(guest.kind, vmid);
    row["ha"] = match managed {
        Some(state) => json!({ "managed": 1, "state": state }),
        None => json!({ "managed": 0 }),
    };
    if guest.kind == GuestKind::Lxc {
        row["type"] = json!("lxc");
        row["maxswap"] = json!(guest.option("swap").and_then(|swap| swap.parse::<u64>().ok()).unwrap_or(512) << 20);
    }
    if guest.kind == GuestKind::Qemu {
        let paused = guest.running.as_ref().is_some_and(|running| running.paused);
        row["qmpstatus"] = json!(if paused {
            "paused"
        } else if guest.is_running() {
            "running"
        } else {
            "stopped"
        });
        if let Some(running) = &guest.running {
            row["pid"] = json!(running.pid);
            row["running-machine"] = json!("pc-i440fx-10.1+pve0");
            row["running-qemu"] = json!("10.1.2");
        }
        if agent_is_on(guest) {
            row["agent"] = json!(1);
        }
    }
    Ok(Reply::Data(row))
}

pub(super) fn agent_is_on(guest: &Guest) -> bool {
    let agent = guest.option("agent").map(|agent| parse_properties(agent, "enabled")).unwrap_or_default();
    agent.get("enabled").is_some_and(|value| value == "1")
}

impl World {
    /// What the HA manager says of a guest, if it manages it.
    pub(crate) fn ha_state(&self, kind: GuestKind, vmid: u32) -> Option<String> {
        let word = if kind == GuestKind::Qemu { "vm" } else { "ct" };
        let resource = self.ha.get(&format!("{word}:{vmid}"))?;
        Some(resource.get("state").cloned().unwrap_or_else(|| "started".to_owned()))
    }
}
