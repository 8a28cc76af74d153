//! Does the firewall come to be what blueprints say, whatever happens on the way?

mod blueprints;
mod deletes;
mod late_names;
mod losses;
mod order;
mod plans;
mod samples;
pub(crate) mod subject;

use core_model::plan::{Problem, Risk};
use engine_api::contract::{Bench, Sample};
use engine_proxmox::{Alias, Firewall, IpSet, SecurityGroup};
use serde_json::{Value, json};

use subject::FirewallSubject;

/// Something of the firewall that is called `external`.
pub(crate) fn named(name: &str) -> Value {
    json!({"external": name, "name": name})
}

pub(crate) fn accept(port: &str) -> Value {
    json!({"name": format!("port-{port}"), "direction": "in", "action": "accept", "protocol": "tcp", "ports": [port]})
}

pub(crate) fn drop_all() -> Value {
    json!({"name": "rest", "direction": "in", "action": "drop"})
}

/// The firewall of the cluster.
pub(crate) fn firewall(specs: Value) -> Sample {
    Sample::new(&Firewall, "edge", json!({"specs": specs}))
}

pub(crate) fn group(name: &str, rules: Value) -> Sample {
    Sample::new(&SecurityGroup, name, json!({"specs": {"rules": rules}}))
}

pub(crate) fn set(name: &str, members: Value) -> Sample {
    Sample::new(&IpSet, name, json!({"specs": {"members": members}}))
}

pub(crate) fn alias(name: &str, cidr: &str) -> Sample {
    Sample::new(&Alias, name, json!({"specs": {"cidr": cidr}}))
}

/// What the plan says of bringing this about: problems, risk, remarks.
pub(crate) async fn foretold(bench: &Bench<'_>, sample: &Sample) -> (Vec<Problem>, Risk, Vec<String>) {
    let wanted = bench.resolve(sample, &sample.values).await;
    let order = bench.plan(sample, &wanted, None).await.unwrap();
    let problems = bench.engine.preflight(std::slice::from_ref(&order.step)).await.unwrap();
    (problems, order.step.risk, sample.kind.remarks(&order.step))
}

/// The comments of the cluster's rules, in order; `|` in front of one that is disabled.
pub(crate) fn comments(subject: &FirewallSubject) -> Vec<String> {
    let told = |rule: &test_sim_proxmox::Rule| {
        let is_off = rule.get("enable").is_some_and(|enable| enable == "0");
        format!("{}{}", if is_off { "|" } else { "" }, rule.get("comment").map_or("", String::as_str))
    };
    subject.world.cluster.inspect(|world| world.firewall.rules.iter().map(told).collect())
}
