//! How does a guest come to be?

use super::config::normalised;
use super::drive::{self, Owner};
use super::{Call, Outcome, power};
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
        check_option_permissions(call, kind, options.keys())?;
        check_storage_permissions(call, kind, &options)?;
        let flag = |name: &str| call.flag(name).unwrap_or(false);
        Ok(Self { owner, options, pool, start: flag("start"), ha: flag("ha-managed") })
    }
}

fn check_may_create(call: &Call<'_>, vmid: u32, pool: Option<&str>) -> Result<(), Refusal> {
    let of_pool = pool.is_some_and(|pool| call.has_privilege(&format!("/pool/{pool}"), "VM.Allocate"));
    if of_pool { Ok(()) } else { call.need(&format!("/vms/{vmid}"), "VM.Allocate") }
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
    if call.task_fails.is_none() {
        // The id is taken at once, before the task starts.
        let guest = Guest::new(kind, &node, &[("lock", "create")]);
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

/// May the caller set these options? Sources: `API2/Qemu.pm` `$check_vm_modify_config_perm`, pve-container `LXC.pm` `check_ct_modify_config_perm`.
pub(super) fn check_option_permissions<'name>(call: &Call<'_>, kind: GuestKind, options: impl Iterator<Item = &'name String>) -> Result<(), Refusal> {
    let vmid = call.vmid()?;
    let pool = call.text("pool").map(|pool| format!("/pool/{pool}"));
    for option in options {
        let privilege = match privilege_of(kind, option) {
            Needed::Privilege(privilege) => privilege,
            Needed::Nothing => continue,
            Needed::Root if call.is_root() => continue,
            Needed::Root => return Err(Refusal::failed(format!("only root can set '{option}' config"))),
        };
        let of_pool = pool.as_deref().is_some_and(|pool| call.has_privilege(pool, privilege));
        if !of_pool {
            call.need(&format!("/vms/{vmid}"), privilege)?;
        }
    }
    Ok(())
}

enum Needed {
    Privilege(&'static str),
    Root,
    Nothing,
}

fn privilege_of(kind: GuestKind, option: &str) -> Needed {
    let stem = crate::methods::indexed(option).map_or(option, |(stem, _)| stem);
    let privilege = match (kind, stem) {
        (GuestKind::Qemu, "scsi" | "virtio" | "sata" | "ide" | "efidisk" | "tpmstate" | "unused") => "VM.Config.Disk",
        (GuestKind::Qemu, "cpu" | "cores" | "sockets" | "vcpus" | "cpulimit" | "cpuunits" | "numa") => "VM.Config.CPU",
        (GuestKind::Qemu, "memory" | "balloon" | "shares" | "hugepages" | "keephugepages") => "VM.Config.Memory",
        (_, "net") => "VM.Config.Network",
        (GuestKind::Qemu, "cicustom" | "cipassword" | "citype" | "ciupgrade" | "ciuser" | "nameserver" | "searchdomain" | "sshkeys" | "ipconfig") => {
            "VM.Config.Cloudinit"
        }
        (
            GuestKind::Qemu,
            "acpi" | "audio" | "bios" | "efitype" | "hotplug" | "kvm" | "localtime" | "machine" | "ostype" | "rng" | "scsihw" | "serial" | "smbios"
            | "spice_enhancements" | "startdate" | "tablet" | "tdf" | "usb" | "hostpci" | "vga" | "vmgenid" | "watchdog" | "parallel" | "virtiofs"
            | "amd-sev" | "intel-tdx" | "allow-ksm" | "ivshmem",
        ) => "VM.Config.HWType",
        (
            GuestKind::Qemu,
            "agent" | "autostart" | "boot" | "bootdisk" | "description" | "freeze" | "migrate_downtime" | "migrate_speed" | "name" | "onboot"
            | "protection" | "reboot" | "startup" | "tags" | "template" | "vmstatestorage",
        ) => "VM.Config.Options",
        (GuestKind::Qemu, _) => return Needed::Root,
        (GuestKind::Lxc, "rootfs" | "mp" | "unused") => "VM.Config.Disk",
        (GuestKind::Lxc, "cpulimit" | "cpuunits" | "cores" | "cores_per_socket") => "VM.Config.CPU",
        (GuestKind::Lxc, "memory" | "swap") => "VM.Config.Memory",
        (GuestKind::Lxc, "nameserver" | "searchdomain" | "hostname") => "VM.Config.Network",
        (GuestKind::Lxc, "hookscript" | "lxc" | "dev") => return Needed::Root,
        (GuestKind::Lxc, "unprivileged") => return Needed::Nothing,
        (GuestKind::Lxc, _) => "VM.Config.Options",
    };
    Needed::Privilege(privilege)
}

/// New volumes need `Datastore.AllocateSpace`, bridges `SDN.Use`.
pub(super) fn check_storage_permissions(call: &Call<'_>, kind: GuestKind, options: &Parameters) -> Result<(), Refusal> {
    for (option, value) in options.iter().filter(|(option, _)| drive::is_disk_slot(kind, option)) {
        let file = value.split(',').next().unwrap_or_default();
        let file = file.split_once('=').map_or(file, |(_, file)| file);
        let Some((storage, name)) = file.split_once(':') else { continue };
        if name == "cloudinit" || name.parse::<f64>().is_ok() {
            call.need(&format!("/storage/{storage}"), "Datastore.AllocateSpace")?;
            if !option.starts_with("unused") {
                let content = if kind == GuestKind::Qemu { "images" } else { "rootdir" };
                drive::check_storage(call.world, &call.node()?, storage, content)?;
            }
        }
    }
    for (_, value) in options.iter().filter(|(option, _)| crate::methods::indexed(option).is_some_and(|(stem, _)| stem == "net")) {
        let parts = super::net::parts(value);
        if let Some(bridge) = parts.get("bridge") {
            let tag = parts.get("tag").map(|tag| format!("/{tag}")).unwrap_or_default();
            call.need(&format!("/sdn/zones/localnetwork/{bridge}{tag}"), "SDN.Use")?;
        }
    }
    Ok(())
}
