//! How does a guest change its node?
//!
//! Source: qemu-server `src/PVE/API2/Qemu.pm` `migrate_vm`, `src/PVE/QemuMigrate.pm`; pve-container `src/PVE/API2/LXC.pm`.

use serde_json::json;

use super::guest::{check_lock, of};
use super::{Call, Outcome, Reply, drive};
use crate::job::{Job, Phase, Progress};
use crate::refusal::Refusal;
use crate::world::{Guest, GuestKind, Storage, VolumeKey, World, volume_of};

/// `GET migrate`: where could it go, and what stands in the way?
pub(super) fn preconditions(call: &mut Call<'_>) -> Outcome {
    let guest = call.guest()?;
    let local: Vec<_> = local_volumes(call.world, guest)
        .into_iter()
        .map(|(slot, id)| {
            let size = call.world.volume(&guest.node, &id).map_or(0, |volume| volume.size_bytes);
            // Source of the marks: qemu-server `QemuServer.pm:4536` `foreach_volid`, passed on by `API2/Qemu.pm:5467`.
            let value = &guest.config[&slot];
            json!({
                "volid": id, "size": size, "drivename": slot, "cdrom": u8::from(drive::is_cdrom(value)),
                "is_cloudinit": u8::from(drive::is_cloudinit(value)), "is_unused": u8::from(slot.starts_with("unused")),
            })
        })
        .collect();
    let allowed: Vec<&String> = call.world.nodes.iter().filter(|(name, node)| node.online && **name != guest.node).map(|(name, _)| name).collect();
    let mut answer = json!({
        "running": u8::from(guest.is_running()), "allowed_nodes": allowed, "local_disks": local, "local_resources": [],
        "mapped-resources": [], "mapped-resource-info": {}, "not_allowed_nodes": {}, "has-dbus-vmstate": 0,
    });
    if guest.kind == GuestKind::Lxc {
        answer = json!({ "running": u8::from(guest.is_running()), "allowed-nodes": allowed, "not-allowed-nodes": {} });
    }
    Ok(Reply::Data(answer))
}

/// The volumes that only the guest's node has, by slot.
fn local_volumes(world: &World, guest: &Guest) -> Vec<(String, String)> {
    let slots = guest.volume_options().into_iter();
    let of_slot = slots.filter_map(|slot| Some((volume_of(&guest.config[&slot])?.to_owned(), slot)));
    let local =
        of_slot.filter(|(id, _)| id.split(':').next().and_then(|storage| world.storages.get(storage)).is_some_and(|storage| !storage.is_shared()));
    local.map(|(id, slot)| (slot, id)).collect()
}

#[derive(Clone, Debug)]
struct Move {
    vmid: u32,
    target: String,
    online: bool,
    with_local_disks: bool,
    /// Containers move by stopping and starting again.
    restart: bool,
    target_storage: Option<String>,
}

pub(super) fn migrate(call: &mut Call<'_>) -> Outcome {
    let vmid = call.vmid()?;
    let flag = |name: &str| call.flag(name).unwrap_or(false);
    let request = Move {
        vmid,
        target: call.required("target")?,
        online: flag("online"),
        with_local_disks: flag("with-local-disks"),
        restart: flag("restart"),
        target_storage: call.owned("targetstorage").or_else(|| call.owned("target-storage")),
    };
    for name in ["force", "migration_type", "migration_network"] {
        if call.parameters.contains_key(name) && !call.is_root() {
            return Err(Refusal::parameter(name, "Only root may use this option."));
        }
    }
    let guest = call.guest()?;
    let (kind, lock) = (guest.kind, guest.lock_key(vmid));
    request.check(call.world)?;
    if call.world.ha_state(kind, vmid).is_some() {
        let job = Job::new([Phase::run(move |world, _| {
            super::ha::migrate(world, kind, vmid, &request.target);
            Ok(())
        })]);
        return call.task("hamigrate", &vmid.to_string(), job);
    }
    let task = if kind == GuestKind::Qemu { "qmigrate" } else { "vzmigrate" };
    let job = Job::new([Phase::lock(lock), Phase::run(move |world, progress| request.run(world, progress))]);
    call.task(task, &vmid.to_string(), job)
}

/// The phases of a migration that the HA manager makes.
pub(super) fn phases(world: &World, vmid: u32, target: String) -> Vec<Phase> {
    let Some(guest) = world.guests.get(&vmid) else { return Vec::new() };
    let request = Move { vmid, target, online: true, with_local_disks: false, restart: guest.kind == GuestKind::Lxc, target_storage: None };
    vec![Phase::lock(guest.lock_key(vmid)), Phase::run(move |world, progress| request.run(world, progress))]
}

impl Move {
    fn check(&self, world: &World) -> Result<(), Refusal> {
        let Self { vmid, target, .. } = self;
        let guest = world.guests.get(vmid).ok_or_else(|| Refusal::failed(format!("guest {vmid} does not exist")))?;
        if *target == guest.node {
            return Err(Refusal::parameter("target", "target is local node."));
        }
        let node = world.nodes.get(target).ok_or_else(|| Refusal::failed(format!("no such cluster node '{target}'")))?;
        if !node.online {
            return Err(Refusal::failed(format!("node '{target}' is not online")));
        }
        check_lock(guest)?;
        match guest.kind {
            GuestKind::Qemu if guest.is_running() && !self.online => Err(Refusal::failed("can't migrate running VM without --online")),
            GuestKind::Lxc if guest.is_running() && !self.online && !self.restart => {
                Err(Refusal::failed("can't migrate running container without --online or --restart"))
            }
            _ => Ok(()),
        }
    }

    fn run(self, world: &mut World, progress: &mut Progress) -> Result<(), Refusal> {
        self.check(world)?;
        let guest = of(world, self.vmid)?.clone();
        let vmid = self.vmid;
        progress.say(format!("starting migration of {} {vmid} to node '{}'", guest.kind.label(), self.target));
        let local = local_volumes(world, &guest);
        let problems = self.scan_volumes(world, &guest, &local);
        if !problems.is_empty() {
            problems.into_iter().for_each(|problem| progress.say(problem));
            progress.say("ERROR: Problem found while scanning volumes - can't migrate VM - check log");
            return Err(Refusal::failed("migration aborted"));
        }
        of(world, vmid)?.config.insert("lock".to_owned(), "migrate".to_owned());
        progress.undo(move |world, _| {
            of(world, vmid)?.config.remove("lock");
            Ok(())
        });
        let sizes = local.iter().filter_map(|(_, id)| world.volume(&guest.node, id)).map(|volume| world.timing.copy_ms(volume.size_bytes));
        let copy_ms: u64 = sizes.sum();
        let memory_ms = if guest.is_running() { world.timing.live_migration_ms } else { 0 };
        let base_ms = world.timing.base_ms;
        progress.then([Phase::Work(base_ms + copy_ms + memory_ms), Phase::run(move |world, _| self.conclude(world, &local))]);
        Ok(())
    }

    /// What a scan of the volumes finds wrong, as lines of the log. Source: `QemuMigrate.pm` `scan_local_volumes`.
    fn scan_volumes(&self, world: &World, guest: &Guest, local: &[(String, String)]) -> Vec<String> {
        let mut found = Vec::new();
        let needs_permission = guest.kind == GuestKind::Qemu && guest.is_running() && !self.with_local_disks;
        for (slot, id) in local.iter().filter(|(slot, _)| !drive::is_cdrom(&guest.config[slot])) {
            if needs_permission && !slot.starts_with("unused") {
                found.push(format!("can't migrate local disk '{id}': can't live migrate attached local disks without with-local-disks option"));
            }
            if let Some(parent) = world.volume(&guest.node, id).and_then(|volume| volume.parent.as_ref()) {
                let base = parent.split_once(':').map_or(parent.as_str(), |(_, name)| name);
                found.push(format!("can't migrate '{id}' as it's a clone of '{base}'"));
            }
            let storage = self.target_storage.as_deref().unwrap_or_else(|| id.split(':').next().unwrap_or_default());
            let content = if guest.kind == GuestKind::Qemu { "images" } else { "rootdir" };
            if let Err(refusal) = drive::check_storage(world, &self.target, storage, content) {
                found.push(refusal.message);
            }
        }
        // Source: `QemuMigrate.pm:473`.
        let images = local.iter().filter(|(slot, _)| drive::is_cdrom(&guest.config[slot]) && !drive::is_cloudinit(&guest.config[slot]));
        found.extend(images.map(|(_, id)| format!("can't migrate local disk '{id}': local cdrom image")));
        let cdroms = guest.config.values().filter(|value| value.starts_with("cdrom,") || *value == "cdrom");
        found.extend(cdroms.map(|_| "can't migrate local cdrom drive".to_owned()));
        found
    }

    fn conclude(self, world: &mut World, local: &[(String, String)]) -> Result<(), Refusal> {
        let guest = of(world, self.vmid)?.clone();
        let mut renamed = Vec::new();
        for (slot, id) in local {
            let Some(from) = world.volume_key(&guest.node, id) else { continue };
            let storage = self.target_storage.clone().unwrap_or_else(|| from.storage.clone());
            let is_shared = world.storages.get(&storage).is_some_and(Storage::is_shared);
            let to = VolumeKey { storage: storage.clone(), node: (!is_shared).then(|| self.target.clone()), name: from.name.clone() };
            if let Some(volume) = world.volumes.remove(&from) {
                world.volumes.insert(to, volume);
            }
            renamed.push((slot, id, format!("{storage}:{}", from.name)));
        }
        let (now_ms, restarts) = (world.now_ms, guest.kind == GuestKind::Lxc);
        let guest = of(world, self.vmid)?;
        for (slot, from, to) in renamed {
            if let Some(value) = guest.config.get_mut(slot) {
                *value = value.replacen(from.as_str(), &to, 1);
            }
        }
        guest.config.remove("lock");
        guest.node = self.target;
        if let Some(running) = guest.running.as_mut().filter(|_| restarts) {
            running.since_ms = now_ms;
        }
        Ok(())
    }
}
