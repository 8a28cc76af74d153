//! Which guests and storages belong together?

use serde_json::{Value, json};

use super::guest::summary;
use super::{Call, Outcome, Reply};
use crate::refusal::Refusal;
use crate::world::Pool;

fn missing(name: &str) -> Refusal {
    Refusal::failed(format!("pool '{name}' does not exist"))
}

fn find<'call>(call: &'call Call<'_>, name: &str) -> Result<&'call Pool, Refusal> {
    call.world.pools.get(name).ok_or_else(|| missing(name))
}

fn members(call: &Call<'_>, pool: &Pool) -> Vec<Value> {
    let guests = pool.guests.iter().filter_map(|vmid| Some((vmid, call.world.guests.get(vmid)?)));
    let guests = guests.map(|(vmid, guest)| summary(call.world, *vmid, guest, true));
    let storages = pool
        .storages
        .iter()
        .map(|storage| json!({ "id": format!("storage/{}/{storage}", call.entry), "type": "storage", "storage": storage, "node": call.entry }));
    guests.chain(storages).collect()
}

/// `GET /pools`: all that the caller may see; with `poolid` one, and its members.
pub(super) fn list(call: &mut Call<'_>) -> Outcome {
    if let Some(name) = call.owned("poolid") {
        call.need(&format!("/pool/{name}"), "Pool.Audit")?;
        let pool = find(call, &name)?;
        return Ok(Reply::Data(json!([{ "poolid": name, "comment": pool.comment, "members": members(call, pool) }])));
    }
    let seen = call.world.pools.iter().filter(|(name, _)| call.has_privilege(&format!("/pool/{name}"), "Pool.Audit"));
    Ok(Reply::Data(seen.map(|(name, pool)| json!({ "poolid": name, "comment": pool.comment })).collect()))
}

pub(super) fn read(call: &mut Call<'_>) -> Outcome {
    let name = call.required("poolid")?;
    let pool = find(call, &name)?;
    Ok(Reply::Data(json!({ "comment": pool.comment, "members": members(call, pool) })))
}

pub(super) fn create(call: &mut Call<'_>) -> Outcome {
    let name = call.required("poolid")?;
    if call.world.pools.contains_key(&name) {
        return Err(Refusal::failed(format!("create pool failed: pool '{name}' already exists")));
    }
    if let Some((parent, _)) = name.rsplit_once('/')
        && !call.world.pools.contains_key(parent)
    {
        return Err(Refusal::failed(format!("create pool failed: parent '{parent}' of pool '{name}' does not exist")));
    }
    if !name.rsplit('/').next().unwrap_or_default().starts_with(|letter: char| letter.is_ascii_alphabetic()) {
        return Err(Refusal::failed("create pool failed: pool name must start with a letter"));
    }
    let comment = call.owned("comment").unwrap_or_default();
    call.world.pools.insert(name, Pool { comment, ..Pool::default() });
    Ok(Reply::NOTHING)
}

/// `PUT /pools`: a comment, and members to add or, with `delete`, to remove.
pub(super) fn update(call: &mut Call<'_>) -> Outcome {
    let name = call.required("poolid")?;
    find(call, &name)?;
    let list = |option: &str| -> Vec<String> {
        call.text(option).unwrap_or_default().split([',', ';', ' ']).filter(|item| !item.is_empty()).map(str::to_owned).collect()
    };
    let guests: Vec<u32> = list("vms").iter().filter_map(|vmid| vmid.parse().ok()).collect();
    let storages = list("storage");
    let is_removal = call.flag("delete").unwrap_or(false);
    for vmid in &guests {
        check_guest(call, &name, *vmid, is_removal)?;
    }
    for storage in &storages {
        call.need(&format!("/storage/{storage}"), "Datastore.Allocate")?;
        let is_member = find(call, &name)?.storages.contains(storage);
        match (is_removal, is_member) {
            (true, false) => return Err(Refusal::failed(format!("update pools failed: Storage '{storage}' is not a pool member"))),
            (false, true) => return Err(Refusal::failed(format!("update pools failed: Storage '{storage}' is already a pool member"))),
            _ => {}
        }
    }
    if !is_removal {
        // Only reached with `allow-move` where a guest is in another pool.
        call.world.pools.values_mut().for_each(|pool| pool.guests.retain(|vmid| !guests.contains(vmid)));
    }
    let comment = call.owned("comment");
    let pool = call.world.pools.get_mut(&name).ok_or_else(|| missing(&name))?;
    if let Some(comment) = comment {
        pool.comment = comment;
    }
    if is_removal {
        pool.guests.retain(|vmid| !guests.contains(vmid));
        pool.storages.retain(|storage| !storages.contains(storage));
    } else {
        pool.guests.extend(guests);
        pool.storages.extend(storages);
    }
    Ok(Reply::NOTHING)
}

fn check_guest(call: &Call<'_>, name: &str, vmid: u32, is_removal: bool) -> Result<(), Refusal> {
    let path = format!("/vms/{vmid}");
    if !call.has_privilege(&path, "Pool.Allocate") && !call.has_privilege(&path, "VM.Allocate") {
        return Err(Refusal::forbidden(&path, "VM.Allocate"));
    }
    let holder = call.world.pools.iter().find(|(_, pool)| pool.guests.contains(&vmid)).map(|(holder, _)| holder.as_str());
    match (is_removal, holder) {
        (true, Some(holder)) if holder == name => Ok(()),
        (true, _) => Err(Refusal::failed(format!("update pools failed: VM {vmid} is not a pool member"))),
        (false, Some(holder)) if holder == name => Err(Refusal::failed(format!("update pools failed: VM {vmid} is already a pool member"))),
        (false, Some(holder)) if !call.flag("allow-move").unwrap_or(false) => {
            Err(Refusal::failed(format!("update pools failed: VM {vmid} belongs already to pool '{holder}' and 'allow-move' is not set")))
        }
        (false, _) => Ok(()),
    }
}

pub(super) fn delete(call: &mut Call<'_>) -> Outcome {
    let name = call.required("poolid")?;
    let pool = find(call, &name)?;
    if let Some(below) = call.world.pools.keys().find(|other| other.strip_prefix(&name).is_some_and(|rest| rest.starts_with('/'))) {
        return Err(Refusal::failed(format!("delete pool failed: pool '{name}' is not empty (contains pool '{below}')")));
    }
    if let Some(vmid) = pool.guests.first() {
        return Err(Refusal::failed(format!("delete pool failed: pool '{name}' is not empty (contains VM {vmid})")));
    }
    if let Some(storage) = pool.storages.first() {
        return Err(Refusal::failed(format!("delete pool failed: pool '{name}' is not empty (contains storage '{storage}')")));
    }
    call.world.pools.remove(&name);
    // Source: pve-manager `Pool.pm:528`, `delete_pool_acl`.
    call.world.acl.retain(|entry| entry.path != format!("/pool/{name}"));
    Ok(Reply::NOTHING)
}
