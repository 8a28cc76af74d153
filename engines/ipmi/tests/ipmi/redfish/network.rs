//! Does the BMC get its own name and its name servers, and are its addresses left alone?

use engine_api::contract::Bench;
use engine_api::{Engine, ErrorKind};
use serde_json::{Value, json};
use test_sim_bmc::redfish::RedfishKit;

use super::subject::RedfishSubject;
use super::{machine, pinned};
use crate::world::{apply, operations, planned, sample, subject};

#[tokio::test]
async fn name_servers_take_the_place_of_those_of_dhcp() {
    let subject = RedfishSubject::new().await;
    let bench = Bench::fresh(&subject).await;
    let specs = json!({"bmc": {"dns": ["10.0.0.53"]}});
    let record = apply(&bench, specs.clone(), None).await.unwrap();
    assert_eq!((subject.bmc.name_servers(), subject.bmc.hostname()), (vec!["10.0.0.53".to_owned()], "bmc-factory".to_owned()));
    assert_eq!(planned(&bench, specs, Some(&record)).await, Vec::<String>::new());
    let both = json!({"bmc": {"hostname": "BMC-r1-n01".to_ascii_lowercase(), "dns": ["10.0.0.53"]}});
    apply(&bench, both, Some(&record)).await.unwrap();
    assert_eq!((subject.bmc.name_servers(), subject.bmc.hostname()), (vec!["10.0.0.53".to_owned()], "bmc-r1-n01".to_owned()));
    assert_eq!(operations(&bench), ["SetNetwork", "SetNetwork"]);
}

/// Whatever is sent, no address is: a wrong one would lock everybody out.
#[tokio::test]
async fn no_address_is_ever_sent() {
    let subject = RedfishSubject::new().await;
    let bench = Bench::fresh(&subject).await;
    apply(&bench, json!({"bmc": {"hostname": "bmc-1", "dns": ["10.0.0.53", "10.0.0.54"]}}), None).await.unwrap();
    let sent: Vec<Value> = subject.bmc.requests().into_iter().filter(|request| request.method == "PATCH").map(|request| request.body).collect();
    let expected = json!({"HostName": "bmc-1", "StaticNameServers": ["10.0.0.53", "10.0.0.54", null], "DHCPv4": {"UseDNSServers": false}});
    assert_eq!(sent, [expected]);
}

#[tokio::test]
async fn a_name_that_is_not_kept_is_missed() {
    let subject = RedfishSubject::new().await;
    let bench = Bench::fresh(&subject).await;
    subject.bmc.refuse("PATCH", "/Nics/eth0", 200, "Success", 1);
    let error = apply(&bench, json!({"bmc": {"hostname": "bmc-1"}}), None).await.expect_err("not kept");
    assert_eq!(error.kind, ErrorKind::Rejected, "{error}");
    assert!(error.to_string().contains("some take the name from DHCP"), "{error}");
}

#[tokio::test]
async fn where_it_is_not_told_it_is_refused_in_the_plan() {
    let machine = sample(json!({"bmc": {"hostname": "bmc-1", "dns": ["10.0.0.53"]}}));
    let by_ipmi = subject().await;
    let bench = Bench::fresh(&by_ipmi).await;
    let wanted = bench.resolve(&machine, &machine.values).await;
    let order = bench.plan(&machine, &wanted, None).await.expect("a step");
    let problems = bench.engine.preflight(std::slice::from_ref(&order.step)).await.unwrap();
    assert_eq!(problems[0].detail, "The BMC's own name and name servers cannot be set over IPMI here.");
    let redfish = RedfishSubject::new().await;
    let bench = Bench::fresh(&redfish).await;
    redfish.bmc.say(
        "GET",
        "/Nics/eth0",
        json!({"@odata.id": "/redfish/v1/Managers/mgr-x1/Nics/eth0", "IPv4Addresses": [{"Address": "127.0.0.1"}], "HostName": "x"}),
        usize::MAX,
    );
    let problems = bench.engine.preflight(std::slice::from_ref(&order.step)).await.unwrap();
    assert_eq!(problems[0].detail, "The BMC does not tell `bmc.dns`, so it cannot be managed.");
    redfish.bmc.refuse("GET", "/Nics", 403, "InsufficientPrivilege", usize::MAX);
    let problems = bench.engine.preflight(std::slice::from_ref(&order.step)).await.unwrap();
    assert!(problems[0].detail.starts_with("Could not read about the BMC's network interface: "), "{problems:?}");
    assert_eq!(problems[0].hint.as_deref(), Some("give the account the right to see it, or take `bmc` out"));
}

/// OpenBMC makes a new certificate when its name changes.
#[tokio::test]
async fn a_name_is_not_set_where_the_certificate_is_pinned() {
    let subject = RedfishSubject::new().await;
    let bench = Bench::fresh(&subject).await;
    let engine = machine(pinned(&subject.bmc));
    for (specs, is_refused) in
        [(json!({"bmc": {"hostname": "bmc-1"}}), true), (json!({"bmc": {"hostname": "bmc-factory", "dns": ["10.0.0.53"]}}), false)]
    {
        let machine = sample(specs);
        let wanted = bench.resolve(&machine, &machine.values).await;
        let order = bench.plan(&machine, &wanted, None).await.expect("a step");
        let steps = std::slice::from_ref(&order.step);
        assert_eq!(bench.engine.preflight(steps).await.unwrap(), []);
        let told: Vec<String> = engine.preflight(steps).await.unwrap().into_iter().map(|problem| problem.detail).collect();
        assert_eq!(told.len(), usize::from(is_refused), "{told:?}");
        assert!(told.iter().all(|told| told.starts_with("A new name can lock ipr out: ")), "{told:?}");
    }
}

/// bmcweb refuses a list with nothing in it, and puts the list in place of the old one.
#[tokio::test]
async fn a_name_server_is_taken_away_where_nothing_is_no_server() {
    let subject = RedfishSubject::made_of(RedfishKit { refuses_nulls: true, ..RedfishKit::default() }).await;
    let bench = Bench::fresh(&subject).await;
    let record = apply(&bench, json!({"bmc": {"dns": ["10.0.0.53", "10.0.0.54"]}}), None).await.unwrap();
    apply(&bench, json!({"bmc": {"dns": ["10.0.0.54"]}}), Some(&record)).await.unwrap();
    assert_eq!(subject.bmc.name_servers(), ["10.0.0.54"]);
}

#[tokio::test]
async fn the_servers_of_both_kinds_of_dhcp_are_switched_off() {
    let subject = RedfishSubject::made_of(RedfishKit { has_dhcp_v6: true, ..RedfishKit::default() }).await;
    let bench = Bench::fresh(&subject).await;
    let specs = json!({"bmc": {"dns": ["10.0.0.53"]}});
    let record = apply(&bench, specs.clone(), None).await.unwrap();
    assert_eq!(subject.bmc.name_servers(), ["10.0.0.53"]);
    assert_eq!(planned(&bench, specs, Some(&record)).await, Vec::<String>::new());
}
