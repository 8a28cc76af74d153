//! What if replies are lost, or somebody else writes in between? The exact list, no rule twice, and nothing of theirs touched.

use core_model::plan::Action;
use engine_api::ErrorKind;
use engine_api::contract::{Bench, Interruption, Moment, Resolved, Sample};
use engine_api::{EngineError, Order};
use serde_json::{Value, json};
use test_sim_proxmox::{Fault, FaultMatch};

use super::subject::{FirewallSubject, entry};
use super::{accept, comments, drop_all, firewall};

fn before() -> Sample {
    firewall(json!({"rules": [accept("22"), accept("80"), accept("443"), drop_all()]}))
}

/// Rules go, come and change places.
fn after() -> Sample {
    let off = json!({"name": "off", "direction": "in", "action": "drop", "from": "10.9.0.0/16", "enabled": false});
    firewall(json!({"rules": [accept("443"), accept("8006"), off, accept("22"), accept("3128"), drop_all()]}))
}

const WANTED: [&str; 6] = ["port-443", "port-8006", "|off", "port-22", "port-3128", "rest"];

async fn between(bench: &Bench<'_>) -> (Order, Resolved) {
    let record = bench.put(&before()).await;
    let sample = after();
    let wanted = bench.resolve(&sample, &sample.values).await;
    (bench.plan(&sample, &wanted, Some(&record)).await.unwrap(), wanted)
}

/// At each call: the reply is lost, or the call.
#[tokio::test]
async fn a_reply_lost_at_any_call_makes_no_rule_twice() {
    let subject = FirewallSubject::new().await;
    for fault in [Fault::DisconnectAfterEffect, Fault::DisconnectBefore] {
        let mut calls = 0;
        loop {
            let bench = Bench::fresh(&subject).await;
            let (order, wanted) = between(&bench).await;
            subject.world.cluster.fail_after(calls, FaultMatch::writes(), fault.clone(), 1);
            let first = bench.carry_out(&order).await;
            if subject.world.cluster.faults_left() > 0 {
                break;
            }
            assert!(first.is_err(), "{fault:?} of call {calls} was taken for a success");
            bench.must(&after(), &order).await;
            assert_eq!(comments(&subject), WANTED, "{fault:?} of call {calls}");
            bench.assert_settled(&after(), &bench.maker.record(&after(), &wanted), "after it was carried out again").await;
            calls += 1;
        }
        assert!((6..=14).contains(&calls), "{calls} calls");
    }
}

fn is_changed_meanwhile(error: &EngineError) -> bool {
    error.kind == ErrorKind::Conflict && error.message.contains("changed meanwhile")
}

fn put_by_hand(subject: &FirewallSubject) {
    let rule = entry(&[("type", "in"), ("action", "ACCEPT"), ("proto", "tcp"), ("dport", "9000"), ("enable", "1"), ("comment", "by hand")]);
    subject.world.cluster.change(|world| world.firewall.rules.insert(1, rule));
}

/// Somebody adds a rule after the plan, or while the step is interrupted at any of its calls.
#[tokio::test]
async fn a_rule_of_somebody_else_in_between_stops_the_step() {
    let subject = FirewallSubject::new().await;
    let mut call = 0;
    loop {
        let mut bench = Bench::fresh(&subject).await;
        let (order, _) = between(&bench).await;
        if call > 0 && !bench.interrupt(&order, Interruption { moment: Moment::StoppedAfter, call }).await.reached {
            break;
        }
        let done = comments(&subject) == WANTED;
        put_by_hand(&subject);
        let seen = comments(&subject);
        if !done {
            let error = bench.carry_out(&order).await.unwrap_err();
            assert!(is_changed_meanwhile(&error), "after call {call}: {error}");
            assert_eq!(comments(&subject), seen, "after call {call} something was touched");
        }
        // A new plan shows the rule, and whoever agrees to that plan removes it.
        let sample = after();
        let record = bench.put(&sample).await;
        bench.assert_settled(&sample, &record, "after a new plan").await;
        assert_eq!(comments(&subject), WANTED);
        call += 1;
    }
    assert!(call > 6, "only {call} calls");
}

/// The digest is refused although the list is the same: the call is made again with the new one.
#[tokio::test]
async fn a_digest_that_is_refused_for_nothing_is_asked_again() {
    let subject = FirewallSubject::new().await;
    let bench = Bench::fresh(&subject).await;
    let (order, _) = between(&bench).await;
    let refusal = || Fault::StatusBefore(500, "detected modified configuration - file changed by other user? Try again.".to_owned());
    subject.world.cluster.fail(FaultMatch::new("PUT", "/cluster/firewall/rules"), refusal(), 2);
    bench.must(&after(), &order).await;
    assert_eq!(comments(&subject), WANTED);
}

/// Every call that changes or removes a rule names the digest of the list.
#[tokio::test]
async fn every_change_names_the_digest() {
    let subject = FirewallSubject::new().await;
    let bench = Bench::fresh(&subject).await;
    let (order, _) = between(&bench).await;
    subject.world.cluster.forget_requests();
    bench.must(&after(), &order).await;
    let writes: Vec<_> = subject.world.cluster.requests().into_iter().filter(|request| request.is_write() && request.method != "POST").collect();
    assert!(writes.len() > 3);
    for write in writes {
        assert!(write.parameters.contains_key("digest"), "{} {}", write.method, write.path);
    }
}

/// A set: a member of somebody else stops the step, and so does one that was neither reviewed nor wanted.
#[tokio::test]
async fn a_member_of_somebody_else_is_not_removed() {
    let subject = FirewallSubject::new().await;
    let bench = Bench::fresh(&subject).await;
    let with = |members: Value| super::set("trusted", members);
    let record = bench.put(&with(json!([{"cidr": "10.0.0.1"}]))).await;
    let sample = with(json!([{"cidr": "10.0.0.2"}]));
    let wanted = bench.resolve(&sample, &sample.values).await;
    let order = bench.plan(&sample, &wanted, Some(&record)).await.unwrap();
    assert_eq!(order.step.action, Action::Update);
    let member = entry(&[("cidr", "10.0.0.3")]);
    subject.world.cluster.change(|world| world.firewall.ip_sets.get_mut("trusted").unwrap().members.insert("10.0.0.3".to_owned(), member));
    let error = bench.carry_out(&order).await.unwrap_err();
    assert!(error.kind == ErrorKind::Conflict && error.message.contains("`10.0.0.3` was added meanwhile"), "{error}");
    let members = subject.world.cluster.inspect(|world| world.firewall.ip_sets["trusted"].members.keys().cloned().collect::<Vec<_>>());
    assert_eq!(members, ["10.0.0.1", "10.0.0.3"]);
}
