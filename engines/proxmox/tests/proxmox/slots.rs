//! What becomes of disks, cards and devices that leave the blueprint?

use core_model::plan::Action;
use serde_json::{Value, json};

use crate::contract::ProxmoxSubject;
use crate::rig::{bench, bring, machine};

const GIB: u64 = 1 << 30;

/// Whatever a slot said, taking it out takes it off the machine; the data of a disk stays as an unused one.
#[tokio::test]
async fn what_leaves_the_blueprint_leaves_the_machine() {
    let subject = ProxmoxSubject::new().await;
    let rows = [
        ("disks", "scsi1", json!({"size": GIB}), 1),
        ("disks", "scsi1", json!({"size": GIB, "storage": "fast", "cache": "writeback"}), 1),
        ("disks", "virtio1", json!({"import": "local:import/ubuntu-22.04.qcow2"}), 1),
        ("networks", "net1", json!({"bridge": "vmbr0"}), 0),
        ("networks", "net1", json!({"bridge": "vmbr1", "vlan": 20, "ip": "dhcp"}), 0),
        ("devices", "usb0", json!({"mapping": "key"}), 0),
    ];
    for (group, slot, entry, unused) in rows {
        let bench = bench(&subject).await;
        let with = |slots: Value| machine("web-01", json!({"specs": {"os": "debian-13", "power": "off", group: slots}}));
        let (_, record) = bring(&bench, &with(json!({slot: entry})), None).await;
        assert!(subject.world.option("web-01", slot).is_some(), "{slot}: {entry}");
        let (action, _) = bring(&bench, &with(json!({})), Some(&record)).await;
        assert_eq!((action, subject.world.option("web-01", slot)), (Some(Action::Update), None), "{slot}: {entry}");
        let kept = subject.world.guest("web-01", |_, guest| guest.config.keys().filter(|option| option.starts_with("unused")).count());
        assert_eq!(kept, unused, "{slot}: {entry}");
    }
}

/// Other settings of the first disk can come and go without the disk.
#[tokio::test]
async fn the_first_disk_stays_when_it_is_no_longer_named() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let before = machine("web-01", json!({"specs": {"os": "debian-13", "disks": {"scsi0": {"ssd": true, "size": 10 * GIB}}}}));
    let (_, record) = bring(&bench, &before, None).await;
    bring(&bench, &machine("web-01", json!({"specs": {"os": "debian-13"}})), Some(&record)).await;
    let disk = subject.world.option("web-01", "scsi0").unwrap_or_default();
    assert!(disk.contains("size=10G") && !disk.contains("ssd"), "{disk}");
}
