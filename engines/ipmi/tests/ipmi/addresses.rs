//! Does the BMC get other addresses as the blueprint says, and is it told what it means when its answer is lost?

use engine_api::ErrorKind;
use engine_api::contract::Bench;
use serde_json::json;
use test_sim_bmc::Request;

use crate::redfish::subject::RedfishSubject;
use crate::world::{apply, operations, planned, sample, subject};

#[tokio::test]
async fn only_what_differs_is_sent_and_the_way_is_cut_last() {
    let subject = subject().await;
    let bench = Bench::fresh(&subject).await;
    subject.bmc.set_lan(6, &[255, 255, 255, 0]);
    let specs = json!({"after_power_loss": "on", "bmc": {"source": "static", "address": "10.9.0.11", "netmask": "255.255.255.0"}});
    let record = apply(&bench, specs.clone(), None).await.unwrap();
    let is_set = |request: &Request| (request.function, request.command) == (0x0c, 0x01) && request.data[1] != 0;
    let sent: Vec<Vec<u8>> = subject.bmc.requests().into_iter().filter(is_set).map(|request| request.data).collect();
    assert_eq!(sent, [vec![0x0e, 4, 1], vec![0x0e, 3, 10, 9, 0, 11]]);
    assert_eq!(operations(&bench), ["SetPowerRestore", "SetAddresses"], "what else there is to do comes first");
    assert_eq!(planned(&bench, specs, Some(&record)).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_bmc_that_is_gone_afterwards_is_unknown_and_the_person_is_told_where_to_look() {
    let subject = subject().await;
    let bench = Bench::fresh(&subject).await;
    subject.bmc.follow_its_address();
    let error = apply(&bench, json!({"bmc": {"address": "10.9.0.11"}}), None).await.expect_err("no answer");
    assert_eq!(error.kind, ErrorKind::Timeout);
    assert!(error.to_string().contains("Hint: look whether it answers there, and write that address as the target's"), "{error}");
    assert_eq!(subject.bmc.lan(3), [10, 9, 0, 11]);
}

#[tokio::test]
async fn a_bmc_that_keeps_another_address_is_caught_at_it() {
    let subject = subject().await;
    let bench = Bench::fresh(&subject).await;
    subject.bmc.refuse(0x0c, 0x01, 0x00, usize::MAX);
    let error = apply(&bench, json!({"bmc": {"gateway": "10.9.0.1"}}), None).await.expect_err("not kept");
    assert_eq!(error.kind, ErrorKind::Rejected);
    assert!(error.to_string().contains("the BMC said yes and keeps something else"), "{error}");
}

#[tokio::test]
async fn where_they_cannot_be_set_the_plan_says_so() {
    let machine = sample(json!({"bmc": {"address": "10.9.0.11"}}));
    let redfish = RedfishSubject::new().await;
    let bench = Bench::fresh(&redfish).await;
    let wanted = bench.resolve(&machine, &machine.values).await;
    let order = bench.plan(&machine, &wanted, None).await.expect("a step");
    let problems = bench.engine.preflight(std::slice::from_ref(&order.step)).await.unwrap();
    assert_eq!(problems[0].detail, "The BMC's own addresses cannot be set over Redfish here.");
    let ipmi = subject().await;
    ipmi.bmc.refuse(0x0c, 0x02, 0xd4, usize::MAX);
    let problems = crate::world::engine(&ipmi.bmc).preflight(std::slice::from_ref(&order.step)).await.unwrap();
    assert_eq!(problems[0].detail, "The BMC does not tell its own addresses, so they cannot be managed.");
}
