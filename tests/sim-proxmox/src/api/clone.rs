//! How is a guest cloned, and made a template?
//!
//! Source: qemu-server `src/PVE/API2/Qemu.pm` `clone_vm` and `template`; pve-container `src/PVE/API2/LXC.pm`.

use super::drive::{self, Owner};
use super::guest::{check_lock, of};
use super::{Call, Outcome, net};
use crate::job::{Job, Phase, Progress};
use crate::refusal::Refusal;
use crate::verify::{Parameters, parse_properties};
use crate::world::{Guest, GuestKind, Storage, Volume, World, volume_of};

/// How long a clone waits for either guest's lock. Source: `API2/Qemu.pm`, `lock_config_full($newid, 1, ...)`.
const LOCK_TIMEOUT_MS: u64 = 1_000;

/// What was asked for.
#[derive(Clone, Debug)]
struct Request {
    kind: GuestKind,
    node: String,
    source: u32,
    target: Owner,
    full: Option<bool>,
    storage: Option<String>,
    format: Option<String>,
    snapshot: Option<String>,
    pool: Option<String>,
    /// Options that replace those of the source.
    options: Parameters,
}

pub(super) fn clone(call: &mut Call<'_>) -> Outcome {
    let request = Request::of(call)?;
    request.check(call.world)?;
    request.check_space(call)?;
    let source = call.guest()?;
    let is_running = source.is_running();
    let source_lock = source.lock_key(request.source);
    let target_lock = source.lock_key(request.target.vmid);
    let (task, id) = (if request.kind == GuestKind::Qemu { "qmclone" } else { "vzclone" }, request.source.to_string());
    let job = Job::new([
        // A stopped source can be cloned several times at once.
        Phase::Lock { key: source_lock, shared: !is_running, timeout_ms: LOCK_TIMEOUT_MS },
        Phase::Lock { key: target_lock, shared: false, timeout_ms: LOCK_TIMEOUT_MS },
        Phase::Work(call.world.timing.clone_begins_ms),
        Phase::run(move |world, progress| request.run(world, progress)),
    ]);
    call.task(task, &id, job)
}

impl Request {
    fn of(call: &Call<'_>) -> Result<Self, Refusal> {
        let kind = call.guest()?.kind;
        let newid = call.required("newid")?;
        let vmid = newid.parse().map_err(|_| Refusal::parameter("newid", "type check ('integer') failed"))?;
        let node = call.node()?;
        let target_node = call.owned("target").unwrap_or_else(|| node.clone());
        let name_option = if kind == GuestKind::Qemu { "name" } else { "hostname" };
        let options = [name_option, "description"].into_iter().filter_map(|option| Some((option.to_owned(), call.owned(option)?))).collect();
        Ok(Self {
            kind,
            node,
            source: call.vmid()?,
            target: Owner { vmid, kind, node: target_node },
            full: call.flag("full"),
            storage: call.owned("storage"),
            format: call.owned("format"),
            snapshot: call.owned("snapname"),
            pool: call.owned("pool"),
            options,
        })
    }

    /// Every disk needs space where its copy will be. Source: `API2/Qemu.pm` `$check_storage_access_clone`.
    fn check_space(&self, call: &Call<'_>) -> Result<(), Refusal> {
        let source = call.guest()?;
        for slot in source.volume_options().into_iter().filter(|slot| !slot.starts_with("unused")) {
            let value = &source.config[&slot];
            let own = volume_of(value).filter(|_| !drive::is_cdrom(value)).and_then(|id| id.split(':').next());
            if let Some(storage) = own {
                let storage = self.storage.as_deref().unwrap_or(storage);
                call.need(&format!("/storage/{storage}"), "Datastore.AllocateSpace")?;
            }
        }
        Ok(())
    }

    fn is_full(&self, source: &Guest) -> bool {
        self.full.unwrap_or(!source.is_template())
    }

    /// The checks that are made before the task starts and again inside it.
    fn check(&self, world: &World) -> Result<(), Refusal> {
        if let Some(pool) = self.pool.as_deref().filter(|pool| !world.pools.contains_key(*pool)) {
            return Err(Refusal::no_pool(pool));
        }
        if !world.nodes.contains_key(&self.target.node) {
            return Err(Refusal::failed(format!("no such cluster node '{}'", self.target.node)));
        }
        let source = world.guests.get(&self.source).ok_or_else(|| Refusal::failed(format!("guest {} does not exist", self.source)))?;
        check_lock(source)?;
        let full = self.is_full(source);
        self.check_storage(world, full)?;
        self.source_config(source)?;
        if full && source.kind == GuestKind::Lxc && source.is_running() && self.snapshot.is_none() {
            return Err(Refusal::failed("Full clone of a running container is only possible from a snapshot"));
        }
        self.check_volumes(world, source, full)?;
        if let Some(known) = world.guests.get(&self.target.vmid) {
            let words = match source.kind {
                GuestKind::Qemu if known.node == self.node => format!("unable to create VM {}: config file already exists", self.target.vmid),
                _ => format!("{} {} already exists on node '{}'", known.kind.label(), self.target.vmid, known.node),
            };
            return Err(Refusal::failed(words));
        }
        Ok(())
    }

    fn check_storage(&self, world: &World, full: bool) -> Result<(), Refusal> {
        if let Some(storage) = &self.storage {
            let content = if self.kind == GuestKind::Qemu { "images" } else { "rootdir" };
            drive::check_storage(world, &self.target.node, storage, content)?;
            let is_shared = world.storages.get(storage).is_some_and(Storage::is_shared);
            if self.target.node != self.node && !is_shared {
                return Err(Refusal::failed(format!("can't clone to non-shared storage '{storage}'")));
            }
        }
        for (given, name) in [(self.storage.is_some(), "storage"), (self.format.is_some(), "format")] {
            if given && !full {
                return Err(Refusal::failed(format!("parameter '{name}' not allowed for linked clones")));
            }
        }
        Ok(())
    }

    fn source_config(&self, source: &Guest) -> Result<Parameters, Refusal> {
        match &self.snapshot {
            None => Ok(source.config.clone()),
            Some(name) => {
                let snapshot = source.snapshots.get(name).ok_or_else(|| Refusal::failed(format!("snapshot '{name}' does not exist")))?;
                Ok(snapshot.config.clone())
            }
        }
    }

    fn check_volumes(&self, world: &World, source: &Guest, full: bool) -> Result<(), Refusal> {
        for slot in source.volume_options() {
            let value = &source.config[&slot];
            let Some(id) = volume_of(value).filter(|_| !slot.starts_with("unused")) else { continue };
            let is_medium = drive::is_cdrom(value) && !drive::is_cloudinit(value);
            let storage = id.split(':').next().and_then(|storage| world.storages.get(storage));
            let format = world.volume(&source.node, id).map_or("raw", |volume| volume.format.as_str());
            let can_link = source.is_template() && storage.is_some_and(|storage| storage.clones_linked(format));
            if !full && !can_link && !is_medium && !drive::is_cloudinit(value) && slot != "tpmstate0" {
                return Err(Refusal::failed(match source.kind {
                    GuestKind::Qemu => format!("Linked clone feature is not supported for '{id}' ({slot})"),
                    GuestKind::Lxc => format!("Linked clone feature for '{id}' is not available"),
                }));
            }
            // An image in a drive counts. Source: `API2/Qemu.pm:282` `check_storage_access_clone`.
            if self.target.node != self.node && !storage.is_some_and(Storage::is_shared) {
                let label = source.kind.label();
                return Err(Refusal::failed(format!("can't clone {label} to node '{}' ({label} uses local storage)", self.target.node)));
            }
        }
        Ok(())
    }

    fn run(self, world: &mut World, progress: &mut Progress) -> Result<(), Refusal> {
        self.check(world)?;
        "clone failed: ".clone_into(&mut progress.failure_prefix);
        let source = of(world, self.source)?.clone();
        let full = self.is_full(&source);
        let label = source.kind.label();
        progress.say(format!("creating a {} clone of {label} {} with ID {}", if full { "full" } else { "linked" }, self.source, self.target.vmid));
        let Owner { vmid, .. } = self.target;
        let told_at_ms = world.now_ms + world.timing.statistics_ms;
        let target = Guest::new(source.kind, &self.node, &[("lock", "clone")]);
        world.guests.insert(vmid, Guest { firewall: source.firewall.clone(), told_at_ms, ..target });
        progress.undo(move |world, _| {
            world.guests.remove(&vmid);
            Ok(())
        });
        let base_ms = world.timing.base_ms;
        progress.then([Phase::Work(base_ms)]);
        let mut config = Parameters::new();
        for (option, value) in self.source_config(&source)? {
            if let Some(value) = self.cloned(world, progress, &source, full, &option, value)? {
                config.insert(option, value);
            }
        }
        let default_name = match source.kind {
            GuestKind::Qemu => format!("Copy-of-VM-{}", if source.name().is_empty() { self.source.to_string() } else { source.name().to_owned() }),
            GuestKind::Lxc => format!("Copy-of-CT-{}", if source.name().is_empty() { self.source.to_string() } else { source.name().to_owned() }),
        };
        config.insert(if source.kind == GuestKind::Qemu { "name" } else { "hostname" }.to_owned(), default_name);
        config.extend(self.options.clone());
        progress.then([Phase::run(move |world, _| self.conclude(world, &source, config))]);
        Ok(())
    }

    /// What an option of the source becomes; nothing where it is not taken over.
    fn cloned(
        &self,
        world: &mut World,
        progress: &mut Progress,
        source: &Guest,
        full: bool,
        option: &str,
        value: String,
    ) -> Result<Option<String>, Refusal> {
        if matches!(option, "lock" | "template" | "parent" | "snaptime" | "vmstate") || option.starts_with("unused") {
            return Ok(None);
        }
        let stem = crate::methods::indexed(option).map_or(option, |(stem, _)| stem);
        match (source.kind, stem) {
            // The MAC address is always a new one.
            (GuestKind::Qemu, "net") => {
                let mut parts = net::parts(&value);
                parts.remove("macaddr");
                let model = parts.remove("model").unwrap_or_default();
                let rest: String = parts.iter().map(|(name, value)| format!(",{name}={value}")).collect();
                return Ok(Some(net::written(world, source.kind, &format!("{model}{rest}"))));
            }
            (GuestKind::Lxc, "net") => {
                let mut parts = parse_properties(&value, "name");
                parts.remove("hwaddr");
                let rest: Vec<String> = parts.iter().map(|(name, value)| format!("{name}={value}")).collect();
                return Ok(Some(net::written(world, source.kind, &rest.join(","))));
            }
            (GuestKind::Qemu, "smbios") => return Ok(Some(format!("uuid={}", super::create::new_uuid(world)))),
            (GuestKind::Qemu, "vmgenid") => return Ok(Some(super::create::new_uuid(world))),
            _ => {}
        }
        let is_copied = !drive::is_disk_slot(source.kind, option) || (drive::is_cdrom(&value) && !drive::is_cloudinit(&value));
        if is_copied {
            return Ok(Some(value));
        }
        self.cloned_disk(world, progress, source, full, &value).map(Some)
    }

    fn cloned_disk(&self, world: &mut World, progress: &mut Progress, source: &Guest, full: bool, value: &str) -> Result<String, Refusal> {
        let Some(id) = volume_of(value) else { return Ok(value.to_owned()) };
        let first = if source.kind == GuestKind::Qemu { "file" } else { "volume" };
        let mut parts = parse_properties(value, first);
        let own_storage = id.split(':').next().unwrap_or_default().to_owned();
        let storage = self.storage.clone().unwrap_or(own_storage);
        // Volumes are made where the source is; with shared storage that is everywhere.
        let owner = Owner { node: self.node.clone(), ..self.target.clone() };
        if drive::is_cloudinit(value) {
            return drive::place(world, progress, &owner, "ide2", &format!("{storage}:cloudinit"));
        }
        let original = world.volume(&source.node, id).ok_or_else(|| Refusal::failed(format!("volume '{id}' does not exist")))?.clone();
        let format = self.format.clone().unwrap_or_else(|| original.format.clone());
        let is_linked = !full;
        let volume = Volume {
            parent: is_linked.then(|| id.to_owned()),
            used_bytes: if is_linked { 0 } else { original.size_bytes },
            format,
            bytes: None,
            ..original.clone()
        };
        let new = drive::allocate(world, progress, &owner, &storage, volume)?;
        if full {
            let copy_ms = world.timing.copy_ms(original.size_bytes);
            progress.say(format!("create full clone of drive ({id})"));
            progress.then([Phase::Work(copy_ms)]);
        } else {
            progress.say(format!("create linked clone of drive ({id})"));
        }
        parts.insert(first.to_owned(), new);
        Ok(drive::written(source.kind, &parts))
    }

    fn conclude(self, world: &mut World, source: &Guest, config: Parameters) -> Result<(), Refusal> {
        let node = self.target.node.clone();
        let agent = source.agent_installed;
        let guest = of(world, self.target.vmid)?;
        guest.config = config;
        guest.node = node;
        guest.agent_installed = agent;
        guest.shutdown_ms = source.shutdown_ms;
        if let Some(pool) = self.pool {
            world.pools.entry(pool).or_default().guests.insert(self.target.vmid);
        }
        super::cloudinit_made(world, self.target.vmid)
    }
}

/// `POST template`: the disks become base volumes, and there is no way back.
pub(super) fn template(call: &mut Call<'_>) -> Outcome {
    let vmid = call.vmid()?;
    check_template(call.guest()?)?;
    let (kind, lock) = (call.guest()?.kind, call.guest()?.lock_key(vmid));
    let base_ms = call.world.timing.base_ms;
    let convert = Phase::run(move |world, _| {
        check_template(of(world, vmid)?)?;
        convert(world, vmid)
    });
    let job = Job::new([Phase::lock(lock), Phase::Work(base_ms), convert]);
    match kind {
        GuestKind::Qemu => call.task("qmtemplate", &vmid.to_string(), job),
        // A container's conversion answers when it is done.
        GuestKind::Lxc => call.wait(job),
    }
}

fn check_template(guest: &Guest) -> Result<(), Refusal> {
    check_lock(guest)?;
    let label = if guest.kind == GuestKind::Qemu { "VM" } else { "CT" };
    let the = if guest.kind == GuestKind::Qemu { "" } else { "the " };
    if !guest.snapshots.is_empty() {
        return Err(Refusal::failed(format!("unable to create template, because {label} contains snapshots")));
    }
    if guest.is_template() {
        return Err(Refusal::failed("you can't convert a template to a template"));
    }
    if guest.is_running() {
        return Err(Refusal::failed(format!("you can't convert a {label} to template if {the}{label} is running")));
    }
    Ok(())
}

/// Turns `vm-100-disk-0` into `base-100-disk-0`.
fn convert(world: &mut World, vmid: u32) -> Result<(), Refusal> {
    let guest = of(world, vmid)?.clone();
    for slot in guest.volume_options().into_iter().filter(|slot| !slot.starts_with("unused")) {
        let value = &guest.config[&slot];
        let Some(id) = volume_of(value).filter(|_| !drive::is_cdrom(value)) else { continue };
        let base = [("vm-", "base-"), ("subvol-", "basevol-")].into_iter().find_map(|(from, to)| {
            let place = id.rfind(from).filter(|place| id[..*place].ends_with([':', '/']))?;
            Some(format!("{}{to}{}", &id[..place], &id[place + from.len()..]))
        });
        let Some(base) = base else { continue };
        let (Some(from), Some(to)) = (world.volume_key(&guest.node, id), world.volume_key(&guest.node, &base)) else { continue };
        if let Some(volume) = world.volumes.remove(&from) {
            world.volumes.insert(to, volume);
        }
        let value = value.replacen(id, &base, 1);
        of(world, vmid)?.config.insert(slot, value);
    }
    of(world, vmid)?.config.insert("template".to_owned(), "1".to_owned());
    Ok(())
}
