//! What is in the drive of a machine? A medium, unless the slot holds a disk.

use serde_json::{Value, json};
use test_sim_proxmox::Guest;

use crate::contract::ProxmoxSubject;
use crate::rig::{bench, bring, machine, plan, refused};

/// A template that boots from an IDE disk, where the drive of `cdrom` would be.
fn put_disk_on_ide0(subject: &ProxmoxSubject) {
    subject.world.cluster.change(|world| {
        let template: &mut Guest = world.guests.get_mut(&9_000).unwrap();
        let disk = template.config.remove("scsi0").unwrap();
        template.config.extend([("ide0".to_owned(), disk), ("boot".to_owned(), "order=ide0;net0".to_owned())]);
    });
}

#[tokio::test]
async fn a_disk_is_not_taken_for_a_medium() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    put_disk_on_ide0(&subject);
    let with = |more: Value| {
        let mut specs = json!({"os": "debian-13"});
        specs.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
        machine("db-01", json!({"specs": specs}))
    };
    let medium = with(json!({"cdrom": "local:iso/a.iso"}));
    // The template has a disk there: a copy would lose it.
    let (order, _) = plan(&bench, &medium, None).await.unwrap();
    let told = bench.engine.preflight(std::slice::from_ref(&order.step)).await.unwrap();
    assert!(told.len() == 1 && told[0].detail.starts_with("`specs.cdrom`: `ide0` of `debian-13` holds a disk"), "{told:?}");
    let (_, record) = bring(&bench, &with(json!({})), None).await;
    let disk = subject.world.option("db-01", "ide0").unwrap();
    assert_eq!(bench.present(&with(json!({}))).await.values["specs"].get("cdrom"), None);
    // And so for a machine that is there.
    let (order, _) = plan(&bench, &medium, Some(&record)).await.unwrap();
    let told = bench.engine.preflight(std::slice::from_ref(&order.step)).await.unwrap();
    assert!(told.len() == 1 && told[0].detail.starts_with("`specs.cdrom`: `ide0` of `db-01` holds a disk"), "{told:?}");
    assert!(refused(&bench, &order).await.message.contains("holds a disk of the machine"));
    assert_eq!(subject.world.option("db-01", "ide0"), Some(disk));
}

/// Proxmox takes no drive off a machine that it protects: ours is lifted and comes back, another's stays.
#[tokio::test]
async fn the_protection_is_lifted_for_a_drive_that_leaves() {
    let subject = ProxmoxSubject::new().await;
    for ours in [true, false] {
        let bench = bench(&subject).await;
        let with = |more: Value| {
            let mut specs = json!({"os": "debian-13"});
            if ours {
                specs["protection"] = json!(true);
            }
            specs.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
            machine("db-01", json!({"specs": specs}))
        };
        let before = with(json!({"cdrom": "local:iso/a.iso", "disks": {"scsi1": {"size": 1_u64 << 30}}}));
        let (_, record) = bring(&bench, &before, None).await;
        subject.world.by_hand("db-01", |guest| drop(guest.config.insert("protection".to_owned(), "1".to_owned())));
        let (order, _) = plan(&bench, &with(json!({})), Some(&record)).await.unwrap();
        let told = bench.engine.preflight(std::slice::from_ref(&order.step)).await.unwrap();
        if ours {
            assert_eq!(told, []);
            bring(&bench, &with(json!({})), Some(&record)).await;
            assert_eq!((subject.world.option("db-01", "scsi1"), subject.world.option("db-01", "ide0")), (None, None));
        } else {
            assert!(told.len() == 1 && told[0].detail.contains("by hand"), "{told:?}");
            assert!(refused(&bench, &order).await.message.contains("by hand"));
        }
        assert_eq!(subject.world.option("db-01", "protection").as_deref(), Some("1"));
    }
}
