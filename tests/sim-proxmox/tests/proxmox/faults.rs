//! What goes wrong on purpose, before and after the effect?

use std::time::Duration;

use serde_json::Value;
use test_sim_proxmox::{Fault, FaultMatch};

use crate::client::cluster;

const CLONE: &str = "/nodes/pve1/qemu/9000/clone";

#[tokio::test]
async fn a_cut_before_the_effect_leaves_nothing_and_one_after_it_leaves_the_task() {
    let (cluster, client) = cluster().await;
    for (fault, is_made) in [(Fault::DisconnectBefore, false), (Fault::DisconnectAfterEffect, true)] {
        cluster.fail(FaultMatch::new("POST", "/clone"), fault.clone(), 1);
        assert!(client.send("POST", CLONE, &[("newid", "201")]).await.is_err(), "{fault:?}");
        assert!(cluster.settle());
        assert_eq!(cluster.inspect(|world| world.guest(201).is_some()), is_made, "{fault:?}");
    }
    assert_eq!(cluster.faults_left(), 0);
}

#[tokio::test]
async fn a_status_hides_whether_something_happened() {
    let (cluster, client) = cluster().await;
    let words = "proxy could not reach it".to_owned();
    cluster.fail(FaultMatch::new("POST", "/pools"), Fault::StatusBefore(595, words.clone()), 1);
    assert_eq!(client.refused("POST", "/pools", &[("poolid", "one")]).await, (595, words.clone()));
    cluster.fail(FaultMatch::new("POST", "/pools"), Fault::StatusAfterEffect(596, words.clone()), 1);
    assert_eq!(client.refused("POST", "/pools", &[("poolid", "two")]).await, (596, words));
    assert_eq!(cluster.inspect(|world| world.pools.keys().cloned().collect::<Vec<_>>()), ["two"]);
}

#[tokio::test]
async fn a_task_fails_with_the_planned_words() {
    let (cluster, client) = cluster().await;
    cluster.fail_after(1, FaultMatch::new("POST", "/clone"), Fault::TaskFails("clone failed: disk full".to_owned()), 1);
    assert_eq!(client.task("POST", CLONE, &[("newid", "201")]).await, "OK");
    assert_eq!(client.task("POST", CLONE, &[("newid", "202")]).await, "clone failed: disk full");
    assert!(cluster.inspect(|world| world.guest(202).is_none()));
    assert_eq!(client.task("POST", CLONE, &[("newid", "202")]).await, "OK");
    cluster.fail(FaultMatch::new("POST", "/clone"), Fault::TaskWarns("thin pool is nearly full".to_owned()), 1);
    assert_eq!(client.task("POST", CLONE, &[("newid", "203")]).await, "WARNINGS: 1");
    assert!(
        cluster.inspect(|world| world.guest(203).is_some() && world.tasks.last().unwrap().log.contains(&"WARN: thin pool is nearly full".to_owned()))
    );
}

#[tokio::test]
async fn half_an_answer_and_no_answer() {
    let (cluster, client) = cluster().await;
    cluster.fail(FaultMatch::new("GET", "/version"), Fault::TruncatedJson, 1);
    let (status, text) = client.send_text("GET", "/version", &[]).await;
    assert_eq!(status, 200);
    assert!(serde_json::from_str::<Value>(&text).is_err(), "{text}");
    cluster.fail(FaultMatch::new("GET", "/version"), Fault::Hang, 1);
    let waited = tokio::time::timeout(Duration::from_millis(50), client.send("GET", "/version", &[])).await;
    assert!(waited.is_err(), "an answer came");
    client.get("/version").await;
}

#[tokio::test]
async fn no_answer_can_come_after_the_effect() {
    let (cluster, client) = cluster().await;
    cluster.fail(FaultMatch::new("POST", "/clone"), Fault::HangAfterEffect, 1);
    let waited = tokio::time::timeout(Duration::from_millis(50), client.send("POST", CLONE, &[("newid", "201")])).await;
    assert!(waited.is_err(), "an answer came");
    assert!(cluster.settle() && cluster.inspect(|world| world.guest(201).is_some()));
}

#[tokio::test]
async fn a_latency_is_on_every_request() {
    let (cluster, client) = cluster().await;
    client.get("/version").await;
    cluster.set_latency(Duration::from_millis(40));
    let started = std::time::Instant::now();
    client.get("/version").await;
    assert!(started.elapsed() >= Duration::from_millis(40));
}

#[tokio::test]
async fn requests_are_recorded_without_passwords() {
    let (cluster, client) = cluster().await;
    client.ok("POST", "/access/ticket", &[("username", "root@pam"), ("password", "secret")]).await;
    client.get("/nodes").await;
    let requests = cluster.requests();
    let seen: Vec<_> = requests.iter().map(|request| (request.method.as_str(), request.path.as_str(), request.status, request.is_write())).collect();
    assert_eq!(seen, [("POST", "/access/ticket", 200, false), ("GET", "/nodes", 200, false)]);
    assert_eq!(requests[0].parameters["password"], "***");
    assert_eq!(requests[1].actor.as_deref(), Some("root@pam!ci"));
}
