//! What does a drive's or mount point's value ask for, and what does it become?
//!
//! `local-lvm:32` allocates, `import-from` copies, `cloudinit` makes the cloud-init drive, anything else names a volume that is there.
//! Source: qemu-server `src/PVE/API2/Qemu.pm` `create_disks`, pve-container `src/PVE/LXC.pm` `create_disks`.

use crate::job::{Phase, Progress};
use crate::refusal::Refusal;
use crate::verify::{Properties, parse_properties};
use crate::world::{DiskSize, Guest, GuestKind, Storage, Volume, World, is_volume_option, volume_of};

/// The size of the small volumes that no request sizes. Source: `QemuServer/OVMF.pm`, `QemuServer/Drive.pm`, `QemuServer/Cloudinit.pm`.
const SMALL_VOLUME_BYTES: u64 = 4 << 20;
const EFI_2M_BYTES: u64 = 528 << 10;

/// For whom a volume is made.
#[derive(Clone, Debug)]
pub(super) struct Owner {
    pub(super) vmid: u32,
    pub(super) kind: GuestKind,
    pub(super) node: String,
}

/// Whether an option is a slot whose volume becomes unused when the slot is emptied.
pub(super) fn is_disk_slot(kind: GuestKind, option: &str) -> bool {
    is_volume_option(kind, option) && !option.starts_with("unused")
}

fn default_part(kind: GuestKind) -> &'static str {
    if kind == GuestKind::Qemu { "file" } else { "volume" }
}

pub(super) fn is_cdrom(value: &str) -> bool {
    value.split(',').any(|part| part == "media=cdrom")
}

pub(super) fn is_cloudinit(value: &str) -> bool {
    volume_of(value).is_some_and(|volume| volume.ends_with("cloudinit") || volume.contains("-cloudinit."))
}

/// The old value's volume becomes unused, unless it is a CD.
pub(super) fn detach(guest: &mut Guest, old: Option<&str>) {
    let volume = old.filter(|old| !is_cdrom(old)).and_then(volume_of).map(str::to_owned);
    if let Some(volume) = volume.filter(|volume| !is_in_slot(guest, volume)) {
        guest.keep_unused(&volume);
    }
}

pub(super) fn detach_if_replaced(guest: &mut Guest, old: Option<&str>, new: &str) {
    if old.and_then(volume_of) != volume_of(new) {
        detach(guest, old);
    }
    // A volume that is in use again is not unused any more.
    if let Some(volume) = volume_of(new) {
        guest.config.retain(|name, value| !name.starts_with("unused") || volume_of(value) != Some(volume));
    }
}

fn is_in_slot(guest: &Guest, volume: &str) -> bool {
    let mut slots = guest.config.iter().chain(&guest.pending).filter(|(name, _)| is_disk_slot(guest.kind, name));
    slots.any(|(_, value)| volume_of(value) == Some(volume))
}

/// The value as the configuration keeps it: the volume first, then the other parts by name.
pub(super) fn written(kind: GuestKind, parts: &Properties) -> String {
    let first = default_part(kind);
    let volume = parts.get(first).cloned().unwrap_or_default();
    let others = parts.iter().filter(|(name, _)| *name != first).map(|(name, value)| format!(",{name}={value}"));
    volume + &others.collect::<String>()
}

/// Allocates what a value asks for and answers the value to keep. The time it takes comes as phases of the job, and what
/// was made goes if the job fails.
pub(super) fn place(world: &mut World, progress: &mut Progress, owner: &Owner, slot: &str, value: &str) -> Result<String, Refusal> {
    let first = default_part(owner.kind);
    let mut parts = parse_properties(value, first);
    let file = parts.get(first).cloned().unwrap_or_default();
    if slot.starts_with("unused") || file == "none" || file == "cdrom" || file.starts_with('/') {
        return Ok(written(owner.kind, &parts));
    }
    let (storage, name) = file.split_once(':').ok_or_else(|| Refusal::failed("no storage ID specified (and no default storage)"))?;
    let (storage, name) = (storage.to_owned(), name.to_owned());
    if name == "cloudinit" {
        parts.insert("media".to_owned(), "cdrom".to_owned());
        let volume = place_cloudinit(world, progress, owner, &storage)?;
        parts.insert(first.to_owned(), volume);
        return Ok(written(owner.kind, &parts));
    }
    let Ok(gibibytes) = name.parse::<f64>() else { return existing(world, owner, parts, &file) };
    let content = if owner.kind == GuestKind::Qemu { "images" } else { "rootdir" };
    let format = parts.remove("format").unwrap_or_else(|| default_format(world, &storage, owner.kind));
    let source = parts.remove("import-from");
    let size_bytes = match (&source, slot) {
        (Some(source), _) => import_size(world, owner, source)?,
        (None, "efidisk0") if parts.get("efitype").map(String::as_str) != Some("4m") => EFI_2M_BYTES,
        (None, "efidisk0" | "tpmstate0") => SMALL_VOLUME_BYTES,
        (None, _) => (gibibytes * f64::from(1 << 30)) as u64,
    };
    check_storage(world, &owner.node, &storage, content)?;
    let volume = Volume { size_bytes, used_bytes: size_bytes, format, content: content.to_owned(), ..Volume::default() };
    let id = allocate(world, progress, owner, &storage, volume)?;
    if source.is_some() {
        let copy_ms = world.timing.copy_ms(size_bytes);
        progress.say(format!("{slot}: importing disk"));
        progress.then([Phase::Work(copy_ms)]);
    }
    progress.say(format!("{slot}: successfully created disk '{id},size={}'", DiskSize(size_bytes)));
    parts.insert(first.to_owned(), id);
    parts.insert("size".to_owned(), DiskSize(size_bytes).to_string());
    Ok(written(owner.kind, &parts))
}

fn default_format(world: &World, storage: &str, kind: GuestKind) -> String {
    let definition = world.storages.get(storage);
    let is_subvolume = kind == GuestKind::Lxc && definition.is_some_and(|definition| matches!(definition.kind(), "zfspool" | "btrfs"));
    if is_subvolume { "subvol".to_owned() } else { definition.map_or("raw", Storage::default_format).to_owned() }
}

/// The storage must be there, on this node, on, and meant for this content.
pub(super) fn check_storage(world: &World, node: &str, storage: &str, content: &str) -> Result<(), Refusal> {
    let missing = || Refusal::failed(format!("storage '{storage}' does not exist"));
    let definition = world.storages.get(storage).ok_or_else(missing)?;
    if definition.is_disabled() {
        return Err(Refusal::failed(format!("storage '{storage}' is disabled")));
    }
    if !definition.is_on(node) {
        return Err(Refusal::failed(format!("storage '{storage}' is not available on node '{node}'")));
    }
    if definition.broken {
        return Err(Refusal::failed(format!("storage '{storage}' is not online")));
    }
    if !definition.contents().contains(content) {
        return Err(match content {
            "images" => Refusal::parameter("storage", format!("storage '{storage}' does not support vm images")),
            "rootdir" => Refusal::failed(format!("storage '{storage}' does not support container directories")),
            other => Refusal::failed(format!("storage '{storage}' is not configured for content-type '{other}'")),
        });
    }
    Ok(())
}

/// Makes a volume under a free name; the storage's lock and time come as phases.
pub(super) fn allocate(world: &mut World, progress: &mut Progress, owner: &Owner, storage: &str, volume: Volume) -> Result<String, Refusal> {
    let stem = match (volume.parent.is_some(), volume.format.as_str()) {
        (_, "subvol") => "subvol",
        (_, _) => "vm",
    };
    let name = world.free_volume_name(&owner.node, storage, owner.vmid, stem, &volume.format);
    let name = match (&volume.parent, world.storages.get(storage).is_some_and(|storage| storage.has_files() || storage.kind() == "zfspool")) {
        // Files and ZFS name the base in the clone's own name.
        (Some(parent), true) => format!("{}/{name}", parent.split_once(':').map_or(parent.as_str(), |(_, name)| name)),
        _ => name,
    };
    insert(world, progress, owner, storage, &name, volume)
}

fn insert(world: &mut World, progress: &mut Progress, owner: &Owner, storage: &str, name: &str, volume: Volume) -> Result<String, Refusal> {
    let used = world.storage_used(&owner.node, storage);
    let room = world.storages.get(storage).map_or(0, |definition| definition.size_bytes).saturating_sub(used);
    if volume.used_bytes > room {
        return Err(Refusal::failed(format!("unable to allocate image - not enough free space on storage '{storage}'")));
    }
    let id = format!("{storage}:{name}");
    let missing = || Refusal::failed(format!("storage '{storage}' does not exist"));
    let key = world.volume_key(&owner.node, &id).ok_or_else(missing)?;
    let volume = Volume { vmid: Some(owner.vmid), created_s: world.now_s(), ..volume };
    world.volumes.insert(key.clone(), volume);
    progress.undo(move |world, _| {
        world.volumes.remove(&key);
        Ok(())
    });
    let lock = world.storage_lock(&owner.node, storage);
    let allocate_ms = world.timing.allocate_ms;
    progress.then([Phase::lock(lock.clone()), Phase::Work(allocate_ms), Phase::Unlock(lock)]);
    Ok(id)
}

fn place_cloudinit(world: &mut World, progress: &mut Progress, owner: &Owner, storage: &str) -> Result<String, Refusal> {
    check_storage(world, &owner.node, storage, "images")?;
    let has_files = world.storages.get(storage).is_some_and(Storage::has_files);
    let vmid = owner.vmid;
    let (name, format) = if has_files { (format!("{vmid}/vm-{vmid}-cloudinit.qcow2"), "qcow2") } else { (format!("vm-{vmid}-cloudinit"), "raw") };
    let size_bytes = SMALL_VOLUME_BYTES;
    let volume = Volume { size_bytes, used_bytes: size_bytes, format: format.to_owned(), content: "images".to_owned(), ..Volume::default() };
    insert(world, progress, owner, storage, &name, volume)
}

fn import_size(world: &World, owner: &Owner, source: &str) -> Result<u64, Refusal> {
    let volume = world.volume(&owner.node, source);
    let volume = volume.ok_or_else(|| Refusal::failed(format!("could not get size of {source}")))?;
    match volume.content.as_str() {
        "images" | "import" => Ok(volume.size_bytes),
        other => Err(Refusal::parameter("import-from", format!("{source} has wrong type '{other}' - needs to be 'images' or 'import'"))),
    }
}

/// A volume that is there already.
fn existing(world: &World, owner: &Owner, mut parts: Properties, id: &str) -> Result<String, Refusal> {
    let storage = id.split(':').next().unwrap_or_default();
    if !world.storages.contains_key(storage) {
        return Err(Refusal::failed(format!("storage '{storage}' does not exist")));
    }
    let volume = world.volume(&owner.node, id).ok_or_else(|| Refusal::failed(format!("volume {id} does not exist")))?;
    if volume.content == "iso" && parts.get("media").is_none_or(|media| media != "cdrom") {
        return Err(Refusal::parameter("media", "explicit 'media=cdrom' is required for iso images"));
    }
    let is_cloudinit = id.contains("cloudinit");
    if !is_cloudinit {
        parts.insert("size".to_owned(), DiskSize(volume.size_bytes).to_string());
    }
    Ok(written(owner.kind, &parts))
}

/// Removes a volume: linked clones keep their base. The storage's lock and time come as phases.
pub(super) fn free(world: &mut World, progress: &mut Progress, node: &str, id: &str) -> Result<(), Refusal> {
    let Some(key) = world.volume_key(node, id) else { return Ok(()) };
    let is_base = world.volumes.values().any(|volume| volume.parent.as_deref() == Some(id));
    if is_base {
        return Err(Refusal::failed(format!("base volume '{}' is still in use by linked clones", key.name)));
    }
    let lock = world.storage_lock(node, &key.storage);
    let free_ms = world.timing.free_ms;
    progress.then([
        Phase::lock(lock.clone()),
        Phase::Work(free_ms),
        Phase::run(move |world, _| {
            world.volumes.remove(&key);
            Ok(())
        }),
        Phase::Unlock(lock),
    ]);
    Ok(())
}
