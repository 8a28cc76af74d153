//! What of names that are deleted while something uses them? The plan says who does, unless the same plan takes the use away.

use core_model::plan::Step;
use engine_api::contract::{Bench, Sample};
use serde_json::{Value, json};

use super::subject::{FirewallSubject, entry};
use super::{accept, alias, firewall, group, named, set};

/// The step that deletes what was made of a sample.
async fn deletion(bench: &Bench<'_>, sample: &Sample) -> Step {
    let record = bench.put(sample).await;
    bench.maker.delete(sample, &record).step
}

async fn problems(bench: &Bench<'_>, steps: &[Step]) -> Vec<String> {
    bench.engine.preflight(steps).await.unwrap().into_iter().map(|problem| problem.detail).collect()
}

fn using(field: &str, name: &str) -> Value {
    json!([{"direction": "in", "action": "accept", field: named(name)}, accept("443")])
}

#[tokio::test]
async fn what_is_in_use_is_not_deleted() {
    let subject = FirewallSubject::new().await;
    let bench = Bench::fresh(&subject).await;
    let steps = [
        deletion(&bench, &group("web", json!([]))).await,
        deletion(&bench, &set("trusted", json!([]))).await,
        deletion(&bench, &alias("proxy", "10.0.0.9")).await,
    ];
    assert_eq!(problems(&bench, &steps).await, [""; 0], "nobody uses them");
    subject.world.cluster.change(|world| {
        let rule = |options: &[(&str, &str)]| entry(&[&[("type", "in"), ("action", "ACCEPT"), ("enable", "1")], options].concat());
        world.firewall.rules.push(entry(&[("type", "group"), ("action", "web"), ("enable", "0")]));
        world.nodes.get_mut("pve2").unwrap().firewall.rules.push(rule(&[("source", "+trusted")]));
        world.guests.get_mut(&100).unwrap().firewall.rules.push(rule(&[("dest", "dc/proxy")]));
        world.firewall.groups.get_mut("base").unwrap().rules.push(rule(&[("source", "+dc/trusted")]));
        world.firewall.ip_sets.get_mut("office").unwrap().members.insert("dc/proxy".to_owned(), entry(&[("cidr", "dc/proxy")]));
    });
    assert_eq!(
        problems(&bench, &steps).await,
        [
            "The alias `proxy` is in use by the IP set `office`, the guest `web-01`.",
            "The IP set `trusted` is in use by the node `pve2`, the security group `base`.",
            "The security group `web` is in use by the cluster.",
        ]
    );
}

/// The same plan takes it out of the rules: then it may go.
#[tokio::test]
async fn what_the_same_plan_frees_may_go() {
    let subject = FirewallSubject::new().await;
    let bench = Bench::fresh(&subject).await;
    let trusted = set("trusted", json!([{"cidr": "10.0.0.1"}]));
    let delete = deletion(&bench, &trusted).await;
    bench.put(&trusted).await;
    let inner = group("inner", using("from_list", "trusted"));
    let used = firewall(json!({"rules": using("from_list", "trusted")}));
    let (inner_record, record) = (bench.put(&inner).await, bench.put(&used).await);
    assert_eq!(problems(&bench, std::slice::from_ref(&delete)).await.len(), 1);
    let free = firewall(json!({"rules": [accept("443")]}));
    let wanted = bench.resolve(&free, &free.values).await;
    let update = bench.plan(&free, &wanted, Some(&record)).await.unwrap().step;
    let gone = bench.maker.delete(&inner, &inner_record).step;
    assert_eq!(problems(&bench, &[delete.clone(), update.clone()]).await, ["The IP set `trusted` is in use by the security group `inner`."]);
    assert_eq!(problems(&bench, &[delete, update, gone]).await, [""; 0]);
}

/// A name can go with all that is in it, once nobody uses it.
#[tokio::test]
async fn a_group_and_a_set_go_with_what_is_in_them() {
    let subject = FirewallSubject::new().await;
    let bench = Bench::fresh(&subject).await;
    for sample in [group("web", json!([accept("80"), accept("443")])), set("trusted", json!([{"cidr": "10.0.0.1"}]))] {
        let record = bench.put(&sample).await;
        bench.must(&sample, &bench.maker.delete(&sample, &record)).await;
    }
    let left = subject.world.cluster.inspect(|world| (world.firewall.groups.contains_key("web"), world.firewall.ip_sets.contains_key("trusted")));
    assert_eq!(left, (false, false));
}
