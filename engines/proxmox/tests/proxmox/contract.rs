//! Does the engine keep the contract? The suite that every engine passes, on the simulated cluster.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use core_model::Secret;
use core_model::resource_type::ResourceType;
use engine_api::contract::{Bench, Sample, Subject, canary};
use engine_api::{Engine, EngineError, ErrorKind};
use engine_proxmox::{Compute, Credential, Proxmox};
use serde_json::json;
use test_sim_proxmox::{ClockSource, Cluster, Fault, FaultMatch, Guest};

use crate::world::{OWNER, World};

const MIB: u64 = 1 << 20;
const GIB: u64 = 1 << 30;

/// The engine on a simulated cluster of its own.
pub(crate) struct ProxmoxSubject {
    pub(crate) world: World,
}

impl ProxmoxSubject {
    pub(crate) async fn new() -> Self {
        Self::with_clock(ClockSource::default()).await
    }

    pub(crate) async fn with_clock(clock: ClockSource) -> Self {
        Self { world: World::new(clock).await }
    }

    fn engine_with(&self, edit: impl FnOnce(&mut engine_proxmox::ProxmoxOptions)) -> Proxmox {
        let mut options = self.world.options();
        edit(&mut options);
        Proxmox::connect(options).unwrap()
    }
}

/// Copied from a template, with everything that has one option.
fn from_template(world: &World) -> Sample {
    let values = json!({
        "specs": {
            "cpu": 4_000, "sockets": 2, "cpu_type": "host", "memory": GIB, "balloon": 512 * MIB, "numa": true,
            "storage": 10 * GIB, "os": "debian-13", "clone": "full",
            "network": {"link": {"external": "vmbr1", "name": "vmbr1"}, "bridge": "vmbr1", "vlan": 20, "model": "e1000", "mac": "BC:24:11:00:00:01", "firewall": true, "rate": 12_500,
                        "mtu": 1400, "connected": false, "ip": "127.0.0.1/8", "gateway": "127.0.0.2"},
            "networks": {"net1": {"bridge": "vmbr1", "vlan": 30}},
            "user": {"name": "ops", "password": canary(), "ssh_keys": ["ssh-ed25519 AAAA+/= ops@example"]},
            "dns": {"servers": ["10.0.0.1", "10.0.0.2"], "domain": "acme.example"},
            "upgrade": false, "power": "on", "restart": "when-needed", "boot": ["scsi0", "net0"], "bios": "ovmf", "machine": "q35",
            "os_type": "win11", "scsi_controller": "virtio-scsi-pci", "agent": true, "display": "serial0", "serial": true,
            "hotplug": ["disk", "network"], "onboot": true,
            "snapshot_before": "never", "startup": {"order": 1, "up": 30_000, "down": 60_000}, "protection": true,
            "ready": {"port": world.port, "within": 5_000},
        },
        "metadata": {"node": "pve1", "pool": "prod", "tags": ["web", "debian"], "notes": "Ask ops first.", "owner": "@acme/ops"},
    });
    Sample::new(&Compute, "web-01", values)
        .update("specs.cpu", json!(6_000))
        .update("specs.sockets", json!(4))
        .update("specs.cpu_type", json!("x86-64-v2-AES"))
        .update("specs.memory", json!(2 * GIB))
        .update("specs.balloon", json!(768 * MIB))
        .update("specs.numa", json!(false))
        .update("specs.storage", json!(12 * GIB))
        .update("specs.os", json!("debian-12"))
        .update("specs.clone", json!("linked"))
        .update("specs.network.link", json!({"external": "vmbr2", "name": "vmbr2"}))
        .update("specs.network.bridge", json!("vmbr0"))
        .update("specs.network.vlan", json!(21))
        .update("specs.network.model", json!("virtio"))
        .update("specs.network.mac", json!("BC:24:11:00:00:02"))
        .update("specs.network.firewall", json!(false))
        .update("specs.network.rate", json!(1_000))
        .update("specs.network.mtu", json!(1_450))
        .update("specs.network.connected", json!(true))
        .update("specs.network.ip", json!("dhcp"))
        .update("specs.network.gateway", json!("127.0.0.3"))
        .update("specs.networks.net1.vlan", json!(31))
        .update("specs.networks.net2.bridge", json!("vmbr0"))
        .update("specs.user.name", json!("admin"))
        .update("specs.user.password", json!("not a secret any more"))
        .update("specs.user.ssh_keys", json!(["ssh-ed25519 BBBB ops@example"]))
        .update("specs.dns.servers", json!(["10.0.0.3"]))
        .update("specs.dns.domain", json!("acme.lan"))
        .update("specs.upgrade", json!(true))
        .update("specs.power", json!("off"))
        .update("specs.restart", json!("never"))
        .update("specs.boot", json!(["net0", "scsi0"]))
        .update("specs.bios", json!("seabios"))
        .update("specs.machine", json!("pc"))
        .update("specs.os_type", json!("other"))
        .update("specs.scsi_controller", json!("lsi"))
        .update("specs.agent", json!(false))
        .update("specs.display", json!("virtio"))
        .update("specs.serial", json!(false))
        .update("specs.hotplug", json!(["network"]))
        .update("specs.onboot", json!(false))
        .update("specs.snapshot_before", json!("risky"))
        .update("specs.startup.order", json!(2))
        .update("specs.startup.up", json!(31_000))
        .update("specs.startup.down", json!(61_000))
        .update("specs.protection", json!(false))
        .update("specs.ready.port", json!(22))
        .update("specs.ready.within", json!(6_000))
        .update("metadata.node", json!("pve2"))
        .update("metadata.pool", json!("dev"))
        .update("metadata.tags", json!(["debian"]))
        .update("metadata.notes", json!("Ask nobody."))
        .update("metadata.owner", json!("@acme/web"))
        .unset("specs.cpu")
        .unset("specs.sockets")
        .unset("specs.cpu_type")
        .unset("specs.memory")
        .unset("specs.balloon")
        .unset("specs.numa")
        .unset("specs.storage")
        .unset("specs.os")
        .unset("specs.clone")
        .unset("specs.network.link")
        .unset("specs.network.bridge")
        .unset("specs.network.vlan")
        .unset("specs.network.model")
        .unset("specs.network.mac")
        .unset("specs.network.firewall")
        .unset("specs.network.rate")
        .unset("specs.network.mtu")
        .unset("specs.network.connected")
        .unset("specs.network.ip")
        .unset("specs.network.gateway")
        .unset("specs.networks.net1.vlan")
        .unset("specs.user.name")
        .unset("specs.user.password")
        .unset("specs.user.ssh_keys")
        .unset("specs.dns.servers")
        .unset("specs.dns.domain")
        .unset("specs.upgrade")
        .unset("specs.power")
        .unset("specs.restart")
        .unset("specs.boot")
        .unset("specs.bios")
        .unset("specs.machine")
        .unset("specs.os_type")
        .unset("specs.scsi_controller")
        .unset("specs.agent")
        .unset("specs.display")
        .unset("specs.serial")
        .unset("specs.hotplug")
        .unset("specs.onboot")
        .unset("specs.snapshot_before")
        .unset("specs.startup.order")
        .unset("specs.startup.up")
        .unset("specs.startup.down")
        .unset("specs.protection")
        .unset("specs.ready.port")
        .unset("specs.ready.within")
        .unset("metadata.node")
        .unset("metadata.pool")
        .unset("metadata.tags")
        .unset("metadata.notes")
        .unset("metadata.owner")
        .by_hand("specs.memory")
        .by_hand("specs.network.bridge")
        .by_hand("metadata.tags")
        .by_hand("metadata.notes")
        .by_hand("metadata.pool")
        .by_hand("specs.power")
}

/// Made from an image under a number of its own, with everything that is a disk or a device.
fn from_image() -> Sample {
    let disk = json!({"size": 4 * GIB, "storage": "local-lvm", "cache": "writeback", "discard": true, "iothread": true, "ssd": true, "backup": false,
        "read_mbps": 100, "write_mbps": 50, "read_iops": 1_000, "write_iops": 500});
    let values = json!({"specs": {
        "vmid": 200, "cpu": 1_500, "os": "ubuntu-24.04", "storage": 10 * GIB, "power": "off",
        "disks": {"scsi1": disk, "scsi2": {"size": GIB}, "virtio1": {"storage": "fast", "import": "local:import/ubuntu-22.04.qcow2"}},
        "efi": {"storage": "local-lvm", "secure_boot": true}, "tpm": {"storage": "local-lvm"},
        "devices": {"usb0": {"mapping": "key"}},
    }});
    Sample::new(&Compute, "db-01", values)
        .update("specs.vmid", json!(201))
        .update("specs.cpu", json!(2_500))
        .update("specs.disks.scsi1.size", json!(5 * GIB))
        .update("specs.disks.scsi1.storage", json!("fast"))
        .update("specs.disks.scsi1.cache", json!("none"))
        .update("specs.disks.scsi1.discard", json!(false))
        .update("specs.disks.scsi1.iothread", json!(false))
        .update("specs.disks.scsi1.ssd", json!(false))
        .update("specs.disks.scsi1.backup", json!(true))
        .update("specs.disks.scsi1.read_mbps", json!(110))
        .update("specs.disks.scsi1.write_mbps", json!(60))
        .update("specs.disks.scsi1.read_iops", json!(1_100))
        .update("specs.disks.scsi1.write_iops", json!(600))
        .update("specs.disks.scsi3.size", json!(GIB))
        .update("specs.disks.scsi2.size", json!(2 * GIB))
        .update("specs.disks.scsi0.cache", json!("writeback"))
        .update("specs.efi.storage", json!("fast"))
        .update("specs.efi.secure_boot", json!(false))
        .update("specs.tpm.storage", json!("fast"))
        .update("specs.devices.usb0.mapping", json!("other"))
        .unset("specs.vmid")
        .unset("specs.cpu")
        .unset("specs.disks.scsi1.cache")
        .unset("specs.disks.scsi1.discard")
        .unset("specs.disks.scsi1.iothread")
        .unset("specs.disks.scsi1.ssd")
        .unset("specs.disks.scsi1.backup")
        .unset("specs.disks.scsi1.read_mbps")
        .unset("specs.disks.scsi1.write_mbps")
        .unset("specs.disks.scsi1.read_iops")
        .unset("specs.disks.scsi1.write_iops")
        .unset("specs.efi.secure_boot")
        .unset("specs.devices.usb0.mapping")
        .by_hand("specs.disks.scsi1.cache")
}

/// Made from nothing, with a cloud-init image of ours.
fn from_nothing() -> Sample {
    let values = json!({"specs": {
        "cpu": 2_000, "memory": GIB, "storage": 10 * GIB, "cdrom": "local:iso/a.iso", "packages": ["nginx"], "commands": ["echo hello"],
        "user": {"name": "ops"}, "network": {"ip": "10.0.0.2/24"},
    }});
    Sample::new(&Compute, "small-01", values)
        .update("specs.cdrom", json!("local:iso/b.iso"))
        .update("specs.packages", json!(["curl", "nginx"]))
        .update("specs.commands", json!([["systemctl", "enable", "nginx"]]))
        .unset("specs.cdrom")
        .unset("specs.packages")
        .unset("specs.commands")
        .by_hand("specs.memory")
}

/// Made from an image that a file of the repository would be.
fn from_file() -> Sample {
    let image = |name: &str| json!({"external": name, "name": name});
    let values = json!({"specs": {"storage": 10 * GIB, "image": image("local:import/ubuntu-24.04.qcow2"), "power": "off"}});
    Sample::new(&Compute, "app-01", values).update("specs.image", image("pve2/local:import/ubuntu-22.04.qcow2")).unset("specs.image")
}

/// With a snapshot before what is risky.
fn cautious() -> Sample {
    let values = json!({"specs": {"memory": GIB, "storage": 10 * GIB, "os": "debian-13", "snapshot_before": "risky"}});
    Sample::new(&Compute, "mail-01", values).update("specs.storage", json!(12 * GIB)).update("specs.memory", json!(2 * GIB))
}

pub(crate) fn hand(guest: &mut Guest, option: &str, edit: impl Fn(&str) -> String) {
    for config in std::iter::once(&mut guest.config).chain(guest.running.as_mut().map(|running| &mut running.config)) {
        let text = config.get(option).cloned().unwrap_or_default();
        config.insert(option.to_owned(), edit(&text));
    }
}

#[async_trait]
impl Subject for ProxmoxSubject {
    fn engine(&self) -> Arc<dyn Engine> {
        self.world.engine()
    }

    fn types(&self) -> Vec<&'static dyn ResourceType> {
        vec![&Compute]
    }

    fn samples(&self) -> Vec<Sample> {
        let renamed = "the suite knows one name for an object; a test of its own renames";
        let machines = [from_template(&self.world).leave_out("specs.name", renamed), from_image(), from_nothing(), from_file(), cautious()];
        machines.into()
    }

    fn owner_id(&self) -> String {
        OWNER.to_owned()
    }

    async fn remove_all(&self) {
        self.world.reset();
    }

    async fn change_by_hand(&self, sample: &Sample, path: &str) {
        let name = sample.object.as_str();
        match path {
            "specs.memory" => self.world.by_hand(name, |guest| hand(guest, "memory", |_| "3072".to_owned())),
            "specs.network.bridge" => self.world.by_hand(name, |guest| hand(guest, "net0", |card| card.replace("vmbr1", "vmbr0"))),
            "metadata.tags" => self.world.by_hand(name, |guest| hand(guest, "tags", |tags| tags.replace("web", "by-hand"))),
            "metadata.notes" => self.world.by_hand(name, |guest| hand(guest, "description", |text| text.replace("Ask ops first.", "Ask me."))),
            "specs.disks.scsi1.cache" => self.world.by_hand(name, |guest| hand(guest, "scsi1", |disk| disk.replace("writeback", "none"))),
            "specs.power" => self.world.by_hand(name, |guest| guest.running = None),
            "metadata.pool" => {
                let vmid = self.world.guest(name, |vmid, _| vmid);
                self.world.cluster.change(|world| world.pools.values_mut().for_each(|pool| pool.guests.retain(|guest| *guest != vmid)));
            }
            other => panic!("nobody changes `{other}` by hand"),
        }
    }

    async fn make_foreign(&self, sample: &Sample) {
        let number = sample.values.get("specs").and_then(|specs| specs.get("vmid")).and_then(serde_json::Value::as_u64);
        let number = number.and_then(|number| u32::try_from(number).ok()).unwrap_or(500);
        self.world.cluster.change(|world| world.add_vm(number, &sample.object, "pve1", true, &[("memory", "1024")]));
    }

    /// The node that has it is offline.
    async fn hide(&self, sample: &Sample) -> bool {
        let node = self.world.guest(&sample.object, |_, guest| guest.node.clone());
        self.world.cluster.change(|world| world.nodes.get_mut(&node).unwrap().online = false);
        true
    }

    async fn provoke(&self, kind: ErrorKind, bench: &Bench<'_>) -> Option<EngineError> {
        // Each of the two ways in.
        let fail = |fault: Fault| self.world.cluster.fail(FaultMatch::new("GET", "/cluster/status"), fault, 2);
        let create = async || {
            let sample = from_nothing();
            let wanted = bench.resolve(&sample, &sample.values).await;
            (bench.plan(&sample, &wanted, None).await.expect("a step"), sample)
        };
        match kind {
            ErrorKind::Unreachable => self.engine_with(|options| options.endpoints = vec!["https://127.0.0.1:1".to_owned()]).probe().await.err(),
            ErrorKind::Unauthorised => {
                let wrong = Credential::new(Cluster::TOKEN_ID, Secret::new("22222222-2222-3333-4444-555555555555")).unwrap();
                self.engine_with(|options| options.credential = wrong).probe().await.err()
            }
            ErrorKind::NotFound => bench.engine.resolve("compute", "no-such-system").await.err(),
            ErrorKind::Rejected => bench.engine.resolve("account", "anything").await.err(),
            ErrorKind::Timeout => {
                fail(Fault::Hang);
                self.engine_with(|options| options.timeouts.read = Duration::from_millis(200)).probe().await.err()
            }
            ErrorKind::Protocol => {
                fail(Fault::StatusBefore(200, String::new()));
                bench.engine.probe().await.err()
            }
            ErrorKind::Busy => {
                let (order, _) = create().await;
                self.world.cluster.change(|world| world.quorate = false);
                bench.carry_out(&order).await.err()
            }
            ErrorKind::Conflict => {
                let (order, sample) = create().await;
                self.make_foreign(&sample).await;
                bench.carry_out(&order).await.err()
            }
        }
    }
}

/// No request asks for something that the simulated cluster does not serve.
fn assert_all_served(world: &World) {
    assert_eq!(world.cluster.unserved(), [""; 0]);
}

impl Drop for ProxmoxSubject {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            assert_all_served(&self.world);
        }
    }
}

engine_api::contract_tests!(ProxmoxSubject::new().await);
