//! What does the HA manager keep alive?
//!
//! Source: pve-ha-manager's `PVE/API2/HA/Resources.pm`. A request state changes at once; the work follows after `Timing::ha_ms`.

use serde_json::{Map, Value, json};

use super::{Call, Outcome, Reply, power};
use crate::job::{Job, Phase};
use crate::refusal::Refusal;
use crate::world::{GuestKind, World};

fn sid(call: &Call<'_>) -> Result<(String, GuestKind, u32), Refusal> {
    let given = call.required("sid")?;
    let (word, id) = given.split_once(':').map_or(("", given.as_str()), |parts| parts);
    let vmid: u32 = id.parse().map_err(|_| Refusal::parameter("sid", format!("unable to parse service id '{given}'")))?;
    let known = call.world.guests.get(&vmid).map(|guest| guest.kind);
    let kind = match word {
        "vm" => GuestKind::Qemu,
        "ct" => GuestKind::Lxc,
        _ => known.unwrap_or(GuestKind::Qemu),
    };
    Ok((format!("{}:{vmid}", if kind == GuestKind::Qemu { "vm" } else { "ct" }), kind, vmid))
}

fn shown(world: &World, sid: &str) -> Value {
    let resource = &world.ha[sid];
    let mut row: Map<String, Value> =
        resource.iter().map(|(name, value)| (name.clone(), value.parse::<i64>().map_or_else(|_| json!(value), Value::from))).collect();
    row.insert("sid".to_owned(), json!(sid));
    row.insert("type".to_owned(), json!(sid.split(':').next()));
    row.entry("state").or_insert_with(|| json!("started"));
    row.insert("digest".to_owned(), json!(digest(world)));
    Value::Object(row)
}

fn digest(world: &World) -> String {
    crate::world::digest(&format!("{:?}", world.ha))
}

pub(super) fn list(call: &mut Call<'_>) -> Outcome {
    let kind = call.text("type");
    let fitting = call.world.ha.keys().filter(|sid| kind.is_none_or(|kind| sid.starts_with(kind)));
    Ok(Reply::Data(fitting.map(|sid| shown(call.world, sid)).collect()))
}

pub(super) fn read(call: &mut Call<'_>) -> Outcome {
    let (sid, ..) = sid(call)?;
    must_exist(call, &sid)?;
    Ok(Reply::Data(shown(call.world, &sid)))
}

fn must_exist(call: &Call<'_>, sid: &str) -> Result<(), Refusal> {
    if call.world.ha.contains_key(sid) { Ok(()) } else { Err(Refusal::failed(format!("no such resource '{sid}'"))) }
}

pub(super) fn create(call: &mut Call<'_>) -> Outcome {
    let (sid, kind, vmid) = sid(call)?;
    if call.world.ha.contains_key(&sid) {
        return Err(Refusal::failed(format!("resource ID '{sid}' already defined")));
    }
    if call.world.guests.get(&vmid).is_none_or(|guest| guest.kind != kind) {
        return Err(Refusal::failed(format!("unable to detect SID from VMID - VM/CT {vmid} does not exist")));
    }
    let options = call.parameters.iter().filter(|(name, _)| !matches!(name.as_str(), "sid" | "type" | "digest" | "delete"));
    let options = options.map(|(name, value)| (name.clone(), value.clone())).collect();
    call.world.ha.insert(sid, options);
    act(call.world, kind, vmid);
    Ok(Reply::NOTHING)
}

pub(super) fn update(call: &mut Call<'_>) -> Outcome {
    let (sid, kind, vmid) = sid(call)?;
    must_exist(call, &sid)?;
    if call.text("digest").is_some_and(|given| given != digest(call.world)) {
        return Err(Refusal::failed("detected modified configuration - file changed by other user? Try again."));
    }
    let delete = call.owned("delete").unwrap_or_default();
    let options: Vec<_> = call
        .parameters
        .iter()
        .filter(|(name, _)| !matches!(name.as_str(), "sid" | "digest" | "delete"))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    let resource = call.world.ha.entry(sid).or_default();
    resource.extend(options);
    resource.retain(|name, _| !delete.split(',').any(|deleted| deleted == name));
    act(call.world, kind, vmid);
    Ok(Reply::NOTHING)
}

pub(super) fn delete(call: &mut Call<'_>) -> Outcome {
    let (sid, ..) = sid(call)?;
    must_exist(call, &sid).map_err(|_| Refusal::failed(format!("cannot delete service '{sid}', not HA managed!")))?;
    call.world.ha.remove(&sid);
    Ok(Reply::NOTHING)
}

pub(super) fn status(call: &mut Call<'_>) -> Outcome {
    let quorum = json!({ "id": "quorum", "type": "quorum", "node": call.entry, "status": if call.world.quorate { "OK" } else { "No quorum!" }, "quorate": u8::from(call.world.quorate) });
    let services = call.world.ha.iter().map(|(sid, resource)| {
        let vmid: u32 = sid.split(':').nth(1).and_then(|id| id.parse().ok()).unwrap_or_default();
        let node = call.world.guests.get(&vmid).map(|guest| guest.node.clone()).unwrap_or_default();
        let state = resource.get("state").cloned().unwrap_or_else(|| "started".to_owned());
        json!({ "id": format!("service:{sid}"), "sid": sid, "type": "service", "node": node, "state": state, "request_state": state, "status": format!("{sid} ({node}, {state})") })
    });
    Ok(Reply::Data(std::iter::once(quorum).chain(services).collect()))
}

/// The API's start and stop of a managed guest change what the manager wants.
pub(super) fn want(world: &mut World, kind: GuestKind, vmid: u32, state: &str) {
    let word = if kind == GuestKind::Qemu { "vm" } else { "ct" };
    if let Some(resource) = world.ha.get_mut(&format!("{word}:{vmid}")) {
        resource.insert("state".to_owned(), state.to_owned());
    }
    act(world, kind, vmid);
}

/// The manager compares what is wanted with what is, and starts tasks.
fn act(world: &mut World, kind: GuestKind, vmid: u32) {
    let ha_ms = world.timing.ha_ms;
    let look = Phase::run(move |world, _| {
        let wanted = world.ha_state(kind, vmid);
        let Some(guest) = world.guests.get(&vmid) else { return Ok(()) };
        let (node, lock, id) = (guest.node.clone(), guest.lock_key(vmid), vmid.to_string());
        let prefix = if kind == GuestKind::Qemu { "qm" } else { "vz" };
        match wanted.as_deref() {
            Some("started") if !guest.is_running() => {
                let phases = power::start_phases(world, vmid)?;
                let job = Job::new(std::iter::once(Phase::lock(lock)).chain(phases));
                world.start_task(&node, &format!("{prefix}start"), &id, "root@pam", job);
            }
            Some("stopped" | "disabled") if guest.is_running() => {
                let job = Job::new([Phase::lock(lock), Phase::Work(world.timing.shutdown_ms), Phase::run(move |world, _| power::halt(world, vmid))]);
                world.start_task(&node, &format!("{prefix}shutdown"), &id, "root@pam", job);
            }
            _ => {}
        }
        Ok(())
    });
    world.begin(Job::new([Phase::Work(ha_ms), look]));
}

/// The manager moves a guest.
pub(super) fn migrate(world: &mut World, kind: GuestKind, vmid: u32, target: &str) {
    let ha_ms = world.timing.ha_ms;
    let target = target.to_owned();
    let go = Phase::run(move |world, _| {
        let phases = super::migrate::phases(world, vmid, target);
        let Some(guest) = world.guests.get(&vmid) else { return Ok(()) };
        let task = if kind == GuestKind::Qemu { "qmigrate" } else { "vzmigrate" };
        let node = guest.node.clone();
        world.start_task(&node, task, &vmid.to_string(), "root@pam", Job::new(phases));
        Ok(())
    });
    world.begin(Job::new([Phase::Work(ha_ms), go]));
}
