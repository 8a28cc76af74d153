//! What do containers and machines have to do with each other, and with what others made?

use std::sync::Arc;

use engine_api::Engine;
use engine_api::contract::Bench;
use futures::future::join_all;
use serde_json::{Value, json};
use test_sim_proxmox::{Fault, FaultMatch, Guest, GuestKind};

use super::ContainerSubject;
use super::subject::TEMPLATE;
use crate::rig::{bench, bring, container, machine, plan};
use crate::wire::{documented_privileges, log_in_as_ipr};

const GIB: u64 = 1 << 30;

async fn problems(bench: &Bench<'_>, values: Value) -> Vec<String> {
    let (order, _) = plan(bench, &container("dns-01", values), None).await.unwrap();
    let problems = bench.engine.preflight(std::slice::from_ref(&order.step)).await.unwrap();
    problems.into_iter().map(|problem| problem.detail).collect()
}

/// Machines and containers share their numbers: one that a machine has is given to no container.
#[tokio::test]
async fn a_number_of_a_machine_is_no_number_for_a_container() {
    let subject = ContainerSubject::new().await;
    let sample = container("dns-01", json!({"specs": {"os": "debian-12"}}));
    let first = {
        let bench = bench(&subject).await;
        bring(&bench, &sample, None).await;
        subject.world.guest("dns-01", |vmid, _| vmid)
    };
    let bench = bench(&subject).await;
    subject.world.cluster.change(|world| world.add_vm(first, "somebody-else", "pve1", true, &[]));
    bring(&bench, &sample, None).await;
    assert_eq!(subject.world.guest("dns-01", |vmid, guest| (vmid, guest.kind)), (first + 1, GuestKind::Lxc));
    assert_eq!(subject.world.guest("somebody-else", |vmid, guest| (vmid, guest.kind)), (first, GuestKind::Qemu));
    let told = problems(&bench, json!({"specs": {"os": "debian-12", "vmid": first}})).await;
    assert!(told.iter().any(|detail| detail.contains("is taken by `somebody-else`")), "{told:?}");
}

/// One name, two kinds: each is seen as what it is, and neither is in the other's way.
#[tokio::test]
async fn a_machine_is_no_container_and_a_container_no_machine() {
    let subject = ContainerSubject::new().await;
    let bench = bench(&subject).await;
    let (a_machine, a_container) =
        (machine("web-01", json!({"specs": {"os": "debian-13"}})), container("web-01", json!({"specs": {"os": "debian-12"}})));
    let (_, of_machine) = bring(&bench, &a_machine, None).await;
    let (_, of_container) = bring(&bench, &a_container, None).await;
    bench.assert_settled(&a_machine, &of_machine, "beside a container of its name").await;
    let seen = bench.observe(&[]).await.objects;
    let mut kinds: Vec<&str> = seen.iter().map(|object| object.type_name.as_str()).collect();
    kinds.sort_unstable();
    assert_eq!(kinds, ["compute", "container"]);
    bench.must(&a_container, &bench.maker.delete(&a_container, &of_container)).await;
    bench.assert_settled(&a_machine, &of_machine, "after the container of its name was deleted").await;
}

#[tokio::test]
async fn what_is_not_there_stands_in_the_plan() {
    let subject = ContainerSubject::new().await;
    let bench = bench(&subject).await;
    subject.world.cluster.change(|world| world.add_file("pve1", "local:vztmpl/own_1_amd64.tar.gz", test_sim_proxmox::DiskSize(1 << 20)));
    let cases = [
        (json!({"specs": {"cpu": 1_000}}), "`specs.os`: a container is made from a template"),
        (json!({"specs": {"os": "own"}, "metadata": {"node": "pve2"}}), "`specs.os`: `pve2` has no template `own_1_amd64.tar.gz`"),
        (json!({"specs": {"os": "debian-12"}, "metadata": {"node": "pve9"}}), "no node `pve9`"),
        (json!({"specs": {"os": "debian-12", "mounts": {"rootfs": {"storage": "nowhere"}}}}), "no storage `nowhere`"),
        (json!({"specs": {"os": "debian-12", "mounts": {"rootfs": {"storage": "local"}}}}), "the storage `local` does not take disks"),
        (json!({"specs": {"os": "debian-12", "mounts": {"mp0": {"path": "/srv"}}}}), "`specs.mounts.mp0.size`: nobody says"),
        (json!({"specs": {"os": "debian-12", "network": {"bridge": "vmbr7"}}}), "no bridge `vmbr7`"),
    ];
    for (values, expected) in cases {
        let told = problems(&bench, values).await;
        assert!(told.iter().any(|detail| detail.contains(expected)), "{expected}: {told:?}");
    }
    assert_eq!(problems(&bench, json!({"specs": {"os": "own"}})).await, [""; 0], "without a node it is put where its template is");
}

/// A template that no storage has is downloaded, once for all who need it.
#[tokio::test]
async fn a_listed_template_is_downloaded_once() {
    let subject = ContainerSubject::new().await;
    let bench = bench(&subject).await;
    let samples: Vec<_> =
        (0..4).map(|index| container(&format!("dns-{index}"), json!({"specs": {"os": "debian-13"}, "metadata": {"node": "pve2"}}))).collect();
    let made = join_all(samples.iter().map(|sample| bring(&bench, sample, None))).await;
    assert_eq!(made[0].1.pins["specs.os"].answer, "archive:debian-13-standard_13.1-2_amd64.tar.zst");
    assert_eq!(subject.world.cluster.inspect(|world| world.tasks_of("download").count()), 1);
    let volume = "local:vztmpl/alpine-3.22-default_20250617_amd64.tar.xz";
    bring(&bench, &container("dns-9", json!({"specs": {"os": volume}})), None).await;
    assert!(subject.world.cluster.inspect(|world| world.volume("pve1", volume).is_some()), "a volume that is listed is downloaded to where it says");
}

/// What a token cannot do stands in the plan; `root@pam` itself is told nothing.
#[tokio::test]
async fn features_for_root_stand_in_the_plan() {
    let subject = ContainerSubject::new().await;
    let mut bench = bench(&subject).await;
    let cases = [
        (json!({"features": {"nesting": true}}), None),
        (json!({"features": {"keyctl": false, "mount": []}}), None),
        (json!({"features": {"nesting": true, "keyctl": true}}), Some("`specs.features.keyctl`: only `root@pam`")),
        (json!({"features": {"mount": ["nfs"]}}), Some("`specs.features.mount`: only `root@pam`")),
        (json!({"features": {"nesting": true}, "unprivileged": false}), Some("`specs.features.nesting`: only `root@pam`")),
        (json!({"unprivileged": false}), Some("lacks `Sys.Modify` on `/`")),
    ];
    for (specs, expected) in cases {
        let mut values = json!({"specs": specs});
        values["specs"]["os"] = json!("debian-12");
        bench.engine = subject_engine(&subject);
        assert_eq!(problems(&bench, values.clone()).await, [""; 0], "as root@pam");
        let mut privileges = documented_privileges();
        privileges.remove("Sys.Modify");
        bench.engine = Arc::new(log_in_as_ipr(&subject.world, privileges));
        let told = problems(&bench, values.clone()).await;
        match expected {
            None => {
                assert_eq!(told, [""; 0], "{values}");
                let sample = container("dns-01", values);
                let (_, record) = bring(&bench, &sample, None).await;
                bench.must(&sample, &bench.maker.delete(&sample, &record)).await;
            }
            Some(expected) => assert!(told.iter().any(|detail| detail.contains(expected)), "{expected}: {told:?}"),
        }
    }
}

fn subject_engine(subject: &ContainerSubject) -> Arc<dyn Engine> {
    Arc::new(engine_proxmox::Proxmox::connect(subject.options()).unwrap())
}

fn whole_life(memory: u64, node: &str) -> Value {
    json!({
        "specs": {"os": "debian-13", "memory": memory, "storage": memory * 8, "cpu": 1_500, "user": {"ssh_keys": ["ssh-ed25519 AAAA a"]},
            "mounts": {"mp0": {"path": "/srv", "size": GIB, "storage": if node == "pve1" { "local-lvm" } else { "fast" }}},
            "network": {"ip": "dhcp"}, "dns": {"domain": "acme.example"}, "features": {"nesting": true}, "onboot": true, "startup": {"order": 1}},
        "metadata": {"node": node, "pool": "prod", "tags": ["dns"]},
    })
}

#[tokio::test]
async fn the_documented_role_is_enough_for_a_whole_life() {
    let subject = ContainerSubject::new().await;
    let mut bench = bench(&subject).await;
    bench.engine = Arc::new(log_in_as_ipr(&subject.world, documented_privileges()));
    assert_eq!(problems(&bench, whole_life(GIB, "pve1")).await, [""; 0]);
    let (_, record) = bring(&bench, &container("dns-01", whole_life(GIB, "pve1")), None).await;
    let (_, record) = bring(&bench, &container("dns-01", whole_life(2 * GIB, "pve2")), Some(&record)).await;
    let sample = container("dns-01", whole_life(2 * GIB, "pve2"));
    bench.must(&sample, &bench.maker.delete(&sample, &record)).await;
    let left = subject.world.cluster.inspect(|world| world.volumes.keys().filter(|key| key.name.starts_with("vm-")).count());
    assert_eq!(left, 0);
}

/// Every privilege that a creation or a change needs is missed in the plan, when it is missing.
#[tokio::test]
async fn a_missing_privilege_stands_in_the_plan() {
    let subject = ContainerSubject::new().await;
    let mut bench = bench(&subject).await;
    let cases = [
        ("VM.Allocate", false),
        ("VM.PowerMgmt", false),
        ("Datastore.AllocateSpace", false),
        ("Datastore.AllocateTemplate", false),
        ("VM.Config.Memory", true),
        ("VM.Config.Disk", true),
        ("VM.Migrate", true),
    ];
    for (missing, exists) in cases {
        engine_api::contract::Subject::remove_all(&subject).await;
        bench.engine = subject_engine(&subject);
        let record = if exists { Some(bring(&bench, &container("dns-01", whole_life(GIB, "pve1")), None).await.1) } else { None };
        let mut privileges = documented_privileges();
        assert!(privileges.remove(missing));
        bench.engine = Arc::new(log_in_as_ipr(&subject.world, privileges));
        let wanted = container("dns-01", if exists { whole_life(2 * GIB, "pve2") } else { whole_life(GIB, "pve1") });
        let (order, _) = plan(&bench, &wanted, record.as_ref()).await.unwrap();
        let problems = bench.engine.preflight(std::slice::from_ref(&order.step)).await.unwrap();
        assert!(problems.iter().any(|problem| problem.detail.contains(missing)), "{missing}: {problems:?}");
    }
}

/// A path of the node that root mounted stays, and keeps the container where it is.
#[tokio::test]
async fn a_path_of_the_node_is_left_alone_and_stops_a_migration() {
    let subject = ContainerSubject::new().await;
    let bench = bench(&subject).await;
    let on = |node: &str| container("dns-01", json!({"specs": {"os": "debian-12", "power": "off"}, "metadata": {"node": node}}));
    let (_, record) = bring(&bench, &on("pve1"), None).await;
    let mount = |guest: &mut Guest| drop(guest.config.insert("mp5".to_owned(), "/mnt/tank,mp=/tank".to_owned()));
    subject.world.by_hand("dns-01", mount);
    bench.assert_settled(&on("pve1"), &record, "with a path of its node").await;
    let (order, _) = plan(&bench, &on("pve2"), Some(&record)).await.unwrap();
    let problems = bench.engine.preflight(std::slice::from_ref(&order.step)).await.unwrap();
    assert!(problems.len() == 1 && problems[0].detail.contains("mp5 is a path or a device of its node"), "{problems:?}");
}

/// The reply of each call is lost on the wire: there is one container, and it is what was asked for.
#[tokio::test]
async fn a_reply_lost_on_the_wire_does_nothing_twice() {
    let subject = ContainerSubject::new().await;
    let (before, after) = (container("dns-01", whole_life(GIB, "pve1")), container("dns-01", whole_life(2 * GIB, "pve2")));
    let stories = [("/aplinfo", false), ("/lxc", false), ("/start", false), ("/shutdown", true), ("/migrate", true), ("/config", true)];
    let more = [("/move_volume", true), ("/resize", true), ("/start", true)];
    for (call, exists) in stories.into_iter().chain(more) {
        for fault in [Fault::DisconnectAfterEffect, Fault::DisconnectBefore] {
            let bench = bench(&subject).await;
            let record = if exists { Some(bring(&bench, &before, None).await.1) } else { None };
            let sample = if exists { &after } else { &before };
            let (order, wanted) = plan(&bench, sample, record.as_ref()).await.unwrap();
            subject.world.cluster.fail(FaultMatch::new("WRITE", call), fault.clone(), 1);
            assert!(bench.carry_out(&order).await.is_err(), "{call}: {fault:?} was taken for a success");
            bench.must(sample, &order).await;
            bench.assert_settled(sample, &bench.maker.record(sample, &wanted), &format!("after {fault:?} of {call}")).await;
            let running = subject.world.cluster.inspect(|world| world.guests.values().filter(|guest| guest.is_running()).count());
            assert_eq!((running, subject.world.cluster.faults_left()), (1, 0), "{call}: {fault:?}");
        }
    }
}

/// What is free moves: asking for more of it is a word of caution.
#[tokio::test]
async fn too_little_room_is_a_word_of_caution() {
    let subject = ContainerSubject::new().await;
    let bench = bench(&subject).await;
    let mount = json!({"mp0": {"path": "/srv", "size": 600 * GIB, "storage": "fast"}});
    let values = json!({"specs": {"os": "debian-12", "memory": 100 * GIB, "mounts": mount}, "metadata": {"node": "pve2"}});
    let (order, _) = plan(&bench, &container("dns-01", values), None).await.unwrap();
    let cautions = bench.engine.cautions(std::slice::from_ref(&order.step)).await.unwrap();
    assert!(cautions.len() == 2 && cautions[0].contains("the node `pve2`") && cautions[1].contains("the storage `fast`"), "{cautions:?}");
}

/// The answer for a name that several templates have is a person's.
#[tokio::test]
async fn a_name_with_two_answers_is_a_question() {
    let subject = ContainerSubject::new().await;
    let bench = bench(&subject).await;
    let older = TEMPLATE.replace("12.7-1", "12.2-1");
    subject.world.cluster.change(|world| world.add_file("pve2", &older, test_sim_proxmox::DiskSize(1 << 20)));
    let error = bench.engine.resolve("container", "debian-12").await.unwrap_err();
    assert!(error.kind == engine_api::ErrorKind::Conflict && error.message.contains("12.2-1"), "{error}");
    assert_eq!(bench.engine.resolve("container", &older).await.unwrap(), format!("archive:{older}"));
}
