//! What does a packet meet on the way from one firewall to another? What it met before, or what it will meet.

use engine_api::contract::{Bench, Sample};
use serde_json::{Value, json};
use test_sim_proxmox::{Fault, FaultMatch};

use super::subject::{FirewallSubject, entry};
use super::{accept, drop_all, firewall, named};

const PORTS: [&str; 4] = ["22", "80", "443", "8006"];

fn refuse(port: &str) -> Value {
    json!({"name": format!("no-{port}"), "direction": "in", "action": "drop", "protocol": "tcp", "ports": [port]})
}

/// Whether the cluster's firewall lets each port in now, read as Proxmox reads it.
fn is_let_in(subject: &FirewallSubject) -> [bool; 4] {
    subject.world.cluster.inspect(|world| {
        let option = |name: &str, otherwise: &str| world.firewall.options.get(name).map_or(otherwise.to_owned(), Clone::clone);
        let is_off = option("enable", "0") == "0";
        let fits = |rule: &&test_sim_proxmox::Rule, port: &str| {
            rule.get("enable").is_some_and(|enable| enable == "1") && rule.get("dport").is_none_or(|wanted| wanted == port)
        };
        let verdict = |port: &str| world.firewall.rules.iter().find(|rule| fits(rule, port)).map(|rule| rule["action"].clone());
        PORTS.map(|port| is_off || verdict(port).unwrap_or_else(|| option("policy_in", "DROP")) == "ACCEPT")
    })
}

/// Cut off after each of its calls, and then carried out again.
#[tokio::test]
async fn no_packet_meets_a_state_that_is_neither_the_old_nor_the_new_one() {
    let subject = FirewallSubject::new().await;
    let deny = || json!({"enabled": true, "policy_in": "accept", "rules": [refuse("22"), refuse("443")]});
    let allow = || json!({"enabled": true, "policy_in": "drop", "rules": [accept("8006"), accept("80"), accept("22")]});
    let one = |rule: Value, policy: &str| json!({"enabled": true, "policy_in": policy, "rules": [rule]});
    let rows = [
        (deny(), allow()),
        (allow(), deny()),
        (one(refuse("22"), "accept"), one(accept("443"), "drop")),
        (one(accept("443"), "drop"), one(refuse("22"), "accept")),
        // The policy is taken out, and is `drop` again.
        (deny(), json!({"enabled": true, "rules": [accept("8006")]})),
        (json!({"enabled": false, "policy_in": "accept", "rules": [refuse("22")]}), allow()),
        (json!({"rules": [accept("8006"), drop_all()]}), json!({"enabled": true, "rules": [accept("8006"), accept("22"), drop_all()]})),
        (allow(), json!({"policy_in": "accept", "rules": [refuse("22")]})),
    ];
    for (before, after) in rows {
        let (old, new) = (firewall(before.clone()), firewall(after.clone()));
        let mut calls = 0;
        loop {
            let bench = Bench::fresh(&subject).await;
            let record = bench.put(&old).await;
            let began = is_let_in(&subject);
            let wanted = bench.resolve(&new, &new.values).await;
            let order = bench.plan(&new, &wanted, Some(&record)).await.unwrap();
            subject.world.cluster.fail_after(calls, FaultMatch::writes(), Fault::StatusBefore(500, "no".to_owned()), 1);
            let cut = bench.carry_out(&order).await.is_err();
            let seen = is_let_in(&subject);
            subject.world.cluster.forget_faults();
            bench.must(&new, &order).await;
            let ended = is_let_in(&subject);
            bench.assert_settled(&new, &bench.maker.record(&new, &wanted), "after it was carried out again").await;
            for (at, port) in PORTS.iter().enumerate() {
                assert!([began[at], ended[at]].contains(&seen[at]), "{before} -> {after}: after {calls} calls port {port} is {}", seen[at]);
            }
            if !cut {
                break;
            }
            calls += 1;
        }
        assert!(calls > 1, "{before} -> {after}: {calls} calls");
    }
}

/// The guest was made anew in the same run: it has none of the rules that the plan saw.
#[tokio::test]
async fn a_guest_that_was_made_anew_gets_all_its_rules() {
    let subject = FirewallSubject::new().await;
    let bench = Bench::fresh(&subject).await;
    let with = |rules: Value| firewall(json!({"guest": named("web-01"), "enabled": true, "rules": rules}));
    let record = bench.put(&with(json!([accept("22"), drop_all()]))).await;
    let sample: Sample = with(json!([accept("22"), accept("443"), drop_all()]));
    let wanted = bench.resolve(&sample, &sample.values).await;
    let mut order = bench.plan(&sample, &wanted, Some(&record)).await.unwrap();
    order.step.action = core_model::plan::Action::Restart;
    subject.world.by_hand("web-01", |guest| guest.firewall = test_sim_proxmox::Firewall::default());
    bench.must(&sample, &order).await;
    bench.assert_settled(&sample, &bench.maker.record(&sample, &wanted), "on the new guest").await;
    // Those that came with its template go.
    let theirs = entry(&[("type", "in"), ("action", "ACCEPT"), ("enable", "1"), ("comment", "of the template")]);
    subject.world.by_hand("web-01", |guest| guest.firewall.rules = vec![theirs]);
    bench.must(&sample, &order).await;
    bench.assert_settled(&sample, &bench.maker.record(&sample, &wanted), "on a copy of a template with rules").await;
}
