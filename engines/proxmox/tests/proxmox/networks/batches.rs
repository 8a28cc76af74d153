//! Do changes of a node come true together, is nobody's work touched, and does nobody get cut off unawares?

use std::sync::Arc;
use std::time::Duration;

use engine_api::contract::{Bench, HeldLease, Interruption, MemoryJournal, Moment};
use engine_api::{Engine, EngineError, ErrorKind, Order};
use engine_proxmox::Proxmox;
use serde_json::json;
use test_sim_proxmox::{Fault, FaultMatch, Interface, Node};

use super::{bridge, network, node, option, order, problems, stage_by_hand, staged, together};
use crate::contract::ProxmoxSubject;
use crate::rig::{bench, bring, refused};

#[tokio::test]
async fn steps_of_one_node_are_applied_once_and_nodes_by_themselves() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let orders = [order(&bench, &network("pve1/vmbr5", bridge()), None).await, order(&bench, &network("pve1/vmbr6", bridge()), None).await];
    let other = order(&bench, &network("pve2/vmbr5", bridge()), None).await;
    assert_ne!(bench.engine.lock_domain(&orders[0].step), bench.engine.lock_domain(&other.step));
    let journal = MemoryJournal::new();
    together(&bench, &orders, &journal).await.unwrap();
    let operations: Vec<String> = journal.entries().into_iter().map(|entry| entry.intent.operation).collect();
    assert_eq!(operations, ["NetworkStageCreate", "NetworkStageCreate", "NetworkApply"]);
    assert_eq!(option(&subject, "pve1/vmbr6", "autostart").as_deref(), Some("1"));
    assert_eq!(option(&subject, "pve2/vmbr5", "type"), None);
}

#[tokio::test]
async fn what_somebody_else_staged_is_shown_and_neither_applied_nor_thrown_away() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let order = order(&bench, &network("pve1/vmbr5", bridge()), None).await;
    stage_by_hand(&subject, "pve1", "vmbr0", &[("mtu", "9000")]);
    let said = problems(&bench, std::slice::from_ref(&order.step)).await;
    assert!(said.len() == 1 && said[0].contains("+\tmtu 9000") && said[0].contains("pvesh delete /nodes/pve1/network"), "{said:?}");
    let error = refused(&bench, &order).await;
    assert_eq!(error.kind, ErrorKind::Conflict);
    assert!(error.message.contains("+\tmtu 9000") && error.message.contains("pvesh delete /nodes/pve1/network"), "{error}");
    assert!(staged(&subject, "pve1") && bench.journal.calls() == 0);
    let seen = bench.engine.observe(&bench.scope(&[&network("pve1/vmbr5", bridge())])).await.unwrap();
    assert!(seen.gaps.iter().any(|gap| gap.object.as_deref() == Some("pve1/vmbr5") && gap.why.contains("staged")), "{:?}", seen.gaps);
    assert!(bench.engine.pending(&order).await.unwrap().unwrap().contains("pve1"));
}

/// Also where it comes after ours, at each moment.
#[tokio::test]
async fn what_somebody_else_stages_meanwhile_is_left_alone() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let order = order(&bench, &network("pve1/vmbr5", bridge()), None).await;
    let domain = bench.engine.lock_domain(&order.step);
    let gate = bench.gate(&order.step.digest, &bench.journal, &HeldLease);
    bench.engine.open(&domain, std::slice::from_ref(&order), &gate).await.unwrap();
    bench.engine.apply(&order, &gate).await.unwrap();
    stage_by_hand(&subject, "pve1", "eno2", &[("mtu", "9000")]);
    let error = bench.engine.confirm(&domain, &gate).await.unwrap_err();
    assert!(error.kind == ErrorKind::Conflict && error.message.contains("`eno2` was changed meanwhile"), "{error}");
    let error = bench.engine.abandon(&domain, &gate).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Conflict);
    assert!(staged(&subject, "pve1"));
    assert_eq!(option(&subject, "pve1/vmbr5", "type"), None);
}

/// The same interface, changed by somebody and not by this step: the mark is not there.
#[tokio::test]
async fn a_staged_change_of_our_own_interface_by_somebody_else_is_theirs() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let (_, record) = bring(&bench, &network("pve1/vmbr5", bridge()), None).await;
    let change = order(&bench, &network("pve1/vmbr5", json!({"kind": "bridge", "mtu": 1400})), Some(&record)).await;
    stage_by_hand(&subject, "pve1", "vmbr5", &[("mtu", "1300")]);
    let error = refused(&bench, &change).await;
    assert!(error.kind == ErrorKind::Conflict && error.message.contains("not ours"), "{error}");
    assert!(staged(&subject, "pve1"));
}

#[tokio::test]
async fn a_crash_between_staging_and_applying_converges() {
    let subject = ProxmoxSubject::new().await;
    let mut bench = bench(&subject).await;
    let (_, record) = bring(&bench, &network("pve1/vmbr5", bridge()), None).await;
    let changed = network("pve1/vmbr5", json!({"kind": "bridge", "mtu": 1400, "ports": ["eno2"]}));
    let wanted = bench.resolve(&changed, &changed.values).await;
    let change = bench.plan(&changed, &wanted, Some(&record)).await.unwrap();
    let attempt = bench.interrupt(&change, Interruption { moment: Moment::StoppedBefore, call: 2 }).await;
    assert!(attempt.reached && staged(&subject, "pve1"));
    assert_eq!(problems(&bench, std::slice::from_ref(&change.step)).await, [""; 0], "our own is no obstacle");
    bench.must(&changed, &change).await;
    assert!(!staged(&subject, "pve1"));
    assert_eq!(option(&subject, "pve1/vmbr5", "mtu").as_deref(), Some("1400"));
    bench.assert_settled(&changed, &bench.maker.record(&changed, &wanted), "after the crash").await;
}

#[tokio::test]
async fn a_lost_reply_while_staging_or_applying_converges() {
    for (method, path) in [("POST", "/nodes/pve1/network"), ("PUT", "/nodes/pve1/network")] {
        let subject = ProxmoxSubject::new().await;
        let bench = bench(&subject).await;
        let sample = network("pve1/vmbr5", bridge());
        let create = order(&bench, &sample, None).await;
        subject.world.cluster.fail(FaultMatch::new(method, path), Fault::DisconnectAfterEffect, 1);
        let first = bench.carry_out(&create).await;
        // A lost reply to the reload is made up by looking; one to the staging is thrown away with what was staged.
        assert_eq!(first.is_ok(), method == "PUT", "{first:?}");
        assert!(!staged(&subject, "pve1"));
        bench.must(&sample, &create).await;
        assert_eq!(subject.world.cluster.faults_left(), 0);
        assert_eq!(option(&subject, "pve1/vmbr5", "type").as_deref(), Some("bridge"));
    }
}

fn impatient(subject: &ProxmoxSubject) -> Arc<dyn Engine> {
    let mut options = subject.world.options();
    options.timeouts.network = Duration::from_millis(300);
    Arc::new(Proxmox::connect(options).unwrap())
}

/// The bridge that everything goes through is changed, and the node is gone.
async fn cut_off(subject: &ProxmoxSubject, bench: &mut Bench<'_>, cut: impl FnOnce(&mut Node)) -> (Order, EngineError) {
    bench.engine = impatient(subject);
    node(subject, "pve1", |node| {
        let way = Interface::new(&[("type", "bridge"), ("autostart", "1"), ("bridge_ports", "eno2"), ("cidr", "10.0.5.1/24")]);
        node.network.insert("vmbr5".to_owned(), way);
        cut(node);
    });
    let sample = network("pve1/vmbr5", json!({"kind": "bridge", "ports": ["eno2"]}));
    let wanted = bench.resolve(&sample, &sample.values).await;
    let order = bench.maker.delete(&sample, &bench.maker.record(&sample, &wanted));
    let journal = MemoryJournal::new();
    let error = together(bench, std::slice::from_ref(&order), &journal).await.unwrap_err();
    (order, error)
}

#[tokio::test]
async fn a_node_that_does_not_come_back_is_told_with_the_way_back_in() {
    let subject = ProxmoxSubject::new().await;
    let mut bench = bench(&subject).await;
    let (order, error) = cut_off(&subject, &mut bench, |node| node.network_needs.extend(["vmbr5".to_owned()])).await;
    assert_eq!(error.kind, ErrorKind::Unreachable);
    for words in [
        "did not come back",
        "console of `pve1`",
        "cp /etc/network/interfaces /etc/network/interfaces.broken",
        "ifreload -a",
        "iface vmbr5 inet static\n\taddress 10.0.5.1/24",
    ] {
        assert!(error.message.contains(words), "{words}: {error}");
    }
    let domain = bench.engine.lock_domain(&order.step);
    let second = bench.engine.abandon(&domain, &bench.gate(&order.step.digest, &bench.journal, &HeldLease)).await;
    assert_eq!(second.unwrap_err().kind, ErrorKind::Unreachable, "nobody may say that it was undone");
}

#[tokio::test]
async fn a_node_that_only_others_reach_gets_back_what_it_had() {
    let subject = ProxmoxSubject::new().await;
    let mut bench = bench(&subject).await;
    let (order, error) = cut_off(&subject, &mut bench, |node| node.direct_way_needs.extend(["vmbr5".to_owned()])).await;
    assert_eq!(error.kind, ErrorKind::Rejected);
    assert!(error.message.contains("answered no more at") && error.message.contains("was put back"), "{error}");
    assert_eq!(option(&subject, "pve1/vmbr5", "cidr").as_deref(), Some("10.0.5.1/24"));
    assert_eq!(option(&subject, "pve1/vmbr5", "bridge_ports").as_deref(), Some("eno2"));
    assert!(node(&subject, "pve1", |node| node.answers_directly) && !staged(&subject, "pve1"));
    let domain = bench.engine.lock_domain(&order.step);
    bench.engine.abandon(&domain, &bench.gate(&order.step.digest, &bench.journal, &HeldLease)).await.unwrap();
}

#[tokio::test]
async fn a_reload_that_does_not_begin_is_thrown_away() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let sample = network("pve1/vmbr5", bridge());
    let create = order(&bench, &sample, None).await;
    let words = "command 'ifreload -a' failed: exit code 1";
    subject.world.cluster.fail(FaultMatch::new("PUT", "/nodes/pve1/network"), Fault::TaskFails(words.to_owned()), 1);
    let error = refused(&bench, &create).await;
    assert!(error.message.contains(words), "{error}");
    assert_eq!(option(&subject, "pve1/vmbr5", "type"), None);
    bench.must(&sample, &create).await;
}
