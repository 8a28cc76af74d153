//! What went wrong with machines once, and must not go wrong with containers?

use core_model::plan::Action;
use core_model::record::AppliedResource;
use engine_api::ErrorKind;
use engine_api::contract::{Sample, Seen};
use serde_json::{Value, json};
use test_sim_proxmox::{Fault, FaultMatch, Timing};

use super::ContainerSubject;
use crate::rig::{bench, bring, container, plan, refused};

fn dns(more: Value) -> Sample {
    let mut values = json!({"specs": {"os": "debian-12"}});
    values.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
    container("dns-01", values)
}

fn on(node: &str, power: &str) -> Sample {
    dns(json!({"specs": {"os": "debian-12", "power": power}, "metadata": {"node": node}}))
}

fn exists(subject: &ContainerSubject, vmid: u32) -> bool {
    subject.world.cluster.inspect(|world| world.guests.contains_key(&vmid))
}

fn number(subject: &ContainerSubject) -> u32 {
    subject.world.guest("dns-01", |vmid, _| vmid)
}

/// Puts the container under the HA manager, with its root where every node sees it.
fn manage(subject: &ContainerSubject, number: u32) {
    subject.world.cluster.change(|world| {
        world.ha.insert(format!("ct:{number}"), [("state".to_owned(), "started".to_owned())].into());
        world.timing = Timing { ha_ms: 3_000, shutdown_ms: 4_000, start_ms: 1_000, ..Timing::instant() };
    });
}

#[tokio::test]
async fn a_step_that_comes_again_leaves_a_restored_backup_alone() {
    let subject = ContainerSubject::new().await;
    for action in [Action::Delete, Action::Replace] {
        let bench = bench(&subject).await;
        let (_, record) = bring(&bench, &dns(json!({})), None).await;
        let replaced = dns(json!({"specs": {"os": "debian-12", "vmid": 700}}));
        let order = match action {
            Action::Delete => bench.maker.delete(&replaced, &record),
            _ => plan(&bench, &replaced, Some(&record)).await.unwrap().0,
        };
        assert_eq!(order.step.action, action);
        subject.world.cluster.change(|world| {
            world.guests.retain(|_, guest| guest.name() != "dns-01");
            world.add_container(500, "dns-01", "pve2", true, &[]);
        });
        assert_eq!(refused(&bench, &order).await.kind, ErrorKind::Conflict, "{action:?}");
        assert!(exists(&subject, 500) && !exists(&subject, 700), "{action:?}");
    }
}

/// The list has neither names nor states; the node answers first, and is off then.
#[tokio::test]
async fn containers_of_a_silent_node_are_known_and_never_made_twice() {
    let subject = ContainerSubject::new().await;
    let bench = bench(&subject).await;
    let other = Sample { address: "suite.new-01".parse().unwrap(), ..container("new-01", json!({"specs": {"os": "debian-12"}})) };
    let (create_other, _) = plan(&bench, &other, None).await.unwrap();
    let (create, _) = plan(&bench, &on("pve2", "on"), None).await.unwrap();
    let (_, record) = bring(&bench, &on("pve2", "on"), None).await;
    subject.world.cluster.change(|world| world.nodes.get_mut("pve2").unwrap().silent = true);
    bench.assert_settled(&on("pve2", "on"), &record, "while its node is not heard of").await;
    subject.world.cluster.change(|world| world.nodes.get_mut("pve2").unwrap().online = false);
    assert!(matches!(bench.see(&on("pve2", "on")).await, Seen::Unknown(_)));
    assert_eq!(refused(&bench, &create).await.kind, ErrorKind::Unreachable);
    // It says by its tag which one it is: others can be made beside it.
    bench.must(&other, &create_other).await;
}

/// Nobody asked for the container, and its tags were taken off by hand.
#[tokio::test]
async fn a_container_without_its_tag_is_ours_at_a_glance() {
    let subject = ContainerSubject::new().await;
    let bench = bench(&subject).await;
    bring(&bench, &dns(json!({})), None).await;
    subject.world.by_hand("dns-01", |guest| drop(guest.config.remove("tags")));
    let mut scope = bench.scope(&[&dns(json!({}))]);
    scope.shallow = scope.wanted.iter().cloned().collect();
    let seen = bench.engine.observe(&scope).await.unwrap();
    assert_eq!(seen.objects.iter().map(|object| object.marker.clone()).collect::<Vec<_>>(), [Some(bench.maker.marker(&dns(json!({}))))]);
}

/// Proxmox says "there is none" of the node that was asked, and of no other.
#[tokio::test]
async fn a_container_that_moved_away_is_not_taken_for_deleted() {
    let subject = ContainerSubject::new().await;
    let bench = bench(&subject).await;
    let (_, record) = bring(&bench, &on("pve1", "on"), None).await;
    let (order, number) = (bench.maker.delete(&dns(json!({})), &record), number(&subject));
    let words = format!("Configuration file 'nodes/pve1/lxc/{number}.conf' does not exist");
    subject.world.cluster.fail(FaultMatch::new("DELETE", "/lxc/"), Fault::StatusBefore(500, words), 1);
    assert!(bench.carry_out(&order).await.is_err() && exists(&subject, number));
    bench.must(&dns(json!({})), &order).await;
    assert!(!exists(&subject, number));
}

/// The HA manager acts some seconds after the task that asked it has ended, and carries the container away from under a delete.
#[tokio::test]
async fn what_the_ha_manager_does_later_is_waited_for() {
    let subject = ContainerSubject::new().await;
    let bench = bench(&subject).await;
    let (_, mut record): (_, AppliedResource) = bring(&bench, &on("pve1", "on"), None).await;
    let number = number(&subject);
    manage(&subject, number);
    for (node, power) in [("pve2", "on"), ("pve2", "off"), ("pve2", "on")] {
        let (order, wanted) = plan(&bench, &on(node, power), Some(&record)).await.unwrap();
        bench.must(&on(node, power), &order).await;
        let seen = subject.world.guest("dns-01", |_, guest| (guest.node.clone(), guest.is_running()));
        assert_eq!(seen, (node.to_owned(), power == "on"));
        record = bench.maker.record(&on(node, power), &wanted);
    }
    let (order, _) = plan(&bench, &on("pve1", "on"), Some(&record)).await.unwrap();
    subject.world.cluster.fail(FaultMatch::new("POST", "/migrate"), Fault::DisconnectAfterEffect, 1);
    assert!(bench.carry_out(&order).await.is_err());
    bench.must(&dns(json!({})), &bench.maker.delete(&dns(json!({})), &record)).await;
    assert!(!exists(&subject, number));
}

/// The call went through, its reply was lost, and the number it took is no stranger's.
#[tokio::test]
async fn a_container_that_is_being_made_is_not_made_twice() {
    let subject = ContainerSubject::new().await;
    let bench = bench(&subject).await;
    let (order, _) = plan(&bench, &dns(json!({})), None).await.unwrap();
    subject.world.cluster.change(|world| world.timing = Timing { base_ms: 2_000, ..Timing::instant() });
    subject.world.cluster.fail(FaultMatch::new("POST", "/lxc"), Fault::DisconnectAfterEffect, 1);
    assert!(bench.carry_out(&order).await.is_err());
    bench.must(&dns(json!({})), &order).await;
    assert_eq!(subject.world.cluster.inspect(|world| world.guests.values().filter(|guest| guest.name() == "dns-01").count()), 1);
}

/// A volume does not shrink again; the rest of a step is undone without it.
#[tokio::test]
async fn a_volume_that_grows_and_a_value_that_waits_are_told() {
    let subject = ContainerSubject::new().await;
    let bench = bench(&subject).await;
    let with = |gib: u64, zone: &str| dns(json!({"specs": {"os": "debian-12", "storage": gib << 30, "timezone": zone, "restart": "never"}}));
    let (_, record) = bring(&bench, &with(8, "host"), None).await;
    let (order, _) = plan(&bench, &with(9, "Europe/Rome"), Some(&record)).await.unwrap();
    let remarks = engine_proxmox::types().into_iter().find(|kind| kind.facts().name == "container").unwrap().remarks(&order.step);
    assert_eq!(
        remarks,
        [
            "`specs.storage` stays as it is if the run fails: a disk does not shrink",
            "`timezone` takes effect at the container's next restart, which this plan does not make: it has `restart: never`",
        ]
    );
}
