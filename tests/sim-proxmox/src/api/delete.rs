//! How is a guest destroyed?
//!
//! Sources: qemu-server `src/PVE/API2/Qemu.pm` `destroy_vm`, pve-container `src/PVE/API2/LXC.pm` `destroy_vm`.

use super::guest::of;
use super::{Call, Outcome, drive};
use crate::job::{Job, Phase, Progress};
use crate::refusal::Refusal;
use crate::world::{GuestKind, World};

pub(super) fn delete(call: &mut Call<'_>) -> Outcome {
    let vmid = call.vmid()?;
    let purge = call.flag("purge").unwrap_or(false);
    let with_unreferenced = call.flag("destroy-unreferenced-disks").unwrap_or(false);
    let force = call.flag("force").unwrap_or(false);
    let guest = call.guest()?;
    let (kind, lock) = (guest.kind, guest.lock_key(vmid));
    early_checks(call.world, vmid, purge, force)?;
    let base_ms = call.world.timing.base_ms;
    let job = Job::new([
        Phase::lock(lock),
        Phase::run(move |world, progress| {
            early_checks(world, vmid, purge, force)?;
            super::guest::check_lock(of(world, vmid)?)?;
            check_bases(world, vmid)?;
            of(world, vmid)?.config.insert("lock".to_owned(), "destroyed".to_owned());
            free_volumes(world, progress, vmid, with_unreferenced)?;
            progress.then([Phase::Work(base_ms), Phase::run(move |world, _| forget(world, vmid, purge))]);
            Ok(())
        }),
    ]);
    let task = if kind == GuestKind::Qemu { "qmdestroy" } else { "vzdestroy" };
    call.task(task, &vmid.to_string(), job)
}

fn early_checks(world: &mut World, vmid: u32, purge: bool, force: bool) -> Result<(), Refusal> {
    let guest = of(world, vmid)?;
    let (kind, label) = (guest.kind, guest.kind.label());
    let (is_protected, is_running) = (guest.is_on("protection"), guest.is_running());
    if is_protected {
        return Err(Refusal::failed(format!("can't remove {label} {vmid} - protection mode enabled")));
    }
    if !purge && world.ha_state(kind, vmid).is_some() {
        return Err(Refusal::failed(format!("unable to remove {label} {vmid} - used in HA resources and purge parameter not set.")));
    }
    match (is_running, kind) {
        (true, GuestKind::Qemu) => Err(Refusal::failed(format!("VM {vmid} is running - destroy failed"))),
        (true, GuestKind::Lxc) if !force => Err(Refusal::failed(format!("unable to destroy CT {vmid} - container is running"))),
        _ => Ok(()),
    }
}

/// A template whose disks have linked clones stays whole. The grammar of the words is theirs. Source: `QemuServer.pm:1867`.
fn check_bases(world: &mut World, vmid: u32) -> Result<(), Refusal> {
    let volumes = of(world, vmid)?.volumes();
    let is_used = |id: &&String| world.volumes.values().any(|volume| volume.parent.as_ref() == Some(*id));
    match volumes.iter().find(is_used) {
        Some(id) => Err(Refusal::failed(format!("base volume '{id}' is still in use by linked cloned"))),
        None => Ok(()),
    }
}

/// Frees the guest's own volumes: those its configuration names, and with `with_unreferenced` all that carry its id.
fn free_volumes(world: &mut World, progress: &mut Progress, vmid: u32, with_unreferenced: bool) -> Result<(), Refusal> {
    let guest = of(world, vmid)?.clone();
    let named = guest.volumes();
    let own = world.volumes.iter().filter(|(key, volume)| {
        let is_here = key.node.as_deref().is_none_or(|node| node == guest.node);
        is_here && volume.vmid == Some(vmid) && volume.content != "backup"
    });
    let own: Vec<String> = own.map(|(key, _)| format!("{}:{}", key.storage, key.name)).collect();
    for id in own.into_iter().filter(|id| with_unreferenced || named.contains(id)) {
        drive::free(world, progress, &guest.node, &id)?;
    }
    Ok(())
}

fn forget(world: &mut World, vmid: u32, purge: bool) -> Result<(), Refusal> {
    let Some(guest) = world.guests.remove(&vmid) else { return Ok(()) };
    // Source: pve-access-control `remove_vm_access`: the list's entries and the pool go with every guest.
    let path = format!("/vms/{vmid}");
    world.acl.retain(|entry| entry.path != path);
    for pool in world.pools.values_mut() {
        pool.guests.remove(&vmid);
    }
    if purge {
        let word = if guest.kind == GuestKind::Qemu { "vm" } else { "ct" };
        world.ha.remove(&format!("{word}:{vmid}"));
    }
    Ok(())
}
