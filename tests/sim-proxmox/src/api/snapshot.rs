//! How are a guest's states kept and brought back?
//!
//! Source: pve-guest-common `src/PVE/AbstractConfig.pm`.

use serde_json::{Map, Value, json};

use super::config::shown;
use super::drive::{is_cdrom, is_disk_slot};
use super::guest::{check_lock, of};
use super::{Call, Outcome, Reply, power};
use crate::job::{Job, Phase};
use crate::refusal::Refusal;
use crate::world::{Guest, GuestKind, Snapshot, World, volume_of};

fn task_name(kind: GuestKind, verb: &str) -> String {
    format!("{}{verb}", if kind == GuestKind::Qemu { "qm" } else { "vz" })
}

fn missing(name: &str) -> Refusal {
    Refusal::failed(format!("snapshot '{name}' does not exist"))
}

pub(super) fn list(call: &mut Call<'_>) -> Outcome {
    let guest = call.guest()?;
    let mut rows: Vec<Value> = guest
        .snapshots
        .iter()
        .map(|(name, snapshot)| {
            let mut row = json!({ "name": name, "description": snapshot.description, "snaptime": snapshot.taken_s });
            if guest.kind == GuestKind::Qemu {
                row["vmstate"] = json!(u8::from(snapshot.with_memory));
            }
            if let Some(parent) = &snapshot.parent {
                row["parent"] = json!(parent);
            }
            row
        })
        .collect();
    let mut current = json!({ "name": "current", "description": "You are here!", "digest": guest.digest() });
    if guest.kind == GuestKind::Qemu {
        current["running"] = json!(u8::from(guest.is_running()));
    }
    if let Some(parent) = guest.option("parent") {
        current["parent"] = json!(parent);
    }
    rows.push(current);
    Ok(Reply::Data(Value::Array(rows)))
}

/// Whether each volume of the guest is on a storage that keeps states. What is no volume, such as a path of the node, has none.
///
/// Source: `AbstractConfig.pm` `has_feature`, pve-storage `Plugin.pm` and its heirs, `volume_has_feature`.
fn can_keep_states(world: &World, guest: &Guest) -> bool {
    let is_drive = |(option, value): &(&String, &String)| {
        is_disk_slot(guest.kind, option) && !(guest.kind == GuestKind::Qemu && (is_cdrom(value) || value.starts_with("none")))
    };
    guest.config.iter().filter(is_drive).all(|(_, value)| {
        let Some(id) = volume_of(value) else { return false };
        let storage = id.split_once(':').and_then(|(storage, _)| world.storages.get(storage));
        let format = world.volume(&guest.node, id).map_or("", |volume| volume.format.as_str());
        storage.is_some_and(|storage| match storage.kind() {
            "lvmthin" | "zfspool" | "rbd" | "btrfs" => true,
            "lvm" | "iscsi" | "iscsidirect" => false,
            _ => format == "qcow2",
        })
    })
}

pub(super) fn feature(call: &mut Call<'_>) -> Outcome {
    let feature = call.required("feature")?;
    let guest = call.guest()?;
    let has_feature = match feature.as_str() {
        "snapshot" => can_keep_states(call.world, guest),
        _ => return Err(Refusal::failed(format!("the feature '{feature}' is not simulated"))),
    };
    let mut answer = json!({ "hasFeature": u8::from(has_feature) });
    if guest.kind == GuestKind::Qemu {
        answer["nodes"] = json!([guest.node]);
    }
    Ok(Reply::Data(answer))
}

fn check_new(world: &World, guest: &Guest, name: &str) -> Result<(), Refusal> {
    check_lock(guest)?;
    if guest.is_template() {
        return Err(Refusal::failed("you can't take a snapshot if it's a template"));
    }
    if guest.snapshots.contains_key(name) {
        return Err(Refusal::failed(format!("snapshot name '{name}' already used")));
    }
    if !can_keep_states(world, guest) {
        return Err(Refusal::failed("snapshot feature is not available"));
    }
    Ok(())
}

pub(super) fn create(call: &mut Call<'_>) -> Outcome {
    let vmid = call.vmid()?;
    let name = call.required("snapname")?;
    if matches!(name.as_str(), "current" | "pending") {
        return Err(Refusal::failed(format!("unable to use snapshot name '{name}' (reserved name)")));
    }
    let description = call.owned("description").unwrap_or_default();
    let with_memory = call.flag("vmstate").unwrap_or(false);
    let (kind, lock) = (call.guest()?.kind, call.guest()?.lock_key(vmid));
    let snapshot_ms = call.world.timing.snapshot_ms;
    let (begun, done) = (name.clone(), name);
    let job = Job::new([
        Phase::lock(lock),
        Phase::run(move |world, _| {
            let guest = of(world, vmid)?.clone();
            check_new(world, &guest, &begun)
        }),
        Phase::Work(snapshot_ms),
        Phase::run(move |world, _| {
            let taken_s = world.now_s();
            let guest = of(world, vmid)?;
            let parent = guest.option("parent").map(str::to_owned);
            let with_memory = with_memory && guest.is_running();
            let snapshot = Snapshot { config: guest.config.clone(), description, taken_s, with_memory, parent };
            guest.snapshots.insert(done.clone(), snapshot);
            guest.config.insert("parent".to_owned(), done);
            Ok(())
        }),
    ]);
    call.task(&task_name(kind, "snapshot"), &vmid.to_string(), job)
}

pub(super) fn config(call: &mut Call<'_>) -> Outcome {
    let guest = call.guest()?;
    let name = call.required("snapname")?;
    let snapshot = guest.snapshots.get(&name).ok_or_else(|| missing(&name))?;
    let mut answer: Map<String, Value> = snapshot.config.iter().map(|(option, value)| (option.clone(), shown(guest.kind, option, value))).collect();
    answer.insert("snaptime".to_owned(), json!(snapshot.taken_s));
    answer.insert("description".to_owned(), json!(snapshot.description));
    Ok(Reply::Data(Value::Object(answer)))
}

pub(super) fn rollback(call: &mut Call<'_>) -> Outcome {
    let vmid = call.vmid()?;
    let name = call.required("snapname")?;
    let guest = call.guest()?;
    let (kind, lock) = (guest.kind, guest.lock_key(vmid));
    let start = call.flag("start").unwrap_or(false);
    let snapshot_ms = call.world.timing.snapshot_ms;
    let job = Job::new([
        Phase::lock(lock),
        Phase::Work(snapshot_ms),
        Phase::run(move |world, progress| {
            let guest = of(world, vmid)?;
            check_lock(guest)?;
            let snapshot = guest.snapshots.get(&name).ok_or_else(|| missing(&name))?.clone();
            guest.config = snapshot.config;
            guest.config.insert("parent".to_owned(), name);
            guest.pending.clear();
            guest.pending_delete.clear();
            guest.running = None;
            if snapshot.with_memory {
                power::run(world, vmid)?;
            } else if start {
                progress.then(power::start_phases(world, vmid)?);
            }
            Ok(())
        }),
    ]);
    call.task(&task_name(kind, "rollback"), &vmid.to_string(), job)
}

pub(super) fn delete(call: &mut Call<'_>) -> Outcome {
    let vmid = call.vmid()?;
    let name = call.required("snapname")?;
    let guest = call.guest()?;
    let (kind, lock) = (guest.kind, guest.lock_key(vmid));
    let snapshot_ms = call.world.timing.snapshot_ms;
    let job = Job::new([
        Phase::lock(lock),
        Phase::Work(snapshot_ms),
        Phase::run(move |world, _| {
            let guest = of(world, vmid)?;
            check_lock(guest)?;
            let gone = guest.snapshots.remove(&name).ok_or_else(|| missing(&name))?;
            let heir = gone.parent;
            let relink = |parent: &mut Option<String>| {
                if parent.as_deref() == Some(name.as_str()) {
                    parent.clone_from(&heir);
                }
            };
            guest.snapshots.values_mut().for_each(|snapshot| relink(&mut snapshot.parent));
            let mut own = guest.config.remove("parent");
            relink(&mut own);
            if let Some(own) = own {
                guest.config.insert("parent".to_owned(), own);
            }
            Ok(())
        }),
    ]);
    call.task(&task_name(kind, "delsnapshot"), &vmid.to_string(), job)
}
