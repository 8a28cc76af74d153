//! Is what a batch did undone as a whole where one of its steps or its reload fails, and is it told where it is not?

use std::sync::Arc;
use std::time::Duration;

use engine_api::contract::{Bench, HeldLease, MemoryJournal};
use engine_api::{EngineError, ErrorKind, Order};
use engine_proxmox::Proxmox;
use serde_json::json;
use test_sim_proxmox::{Fault, FaultMatch, Interface};

use super::{bridge, network, node, option, order, stage_by_hand, staged, together};
use crate::contract::ProxmoxSubject;
use crate::rig::{bench, bring};

const PUT: &str = "/nodes/pve1/network";
const IFRELOAD: &str = "command 'ifreload -a' failed: exit code 1";

/// Carries out what goes wrong, and gives it up as the executor does.
async fn given_up(bench: &Bench<'_>, orders: &[Order]) -> (EngineError, Result<(), EngineError>) {
    let journal = MemoryJournal::new();
    let first = together(bench, orders, &journal).await.unwrap_err();
    let gate = bench.gate(&orders[0].step.digest, &journal, &HeldLease);
    (first, bench.engine.abandon(&bench.engine.lock_domain(&orders[0].step), &gate).await)
}

#[tokio::test]
async fn a_refused_or_lost_step_takes_the_others_with_it() {
    let faults = [Fault::StatusBefore(500, "refused".to_owned()), Fault::DisconnectBefore, Fault::DisconnectAfterEffect];
    for fault in faults {
        for method in ["PUT", "DELETE"] {
            let subject = ProxmoxSubject::new().await;
            let bench = bench(&subject).await;
            let (_, record) = bring(&bench, &network("pve1/vmbr6", bridge()), None).await;
            let changed = network("pve1/vmbr6", json!({"kind": "bridge", "mtu": 1400}));
            let second = match method {
                "PUT" => order(&bench, &changed, Some(&record)).await,
                _ => bench.maker.delete(&changed, &record),
            };
            let orders = [order(&bench, &network("pve1/vmbr5", bridge()), None).await, second];
            subject.world.cluster.fail(FaultMatch::new(method, "/network/vmbr6"), fault.clone(), 1);
            let (_, undone) = given_up(&bench, &orders).await;
            undone.unwrap_or_else(|error| panic!("{fault:?} of {method}: {error}"));
            assert!(!staged(&subject, "pve1"), "{fault:?} of {method}");
            together(&bench, &orders, &MemoryJournal::new()).await.unwrap();
        }
    }
}

/// What moved goes back: a port is in one bridge and a node has one gateway also on the way back.
#[tokio::test]
async fn a_port_and_a_gateway_that_moved_go_back() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    node(&subject, "pve1", |node| drop(node.network.get_mut("vmbr0").unwrap().options.remove("gateway")));
    let address = |number: u8| format!("10.0.{number}.1/24");
    let old = network("pve1/vmbr5", json!({"kind": "bridge", "ports": ["eno2"], "address": address(5), "gateway": "10.0.5.254"}));
    let (_, record) = bring(&bench, &old, None).await;
    let (_, vlan) = bring(&bench, &network("pve1/vmbr5.7", json!({"kind": "vlan"})), None).await;
    let before = node(&subject, "pve1", |node| node.network.clone());
    let less = network("pve1/vmbr5", json!({"kind": "bridge", "address": address(5)}));
    let more = network("pve1/vmbr6", json!({"kind": "bridge", "ports": ["eno2"], "address": address(6), "gateway": "10.0.6.254"}));
    let over = network("pve1/vmbr6.8", json!({"kind": "vlan"}));
    let gone = bench.maker.delete(&network("pve1/vmbr5.7", json!({"kind": "vlan"})), &vlan);
    let orders = [order(&bench, &less, Some(&record)).await, order(&bench, &more, None).await, order(&bench, &over, None).await, gone];
    subject.world.cluster.fail(FaultMatch::new("PUT", PUT).whole(), Fault::TaskFailsAfterEffect(IFRELOAD.to_owned()), 1);
    let (error, undone) = given_up(&bench, &orders).await;
    assert!(error.kind == ErrorKind::Rejected && error.message.contains(IFRELOAD) && error.message.contains("was put back"), "{error}");
    undone.unwrap();
    let after = node(&subject, "pve1", |node| node.network.clone());
    assert_eq!(after.keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>());
    for what in ["bridge_ports", "gateway", "cidr"] {
        assert_eq!(after["vmbr5"].options.get(what), before["vmbr5"].options.get(what), "{what}");
    }
    assert!(!staged(&subject, "pve1"));
}

/// Two bridges that change ports with each other wait for each other, unless both let go first.
#[tokio::test]
async fn ports_that_were_exchanged_go_back() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let with = |name: &str, port: &str| network(&format!("pve1/{name}"), json!({"kind": "bridge", "ports": [port]}));
    node(&subject, "pve1", |node| drop(node.network.insert("eno3".to_owned(), Interface::new(&[("type", "eth"), ("exists", "1")]))));
    let (_, five) = bring(&bench, &with("vmbr5", "eno2"), None).await;
    let (_, six) = bring(&bench, &with("vmbr6", "eno3"), None).await;
    // By hand, for no plan exchanges two ports in one go.
    let orders = [
        order(&bench, &network("pve1/vmbr5", bridge()), Some(&five)).await,
        order(&bench, &with("vmbr6", "eno2"), Some(&six)).await,
        order(&bench, &with("vmbr5", "eno3"), Some(&five)).await,
    ];
    subject.world.cluster.fail(FaultMatch::new("PUT", PUT).whole(), Fault::TaskFailsAfterEffect(IFRELOAD.to_owned()), 1);
    let (error, undone) = given_up(&bench, &orders).await;
    assert!(error.message.contains("was put back"), "{error}");
    undone.unwrap();
    assert_eq!(option(&subject, "pve1/vmbr5", "bridge_ports").as_deref(), Some("eno2"));
    assert_eq!(option(&subject, "pve1/vmbr6", "bridge_ports").as_deref(), Some("eno3"));
}

#[tokio::test]
async fn what_cannot_be_written_again_is_told() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let sample = network("pve1/vmbr5", bridge());
    let (_, record) = bring(&bench, &sample, None).await;
    let line = "post-up ip route add 10.9.0.0/16 dev vmbr5";
    node(&subject, "pve1", |node| drop(node.network.get_mut("vmbr5").unwrap().options.insert("options".to_owned(), line.to_owned())));
    let gone = bench.maker.delete(&sample, &record);
    subject.world.cluster.fail(FaultMatch::new("PUT", PUT).whole(), Fault::TaskFailsAfterEffect(IFRELOAD.to_owned()), 1);
    let (error, _) = given_up(&bench, &[gone]).await;
    assert!(error.message.contains(&format!("of `vmbr5` `options {line}`")) && error.message.contains("by hand"), "{error}");
    assert_eq!(option(&subject, "pve1/vmbr5", "type").as_deref(), Some("bridge"));
}

/// Half of a way back must not come true at the next start of the node.
#[tokio::test]
async fn a_way_back_that_is_refused_leaves_nothing_staged() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let sample = network("pve1/vmbr6", bridge());
    let (_, record) = bring(&bench, &sample, None).await;
    let changed = network("pve1/vmbr6", json!({"kind": "bridge", "mtu": 1400}));
    let orders = [order(&bench, &network("pve1/vmbr5", bridge()), None).await, order(&bench, &changed, Some(&record)).await];
    let cluster = &subject.world.cluster;
    cluster.fail(FaultMatch::new("PUT", PUT).whole(), Fault::TaskFailsAfterEffect(IFRELOAD.to_owned()), 1);
    cluster.fail_after(1, FaultMatch::new("PUT", "/network/vmbr6"), Fault::StatusBefore(500, "refused for good".to_owned()), 9);
    let (error, undone) = given_up(&bench, &orders).await;
    assert!(error.kind == ErrorKind::Unreachable && error.message.contains("refused for good"), "{error}");
    assert!(error.message.contains("iface vmbr6 inet manual") && undone.is_err(), "{error}");
    assert!(!staged(&subject, "pve1"));
}

/// A replacement takes one reload of its own, and so makes lasting what came before it.
#[tokio::test]
async fn what_came_true_in_the_midst_of_a_batch_is_taken_back() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let lan = |vlan: u32| network("pve1/lan", json!({"kind": "vlan", "device": "eno2", "vlan": vlan}));
    let (_, five) = bring(&bench, &network("pve1/vmbr5", bridge()), None).await;
    let (_, record) = bring(&bench, &lan(20), None).await;
    let mut replace = order(&bench, &lan(30), Some(&record)).await;
    replace.step.action = core_model::plan::Action::Replace;
    let larger = network("pve1/vmbr5", json!({"kind": "bridge", "mtu": 1400}));
    let orders = [order(&bench, &larger, Some(&five)).await, replace, order(&bench, &network("pve1/vmbr6", bridge()), None).await];
    subject.world.cluster.fail_after(1, FaultMatch::new("POST", PUT).whole(), Fault::StatusBefore(500, "refused".to_owned()), 1);
    let (error, undone) = given_up(&bench, &orders).await;
    assert!(error.message.contains("refused"), "{error}");
    undone.unwrap();
    assert_eq!(option(&subject, "pve1/vmbr5", "mtu"), None);
    assert_eq!(option(&subject, "pve1/lan", "vlan-id").as_deref(), Some("20"));
    assert_eq!((option(&subject, "pve1/vmbr6", "type"), staged(&subject, "pve1")), (None, false));
}

#[tokio::test]
async fn a_stopped_run_says_what_stays_staged() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let order = order(&bench, &network("pve1/vmbr5", bridge()), None).await;
    let domain = bench.engine.lock_domain(&order.step);
    let gate = bench.gate(&order.step.digest, &bench.journal, &HeldLease);
    bench.engine.open(&domain, std::slice::from_ref(&order), &gate).await.unwrap();
    bench.engine.apply(&order, &gate).await.unwrap();
    bench.cancellation.cancel();
    let error = bench.engine.abandon(&domain, &gate).await.unwrap_err();
    assert!(error.message.contains("`vmbr5`") && error.message.contains("pvesh delete /nodes/pve1/network"), "{error}");
    assert!(staged(&subject, "pve1"));
}

/// The words of a failed reload may be anything. The file is in place all the same.
#[tokio::test]
async fn a_reload_that_fails_with_any_words_is_taken_back() {
    for words in ["no such device", "vmbr5 already exists", "can't lock file '/run/network/.lock'", IFRELOAD] {
        let subject = ProxmoxSubject::new().await;
        let bench = bench(&subject).await;
        let create = order(&bench, &network("pve1/vmbr5", bridge()), None).await;
        subject.world.cluster.fail(FaultMatch::new("PUT", PUT).whole(), Fault::TaskFailsAfterEffect(words.to_owned()), 1);
        let (error, undone) = given_up(&bench, &[create]).await;
        assert!(error.message.contains(words) && error.message.contains("was put back"), "{error}");
        undone.unwrap();
        assert_eq!(option(&subject, "pve1/vmbr5", "type"), None, "{words}");
    }
}

/// A node answers until its reload has come to what cuts it off.
#[tokio::test]
async fn a_reload_whose_reply_is_lost_is_waited_for() {
    let subject = ProxmoxSubject::new().await;
    let mut bench = bench(&subject).await;
    let sample = network("pve1/vmbr5", bridge());
    let (_, record) = bring(&bench, &sample, None).await;
    let mut options = subject.world.options();
    options.timeouts.network = Duration::from_secs(3);
    bench.engine = Arc::new(Proxmox::connect(options).unwrap());
    node(&subject, "pve1", |node| node.direct_way_needs.extend(["vmbr5".to_owned()]));
    subject.world.cluster.change(|world| world.timing.network_reload_ms = 2_000);
    subject.world.cluster.fail(FaultMatch::new("PUT", PUT).whole(), Fault::DisconnectAfterEffect, 1);
    let (error, undone) = given_up(&bench, &[bench.maker.delete(&sample, &record)]).await;
    assert!(error.message.contains("answered no more at") && error.message.contains("was put back"), "{error}");
    undone.unwrap();
    assert_eq!(option(&subject, "pve1/vmbr5", "type").as_deref(), Some("bridge"));
}

/// Also where our table has no field for it.
#[tokio::test]
async fn a_change_of_somebody_else_that_no_field_shows_is_not_applied() {
    let route = ("options", "post-up ip route add 10.9.0.0/16 dev vmbr1");
    for (name, change) in [("vmbr1", ("bridge_stp", "on")), ("vmbr1", route), ("vmbr5", route)] {
        let subject = ProxmoxSubject::new().await;
        let bench = bench(&subject).await;
        let order = order(&bench, &network("pve1/vmbr5", bridge()), None).await;
        let domain = bench.engine.lock_domain(&order.step);
        let gate = bench.gate(&order.step.digest, &bench.journal, &HeldLease);
        bench.engine.open(&domain, std::slice::from_ref(&order), &gate).await.unwrap();
        bench.engine.apply(&order, &gate).await.unwrap();
        stage_by_hand(&subject, "pve1", name, &[change]);
        let error = bench.engine.confirm(&domain, &gate).await.unwrap_err();
        assert!(error.kind == ErrorKind::Conflict && error.message.contains(&format!("`{name}` was changed meanwhile")), "{error}");
        assert!(staged(&subject, "pve1") && option(&subject, "pve1/vmbr1", change.0).is_none());
    }
}

/// What Proxmox itself adds to a bond and its cards when it writes the file.
#[tokio::test]
async fn what_writing_the_file_adds_is_nobodys_change() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    node(&subject, "pve1", |node| drop(node.network.insert("bond0".to_owned(), Interface::new(&[("type", "bond"), ("slaves", "eno2")]))));
    bring(&bench, &network("pve1/vmbr5", bridge()), None).await;
    assert_eq!(option(&subject, "pve1/bond0", "bond_miimon").as_deref(), Some("100"));
}
