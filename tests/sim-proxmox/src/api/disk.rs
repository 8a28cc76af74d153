//! How are disks resized, moved and detached?
//!
//! Source: qemu-server `src/PVE/API2/Qemu.pm` (`resize_vm`, `move_vm_disk`, `unlink`), pve-container `src/PVE/API2/LXC.pm`.

use std::cmp::Ordering;

use super::config::Update;
use super::drive::{self, Owner};
use super::guest::{check_digest, check_lock, of};
use super::{Call, Outcome};
use crate::job::{Job, Phase};
use crate::refusal::Refusal;
use crate::verify::parse_properties;
use crate::world::{DiskSize, Guest, GuestKind, Volume, VolumeKey, World, volume_of};

fn first_part(kind: GuestKind) -> &'static str {
    if kind == GuestKind::Qemu { "file" } else { "volume" }
}

fn written_size(kind: GuestKind, value: &str, size: DiskSize) -> String {
    let mut parts = parse_properties(value, first_part(kind));
    parts.insert("size".to_owned(), size.to_string());
    drive::written(kind, &parts)
}

/// `PUT resize`: `32G` is a size, `+8G` a growth.
pub(super) fn resize(call: &mut Call<'_>) -> Outcome {
    let vmid = call.vmid()?;
    let slot = call.required("disk")?;
    let size = call.required("size")?;
    let digest = call.owned("digest");
    let lock = call.guest()?.lock_key(vmid);
    if let Some(id) = call.guest()?.option(&slot).and_then(volume_of) {
        let storage = id.split(':').next().unwrap_or_default().to_owned();
        call.need(&format!("/storage/{storage}"), "Datastore.AllocateSpace")?;
    }
    if call.guest()?.kind == GuestKind::Lxc {
        // A container's request is checked before its task starts.
        new_size(call.world, vmid, &slot, &size, digest.as_deref())?;
    }
    let config_ms = call.world.timing.config_ms;
    let change = Phase::run(move |world, _| grow(world, vmid, &slot, &size, digest.as_deref()));
    let job = Job::new([Phase::lock(lock), Phase::Work(config_ms), change]);
    call.task("resize", &vmid.to_string(), job)
}

/// What a resize comes to.
struct Growth {
    key: VolumeKey,
    value: String,
    size: DiskSize,
    more_bytes: u64,
}

/// Sources: `API2/Qemu.pm:6000`, pve-container `API2/LXC.pm:2370`.
fn new_size(world: &mut World, vmid: u32, slot: &str, size: &str, digest: Option<&str>) -> Result<Growth, Refusal> {
    let guest = of(world, vmid)?;
    let (kind, node) = (guest.kind, guest.node.clone());
    check_digest(guest, digest)?;
    check_lock(guest)?;
    let value = guest.option(slot).ok_or_else(|| Refusal::failed(format!("disk '{slot}' does not exist")))?.to_owned();
    let id = volume_of(&value).ok_or_else(|| Refusal::failed(format!("disk '{slot}' has no associated volume")))?;
    if drive::is_cdrom(&value) {
        return Err(Refusal::failed("you can't resize a cdrom"));
    }
    let unknown = || Refusal::failed(format!("Could not determine current size of volume '{id}'"));
    let key = world.volume_key(&node, id).ok_or_else(unknown)?;
    let old = world.volumes.get(&key).ok_or_else(unknown)?.size_bytes;
    let amount = DiskSize::parse(size.trim_start_matches('+')).ok_or_else(|| Refusal::failed("internal error"))?;
    let new = if size.starts_with('+') { DiskSize(old + amount.0) } else { amount };
    match (kind, new.0.cmp(&old)) {
        (GuestKind::Qemu, Ordering::Less) => return Err(Refusal::failed("shrinking disks is not supported")),
        (GuestKind::Lxc, Ordering::Less) => return Err(Refusal::failed("unable to shrink disk size")),
        (GuestKind::Lxc, Ordering::Equal) => return Err(Refusal::failed("disk is already at specified size")),
        _ => {}
    }
    let size = world.storages.get(&key.storage).map_or(0, |definition| definition.size_bytes);
    let more_bytes = new.0 - old;
    if more_bytes > size.saturating_sub(world.storage_used(&node, &key.storage)) {
        return Err(Refusal::failed(format!("unable to resize volume - not enough free space on storage '{}'", key.storage)));
    }
    Ok(Growth { key, value, size: new, more_bytes })
}

fn grow(world: &mut World, vmid: u32, slot: &str, size: &str, digest: Option<&str>) -> Result<(), Refusal> {
    let Growth { key, value, size, more_bytes } = new_size(world, vmid, slot, size, digest)?;
    // The configuration is not written where the volume is so large already. Source: `API2/Qemu.pm:6050`.
    if more_bytes == 0 {
        return Ok(());
    }
    if let Some(volume) = world.volumes.get_mut(&key) {
        volume.size_bytes = size.0;
        volume.used_bytes += more_bytes;
    }
    let guest = of(world, vmid)?;
    let value = written_size(guest.kind, &value, size);
    if let Some(running) = &mut guest.running {
        running.config.insert(slot.to_owned(), value.clone());
    }
    guest.config.insert(slot.to_owned(), value);
    Ok(())
}

/// `POST move_disk` and `POST move_volume`: to another storage, or to another guest.
pub(super) fn move_disk(call: &mut Call<'_>) -> Outcome {
    let vmid = call.vmid()?;
    let kind = call.guest()?.kind;
    let slot = call.required(if kind == GuestKind::Qemu { "disk" } else { "volume" })?;
    let target = call.number("target-vmid").and_then(|vmid| u32::try_from(vmid).ok());
    match (target, call.owned("storage")) {
        (Some(_), Some(_)) => Err(both("either set 'storage' or 'target-vmid', but not both")),
        (Some(target), None) => reassign(call, vmid, &slot, target),
        (None, Some(storage)) => move_to_storage(call, vmid, slot, storage),
        (None, None) => Err(both("both 'storage' and 'target-vmid' missing, either needs to be set")),
    }
}

/// The same words for both parameters that say where to.
fn both(words: &str) -> Refusal {
    Refusal::parameters(["target-vmid", "storage"].map(|name| (name.to_owned(), words.to_owned())).into())
}

/// What is moved where.
struct Move {
    slot: String,
    storage: String,
    format: Option<String>,
    delete: bool,
}

fn move_to_storage(call: &mut Call<'_>, vmid: u32, slot: String, storage: String) -> Outcome {
    call.need(&format!("/storage/{storage}"), "Datastore.AllocateSpace")?;
    let request = Move { slot, storage, format: call.owned("format"), delete: call.flag("delete").unwrap_or(false) };
    let guest = call.guest()?;
    check_digest(guest, call.text("digest"))?;
    request.check(call.world, guest)?;
    let task = if guest.kind == GuestKind::Qemu { "qmmove" } else { "move_volume" };
    let job = Job::new([
        Phase::lock(guest.lock_key(vmid)),
        Phase::run(move |world, progress| {
            let guest = of(world, vmid)?.clone();
            request.check(world, &guest)?;
            if guest.kind == GuestKind::Qemu {
                "storage migration failed: ".clone_into(&mut progress.failure_prefix);
            }
            // Source: `QemuServer.pm:8028`, `clone_disk`.
            if request.slot == "tpmstate0" && guest.is_running() {
                return Err(Refusal::failed("cannot move TPM state while VM is running"));
            }
            let value = guest.config[&request.slot].clone();
            let id = volume_of(&value).unwrap_or_default().to_owned();
            let original = world.volume(&guest.node, &id).ok_or_else(|| Refusal::failed(format!("volume '{id}' does not exist")))?.clone();
            let owner = Owner { vmid, kind: guest.kind, node: guest.node.clone() };
            let format = request.format.clone().unwrap_or_else(|| original.format.clone());
            let volume = Volume { format, parent: None, used_bytes: original.size_bytes, ..original.clone() };
            let new = drive::allocate(world, progress, &owner, &request.storage, volume)?;
            progress.then([Phase::Work(world.timing.copy_ms(original.size_bytes))]);
            let Move { slot, delete, .. } = request;
            progress.then([Phase::run(move |world, progress| {
                let guest = of(world, vmid)?;
                let mut parts = parse_properties(&value, first_part(guest.kind));
                parts.insert(first_part(guest.kind).to_owned(), new);
                let value = drive::written(guest.kind, &parts);
                guest.config.insert(slot.clone(), value.clone());
                if let Some(running) = &mut guest.running {
                    running.config.insert(slot, value);
                }
                if delete {
                    let node = guest.node.clone();
                    return drive::free(world, progress, &node, &id);
                }
                guest.keep_unused(&id);
                Ok(())
            })]);
            Ok(())
        }),
    ]);
    call.task(task, &vmid.to_string(), job)
}

impl Move {
    fn check(&self, world: &World, guest: &Guest) -> Result<(), Refusal> {
        check_lock(guest)?;
        let slot = &self.slot;
        let value = guest.option(slot).ok_or_else(|| Refusal::failed(format!("disk '{slot}' does not exist")))?;
        let id = volume_of(value).ok_or_else(|| Refusal::failed(format!("disk '{slot}' has no associated volume")))?;
        if drive::is_cdrom(value) {
            return Err(Refusal::failed("you can't move a cdrom"));
        }
        if guest.kind == GuestKind::Lxc && guest.is_running() {
            return Err(Refusal::failed("cannot move volumes of a running container"));
        }
        let format = world.volume(&guest.node, id).map(|volume| volume.format.clone());
        let is_same_format = self.format.is_none() || self.format == format;
        if id.split(':').next() == Some(self.storage.as_str()) && is_same_format {
            return Err(Refusal::failed("you can't move to the same storage with same format"));
        }
        let in_snapshot = guest.snapshots.values().any(|snapshot| snapshot.config.values().any(|value| volume_of(value) == Some(id)));
        if self.delete && in_snapshot {
            return Err(Refusal::failed("you can't move a disk with snapshots and delete the source"));
        }
        let content = if guest.kind == GuestKind::Qemu { "images" } else { "rootdir" };
        drive::check_storage(world, &guest.node, &self.storage, content)
    }
}

/// Gives a disk to another guest.
fn reassign(call: &mut Call<'_>, vmid: u32, slot: &str, target: u32) -> Outcome {
    let guest = call.guest()?.clone();
    let slot = slot.to_owned();
    let target_slot = call.owned("target-disk").or_else(|| call.owned("target-volume")).unwrap_or_else(|| slot.clone());
    let other = call.world.guests.get(&target).ok_or_else(|| Refusal::failed(format!("could not find target VM {target}")))?;
    check_lock(&guest)?;
    check_lock(other)?;
    if other.node != guest.node {
        return Err(Refusal::failed(format!("Both VMs need to be on the same node ({} != {})", guest.node, other.node)));
    }
    if guest.is_template() || other.is_template() {
        return Err(Refusal::failed("Can't move disks from or to template VMs"));
    }
    let value = guest.option(&slot).ok_or_else(|| Refusal::failed(format!("Disk '{slot}' for VM '{vmid}' does not exist")))?.to_owned();
    if other.config.contains_key(&target_slot) {
        return Err(Refusal::failed(format!("Target disk key '{target_slot}' is already in use for VM '{target}'")));
    }
    if guest.is_running() && !slot.starts_with("unused") {
        return Err(Refusal::failed("Cannot move disk to another VM while the source VM is running - detach first"));
    }
    let locks = [Phase::lock(guest.lock_key(vmid)), Phase::lock(other.lock_key(target))];
    let node = guest.node.clone();
    let task_id = format!("{vmid}-{slot}>{target}-{target_slot}");
    let change = Phase::run(move |world, _| {
        let id = volume_of(&value).unwrap_or_default().to_owned();
        let key = world.volume_key(&node, &id).ok_or_else(|| Refusal::failed(format!("Volume '{id}' not managed by PVE")))?;
        let mut volume = world.volumes.remove(&key).ok_or_else(|| Refusal::failed(format!("volume '{id}' does not exist")))?;
        volume.vmid = Some(target);
        let name = world.free_volume_name(&node, &key.storage, target, "vm", &volume.format);
        let new = format!("{}:{name}", key.storage);
        world.volumes.insert(VolumeKey { name, ..key }, volume);
        of(world, vmid)?.config.remove(&slot);
        of(world, target)?.config.insert(target_slot, value.replacen(&id, &new, 1));
        Ok(())
    });
    call.task("qmmove", &task_id, Job::new(locks.into_iter().chain([change])))
}

/// `PUT unlink`: the removal of slots, with `force` of their volumes too.
pub(super) fn unlink(call: &mut Call<'_>) -> Outcome {
    let list = call.required("idlist")?;
    call.parameters.remove("idlist");
    call.parameters.insert("delete".to_owned(), list);
    let update = Update::unlinking(call)?;
    let lock = call.guest()?.lock_key(call.vmid()?);
    call.wait(Job::new([Phase::lock(lock), Phase::run(move |world, progress| update.run(world, progress))]))
}
