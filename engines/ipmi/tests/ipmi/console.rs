//! Is the serial console set up as the blueprint says, and what is not asked for left as it is?

use engine_api::ErrorKind;
use engine_api::contract::Bench;
use serde_json::json;

use crate::redfish::subject::RedfishSubject;
use crate::world::{apply, operations, planned, sample, subject};

#[tokio::test]
async fn what_protects_its_sessions_stays() {
    let subject = subject().await;
    let bench = Bench::fresh(&subject).await;
    let specs = json!({"console": {"enabled": true, "role": "operator"}});
    let record = apply(&bench, specs.clone(), None).await.unwrap();
    assert_eq!(subject.bmc.console(1), 1);
    assert_eq!(subject.bmc.console(2), 0xc3, "an operator, and still authenticated and encrypted");
    assert_eq!(subject.bmc.console(5), 7, "nobody asked for another bit rate");
    assert_eq!(planned(&bench, specs, Some(&record)).await, Vec::<String>::new());
    assert_eq!(operations(&bench), ["SetConsole"]);
}

#[tokio::test]
async fn a_bmc_that_drops_it_is_caught_at_it() {
    let subject = subject().await;
    let bench = Bench::fresh(&subject).await;
    subject.bmc.refuse(0x0c, 0x21, 0x00, usize::MAX);
    let error = apply(&bench, json!({"console": {"bit_rate": "115200"}}), None).await.expect_err("not kept");
    assert_eq!(error.kind, ErrorKind::Rejected);
    assert!(error.to_string().contains("the BMC said yes and keeps something else"), "{error}");
}

#[tokio::test]
async fn what_a_bmc_does_not_tell_is_refused_in_the_plan() {
    let machine = sample(json!({"console": {"enabled": true, "role": "operator"}}));
    let redfish = RedfishSubject::new().await;
    let bench = Bench::fresh(&redfish).await;
    let wanted = bench.resolve(&machine, &machine.values).await;
    let order = bench.plan(&machine, &wanted, None).await.expect("a step");
    let details = async || {
        let problems = bench.engine.preflight(std::slice::from_ref(&order.step)).await.unwrap();
        problems.into_iter().map(|problem| problem.detail).collect::<Vec<_>>()
    };
    assert_eq!(details().await, ["The BMC does not tell `console.role` over Redfish, so it cannot be managed."]);
    redfish.bmc.say("GET", "/Managers/mgr-x1", json!({"@odata.id": "/redfish/v1/Managers/mgr-x1", "Id": "mgr-x1"}), usize::MAX);
    assert_eq!(details().await, ["The serial console cannot be set up over Redfish here."]);
    let ipmi = subject().await;
    ipmi.bmc.refuse(0x0c, 0x22, 0xc1, usize::MAX);
    let problems = crate::world::engine(&ipmi.bmc).preflight(std::slice::from_ref(&order.step)).await.unwrap();
    assert_eq!(problems[0].detail, "The BMC does not tell `console.enabled` over IPMI, so it cannot be managed.");
}
