//! What is in the cluster as a whole? Version, status, resources, the next free id, options.

use serde_json::{Value, json};

use super::guest::{summary, visible};
use super::{Call, Outcome, Reply};
use crate::refusal::Refusal;
use crate::verify::Parameters;
use crate::world::{Node, World};

pub(super) fn version(_: &mut Call<'_>) -> Outcome {
    Ok(Reply::Data(json!({ "version": "9.2.4", "release": "9.2", "repoid": "51ecb2c0a0ee2a0a" })))
}

pub(super) fn status(call: &mut Call<'_>) -> Outcome {
    let world = &*call.world;
    let cluster = json!({
        "type": "cluster", "id": "cluster", "name": world.cluster_name, "version": world.nodes.len(),
        "nodes": world.nodes.len(), "quorate": u8::from(world.quorate),
    });
    let nodes = world.nodes.iter().map(|(name, node)| {
        json!({
            "type": "node", "id": format!("node/{name}"), "name": name, "nodeid": node.node_id, "level": "",
            "ip": format!("192.0.2.{}", 10 + node.node_id), "online": u8::from(node.online), "local": u8::from(name == call.entry),
        })
    });
    Ok(Reply::Data(std::iter::once(cluster).chain(nodes).collect()))
}

pub(super) fn nodes(call: &mut Call<'_>) -> Outcome {
    let shown = call.world.nodes.iter().map(|(name, node)| {
        let mut row = node_row(call.world, name, node);
        row["id"] = json!(format!("node/{name}"));
        row["ssl_fingerprint"] = json!("");
        row
    });
    Ok(Reply::Data(shown.collect()))
}

fn node_row(world: &World, name: &str, node: &Node) -> Value {
    let mut row = json!({ "node": name, "type": "node", "status": if node.online { "online" } else { "offline" }, "level": "" });
    if node.online {
        row["cpu"] = json!(0.02);
        row["maxcpu"] = json!(node.cores);
        row["mem"] = json!(memory_used(world, name, node));
        row["maxmem"] = json!(node.memory_bytes);
        row["disk"] = json!(8_u64 << 30);
        row["maxdisk"] = json!(100_u64 << 30);
        row["uptime"] = json!(world.now_s() - crate::clock::START_MS / 1000 + 3600);
    }
    row
}

pub(super) fn memory_used(world: &World, name: &str, node: &Node) -> u64 {
    let running = world.guests.values().filter(|guest| guest.node == name && guest.is_running());
    node.memory_used_bytes + running.map(super::guest::memory_bytes).sum::<u64>()
}

pub(super) fn node_status(call: &mut Call<'_>) -> Outcome {
    let name = call.node()?;
    let Some(node) = call.world.nodes.get(&name) else { return Ok(Reply::NOTHING) };
    let used = memory_used(call.world, &name, node);
    Ok(Reply::Data(json!({
        "cpu": 0.02, "uptime": call.world.now_s() - crate::clock::START_MS / 1000 + 3600, "wait": 0.0, "idle": 0,
        "pveversion": "pve-manager/9.2.4/51ecb2c0a0ee2a0a", "kversion": "Linux 6.17.2-1-pve", "loadavg": ["0.10", "0.12", "0.09"],
        "cpuinfo": { "cpus": node.cores, "cores": node.cores, "sockets": 1, "model": "Simulated CPU" },
        "current-kernel": { "machine": "x86_64", "release": "6.17.2-1-pve", "sysname": "Linux", "version": "#1 SMP" },
        "boot-info": { "mode": "efi", "secureboot": 0 },
        "memory": { "total": node.memory_bytes, "used": used, "free": node.memory_bytes.saturating_sub(used), "available": node.memory_bytes.saturating_sub(used) },
        "rootfs": { "total": 100_u64 << 30, "used": 8_u64 << 30, "free": 92_u64 << 30, "avail": 92_u64 << 30 },
        "swap": { "total": 0, "used": 0, "free": 0 },
    })))
}

/// `GET /cluster/resources`: what the caller may see, without configurations.
pub(super) fn resources(call: &mut Call<'_>) -> Outcome {
    let wanted = call.text("type");
    let is_wanted = |kind: &str| wanted.is_none_or(|wanted| wanted == kind);
    let mut rows = Vec::new();
    if is_wanted("vm") {
        let guests = call.world.guests.iter().filter(|(vmid, _)| visible(call, **vmid));
        rows.extend(guests.map(|(vmid, guest)| summary(call.world, *vmid, guest, true)));
    }
    if is_wanted("node") {
        rows.extend(call.world.nodes.iter().map(|(name, node)| {
            let mut row = node_row(call.world, name, node);
            row["id"] = json!(format!("node/{name}"));
            row
        }));
    }
    if is_wanted("storage") {
        rows.extend(storage_rows(call));
    }
    if wanted.is_none() {
        let pools = call.world.pools.keys().filter(|pool| call.has_privilege(&format!("/pool/{pool}"), "Pool.Audit"));
        rows.extend(pools.map(|pool| json!({ "id": format!("/pool/{pool}"), "type": "pool", "pool": pool })));
    }
    Ok(Reply::Data(Value::Array(rows)))
}

fn storage_rows(call: &Call<'_>) -> Vec<Value> {
    let mut rows = Vec::new();
    for (name, storage) in &call.world.storages {
        let path = format!("/storage/{name}");
        if !call.has_privilege(&path, "Datastore.Audit") && !call.has_privilege(&path, "Datastore.AllocateSpace") {
            continue;
        }
        for node in call.world.nodes.keys().filter(|node| storage.is_on(node) && !storage.is_disabled()) {
            let is_known = !storage.broken && call.world.nodes[node].online;
            let mut row = json!({
                "id": format!("storage/{node}/{name}"), "type": "storage", "node": node, "storage": name, "plugintype": storage.kind(),
                "content": storage.options.get("content").cloned().unwrap_or_default(), "shared": u8::from(storage.is_shared()),
                "status": if is_known { "available" } else { "unknown" },
            });
            if is_known {
                row["disk"] = json!(call.world.storage_used(node, name));
                row["maxdisk"] = json!(storage.size_bytes);
            }
            rows.push(row);
        }
    }
    rows
}

/// `GET /cluster/nextid`: the first free id of the range, or whether the given one is free. It reserves nothing.
pub(super) fn next_id(call: &mut Call<'_>) -> Outcome {
    if let Some(vmid) = call.number("vmid") {
        let is_free = u32::try_from(vmid).is_ok_and(|vmid| !call.world.guests.contains_key(&vmid));
        return match is_free {
            true => Ok(Reply::Data(json!(vmid.to_string()))),
            false => Err(Refusal::parameter("vmid", format!("VM {vmid} already exists"))),
        };
    }
    let range = call.world.options.get("next-id").map(String::as_str).unwrap_or_default();
    let bound = |name: &str, default: u32| range.split(',').find_map(|part| part.strip_prefix(name)?.parse().ok()).unwrap_or(default);
    let (lower, upper) = (bound("lower=", 100), bound("upper=", 1_000_000));
    let free = (lower..upper).find(|vmid| !call.world.guests.contains_key(vmid));
    let free = free.ok_or_else(|| Refusal::failed(format!("unable to get any free VMID in range [{lower}, {upper}]")))?;
    Ok(Reply::Data(json!(free.to_string())))
}

pub(super) fn options(call: &mut Call<'_>) -> Outcome {
    Ok(Reply::Data(json!(call.world.options)))
}

pub(super) fn update_options(call: &mut Call<'_>) -> Outcome {
    let delete = call.owned("delete").unwrap_or_default();
    let given: Parameters = call.parameters.iter().filter(|(name, _)| *name != "delete").map(|(name, value)| (name.clone(), value.clone())).collect();
    call.world.options.extend(given);
    call.world.options.retain(|name, _| !delete.split(',').any(|deleted| deleted == name));
    Ok(Reply::NOTHING)
}
