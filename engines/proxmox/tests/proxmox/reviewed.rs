//! What did a reviewer find by reading, and what happens now? Each story went wrong once.

use std::collections::BTreeSet;

use core_model::plan::Action;
use core_model::record::AppliedResource;
use core_model::resource_type::Ownership;
use engine_api::contract::{Bench, Sample, Seen};
use engine_api::{ErrorKind, Readiness};
use serde_json::{Value, json};
use test_sim_proxmox::{Fault, FaultMatch, Storage, Timing, Volume, VolumeKey};

use crate::contract::ProxmoxSubject;
use crate::rig::{bench, bring, machine, plan, refused};

const GIB: u64 = 1 << 30;

fn web(values: Value) -> Sample {
    machine("web-01", json!({"specs": values}))
}

fn plain() -> Sample {
    web(json!({"os": "debian-13"}))
}

fn exists(subject: &ProxmoxSubject, vmid: u32) -> bool {
    subject.world.cluster.inspect(|world| world.guests.contains_key(&vmid))
}

fn machines(subject: &ProxmoxSubject) -> usize {
    subject.world.cluster.inspect(|world| world.guests.values().filter(|guest| !guest.is_template()).count())
}

/// Makes the machine that carries the name somebody's own: a restored backup has another number and no mark of ours.
fn put_back_from_a_backup(subject: &ProxmoxSubject) {
    subject.world.cluster.change(|world| {
        world.guests.retain(|_, guest| guest.name() != "web-01");
        world.add_vm(500, "web-01", "pve2", true, &[]);
    });
}

#[tokio::test]
async fn a_delete_that_comes_again_leaves_a_restored_backup_alone() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let (_, record) = bring(&bench, &plain(), None).await;
    let order = bench.maker.delete(&plain(), &record);
    bench.must(&plain(), &order).await;
    put_back_from_a_backup(&subject);
    assert_eq!(refused(&bench, &order).await.kind, ErrorKind::Conflict);
    assert!(exists(&subject, 500));
}

#[tokio::test]
async fn a_replacement_that_comes_again_leaves_a_restored_backup_alone() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let (_, record) = bring(&bench, &plain(), None).await;
    let (order, _) = plan(&bench, &web(json!({"os": "debian-12"})), Some(&record)).await.unwrap();
    assert_eq!(order.step.action, Action::Replace);
    put_back_from_a_backup(&subject);
    assert_eq!(refused(&bench, &order).await.kind, ErrorKind::Conflict);
    assert!(exists(&subject, 500) && machines(&subject) == 1);
}

/// The record of an adopted machine that names its number means that number.
#[tokio::test]
async fn an_adopted_machine_is_the_one_with_its_number() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    subject.world.cluster.change(|world| world.add_vm(500, "web-01", "pve1", false, &[]));
    let sample = web(json!({"vmid": 500}));
    let wanted = bench.resolve(&sample, &sample.values).await;
    let record = AppliedResource { ownership: Ownership::Recorded, ..bench.maker.record(&sample, &wanted) };
    let order = bench.maker.delete(&sample, &record);
    bench.must(&sample, &order).await;
    subject.world.cluster.change(|world| world.add_vm(501, "web-01", "pve1", false, &[]));
    assert_eq!(refused(&bench, &order).await.kind, ErrorKind::Conflict);
    assert!(exists(&subject, 501) && !exists(&subject, 500));
}

/// The first step that speaks of a machine may change it while it takes it over.
#[tokio::test]
async fn a_machine_is_adopted_and_changed_in_one_step() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    subject.world.cluster.change(|world| world.add_vm(500, "web-01", "pve1", true, &[("onboot", "0")]));
    let (action, _) = bring(&bench, &web(json!({"onboot": true})), None).await;
    assert_eq!((action, subject.world.option("web-01", "onboot").as_deref()), (Some(Action::Update), Some("1")));
}

fn set_silent(subject: &ProxmoxSubject, node: &str, is_online: bool) {
    subject.world.cluster.change(|world| {
        let node = world.nodes.get_mut(node).unwrap();
        (node.online, node.silent) = (is_online, true);
    });
}

async fn adopt(bench: &Bench<'_>, subject: &ProxmoxSubject, node: &str) -> (Sample, AppliedResource) {
    subject.world.cluster.change(|world| world.add_vm(500, "mail", node, true, &[]));
    let sample = machine("mail", json!({"specs": {"power": "on"}}));
    let wanted = bench.resolve(&sample, &sample.values).await;
    let record = AppliedResource { ownership: Ownership::Recorded, ..bench.maker.record(&sample, &wanted) };
    (sample, record)
}

/// `pvestatd` hangs: the list has neither names nor states, and the node still answers.
#[tokio::test]
async fn machines_without_a_name_in_the_list_are_known_all_the_same() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let sample = web(json!({"os": "debian-13", "power": "on"}));
    let (_, record) = bring(&bench, &sample, None).await;
    let (mail, mail_record) = adopt(&bench, &subject, "pve1").await;
    set_silent(&subject, "pve1", true);
    // The template is on that node, too.
    let (order, _) = plan(&bench, &machine("new-01", json!({"specs": {"os": "debian-13@template:9000"}})), None).await.unwrap();
    assert_eq!(bench.engine.preflight(std::slice::from_ref(&order.step)).await.unwrap(), []);
    bench.assert_settled(&sample, &record, "while its node is not heard of").await;
    bench.assert_settled(&mail, &mail_record, "while its node is not heard of").await;
}

/// The node is off for more than five minutes: what was on it is not gone.
#[tokio::test]
async fn machines_of_a_node_that_is_off_are_not_made_a_second_time() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let on = |name: &str, node: &str| {
        let sample = machine(name, json!({"specs": {"storage": GIB}, "metadata": {"node": node}}));
        Sample { address: format!("suite.{name}").parse().unwrap(), ..sample }
    };
    let (web, db, mail, new) = (on("web-01", "pve2"), on("db-01", "pve2"), on("mail", "pve2"), on("new-01", "pve1"));
    let (create_db, _) = plan(&bench, &db, None).await.unwrap();
    let (create_mail, _) = plan(&bench, &mail, None).await.unwrap();
    let (create_new, _) = plan(&bench, &new, None).await.unwrap();
    bring(&bench, &web, None).await;
    bring(&bench, &db, None).await;
    set_silent(&subject, "pve2", false);
    // Each of those that are hidden has a tag that says which it is, and a new one can be made beside them.
    let gaps = bench.observe(&[&web, &db, &new]).await.gaps;
    let hidden: BTreeSet<Option<String>> = gaps.into_iter().map(|gap| gap.object).collect();
    assert_eq!(hidden, BTreeSet::from([Some("db-01".to_owned()), Some("web-01".to_owned())]));
    bench.must(&new, &create_new).await;
    assert_eq!(refused(&bench, &create_db).await.kind, ErrorKind::Unreachable);
    // One without a tag may be any.
    subject.world.cluster.change(|world| world.add_vm(500, "mail", "pve2", true, &[]));
    assert!(matches!(bench.see(&mail).await, Seen::Unknown(_)));
    assert_eq!(refused(&bench, &create_mail).await.kind, ErrorKind::Unreachable);
    assert_eq!(machines(&subject), 4);
}

/// Nobody asked for the machine, and its tags were taken off by hand.
#[tokio::test]
async fn a_machine_without_its_tag_is_ours_at_a_glance() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    bring(&bench, &plain(), None).await;
    subject.world.by_hand("web-01", |guest| drop(guest.config.remove("tags")));
    let mut scope = bench.scope(&[&plain()]);
    scope.shallow = scope.wanted.iter().cloned().collect();
    let seen = bench.engine.observe(&scope).await.unwrap();
    assert_eq!(seen.objects.iter().map(|object| object.marker.clone()).collect::<Vec<_>>(), [Some(bench.maker.marker(&plain()))]);
}

/// The reply of a clone is lost before its task has written anything, and the step comes again at once.
#[tokio::test]
async fn a_clone_that_is_not_there_yet_is_not_made_twice() {
    let subject = ProxmoxSubject::new().await;
    for begins_ms in [500, 1_000, 1_250, 1_500, 2_000] {
        let bench = bench(&subject).await;
        let (order, _) = plan(&bench, &plain(), None).await.unwrap();
        subject.world.cluster.change(|world| world.timing.clone_begins_ms = begins_ms);
        subject.world.cluster.fail(FaultMatch::new("POST", "/clone"), Fault::DisconnectAfterEffect, 1);
        assert!(bench.carry_out(&order).await.is_err());
        // A lock that another call of ours holds for longer is a failure that says so; the next attempt finds the machine.
        let result = bench.carry_out(&order).await;
        assert!(result.as_ref().err().is_none_or(|error| error.kind == ErrorKind::Busy), "{begins_ms}: {result:?}");
        bench.must(&plain(), &order).await;
        assert_eq!(machines(&subject), 1, "{begins_ms} ms");
    }
}

#[tokio::test]
async fn a_machine_that_moved_away_is_not_taken_for_deleted() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let (_, record) = bring(&bench, &plain(), None).await;
    let order = bench.maker.delete(&plain(), &record);
    let number = subject.world.guest("web-01", |vmid, _| vmid);
    let words = format!("Configuration file 'nodes/pve1/qemu-server/{number}.conf' does not exist");
    subject.world.cluster.fail(FaultMatch::new("DELETE", "/qemu/"), Fault::StatusBefore(500, words), 1);
    let result = bench.carry_out(&order).await;
    assert!(result.is_err() && exists(&subject, number), "{result:?}");
    bench.must(&plain(), &order).await;
    assert!(!exists(&subject, number));
}

/// The HA manager had been asked for another node, and carries the machine there while it is shut down.
#[tokio::test]
async fn a_machine_that_moves_away_is_deleted_where_it_is_then() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let on = |node: &str| machine("web-01", json!({"specs": {"os": "debian-13"}, "metadata": {"node": node}}));
    let (_, record) = bring(&bench, &on("pve1"), None).await;
    let number = subject.world.guest("web-01", |vmid, _| vmid);
    manage(&subject, number);
    let (order, _) = plan(&bench, &on("pve2"), Some(&record)).await.unwrap();
    subject.world.cluster.fail(FaultMatch::new("POST", "/migrate"), Fault::DisconnectAfterEffect, 1);
    assert!(bench.carry_out(&order).await.is_err());
    bench.must(&plain(), &bench.maker.delete(&plain(), &record)).await;
    assert!(!exists(&subject, number));
    let deletes = subject.world.cluster.requests().into_iter().filter(|request| request.method == "DELETE").map(|request| request.path);
    assert_eq!(deletes.collect::<Vec<_>>(), [format!("/nodes/pve1/qemu/{number}"), format!("/nodes/pve2/qemu/{number}")]);
}

#[tokio::test]
async fn a_cloud_init_drive_does_not_hold_a_machine() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let on = |node: &str| machine("web-01", json!({"specs": {"os": "debian-13", "user": {"name": "ops"}}, "metadata": {"node": node}}));
    let (_, record) = bring(&bench, &on("pve1"), None).await;
    let (order, _) = plan(&bench, &on("pve2"), Some(&record)).await.unwrap();
    assert_eq!(bench.engine.preflight(std::slice::from_ref(&order.step)).await.unwrap(), []);
    bench.must(&on("pve2"), &order).await;
    subject.world.by_hand("web-01", |guest| drop(guest.config.insert("ide0".to_owned(), "local:iso/a.iso,media=cdrom".to_owned())));
    let (order, _) = plan(&bench, &on("pve3"), Some(&record)).await.unwrap();
    let problems = bench.engine.preflight(std::slice::from_ref(&order.step)).await.unwrap();
    assert!(problems.iter().any(|problem| problem.detail.contains("local:iso/a.iso")), "{problems:?}");
}

/// Puts a machine under the HA manager, without a disk that would hold it on its node.
fn manage(subject: &ProxmoxSubject, number: u32) {
    subject.world.cluster.change(|world| {
        let guest = world.guests.get_mut(&number).unwrap();
        guest.config.remove("scsi0");
        guest.running.as_mut().unwrap().config.remove("scsi0");
        world.ha.insert(format!("vm:{number}"), [("state".to_owned(), "started".to_owned())].into());
        world.timing = Timing { ha_ms: 3_000, shutdown_ms: 4_000, start_ms: 1_000, ..Timing::instant() };
    });
}

/// The HA manager acts some seconds after the task that asked it has ended.
#[tokio::test]
async fn what_the_ha_manager_does_later_is_waited_for() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let on = |node: &str, power: &str| machine("web-01", json!({"specs": {"os": "debian-13", "power": power}, "metadata": {"node": node}}));
    let (_, mut record) = bring(&bench, &on("pve1", "on"), None).await;
    let number = subject.world.guest("web-01", |vmid, _| vmid);
    manage(&subject, number);
    let is_running = || subject.world.guest("web-01", |_, guest| guest.is_running());
    for (node, power) in [("pve2", "on"), ("pve2", "off"), ("pve2", "on")] {
        let (order, wanted) = plan(&bench, &on(node, power), Some(&record)).await.unwrap();
        bench.must(&on(node, power), &order).await;
        assert_eq!((subject.world.guest("web-01", |_, guest| guest.node.clone()).as_str(), is_running()), (node, power == "on"));
        record = bench.maker.record(&on(node, power), &wanted);
    }
    bench.must(&plain(), &bench.maker.delete(&plain(), &record)).await;
    assert!(!exists(&subject, number));
}

/// A machine with an image of its own, on another node than its template.
#[tokio::test]
async fn a_new_machine_goes_to_its_node_before_it_gets_an_image() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let sample = machine("web-01", json!({"specs": {"os": "debian-13", "packages": ["nginx"]}, "metadata": {"node": "pve2"}}));
    bring(&bench, &sample, None).await;
    assert_eq!(subject.world.guest("web-01", |_, guest| (guest.node.clone(), guest.is_running())), ("pve2".to_owned(), true));
}

/// Its disk is on shared storage, its cloud-init drive is not.
#[tokio::test]
async fn a_template_is_shared_only_with_all_of_its_drives() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    subject.world.cluster.change(|world| {
        world.storages.insert("ceph".to_owned(), Storage::new(&[("type", "rbd"), ("content", "images")]));
        let disk = Volume { size_bytes: 8 << 30, format: "raw".to_owned(), content: "images".to_owned(), vmid: Some(9_000), ..Volume::default() };
        let key = |storage: &str, node: Option<&str>, name: &str| VolumeKey {
            storage: storage.to_owned(),
            node: node.map(str::to_owned),
            name: name.to_owned(),
        };
        world.volumes.insert(key("ceph", None, "base-9000-disk-1"), disk.clone());
        world.volumes.insert(key("local-lvm", Some("pve1"), "vm-9000-cloudinit"), disk);
        let template = world.guests.get_mut(&9_000).unwrap();
        template.config.insert("scsi0".to_owned(), "ceph:base-9000-disk-1,size=8G".to_owned());
        template.config.insert("ide2".to_owned(), "local-lvm:vm-9000-cloudinit,media=cdrom".to_owned());
    });
    let sample = machine("web-01", json!({"specs": {"os": "debian-13"}, "metadata": {"node": "pve2"}}));
    bring(&bench, &sample, None).await;
    assert_eq!(subject.world.guest("web-01", |_, guest| guest.node.clone()), "pve2");
}

/// The template has its EFI variables on one storage, the blueprint on another.
#[tokio::test]
async fn disks_of_a_copy_go_to_the_storage_that_is_asked_for() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    subject.world.cluster.change(|world| {
        let key = VolumeKey { storage: "local-lvm".to_owned(), node: Some("pve1".to_owned()), name: "base-9000-disk-1".to_owned() };
        let disk = Volume { size_bytes: 4 << 20, format: "raw".to_owned(), content: "images".to_owned(), vmid: Some(9_000), ..Volume::default() };
        world.volumes.insert(key, disk);
        let template = world.guests.get_mut(&9_000).unwrap();
        template.config.insert("efidisk0".to_owned(), "local-lvm:base-9000-disk-1,efitype=4m,size=4M".to_owned());
    });
    bring(&bench, &web(json!({"os": "debian-13", "efi": {"storage": "fast"}})), None).await;
    let disk = subject.world.option("web-01", "efidisk0").unwrap();
    assert!(disk.starts_with("fast:"), "{disk}");
}

#[tokio::test]
async fn a_new_machine_boots_from_its_first_disk_whatever_its_slot() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let disks = json!({"disks": {"virtio10": {"size": GIB}, "virtio2": {"size": GIB}}, "cdrom": "local:iso/a.iso"});
    bring(&bench, &web(disks), None).await;
    assert_eq!(subject.world.option("web-01", "boot").as_deref(), Some("order=virtio2;ide0;net0"));
}

/// Another environment has a machine of the same address, and one of the same name, with lower numbers.
#[tokio::test]
async fn another_environments_machine_is_not_looked_at() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let (_, record) = bring(&bench, &plain(), None).await;
    let (order, _) = plan(&bench, &web(json!({"os": "debian-13", "onboot": true})), Some(&record)).await.unwrap();
    let address = plain().address;
    let tag = |environment: &str, vmid: u32| format!("ipr.c0ffee01.{environment}.{}.{}.{vmid}", address.blueprint, address.resource);
    subject.world.cluster.change(|world| {
        world.add_vm(150, "dev-web-01", "pve3", false, &[("tags", &tag("dev", 150))]);
        world.add_vm(151, "web-01", "pve3", false, &[("tags", &tag("test", 151))]);
        world.nodes.get_mut("pve3").unwrap().online = false;
    });
    assert_eq!(bench.engine.preflight(std::slice::from_ref(&order.step)).await.unwrap(), []);
    assert_eq!(bench.engine.wait(&order).await.unwrap(), Readiness::Ready);
}
