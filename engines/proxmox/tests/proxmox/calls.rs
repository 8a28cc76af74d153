//! Which calls are saved? Those for what was read already, and those for what others do.

use serde_json::json;
use test_sim_proxmox::{Guest, GuestKind};

use crate::contract::ProxmoxSubject;
use crate::rig::{bench, bring, machine, plan};

/// What a plan was made from is not read again to check it; what was changed is.
#[tokio::test]
async fn the_check_of_a_plan_rests_on_what_the_plan_saw() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let with = |cpu: u64| machine("web-01", json!({"specs": {"os": "debian-13", "cpu": cpu}}));
    let (_, record) = bring(&bench, &with(2_000), None).await;
    let (order, _) = plan(&bench, &with(4_000), Some(&record)).await.unwrap();
    let calls = async || {
        subject.world.cluster.forget_requests();
        let checked =
            tokio::try_join!(bench.engine.preflight(std::slice::from_ref(&order.step)), bench.engine.cautions(std::slice::from_ref(&order.step)));
        assert_eq!(checked.unwrap(), (Vec::new(), Vec::new()));
        subject.world.cluster.requests().len()
    };
    assert_eq!(calls().await, 0);
    bench.must(&with(4_000), &order).await;
    assert_eq!(calls().await, 3, "guests, nodes and privileges, once for both questions");
}

/// In a large environment a plan pays for what it speaks of: one configuration, and no list of what nobody there wants.
#[tokio::test]
async fn where_a_glance_is_enough_only_what_is_asked_for_is_read() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let [near, far] = ["web-01", "web-02"].map(|name| machine(name, json!({"specs": {"os": "debian-13"}})));
    for sample in [&near, &far] {
        bring(&bench, sample, None).await;
    }
    let mut scope = bench.scope(&[&near, &far]);
    scope.shallow = bench.scope(&[&far]).wanted.into_iter().collect();
    subject.world.cluster.forget_requests();
    let seen = bench.engine.observe(&scope).await.unwrap();
    let told: Vec<_> = seen.objects.iter().map(|object| (object.name.as_str(), object.is_shallow)).collect();
    assert_eq!((told, seen.gaps), (vec![("web-01", false), ("web-02", true)], Vec::new()));
    let mut paths: Vec<String> = subject.world.cluster.requests().into_iter().map(|request| request.path).collect();
    paths.sort();
    let [permissions, resources, status, nodes, config] = paths.as_slice() else { panic!("{paths:?}") };
    assert_eq!([permissions, resources, status, nodes], ["/access/permissions", "/cluster/resources", "/cluster/status", "/nodes"]);
    assert!(config.ends_with("/config"), "{config}");
}

/// However many machines are made from it.
#[tokio::test]
async fn a_template_is_read_once_to_check_a_plan() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let mut steps = Vec::new();
    for index in 0..5 {
        let (order, _) = plan(&bench, &machine(&format!("web-{index}"), json!({"specs": {"os": "debian-13"}})), None).await.unwrap();
        steps.push(order.step);
    }
    subject.world.cluster.forget_requests();
    assert_eq!(bench.engine.preflight(&steps).await.unwrap(), []);
    let reads = subject.world.cluster.requests().into_iter().filter(|request| request.path.ends_with("/qemu/9000/config"));
    assert_eq!(reads.count(), 1);
}

/// A copy that somebody else makes, or another step, has no name yet. It is not waited for: only one with our number may be ours.
#[tokio::test]
async fn what_others_make_is_not_waited_for() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    subject.world.cluster.change(|world| _ = world.guests.insert(300, Guest::new(GuestKind::Qemu, "pve1", &[("lock", "clone")])));
    let sample = machine("web-01", json!({"specs": {"os": "debian-13"}}));
    let (order, _) = plan(&bench, &sample, None).await.unwrap();
    subject.world.cluster.forget_requests();
    bench.must(&sample, &order).await;
    let reads: Vec<_> = subject.world.cluster.requests().into_iter().filter(|request| request.path.contains("/qemu/300")).collect();
    assert!(reads.is_empty(), "{reads:?}");
}
