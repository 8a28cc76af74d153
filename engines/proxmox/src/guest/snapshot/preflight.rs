//! What would go wrong with the snapshot before a step for certain? And with a step that an older snapshot is in the way of?

use core_model::plan::{Problem, Step};
use engine_api::EngineError;

use super::{PATH, is_wanted, moved};
use crate::cluster::Cluster;
use crate::config::Config;
use crate::guest::places;
use crate::guest::preflight::guest_of;
use crate::preflight::problem;
use crate::reader::{Guest, Reader};

const NEVER: &str = "set `snapshot_before: never` for this change";

pub(crate) async fn problems(cluster: &Cluster<'_>, step: &Step) -> Result<Vec<Problem>, EngineError> {
    let guests = cluster.guests().await?;
    let Some(guest) = guest_of(step, guests, &cluster.options.owner_id) else { return Ok(Vec::new()) };
    let is_wanted = is_wanted(step);
    let mut problems = Vec::new();
    for change in moved(step) {
        if is_wanted {
            let detail = format!("`{}`: Proxmox moves no disk that is in a snapshot, and `snapshot_before` takes one.", change.path);
            problems.push(problem(step, detail, NEVER));
        } else {
            problems.extend(held(cluster.reader, step, guest, &change.path).await?);
        }
    }
    if is_wanted {
        problems.extend(not_possible(cluster.reader, step, guest).await?);
    }
    Ok(problems)
}

/// A disk that somebody's snapshot holds where it is.
async fn held(reader: Reader<'_>, step: &Step, guest: &Guest, path: &str) -> Result<Option<Problem>, EngineError> {
    let Some(config) = reader.config(guest).await? else { return Ok(None) };
    let volume = |config: &Config| Some(config.properties(slot(path)?)?.get("")?.to_owned());
    let Some(disk) = volume(&config) else { return Ok(None) };
    for snapshot in reader.snapshots(guest).await? {
        let kept = reader.snapshot_config(guest, &snapshot.name).await?;
        if kept.as_ref().and_then(volume).as_deref() == Some(&disk) {
            let detail = format!("`{path}`: the disk is in the snapshot `{}`, and Proxmox moves none that is in one.", snapshot.name);
            let tool = if guest.kind == crate::guest::GuestKind::Machine { "qm" } else { "pct" };
            return Ok(Some(problem(step, detail, &format!("delete the snapshot first: {tool} delsnapshot {} {}", guest.vmid, snapshot.name))));
        }
    }
    Ok(None)
}

/// The option that a path speaks of: `scsi1` of `specs.disks.scsi1.storage`.
fn slot(path: &str) -> Option<&str> {
    let mut parts = path.split('.').skip(1);
    match (parts.next()?, parts.next()?) {
        ("disks" | "mounts", slot) => Some(slot),
        ("efi", _) => Some("efidisk0"),
        ("tpm", _) => Some("tpmstate0"),
        _ => None,
    }
}

/// Proxmox itself says whether all disks can be in one. A guest whose disks go to another node with it must not be in one either.
async fn not_possible(reader: Reader<'_>, step: &Step, guest: &Guest) -> Result<Option<Problem>, EngineError> {
    let Some(config) = reader.config(guest).await? else { return Ok(None) };
    let storages = storages(&config);
    if !reader.can_have_snapshots(guest).await? {
        let names: Vec<String> = storages.iter().map(|name| format!("`{name}`")).collect();
        let detail = format!("`{PATH}`: a disk of `{}` cannot be in a snapshot; they are on {}.", guest.name, names.join(", "));
        return Ok(Some(problem(step, detail, "put its disks on LVM-thin, ZFS or Ceph, or into qcow2 files; or set `snapshot_before: never`")));
    }
    if !places::moves(step) {
        return Ok(None);
    }
    let local = reader.storages(&guest.node).await?.into_iter().find(|storage| !storage.is_shared && storages.contains(&storage.name.as_str()));
    Ok(local.map(|storage| {
        let detail = format!("`{PATH}`: the disks on `{}` go to the other node with it, which those in a snapshot do not.", storage.name);
        problem(step, detail, NEVER)
    }))
}

/// Where the guest's disks are. Images in a drive are none.
fn storages(config: &Config) -> Vec<&str> {
    let is_drive = |name: &str| {
        let stem = name.trim_end_matches(|letter: char| letter.is_ascii_digit());
        matches!(stem, "scsi" | "virtio" | "sata" | "ide" | "efidisk" | "tpmstate" | "rootfs" | "mp")
    };
    let drives = config.options.iter().filter(|(name, text)| is_drive(name) && !text.contains("media=cdrom"));
    let mut names: Vec<&str> = drives.filter_map(|(_, text)| Some(text.split(',').next()?.split_once(':')?.0)).collect();
    names.sort_unstable();
    names.dedup();
    names
}
