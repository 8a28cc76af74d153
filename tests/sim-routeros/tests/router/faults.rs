//! Do faults strike where they were planned, before the effect or after it?

use test_sim_routeros::{Fault, FaultMatch, Router, RouterOptions};

use crate::client::{Client, words};

const ADD: [&str; 3] = ["/ip/pool/add", "=name=p", "=ranges=10.0.0.2"];

/// A router whose next new pool meets a fault, and what a client saw of it.
async fn meet(fault: Fault) -> (Router, Vec<String>) {
    let router = Router::start(RouterOptions::default()).await.expect("a router");
    router.fault(FaultMatch::command("/ip/pool/add"), fault, 1);
    let mut client = Client::log_in(&router).await;
    let replies = client.ask(&ADD).await;
    assert_eq!(router.faults_left(), 0);
    (router, words(&replies).into_iter().map(str::to_owned).collect())
}

#[tokio::test]
async fn a_fault_is_seen_and_has_its_effect_or_not() {
    let table: [(Fault, &[&str], usize); 6] = [
        (Fault::TrapBefore("failure: busy".to_owned()), &["!trap", "!done"], 0),
        (Fault::TrapAfterEffect("failure: busy".to_owned()), &["!trap", "!done"], 1),
        (Fault::Fatal("out of memory".to_owned()), &["!fatal"], 0),
        (Fault::DisconnectBefore, &[], 0),
        (Fault::DisconnectAfterEffect, &[], 1),
        (Fault::Truncated, &[], 1),
    ];
    for (fault, seen, pools) in table {
        let (router, replies) = meet(fault.clone()).await;
        assert_eq!(replies, seen, "{fault:?}");
        assert_eq!(router.entries("/ip/pool").len(), pools, "{fault:?}");
        router.stop().await;
    }
}

#[tokio::test]
async fn a_power_cut_reboots_and_the_effect_stays() {
    let (router, replies) = meet(Fault::PowerCutAfterEffect).await;
    assert_eq!((replies.len(), router.entries("/ip/pool").len(), router.reboots()), (0, 1, 1));
    Client::log_in(&router).await;
    router.stop().await;
}

#[tokio::test]
async fn a_fault_can_spare_the_first_writes() {
    let router = Router::start(RouterOptions::default()).await.expect("a router");
    router.fault(FaultMatch::write().after(2), Fault::DisconnectAfterEffect, 1);
    let mut client = Client::log_in(&router).await;
    for number in 0..3 {
        client.ask(&["/ip/pool/print"]).await;
        let replies = client.ask(&["/ip/pool/add", &format!("=name=p{number}"), "=ranges=10.0.0.2"]).await;
        assert_eq!(replies.is_empty(), number == 2, "{replies:?}");
    }
    assert_eq!((router.entries("/ip/pool").len(), router.faults_left()), (3, 0));
    router.stop().await;
}

#[tokio::test]
async fn silence_leaves_the_conversation_open() {
    for (fault, pools) in [(Fault::SilenceBefore, 0), (Fault::SilenceAfterEffect, 1)] {
        let router = Router::start(RouterOptions::default()).await.expect("a router");
        router.fault(FaultMatch::command("/ip/pool/add"), fault.clone(), 1);
        let mut client = Client::log_in(&router).await;
        client.send(&ADD).await;
        assert_eq!(client.ret(&["/ip/pool/print", "=count-only="]).await, pools.to_string(), "{fault:?}");
        router.stop().await;
    }
}

#[tokio::test(start_paused = true)]
async fn answers_come_as_late_as_was_asked_and_together() {
    let latency = std::time::Duration::from_millis(250);
    let router = Router::start(RouterOptions { latency, ..RouterOptions::default() }).await.expect("a router");
    let mut client = Client::log_in(&router).await;
    let started = tokio::time::Instant::now();
    for _ in 0..10 {
        client.send(&["/system/identity/get", "=value-name=name"]).await;
    }
    for _ in 0..10 {
        client.receive().await.expect("an answer");
    }
    let took = started.elapsed();
    assert!(took >= latency && took < latency * 4, "{took:?}");
    router.stop().await;
}
