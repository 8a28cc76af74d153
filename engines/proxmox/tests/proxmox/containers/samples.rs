//! Which containers does the suite try? One with every field, and one that needs a download.

use engine_api::contract::{Sample, canary};
use engine_proxmox::Container;
use serde_json::json;

const GIB: u64 = 1 << 30;

/// With everything, and protected by Proxmox: each change of a volume has to lift that.
pub(super) fn whole(port: u16) -> Sample {
    let mount = json!({"path": "/srv", "size": 4 * GIB, "storage": "local-lvm", "backup": true, "read_only": true, "quota": true});
    let values = json!({
        "specs": {
            "cpu": 1_500, "memory": GIB, "swap": 2 * GIB, "storage": 10 * GIB, "os": "debian-12",
            "mounts": {"rootfs": {"storage": "local-lvm", "quota": true}, "mp0": mount},
            "network": {"link": {"external": "vmbr1", "name": "vmbr1"}, "bridge": "vmbr1", "vlan": 20, "interface": "lan", "mac": "BC:24:11:00:00:01", "firewall": true, "rate": 12_500, "mtu": 1400,
                        "connected": false, "ip": "127.0.0.1/8", "gateway": "127.0.0.2", "ipv6": "2001:db8::11/64", "gateway_ipv6": "2001:db8::1"},
            "networks": {"net1": {"bridge": "vmbr1", "vlan": 30}},
            "features": {"nesting": true, "keyctl": true, "fuse": true, "mknod": true, "mount": ["cifs", "nfs"]},
            "unprivileged": false,
            "user": {"password": canary(), "ssh_keys": ["ssh-ed25519 AAAA+/= ops@example"]},
            "dns": {"servers": ["10.0.0.1", "10.0.0.2"], "domain": "acme.example"}, "timezone": "Europe/Rome",
            "console": {"device": false, "terminals": 1, "mode": "shell"},
            "power": "on", "restart": "when-needed", "onboot": true, "snapshot_before": "never", "startup": {"order": 1, "up": 30_000, "down": 60_000}, "protection": true,
            "ready": {"port": port, "within": 5_000},
        },
        "metadata": {"node": "pve1", "pool": "prod", "tags": ["debian", "dns"], "notes": "Ask ops first.", "owner": "@acme/ops"},
    });
    let sample =
        Sample::new(&Container, "dns-01", values).leave_out("specs.name", "the suite knows one name for an object; a test of its own renames");
    volumes(cards(others(metadata(sample))))
        .by_hand("specs.memory")
        .by_hand("specs.network.bridge")
        .by_hand("specs.mounts.mp0.read_only")
        .by_hand("metadata.tags")
        .by_hand("metadata.notes")
        .by_hand("metadata.pool")
        .by_hand("specs.power")
}

fn volumes(sample: Sample) -> Sample {
    sample
        .update("specs.storage", json!(12 * GIB))
        .update("specs.mounts.rootfs.storage", json!("fast"))
        .update("specs.mounts.rootfs.quota", json!(false))
        .update("specs.mounts.rootfs.read_only", json!(true))
        .update("specs.mounts.mp0.path", json!("/data"))
        .update("specs.mounts.mp0.size", json!(5 * GIB))
        .update("specs.mounts.mp0.storage", json!("fast"))
        .update("specs.mounts.mp0.backup", json!(false))
        .update("specs.mounts.mp0.read_only", json!(false))
        .update("specs.mounts.mp0.quota", json!(false))
        .unset("specs.storage")
        .unset("specs.mounts.rootfs.storage")
        .unset("specs.mounts.rootfs.quota")
        .unset("specs.mounts.mp0.storage")
        .unset("specs.mounts.mp0.backup")
        .unset("specs.mounts.mp0.read_only")
        .unset("specs.mounts.mp0.quota")
}

fn cards(sample: Sample) -> Sample {
    sample
        .update("specs.network.link", json!({"external": "vmbr2", "name": "vmbr2"}))
        .update("specs.network.bridge", json!("vmbr0"))
        .update("specs.network.vlan", json!(21))
        .update("specs.network.interface", json!("eth0"))
        .update("specs.network.mac", json!("BC:24:11:00:00:02"))
        .update("specs.network.firewall", json!(false))
        .update("specs.network.rate", json!(1_000))
        .update("specs.network.mtu", json!(1_450))
        .update("specs.network.connected", json!(true))
        .update("specs.network.ip", json!("dhcp"))
        .update("specs.network.gateway", json!("127.0.0.3"))
        .update("specs.network.ipv6", json!("auto"))
        .update("specs.network.gateway_ipv6", json!("2001:db8::2"))
        .update("specs.networks.net1.vlan", json!(31))
        .update("specs.networks.net2.bridge", json!("vmbr0"))
        .unset("specs.network.link")
        .unset("specs.network.bridge")
        .unset("specs.network.vlan")
        .unset("specs.network.interface")
        .unset("specs.network.mac")
        .unset("specs.network.firewall")
        .unset("specs.network.rate")
        .unset("specs.network.mtu")
        .unset("specs.network.connected")
        .unset("specs.network.ip")
        .unset("specs.network.gateway")
        .unset("specs.network.ipv6")
        .unset("specs.network.gateway_ipv6")
        .unset("specs.networks.net1.vlan")
}

fn others(sample: Sample) -> Sample {
    sample
        .update("specs.cpu", json!(4_000))
        .update("specs.memory", json!(2 * GIB))
        .update("specs.swap", json!(0))
        .update("specs.os", json!("debian-13"))
        .update("specs.features.nesting", json!(false))
        .update("specs.features.keyctl", json!(false))
        .update("specs.features.fuse", json!(false))
        .update("specs.features.mknod", json!(false))
        .update("specs.features.mount", json!(["ext4"]))
        .update("specs.unprivileged", json!(true))
        .update("specs.user.password", json!("not a secret any more"))
        .update("specs.user.ssh_keys", json!(["ssh-ed25519 BBBB ops@example"]))
        .update("specs.dns.servers", json!(["10.0.0.3"]))
        .update("specs.dns.domain", json!("acme.lan"))
        .update("specs.timezone", json!("host"))
        .update("specs.console.device", json!(true))
        .update("specs.console.terminals", json!(3))
        .update("specs.console.mode", json!("console"))
        .update("specs.power", json!("off"))
        .update("specs.restart", json!("never"))
        .update("specs.onboot", json!(false))
        .update("specs.snapshot_before", json!("risky"))
        .update("specs.startup.order", json!(2))
        .update("specs.startup.up", json!(31_000))
        .update("specs.startup.down", json!(61_000))
        .update("specs.protection", json!(false))
        .update("specs.ready.port", json!(22))
        .update("specs.ready.within", json!(6_000))
        .unset("specs.cpu")
        .unset("specs.memory")
        .unset("specs.swap")
        .unset("specs.os")
        .unset("specs.features.nesting")
        .unset("specs.features.keyctl")
        .unset("specs.features.fuse")
        .unset("specs.features.mknod")
        .unset("specs.features.mount")
        .unset("specs.unprivileged")
        .unset("specs.user.password")
        .unset("specs.user.ssh_keys")
        .unset("specs.dns.servers")
        .unset("specs.dns.domain")
        .unset("specs.timezone")
        .unset("specs.console.device")
        .unset("specs.console.terminals")
        .unset("specs.console.mode")
        .unset("specs.power")
        .unset("specs.restart")
        .unset("specs.onboot")
        .unset("specs.snapshot_before")
        .unset("specs.startup.order")
        .unset("specs.startup.up")
        .unset("specs.startup.down")
        .unset("specs.protection")
        .unset("specs.ready.port")
        .unset("specs.ready.within")
}

fn metadata(sample: Sample) -> Sample {
    sample
        .update("metadata.node", json!("pve2"))
        .update("metadata.pool", json!("dev"))
        .update("metadata.tags", json!(["debian"]))
        .update("metadata.notes", json!("Ask nobody."))
        .update("metadata.owner", json!("@acme/web"))
        .unset("metadata.node")
        .unset("metadata.pool")
        .unset("metadata.tags")
        .unset("metadata.notes")
        .unset("metadata.owner")
}

/// With a snapshot before what is risky.
pub(super) fn cautious() -> Sample {
    let values = json!({"specs": {"memory": GIB, "storage": 10 * GIB, "os": "debian-12", "timezone": "host", "snapshot_before": "risky"}});
    Sample::new(&Container, "mail-01", values).update("specs.storage", json!(12 * GIB)).update("specs.timezone", json!("Europe/Rome"))
}

/// Off, under a number of its own, from a template that no storage has yet.
pub(super) fn downloaded() -> Sample {
    let values = json!({"specs": {
        "vmid": 200, "memory": GIB, "storage": 10 * GIB, "os": "debian-13", "power": "off", "mounts": {"mp0": {"path": "/srv", "size": GIB}},
    }});
    Sample::new(&Container, "small-01", values)
        .update("specs.vmid", json!(201))
        .update("specs.memory", json!(2 * GIB))
        .update("specs.mounts.mp0.size", json!(2 * GIB))
        .update("specs.mounts.mp0.storage", json!("fast"))
        .update("specs.mounts.mp0.path", json!("/data"))
        .unset("specs.vmid")
        .by_hand("specs.memory")
}
