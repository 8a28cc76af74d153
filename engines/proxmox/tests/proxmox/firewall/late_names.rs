//! Which guest is meant that the cluster's list has without a name? One that was just made, or one of a silent node.

use engine_api::contract::Bench;
use serde_json::json;
use test_sim_proxmox::{Fault, FaultMatch};

use super::subject::FirewallSubject;
use super::{accept, firewall, foretold, named};
use crate::rig::machine;

#[tokio::test]
async fn a_guest_without_a_name_in_the_list_is_found_by_its_configuration() {
    let subject = FirewallSubject::new().await;
    let bench = Bench::fresh(&subject).await;
    subject.world.by_hand("web-01", |guest| guest.told_at_ms = u64::MAX);
    let sample = firewall(json!({"guest": named("web-01"), "enabled": true, "rules": [accept("22")]}));
    let (problems, ..) = foretold(&bench, &sample).await;
    assert_eq!(problems, []);
    let record = bench.put(&sample).await;
    assert_eq!(subject.world.guest("web-01", |_, guest| guest.firewall.rules.len()), 1);
    bench.assert_settled(&sample, &record, "while its name is not told").await;
    // What cannot be read may be the guest: that is a gap, and no absence.
    subject.world.cluster.fail(FaultMatch::new("GET", "/qemu/100/config"), Fault::StatusBefore(595, "No route to host".to_owned()), 50);
    let seen = bench.engine.observe(&bench.scope(&[&sample])).await.unwrap();
    assert!(seen.objects.is_empty(), "{:?}", seen.objects);
    let gap = seen.gaps.iter().find(|gap| gap.object.as_deref() == Some("edge"));
    assert!(gap.is_some_and(|gap| gap.why.contains("listed without one")), "{:?}", seen.gaps);
}

/// A guest and its firewall of one plan.
#[tokio::test]
async fn the_firewall_of_a_guest_that_was_just_made_follows_it() {
    let subject = FirewallSubject::new().await;
    let bench = Bench::fresh(&subject).await;
    subject.world.cluster.change(|world| world.timing.statistics_ms = u64::MAX / 2);
    let guest = machine("web-02", json!({"specs": {"os": "debian-13"}}));
    bench.put(&guest).await;
    let link = json!({"resource": guest.address.to_string(), "name": "web-02"});
    let sample = firewall(json!({"guest": link, "rules": [accept("22")]}));
    let wanted = bench.resolve(&sample, &sample.values).await;
    let order = bench.plan(&sample, &wanted, None).await.unwrap();
    bench.must(&sample, &order).await;
    assert_eq!(subject.world.guest("web-02", |_, guest| guest.firewall.rules.len()), 1);
    // Its tag tells which one it is, whatever the list calls it.
    subject.world.by_hand("web-02", |guest| {
        guest.config.insert("name".to_owned(), "renamed".to_owned());
        guest.firewall.rules.clear();
    });
    bench.must(&sample, &order).await;
    assert_eq!(subject.world.guest("renamed", |_, guest| guest.firewall.rules.len()), 1);
}
