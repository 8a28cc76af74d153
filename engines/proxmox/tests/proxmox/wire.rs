//! What happens between us and the cluster? Ways in, log-ins, refusals, replies that are lost on the way, and how many calls
//! there are.

use std::collections::BTreeSet;
use std::time::Duration;

use core_model::Secret;
use core_model::plan::Action;
use engine_api::contract::Seen;
use engine_api::{Engine, ErrorKind, Wanted};
use engine_proxmox::{Credential, Proxmox};
use engine_tls::Trust;
use serde_json::{Value, json};
use test_sim_proxmox::{AclEntry, Cluster, Fault, FaultMatch, RequestRecord, Token, User};

use crate::contract::ProxmoxSubject;
use crate::rig::{bench, bring, machine, plan};
use crate::world::World;

const GIB: u64 = 1 << 30;

/// The reply of each call is lost on the wire: after the effect, before it, and while its task runs.
#[tokio::test]
async fn a_reply_lost_on_the_wire_makes_no_second_machine() {
    let subject = ProxmoxSubject::new().await;
    let values = json!({"specs": {"os": "debian-13", "storage": 20 * GIB, "disks": {"scsi1": {"size": GIB}}, "packages": ["nginx"]}});
    let sample = machine("web-01", values);
    let calls = ["/clone", "/upload", "/config", "/resize", "/status/start"];
    for (call, fault) in calls.iter().flat_map(|call| [(call, Fault::DisconnectAfterEffect), (call, Fault::DisconnectBefore)]) {
        let bench = bench(&subject).await;
        let (order, wanted) = plan(&bench, &sample, None).await.unwrap();
        subject.world.cluster.fail(FaultMatch::new("WRITE", call), fault.clone(), 1);
        assert!(bench.carry_out(&order).await.is_err(), "{call}: {fault:?} was taken for a success");
        bench.must(&sample, &order).await;
        bench.assert_settled(&sample, &bench.maker.record(&sample, &wanted), &format!("after {fault:?} of {call}")).await;
        let machines = subject.world.cluster.inspect(|world| world.guests.values().filter(|guest| !guest.is_template()).count());
        assert_eq!((machines, subject.world.cluster.faults_left()), (1, 0), "{call}: {fault:?}");
    }
}

/// The same for what is done to a machine that exists.
#[tokio::test]
async fn a_reply_lost_on_the_wire_changes_nothing_twice() {
    let subject = ProxmoxSubject::new().await;
    let before = json!({"specs": {"os": "debian-13", "disks": {"scsi1": {"size": GIB, "storage": "local-lvm"}}}, "metadata": {"node": "pve1"}});
    let with = |path: &str, value: Value| {
        let mut values = before.clone();
        *values.pointer_mut(path).unwrap() = value;
        machine("web-01", values)
    };
    let stories = [
        ("/migrate", with("/metadata/node", json!("pve2"))),
        ("/move_disk", with("/specs/disks/scsi1/storage", json!("fast"))),
        ("/resize", with("/specs/disks/scsi1/size", json!(2 * GIB))),
    ];
    for (call, after) in stories {
        for fault in [Fault::DisconnectAfterEffect, Fault::DisconnectBefore] {
            let bench = bench(&subject).await;
            let (_, record) = bring(&bench, &machine("web-01", before.clone()), None).await;
            let (order, wanted) = plan(&bench, &after, Some(&record)).await.unwrap();
            subject.world.cluster.fail(FaultMatch::new("WRITE", call), fault.clone(), 1);
            assert!(bench.carry_out(&order).await.is_err(), "{call}: {fault:?} was taken for a success");
            bench.must(&after, &order).await;
            bench.assert_settled(&after, &bench.maker.record(&after, &wanted), &format!("after {fault:?} of {call}")).await;
        }
    }
}

#[tokio::test]
async fn a_task_that_fails_says_why_once() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let sample = machine("web-01", json!({"specs": {"os": "debian-13"}}));
    let (order, _) = plan(&bench, &sample, None).await.unwrap();
    subject.world.cluster.fail(FaultMatch::new("POST", "/clone"), Fault::TaskFails("clone failed: no space left on device".to_owned()), 1);
    let error = bench.carry_out(&order).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Rejected);
    assert_eq!(error.message, "clone failed: no space left on device", "the last line of the log says nothing new");
    assert!(error.attempted.contains("clone the machine `web-01`"), "{error}");
}

#[tokio::test]
async fn a_task_that_fails_tells_what_its_log_knows_more() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let on = |node: &str| machine("web-01", json!({"specs": {"os": "debian-13", "clone": "linked"}, "metadata": {"node": node}}));
    let record = bench.put(&on("pve1")).await;
    let (order, _) = plan(&bench, &on("pve2"), Some(&record)).await.unwrap();
    let error = bench.carry_out(&order).await.unwrap_err();
    assert!(error.message.starts_with("migration aborted\n") && error.message.contains("as it's a clone of"), "{error}");
}

#[tokio::test]
async fn another_node_is_a_way_in_when_the_first_is_down() {
    let subject = ProxmoxSubject::new().await;
    let mut options = subject.world.options();
    options.endpoints = vec!["https://127.0.0.1:1".to_owned(), subject.world.cluster.url_of("pve2")];
    let probe = Proxmox::connect(options).unwrap().probe().await.unwrap();
    assert_eq!(probe.identity, "cluster lab");
}

/// The first node takes the connection and says nothing: it is asleep, or it drops what comes.
#[tokio::test]
async fn another_node_is_a_way_in_when_the_first_is_silent() {
    let subject = ProxmoxSubject::new().await;
    let asleep = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let mut options = subject.world.options();
    options.endpoints = vec![format!("https://{}", asleep.local_addr().unwrap()), subject.world.cluster.url_of("pve2")];
    options.timeouts.connect = Duration::from_secs(1);
    assert_eq!(Proxmox::connect(options).unwrap().probe().await.unwrap().identity, "cluster lab");
    for path in ["/cluster/status", "/access/ticket"] {
        let mut options = subject.world.options_with(Credential::new("root@pam", Secret::new("secret")).unwrap());
        options.timeouts.read = Duration::from_secs(1);
        subject.world.cluster.fail(FaultMatch::new("", path), Fault::Hang, 1);
        assert_eq!(Proxmox::connect(options).unwrap().probe().await.unwrap().identity, "cluster lab", "{path}");
    }
}

/// What holds on a path alone says nothing of the machines below it.
#[tokio::test]
async fn a_privilege_that_does_not_reach_the_machines_shows_none_of_them() {
    let subject = ProxmoxSubject::new().await;
    let mut bench = bench(&subject).await;
    let sample = machine("web-01", json!({"specs": {"os": "debian-13"}}));
    bench.engine = std::sync::Arc::new(log_in_as_ipr(&subject.world, documented_privileges()));
    assert_eq!(bench.see(&sample).await, Seen::Absent);
    for path in ["/", "/vms"] {
        subject.world.cluster.change(|world| world.acl.iter_mut().for_each(|entry| (entry.path, entry.propagate) = (path.to_owned(), false)));
        assert!(matches!(bench.see(&sample).await, Seen::Unknown(_)), "{path}");
    }
}

#[tokio::test]
async fn a_password_gets_a_ticket_and_the_ticket_writes() {
    let subject = ProxmoxSubject::new().await;
    let credential = Credential::new("root@pam", Secret::new("secret")).unwrap();
    let engine = Proxmox::connect(subject.world.options_with(credential)).unwrap();
    let mut bench = bench(&subject).await;
    bench.engine = std::sync::Arc::new(engine);
    bring(&bench, &machine("web-01", json!({"specs": {"os": "debian-13"}})), None).await;
    let logins = subject.world.cluster.requests().iter().filter(|request| request.path == "/access/ticket").count();
    assert_eq!(logins, 1);
}

#[tokio::test]
async fn a_certificate_that_is_not_the_pinned_one_is_refused() {
    let subject = ProxmoxSubject::new().await;
    let mut options = subject.world.options();
    options.trust = Trust::Fingerprint([7; 32].into());
    let error = Proxmox::connect(options).unwrap().probe().await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unreachable);
    let mut options = subject.world.options();
    options.trust = Trust::Authority(subject.world.cluster.certificate_pem().as_bytes().to_vec());
    assert!(Proxmox::connect(options).unwrap().probe().await.is_ok());
}

/// The role of docs/engines/proxmox.md, word for word.
pub(crate) fn documented_privileges() -> BTreeSet<String> {
    let page = include_str!("../../../../docs/engines/proxmox.md");
    let (_, rest) = page.split_once("--privs \"").unwrap();
    let (list, _) = rest.split_once('"').unwrap();
    list.split_whitespace().filter(|word| *word != "\\").map(str::to_owned).collect()
}

pub(crate) fn log_in_as_ipr(world: &World, privileges: BTreeSet<String>) -> Proxmox {
    world.cluster.change(|world| {
        world.roles.insert("Ipr".to_owned(), privileges.into_iter().collect());
        world.users.insert("ipr@pve".to_owned(), User { enabled: true, ..User::default() });
        world.tokens.insert("ipr@pve!daemon".to_owned(), Token { secret: Cluster::TOKEN_SECRET.to_owned(), separate: true });
        world.acl = ["ipr@pve", "ipr@pve!daemon"]
            .map(|who| AclEntry { path: "/".to_owned(), who: who.to_owned(), role: "Ipr".to_owned(), propagate: true })
            .to_vec();
    });
    let credential = Credential::new("ipr@pve!daemon", Secret::new(Cluster::TOKEN_SECRET)).unwrap();
    Proxmox::connect(world.options_with(credential)).unwrap()
}

fn whole_life(memory: u64, node: &str) -> Value {
    json!({
        "specs": {"os": "debian-13", "memory": memory, "storage": 20 * GIB, "cpu": 2_000, "packages": ["nginx"], "agent": true, "cpu_type": "host",
            "network": {"ip": "dhcp"}, "user": {"name": "ops"}, "scsi_controller": "virtio-scsi-pci", "onboot": true},
        "metadata": {"node": node, "pool": "prod", "tags": ["web"]},
    })
}

#[tokio::test]
async fn the_documented_role_is_enough_for_a_whole_life() {
    let subject = ProxmoxSubject::new().await;
    let mut bench = bench(&subject).await;
    bench.engine = std::sync::Arc::new(log_in_as_ipr(&subject.world, documented_privileges()));
    let sample = machine("web-01", whole_life(GIB, "pve1"));
    let (order, _) = plan(&bench, &sample, None).await.unwrap();
    assert_eq!(bench.engine.preflight(std::slice::from_ref(&order.step)).await.unwrap(), []);
    let (_, record) = bring(&bench, &sample, None).await;
    subject.world.by_hand("web-01", |guest| drop(guest.config.remove("ide2")));
    let (action, record) = bring(&bench, &machine("web-01", whole_life(2 * GIB, "pve2")), Some(&record)).await;
    assert_eq!(action, Some(Action::Restart));
    bench.must(&sample, &bench.maker.delete(&sample, &record)).await;
}

#[tokio::test]
async fn a_missing_privilege_stands_in_the_plan() {
    let subject = ProxmoxSubject::new().await;
    let mut bench = bench(&subject).await;
    for (missing, story) in [("VM.Clone", None), ("VM.Allocate", None), ("VM.Config.Memory", Some(()))] {
        let sample = machine("web-01", whole_life(GIB, "pve1"));
        subject.world.reset();
        let record = match story {
            Some(()) => Some(bring(&bench, &sample, None).await.1),
            None => None,
        };
        let mut privileges = documented_privileges();
        assert!(privileges.remove(missing));
        bench.engine = std::sync::Arc::new(log_in_as_ipr(&subject.world, privileges));
        let wanted = machine("web-01", whole_life(if story.is_some() { 2 * GIB } else { GIB }, "pve1"));
        let (order, _) = plan(&bench, &wanted, record.as_ref()).await.unwrap();
        let problems = bench.engine.preflight(std::slice::from_ref(&order.step)).await.unwrap();
        assert!(problems.iter().any(|problem| problem.detail.contains(missing)), "{missing}: {problems:?}");
        bench.engine = subject.world.engine();
    }
}

#[tokio::test]
async fn what_is_not_there_stands_in_the_plan() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    subject.world.cluster.change(|world| world.add_vm(150, "somebody-else", "pve1", false, &[]));
    let cases = [
        (json!({"specs": {"vmid": 150}}), "is taken by `somebody-else`"),
        (json!({"specs": {"cpu": 1_000}, "metadata": {"node": "pve9"}}), "no node `pve9`"),
        (json!({"specs": {"disks": {"scsi0": {"size": GIB, "storage": "nowhere"}}}}), "no storage `nowhere`"),
        (json!({"specs": {"disks": {"scsi0": {"size": GIB, "storage": "local"}}}}), "does not take disks"),
        (json!({"specs": {"network": {"bridge": "vmbr7"}}}), "no bridge `vmbr7`"),
        (json!({"specs": {"cpu": 17_000}}), "the node `pve1` has 16"),
        (json!({"specs": {"os": "debian-99@template:9999"}}), "is gone"),
        (json!({"specs": {"os": "debian-13", "storage": 4 * GIB}}), "has 8GB and cannot shrink to 4GB"),
    ];
    for (values, expected) in cases {
        let sample = machine("web-01", values);
        let (order, _) = plan(&bench, &sample, None).await.unwrap();
        let problems = bench.engine.preflight(std::slice::from_ref(&order.step)).await.unwrap();
        assert!(problems.iter().any(|problem| problem.detail.contains(expected)), "{expected}: {problems:?}");
    }
}

/// One list of all guests, and one read for each machine that is asked for, however many there are; the other kinds have a list each.
#[tokio::test]
async fn a_look_at_many_machines_is_a_handful_of_calls() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let sample = machine("web-01", json!({"specs": {"os": "debian-13"}}));
    let (_, record) = bring(&bench, &sample, None).await;
    subject.world.cluster.change(|world| (1_000..1_300).for_each(|vmid| world.add_vm(vmid, &format!("other-{vmid}"), "pve2", true, &[])));
    subject.world.cluster.forget_requests();
    bench.assert_settled(&sample, &record, "among many others").await;
    let requests = subject.world.cluster.requests();
    let of_guests = |request: &&RequestRecord| request.path == "/cluster/resources" || request.path.contains("/qemu");
    assert_eq!(requests.iter().filter(of_guests).count(), 2, "{requests:?}");
    assert!(requests.len() <= 16, "{requests:?}");
    assert!(requests.iter().all(|request| !request.is_write()));
}

/// Only the machines that a plan is about cost a call each.
#[tokio::test]
async fn machines_that_are_only_glanced_at_cost_no_call() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let tag = |vmid: u32| format!("ipr.c0ffee01.contract.suite.other-{vmid}.{vmid}");
    let tagged = |vmid: u32| (vmid, format!("other-{vmid}"), tag(vmid));
    subject.world.cluster.change(|world| {
        (1_000..1_300).map(tagged).for_each(|(vmid, name, tag)| world.add_vm(vmid, &name, "pve2", true, &[("tags", &tag)]));
    });
    let names: Vec<String> = std::iter::once("web-01".to_owned()).chain((1_000..1_300).map(|vmid| format!("other-{vmid}"))).collect();
    let sample = machine("web-01", json!({"specs": {"os": "debian-13"}}));
    bring(&bench, &sample, None).await;
    let wanted = |name: &String| Wanted { type_name: "compute".to_owned(), object: name.clone() };
    let mut scope = bench.scope(&[&sample]);
    scope.wanted = names.iter().map(wanted).collect();
    scope.shallow = names[1..].iter().map(wanted).collect();
    subject.world.cluster.forget_requests();
    let observation = bench.engine.observe(&scope).await.unwrap();
    assert_eq!((observation.objects.len(), observation.objects.iter().filter(|object| object.is_shallow).count()), (301, 300));
    let requests = subject.world.cluster.requests();
    let of_guests = |request: &&RequestRecord| request.path == "/cluster/resources" || request.path.contains("/qemu");
    assert_eq!(requests.iter().filter(of_guests).count(), 2, "{requests:?}");
}

/// A plan that makes one machine looks behind no name that somebody asked for; one that was renamed lately is found all the same.
#[tokio::test]
async fn a_machine_that_is_missing_costs_no_call_for_those_that_are_there() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let tag = |vmid: u32| format!("ipr.c0ffee01.contract.suite.other-{vmid}.{vmid}");
    let listed = |world: &mut test_sim_proxmox::World, vmid: u32| world.add_vm(vmid, &format!("other-{vmid}"), "pve2", true, &[("tags", &tag(vmid))]);
    subject.world.cluster.change(|world| (1_000..1_300).for_each(|vmid| listed(world, vmid)));
    let sample = machine("web-01", json!({"specs": {"os": "debian-13"}}));
    let wanted = |name: String| Wanted { type_name: "compute".to_owned(), object: name };
    let others: Vec<Wanted> = (1_000..1_300).map(|vmid| wanted(format!("other-{vmid}"))).collect();
    let mut scope = bench.scope(&[&sample]);
    scope.wanted.extend(others.iter().cloned());
    scope.shallow = others.iter().cloned().collect();
    let calls = async || {
        subject.world.cluster.forget_requests();
        let observation = bench.engine.observe(&scope).await.unwrap();
        let reads = subject.world.cluster.requests().into_iter().filter(|request| request.path.contains("/qemu/"));
        (observation.objects.len(), reads.count())
    };
    assert_eq!(calls().await, (300, 0));
    // Ours, and listed with a name that nobody asked for.
    subject.world.cluster.change(|world| listed(world, 1_500));
    assert_eq!(calls().await.1, 1);
}

/// What is not certain is said beside the plan: memory and space that would have to come from somewhere.
#[tokio::test]
async fn what_a_node_may_not_have_room_for_is_said() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    subject.world.cluster.change(|world| world.nodes.get_mut("pve1").unwrap().memory_used_bytes = 60 << 30);
    let large = json!({"specs": {"memory": 8 * GIB, "disks": {"scsi1": {"size": 9_000 * GIB, "storage": "fast"}}}, "metadata": {"node": "pve1"}});
    let (order, _) = plan(&bench, &machine("web-01", large), None).await.unwrap();
    let cautions = bench.engine.cautions(std::slice::from_ref(&order.step)).await.unwrap().join("\n");
    assert!(cautions.contains("these changes may take 8GB of memory of the node `pve1`, which has 4GB free now"), "{cautions}");
    assert!(cautions.contains("of space of the storage `fast`"), "{cautions}");
    let small = json!({"specs": {"memory": GIB}, "metadata": {"node": "pve2"}});
    let (order, _) = plan(&bench, &machine("web-02", small), None).await.unwrap();
    assert_eq!(bench.engine.cautions(std::slice::from_ref(&order.step)).await.unwrap(), [""; 0]);
}

/// A machine whose name is changed keeps its number, its disks and its life.
#[tokio::test]
async fn another_name_renames_the_machine() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let before = machine("web-01", json!({"specs": {"os": "debian-13", "name": "web-01"}}));
    let (_, record) = bring(&bench, &before, None).await;
    let number = subject.world.guest("web-01", |vmid, _| vmid);
    let mut after = machine("web-02", json!({"specs": {"os": "debian-13", "name": "web-02"}}));
    after.address = before.address.clone();
    let wanted = bench.resolve(&after, &after.values).await;
    let seen = bench.present(&before).await;
    let changes = bench.maker.differences(&after, &wanted, Some(&record), &seen);
    let order = bench.maker.order(&after, Action::Update, &wanted, changes, Some(&record));
    bench.must(&after, &order).await;
    bench.must(&after, &order).await;
    assert_eq!(subject.world.guest("web-02", |vmid, guest| (vmid, guest.is_running())), (number, true));
    bench.assert_settled(&after, &bench.maker.record(&after, &wanted), "after it was renamed").await;
}

#[tokio::test]
async fn what_exists_is_written_as_a_blueprint() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    bring(&bench, &machine("ours-01", json!({"specs": {"os": "debian-13"}})), None).await;
    subject.world.cluster.change(|world| world.add_vm(300, "Mail.example", "pve2", true, &[("cores", "4"), ("memory", "4096"), ("tags", "mail")]));
    let text = bench.engine.import().await.unwrap();
    for line in
        ["name: mail-example", "name: \"Mail.example\"", "cpu: 4", "memory: 4GB", "storage: 8GB", "tags: [\"mail\"]", "adopt: true", "node: \"pve2\""]
    {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
    assert!(!text.contains("ours-01") && !text.contains("debian-13"), "{text}");
}
