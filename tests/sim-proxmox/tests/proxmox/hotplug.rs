//! Which changes does a running guest take at once, and which wait?
//!
//! The rows are what the documentation and the sources say of each option, written down here apart from the simulator's own table.

use std::collections::BTreeMap;

use test_sim_proxmox::{Cluster, Guest, GuestKind, Storage};

use crate::client::{Client, cluster};
use crate::differential::start_fakepve;
use crate::python;

/// What becomes of a change.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Becomes {
    Live,
    Pending,
}
use Becomes::{Live, Pending};

/// Guest, its `hotplug` option, the changed option, what it is now, what it shall be, what becomes of that.
type Row = (GuestKind, Option<&'static str>, &'static str, Option<&'static str>, Option<&'static str>, Becomes);

const VM: GuestKind = GuestKind::Qemu;
const CT: GuestKind = GuestKind::Lxc;
const NET: &str = "virtio=BC:24:11:00:00:01,bridge=vmbr0";
const DISK: &str = "local-lvm:vm-100-disk-7,size=1G";

const ROWS: &[Row] = &[
    // Words about the guest, and those for cloud-init.
    (VM, None, "description", None, Some("x"), Live),
    (VM, None, "name", Some("a"), Some("b"), Live),
    (VM, None, "tags", Some("a"), None, Live),
    (VM, None, "onboot", None, Some("1"), Live),
    (VM, None, "startup", None, Some("order=1"), Live),
    (VM, None, "protection", None, Some("1"), Live),
    (VM, None, "ciuser", Some("a"), Some("b"), Live),
    (VM, None, "ipconfig0", None, Some("ip=dhcp"), Live),
    (VM, None, "nameserver", Some("1.1.1.1"), None, Live),
    (VM, None, "sshkeys", None, Some("ssh-ed25519%20AAAA"), Live),
    // Processor and memory.
    (VM, None, "cores", Some("1"), Some("2"), Pending),
    (VM, Some("cpu,memory"), "cores", Some("1"), Some("2"), Pending),
    (VM, None, "sockets", Some("1"), Some("2"), Pending),
    (VM, None, "cpu", None, Some("host"), Pending),
    (VM, None, "vcpus", None, Some("1"), Pending),
    (VM, Some("cpu"), "vcpus", None, Some("1"), Live),
    (VM, None, "cpulimit", None, Some("1"), Live),
    (VM, None, "cpuunits", Some("100"), None, Live),
    (VM, None, "memory", Some("512"), Some("1024"), Pending),
    (VM, Some("memory"), "memory", Some("512"), Some("1024"), Live),
    (VM, None, "balloon", Some("256"), Some("128"), Live),
    (VM, None, "balloon", Some("256"), Some("0"), Pending),
    (VM, None, "balloon", Some("0"), None, Pending),
    (VM, None, "numa", None, Some("1"), Pending),
    // Network.
    (VM, None, "net0", Some(NET), Some("virtio=BC:24:11:00:00:01,bridge=vmbr0,tag=5"), Live),
    (VM, Some("0"), "net0", Some(NET), Some("virtio=BC:24:11:00:00:01,bridge=vmbr0,link_down=1"), Live),
    (VM, None, "net0", Some(NET), Some("e1000=BC:24:11:00:00:01,bridge=vmbr0"), Live),
    (VM, Some("disk"), "net0", Some(NET), Some("e1000=BC:24:11:00:00:01,bridge=vmbr0"), Pending),
    (VM, Some("disk"), "net0", Some(NET), Some("virtio=BC:24:11:00:00:02,bridge=vmbr0"), Pending),
    (VM, None, "net1", None, Some("virtio=BC:24:11:00:00:03,bridge=vmbr0"), Live),
    (VM, Some("disk"), "net1", None, Some("virtio=BC:24:11:00:00:03,bridge=vmbr0"), Pending),
    (VM, None, "net0", Some(NET), None, Live),
    (VM, Some("disk"), "net0", Some(NET), None, Pending),
    // Disks.
    (VM, None, "scsi1", None, Some("local-lvm:1"), Live),
    (VM, Some("network"), "scsi1", None, Some("local-lvm:1"), Pending),
    (VM, None, "virtio1", None, Some("local-lvm:1"), Live),
    (VM, None, "sata1", None, Some("local-lvm:1"), Pending),
    (VM, None, "ide1", None, Some("local-lvm:1"), Pending),
    (VM, None, "efidisk0", None, Some("local-lvm:1"), Pending),
    (VM, None, "tpmstate0", None, Some("local-lvm:1"), Pending),
    (VM, None, "scsi1", Some(DISK), Some("local-lvm:vm-100-disk-7,mbps=10,size=1G"), Live),
    (VM, None, "scsi1", Some(DISK), Some("local-lvm:vm-100-disk-7,iothread=1,size=1G"), Pending),
    (VM, None, "scsi1", Some(DISK), Some("local-lvm:vm-100-disk-7,cache=none,size=1G"), Pending),
    (VM, None, "scsi1", Some(DISK), Some("local-lvm:vm-100-disk-7,discard=on,size=1G"), Pending),
    (VM, None, "scsi1", Some(DISK), Some("local-lvm:vm-100-disk-7,backup=0,size=1G"), Live),
    (VM, None, "sata1", Some(DISK), Some("local-lvm:vm-100-disk-7,mbps=10,size=1G"), Live),
    (VM, None, "scsi1", Some(DISK), None, Live),
    (VM, None, "sata1", Some(DISK), None, Pending),
    (VM, None, "ide2", Some("none,media=cdrom"), Some("cdrom,media=cdrom"), Live),
    // Devices and firmware.
    (VM, None, "agent", Some("1"), Some("enabled=1,fstrim_cloned_disks=1"), Live),
    (VM, None, "agent", None, Some("1"), Pending),
    (VM, None, "agent", Some("1"), Some("0"), Pending),
    (VM, None, "tablet", Some("1"), Some("0"), Live),
    (VM, Some("disk"), "tablet", Some("1"), Some("0"), Pending),
    (VM, None, "hotplug", None, Some("disk"), Live),
    (VM, None, "hotplug", None, Some("disk,memory"), Pending),
    (VM, None, "bios", None, Some("ovmf"), Pending),
    (VM, None, "machine", None, Some("q35"), Pending),
    (VM, None, "scsihw", Some("lsi"), Some("virtio-scsi-pci"), Pending),
    (VM, None, "ostype", Some("l26"), Some("win11"), Pending),
    (VM, None, "vga", None, Some("serial0"), Pending),
    (VM, None, "serial0", None, Some("socket"), Pending),
    (VM, None, "boot", None, Some("order=scsi0"), Pending),
    (VM, None, "rng0", None, Some("source=/dev/urandom"), Pending),
    // Containers.
    (CT, None, "description", None, Some("x"), Live),
    (CT, None, "hostname", Some("a"), Some("b"), Live),
    (CT, None, "cores", Some("1"), Some("2"), Live),
    (CT, None, "cpulimit", None, Some("1"), Live),
    (CT, None, "memory", Some("512"), Some("256"), Live),
    (CT, None, "swap", Some("512"), None, Live),
    (
        CT,
        None,
        "net0",
        Some("name=eth0,bridge=vmbr0,hwaddr=BC:24:11:00:00:01,type=veth"),
        Some("name=eth0,bridge=vmbr0,hwaddr=BC:24:11:00:00:01,ip=dhcp,type=veth"),
        Live,
    ),
    (CT, None, "mp0", None, Some("local-lvm:1,mp=/data"), Live),
    (CT, None, "mp0", Some("local-lvm:vm-100-disk-7,mp=/data,size=1G"), Some("local-lvm:vm-100-disk-7,mp=/other,size=1G"), Pending),
    (CT, None, "mp0", Some("local-lvm:vm-100-disk-7,mp=/data,size=1G"), None, Pending),
    (CT, None, "features", None, Some("nesting=1"), Pending),
    (CT, None, "nameserver", None, Some("1.1.1.1"), Pending),
    (CT, None, "searchdomain", Some("lan"), None, Pending),
    (CT, None, "onboot", Some("1"), None, Live),
    (CT, None, "tty", None, Some("1"), Pending),
];

/// A running guest 100 with the row's old value and hot-plug setting.
fn seed(cluster: &Cluster, (kind, hotplug, option, old, _, _): &Row) {
    cluster.change(|world| {
        world.add_vm(100, "a", "pve1", true, &[]);
        let disk = world.volume("pve1", "local-lvm:vm-100-disk-0").unwrap().clone();
        world.put_volume("pve1", "local-lvm:vm-100-disk-7", disk);
        let guest = world.guests.get_mut(&100).unwrap();
        if *kind == CT {
            let running = guest.running.clone();
            *guest = Guest {
                running,
                ..Guest::new(
                    CT,
                    "pve1",
                    &[("rootfs", "local-lvm:vm-100-disk-0,size=8G"), ("memory", "512"), ("swap", "512"), ("ostype", "debian"), ("unprivileged", "1")],
                )
            };
        }
        guest.config.extend(hotplug.map(|value| ("hotplug".to_owned(), value.to_owned())));
        match old {
            Some(old) => _ = guest.config.insert((*option).to_owned(), (*old).to_owned()),
            None => _ = guest.config.remove(*option),
        }
    });
}

async fn outcome(cluster: &Cluster, client: &Client, row: &Row) -> Becomes {
    let (kind, _, option, _, new, _) = row;
    seed(cluster, row);
    let path = format!("/nodes/pve1/{}/100", if *kind == VM { "qemu" } else { "lxc" });
    let form = match new {
        Some(new) => (*option, *new),
        None => ("delete", *option),
    };
    client.ok("PUT", &format!("{path}/config"), &[form]).await;
    let waits = |rows: &serde_json::Value| {
        let row = rows.as_array().unwrap().iter().find(|row| row["key"] == *option).cloned().unwrap_or_default();
        row.get("pending").is_some() || row.get("delete").is_some()
    };
    let waiting = waits(&client.get(&format!("{path}/pending")).await);
    let in_effect = cluster.inspect(|world| world.guest(100).unwrap().config.get(*option).cloned());
    assert_eq!(in_effect.is_some(), new.is_some() != waiting || row.3.is_some() && waiting, "{row:?}: {in_effect:?}");
    if waiting { Pending } else { Live }
}

#[tokio::test]
async fn a_running_guest_takes_what_the_table_says() {
    let (cluster, client) = cluster().await;
    let mut wrong = Vec::new();
    for row in ROWS {
        let became = outcome(&cluster, &client, row).await;
        if became != row.5 {
            wrong.push(format!("{row:?}"));
        }
    }
    assert_eq!(wrong, [""; 0]);
}

#[tokio::test]
async fn a_problem_of_the_guest_is_told_and_the_change_waits() {
    let (cluster, client) = cluster().await;
    cluster.change(|world| {
        world.add_vm(100, "a", "pve1", true, &[]);
        world.guests.get_mut(&100).unwrap().refuses_hotplug.insert("scsi1".to_owned(), "adding drive failed\n".to_owned());
    });
    let answer = client.refused("PUT", "/nodes/pve1/qemu/100/config", &[("scsi1", "local-lvm:1")]).await;
    assert_eq!(answer, (400, r#"Parameter verification failed. {"scsi1":"hotplug problem - adding drive failed\n"}"#.to_owned()));
    assert!(cluster.inspect(|world| world.guest(100).unwrap().pending.contains_key("scsi1")));
}

#[tokio::test]
async fn what_waits_comes_true_when_it_is_due() {
    let (cluster, client) = cluster().await;
    cluster.change(|world| {
        world.add_vm(100, "a", "pve1", true, &[("cores", "1")]);
        world.storages.insert("ceph".to_owned(), Storage::new(&[("type", "rbd"), ("content", "images")]));
    });
    client.ok("PUT", "/nodes/pve1/qemu/100/config", &[("cores", "2")]).await;
    assert_eq!(client.task("POST", "/nodes/pve1/qemu/100/status/reset", &[]).await, "OK");
    let waits = || cluster.inspect(|world| world.guest(100).unwrap().pending.contains_key("cores"));
    assert!(waits(), "a reset keeps the process");
    assert_eq!(client.task("POST", "/nodes/pve1/qemu/100/status/reboot", &[]).await, "OK");
    assert!(!waits(), "a reboot ends it");
    assert!(!cluster.inspect(|world| world.guest(100).unwrap().is_running()), "the task of a reboot ends while the machine is off");
    assert!(cluster.settle());
    assert!(cluster.inspect(|world| world.guest(100).unwrap().is_running()));
}

/// Plays the rows for machines by the API alone, and answers what became of each.
async fn play(client: &Client) -> Vec<Option<Becomes>> {
    let vm = "/nodes/pve1/qemu/160";
    let config = format!("{vm}/config");
    let mut outcomes = Vec::new();
    for (kind, hotplug, option, old, new, _) in ROWS {
        if *kind == CT {
            continue;
        }
        let create =
            [("vmid", "160"), ("name", "a"), ("scsi0", "local-lvm:1"), ("ostype", "l26"), ("hotplug", hotplug.unwrap_or("network,disk,usb"))];
        assert_eq!(client.task("POST", "/nodes/pve1/qemu", &create).await, "OK");
        // A volume of another guest cannot be named here: what is there already is allocated.
        let old = old.map(|old| if old == DISK { "local-lvm:1" } else { old });
        if let Some(old) = old {
            client.ok("PUT", &config, &[(option, old)]).await;
        }
        assert_eq!(client.task("POST", &format!("{vm}/status/start"), &[]).await, "OK");
        let own = client.get(&config).await[*option].as_str().map(str::to_owned);
        let new = new.map(|new| match (own, new.split_once("disk-7,")) {
            (Some(own), Some((_, more))) => format!("{},{}", own.split(',').next().unwrap_or_default(), more),
            _ => new.to_owned(),
        });
        let form = new.as_deref().map_or(("delete", *option), |new| (*option, new));
        let (status, _) = client.send("PUT", &config, &[form]).await.unwrap();
        let rows = client.get(&format!("{vm}/pending")).await;
        let row = rows.as_array().unwrap().iter().find(|row| row["key"] == *option).cloned().unwrap_or_default();
        let waits = row.get("pending").is_some() || row.get("delete").is_some();
        outcomes.push((status == 200).then_some(if waits { Pending } else { Live }));
        assert_eq!(client.task("POST", &format!("{vm}/status/stop"), &[]).await, "OK");
        client.ok("PUT", &config, &[("protection", "0")]).await;
        assert_eq!(client.task("DELETE", vm, &[]).await, "OK");
    }
    outcomes
}

/// fakepve applies what its own list of live options names, and leaves the rest.
#[tokio::test]
async fn every_difference_to_fakepve_in_hot_plug_is_explained() {
    if !python::has(&["fakepve"], "the hot-plug table against the independent fake `fakepve`") {
        return;
    }
    let (_lab, url) = start_fakepve();
    let theirs = play(&Client::trusting_anyone(&url)).await;
    let (_cluster, client) = cluster().await;
    let ours = play(&client).await;
    let explained: BTreeMap<&str, &str> = include_str!("../../data/hotplug_differences.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('\t'))
        .collect();
    let rows = ROWS.iter().filter(|row| row.0 == VM).zip(ours.iter().zip(&theirs));
    let different: Vec<_> = rows.filter(|(_, (ours, theirs))| ours != theirs).collect();
    let new: Vec<String> = different
        .iter()
        .filter(|(row, _)| !explained.contains_key(row.2))
        .map(|(row, (ours, theirs))| format!("{row:?}: ours {ours:?}, fakepve {theirs:?}"))
        .collect();
    assert!(new.is_empty(), "{} rows differ without an explanation:\n{}", new.len(), new.join("\n"));
    let stale: Vec<_> = explained.keys().filter(|option| !different.iter().any(|(row, _)| row.2 == **option)).collect();
    assert!(stale.is_empty(), "explained, but the same: {stale:?}");
}
