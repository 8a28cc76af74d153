//! How does a guest come to be?

use super::config::normalised;
use super::drive::{self, Owner};
use super::option_permission::{self, Occasion};
use super::{Call, Outcome, TaskFault, power};
use crate::job::{Job, Phase, Progress};
use crate::refusal::Refusal;
use crate::verify::Parameters;
use crate::world::{Guest, GuestKind, World};

/// Parameters of the two create methods that are no options of the configuration.
const ABOUT_THE_REQUEST: &[&str] = &[
    "node",
    "vmid",
    "archive",
    "bwlimit",
    "force",
    "ha-managed",
    "ignore-unpack-errors",
    "import-working-storage",
    "live-restore",
    "ostemplate",
    "password",
    "pool",
    "restore",
    "ssh-public-keys",
    "start",
    "storage",
    "unique",
];

/// `POST /nodes/{node}/qemu`.
pub(super) fn qemu(call: &mut Call<'_>) -> Outcome {
    let request = Request::of(call, GuestKind::Qemu)?;
    if call.parameters.contains_key("archive") {
        return Err(Refusal::failed("the simulator does not restore backups"));
    }
    start(call, request, "qmcreate")
}

/// `POST /nodes/{node}/lxc`.
pub(super) fn lxc(call: &mut Call<'_>) -> Outcome {
    let mut request = Request::of(call, GuestKind::Lxc)?;
    let template = call.required("ostemplate")?;
    match call.world.volume(&request.owner.node, &template) {
        None => return Err(Refusal::failed(format!("volume '{template}' does not exist"))),
        Some(volume) if volume.content != "vztmpl" && volume.content != "backup" => {
            return Err(Refusal::failed(format!("cannot use volume '{template}' - content type needs to be 'vztmpl'")));
        }
        Some(_) => {}
    }
    let storage = call.owned("storage").unwrap_or_else(|| "local".to_owned());
    let options = &mut request.options;
    options.entry("rootfs".to_owned()).or_insert_with(|| format!("{storage}:4"));
    options.entry("hostname".to_owned()).or_insert_with(|| format!("CT{}", request.owner.vmid));
    for (option, default) in [("memory", "512"), ("swap", "512"), ("arch", "amd64")] {
        options.entry(option.to_owned()).or_insert_with(|| default.to_owned());
    }
    options.entry("ostype".to_owned()).or_insert_with(|| ostype_of(&template).to_owned());
    // A new container is unprivileged unless somebody says otherwise, and then the option is not written.
    let is_privileged = options.get("unprivileged").is_some_and(|value| value == "0");
    if is_privileged {
        options.remove("unprivileged");
        call.need("/", "Sys.Modify")?;
    } else {
        options.insert("unprivileged".to_owned(), "1".to_owned());
    }
    start(call, request, "vzcreate")
}

/// What the set-up code would find inside the template.
fn ostype_of(template: &str) -> &'static str {
    let known = ["debian", "ubuntu", "alpine", "fedora", "centos", "archlinux", "gentoo", "opensuse", "nixos", "devuan"];
    known.into_iter().find(|name| template.contains(name)).unwrap_or("unmanaged")
}

/// What is to be created.
struct Request {
    owner: Owner,
    options: Parameters,
    pool: Option<String>,
    start: bool,
    ha: bool,
}

impl Request {
    fn of(call: &Call<'_>, kind: GuestKind) -> Result<Self, Refusal> {
        let owner = Owner { vmid: call.vmid()?, kind, node: call.node()? };
        let options: Parameters = call
            .parameters
            .iter()
            .filter(|(name, _)| !ABOUT_THE_REQUEST.contains(&name.as_str()))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        let pool = call.owned("pool");
        check_may_create(call, owner.vmid, pool.as_deref())?;
        if let Some(pool) = pool.as_deref().filter(|pool| !call.world.pools.contains_key(*pool)) {
            return Err(Refusal::no_pool(pool));
        }
        option_permission::check(call, kind, Occasion::Creation, &options, &[])?;
        check_storages(call, kind, &options)?;
        let flag = |name: &str| call.flag(name).unwrap_or(false);
        Ok(Self { owner, options, pool, start: flag("start"), ha: flag("ha-managed") })
    }
}

fn check_may_create(call: &Call<'_>, vmid: u32, pool: Option<&str>) -> Result<(), Refusal> {
    let of_pool = pool.is_some_and(|pool| call.has_privilege(&format!("/pool/{pool}"), "VM.Allocate"));
    let starts = call.flag("start").unwrap_or(false);
    if starts && !call.has_privilege(&format!("/vms/{vmid}"), "VM.PowerMgmt") && !of_pool {
        return Err(Refusal::forbidden(&format!("/vms/{vmid}"), "VM.PowerMgmt"));
    }
    match of_pool || call.has_privilege(&format!("/vms/{vmid}"), "VM.Allocate") {
        true => Ok(()),
        // The real one says no more than this.
        false => Err(Refusal::with_status(403, "Permission check failed")),
    }
}

/// `VM 100 already exists on node 'pve1'`. Source: pve-cluster `PVE::Cluster::check_vmid_unused`.
pub(super) fn check_unused(world: &World, vmid: u32) -> Result<(), Refusal> {
    match world.guests.get(&vmid) {
        None => Ok(()),
        Some(guest) => {
            let kind = guest.kind.label();
            Err(Refusal::failed(format!("unable to create {{kind}} {vmid} - {kind} {vmid} already exists on node '{}'", guest.node)))
        }
    }
}

fn start(call: &mut Call<'_>, request: Request, task: &str) -> Outcome {
    let Owner { vmid, kind, node } = request.owner.clone();
    check_unused(call.world, vmid).map_err(|refusal| Refusal { message: refusal.message.replace("{kind}", kind.label()), ..refusal })?;
    if !matches!(call.task_fault, Some(TaskFault::Fails(_))) {
        // The id is taken at once, before the task starts.
        let told_at_ms = call.world.now_ms + call.world.timing.statistics_ms;
        let guest = Guest { told_at_ms, ..Guest::new(kind, &node, &[("lock", "create")]) };
        call.world.guests.insert(vmid, guest);
    }
    let lock = Guest::new(kind, &node, &[]).lock_key(vmid);
    let base_ms = call.world.timing.base_ms;
    let lock = Phase::Lock { key: lock, shared: false, timeout_ms: 1_000 };
    let job = Job::new([
        Phase::run(move |_, progress| {
            progress.failure_prefix = format!("unable to create {} {vmid} - ", kind.label());
            progress.undo(move |world, _| {
                world.guests.remove(&vmid);
                Ok(())
            });
            Ok(())
        }),
        lock,
        Phase::Work(base_ms),
        Phase::run(move |world, progress| allocate(world, progress, request)),
    ]);
    call.task(task, &vmid.to_string(), job)
}

/// Makes the volumes; the configuration is written when that is done.
fn allocate(world: &mut World, progress: &mut Progress, request: Request) -> Result<(), Refusal> {
    let Request { owner, options, pool, start, ha } = request;
    let mut config = Parameters::new();
    for (option, value) in &options {
        let value = match drive::is_disk_slot(owner.kind, option) {
            true => drive::place(world, progress, &owner, option, value)?,
            false => normalised(world, owner.kind, option, value),
        };
        config.insert(option.clone(), value);
    }
    if owner.kind == GuestKind::Qemu {
        add_generated(world, &mut config);
    }
    progress.then([Phase::run(move |world, progress| {
        let guest = super::guest::of(world, owner.vmid)?;
        guest.config = config;
        if let Some(pool) = pool {
            world.pools.entry(pool).or_default().guests.insert(owner.vmid);
        }
        super::cloudinit_made(world, owner.vmid)?;
        if ha {
            let word = if owner.kind == GuestKind::Qemu { "vm" } else { "ct" };
            world.ha.insert(format!("{word}:{}", owner.vmid), [("state".to_owned(), "started".to_owned())].into());
        }
        if start {
            progress.then(power::start_phases(world, owner.vmid)?);
        }
        Ok(())
    })]);
    Ok(())
}

/// What every new virtual machine gets: an identity, where it was made, and a boot order where none was given.
fn add_generated(world: &mut World, config: &mut Parameters) {
    let made_s = world.now_s();
    config.entry("meta".to_owned()).or_insert_with(|| format!("creation-qemu=10.1.2,ctime={made_s}"));
    config.entry("smbios1".to_owned()).or_insert_with(|| format!("uuid={}", new_uuid(world)));
    config.entry("vmgenid".to_owned()).or_insert_with(|| new_uuid(world));
    if !config.contains_key("boot") {
        let order = default_boot_order(config);
        config.insert("boot".to_owned(), format!("order={order}"));
    }
}

/// The first disk, the first CD and the first network device. Source: qemu-server `QemuServer.pm` `get_default_bootdevices`.
fn default_boot_order(config: &Parameters) -> String {
    let slots: Vec<String> = [("ide", 4), ("scsi", 31), ("virtio", 16), ("sata", 6)]
        .into_iter()
        .flat_map(|(bus, count)| (0..count).map(move |index| format!("{bus}{index}")))
        .collect();
    let find = |cdrom: bool| {
        let mut fitting =
            slots.iter().filter(|slot| config.get(*slot).is_some_and(|value| drive::is_cdrom(value) == cdrom && !drive::is_cloudinit(value)));
        fitting.next().cloned()
    };
    let network = (0..32).map(|index| format!("net{index}")).find(|name| config.contains_key(name));
    [find(false), find(true), network].into_iter().flatten().collect::<Vec<_>>().join(";")
}

pub(super) fn new_uuid(world: &mut World) -> String {
    format!("00000000-0000-4000-8000-{:012x}", world.next_serial())
}

/// The storages that a request allocates on must be there and fit, which is told before the task starts.
pub(super) fn check_storages(call: &Call<'_>, kind: GuestKind, options: &Parameters) -> Result<(), Refusal> {
    let content = if kind == GuestKind::Qemu { "images" } else { "rootdir" };
    for (_, value) in options.iter().filter(|(option, _)| drive::is_disk_slot(kind, option)) {
        let file = value.split(',').next().unwrap_or_default();
        let file = file.split_once('=').map_or(file, |(_, file)| file);
        let Some((storage, name)) = file.split_once(':') else { continue };
        if name == "cloudinit" || name.parse::<f64>().is_ok() {
            drive::check_storage(call.world, &call.node()?, storage, content)?;
        }
    }
    Ok(())
}
