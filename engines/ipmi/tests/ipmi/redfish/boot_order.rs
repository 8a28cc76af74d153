//! Is the firmware's own boot order checked before it is set, kept as it was reviewed, and told where it waits?

use engine_api::ErrorKind;
use engine_api::contract::{Bench, Subject};
use serde_json::{Value, json};
use test_sim_bmc::redfish::{Boot, RedfishKit};

use super::subject::RedfishSubject;
use crate::world::{apply, operations, planned, sample, subject};

fn specs(order: &[&str]) -> Value {
    json!({"boot": {"order": order}})
}

/// What preflight says of an order: the detail and the hint of each problem.
async fn told(subject: &dyn Subject, order: &[&str]) -> Vec<(String, String)> {
    let bench = Bench::fresh(subject).await;
    let machine = sample(specs(order));
    let wanted = bench.resolve(&machine, &machine.values).await;
    let planned = bench.plan(&machine, &wanted, None).await.expect("a step");
    let problems = bench.engine.preflight(std::slice::from_ref(&planned.step)).await.unwrap();
    problems.into_iter().map(|problem| (problem.detail, problem.hint.unwrap_or_default())).collect()
}

#[tokio::test]
async fn an_order_alone_leaves_the_override_alone() {
    let subject = RedfishSubject::new().await;
    let bench = Bench::fresh(&subject).await;
    subject.bmc.set_boot(Boot::new("Continuous", "Cd", "UEFI"));
    let order = specs(&["UEFI PXE: Slot 1", "debian", "Boot0003", "Boot0004"]);
    let record = apply(&bench, order.clone(), None).await.unwrap();
    assert_eq!(operations(&bench), ["SetBootOrder"]);
    assert_eq!(subject.bmc.boot_order(), ["Boot0002", "Boot0001", "Boot0003", "Boot0004"]);
    assert_eq!(subject.bmc.boot(), Boot::new("Continuous", "Cd", "UEFI"));
    assert_eq!(planned(&bench, order, Some(&record)).await, Vec::<String>::new());
}

#[tokio::test]
async fn an_order_that_waits_is_told_and_is_no_difference() {
    let subject = RedfishSubject::made_of(RedfishKit { boot_by_settings: true, ..RedfishKit::default() }).await;
    let bench = Bench::fresh(&subject).await;
    let before = subject.bmc.boot_order();
    let machine = sample(specs(&["Boot0003", "debian"]));
    let wanted = bench.resolve(&machine, &machine.values).await;
    let order = bench.plan(&machine, &wanted, None).await.expect("a step");
    let remarks = machine.kind.remarks(&order.step);
    assert_eq!(remarks, ["the firmware's boot order holds from the next start on; no start is made for it"]);
    bench.carry_out(&order).await.unwrap();
    assert_eq!(subject.bmc.boot_order(), before, "until the machine starts");
    let expected = "the firmware's boot order becomes Boot0003, debian at the next start";
    assert_eq!(bench.engine.pending(&order).await.unwrap().as_deref(), Some(expected));
    let record = bench.maker.record(&machine, &wanted);
    assert_eq!(planned(&bench, specs(&["Boot0003", "debian"]), Some(&record)).await, Vec::<String>::new());
    subject.bmc.press(false);
    subject.bmc.press(true);
    assert_eq!(subject.bmc.boot_order(), ["Boot0003", "Boot0001"]);
    assert_eq!(bench.engine.pending(&order).await.unwrap(), None);
}

#[tokio::test]
async fn what_the_machine_does_not_have_is_said_when_the_plan_is_made() {
    let known = "it has: `debian`, `UEFI PXE: Slot 1`, `Boot0003`, `Boot0004`, `Boot0005`";
    for (order, detail, hint) in [
        (["debain", "Boot0003"], "The machine has no boot option `debain`.", known),
        // Two options have this name, so neither goes by it.
        (["debian", "UEFI PXE"], "The machine has no boot option `UEFI PXE`.", known),
        (
            ["Boot0001", "Boot0003"],
            "The boot option `Boot0001` is called `debian` by this BMC, and is compared by that name.",
            "write `debian`: the number may be another one after an installation",
        ),
    ] {
        assert_eq!(told(&RedfishSubject::new().await, &order).await, [(detail.to_owned(), hint.to_owned())]);
    }
    assert_eq!(told(&RedfishSubject::new().await, &["debian", "Boot0003"]).await, []);
}

#[tokio::test]
async fn where_there_is_no_order_it_is_refused_in_the_plan() {
    let without = RedfishSubject::made_of(RedfishKit { has_boot_order: false, ..RedfishKit::default() }).await;
    let expected = "The firmware's boot order cannot be set over Redfish here.";
    assert_eq!(told(&without, &["debian"]).await.first().map(|(detail, _)| detail.as_str()), Some(expected));
    let problems = told(&subject().await, &["debian"]).await;
    assert_eq!(problems[0].0, "The firmware's boot order cannot be set over IPMI here.");
    assert!(problems[0].1.contains("reach the machine by Redfish"), "{problems:?}");
}

#[tokio::test]
async fn an_order_that_is_not_kept_is_missed() {
    let subject = RedfishSubject::made_of(RedfishKit { whole_order_only: true, ..RedfishKit::default() }).await;
    let bench = Bench::fresh(&subject).await;
    let error = apply(&bench, specs(&["debian"]), None).await.expect_err("the BMC wants all of them");
    assert_eq!(error.kind, ErrorKind::Rejected, "{error}");
    // Another BMC says yes, and does nothing.
    subject.bmc.refuse("PATCH", "/node.9f", 200, "Success", usize::MAX);
    let error = apply(&bench, specs(&["Boot0004", "Boot0003", "debian", "UEFI PXE: Slot 1"]), None).await.expect_err("not kept");
    assert!(error.to_string().contains("said yes and keeps another order"), "{error}");
}

/// Who may not read what describes the options knows them by their references.
#[tokio::test]
async fn options_without_descriptions_go_by_their_references() {
    let subject = RedfishSubject::new().await;
    let bench = Bench::fresh(&subject).await;
    subject.bmc.refuse("GET", "/BootOptions", 403, "InsufficientPrivilege", usize::MAX);
    let order = specs(&["Boot0004", "Boot0003", "Boot0001", "Boot0002"]);
    apply(&bench, order, None).await.unwrap();
    assert_eq!(subject.bmc.boot_order(), ["Boot0004", "Boot0003", "Boot0001", "Boot0002"]);
    let machine = sample(specs(&["debian"]));
    let wanted = bench.resolve(&machine, &machine.values).await;
    let planned = bench.plan(&machine, &wanted, None).await.expect("a step");
    let problem = bench.engine.preflight(std::slice::from_ref(&planned.step)).await.unwrap().remove(0);
    assert!(problem.detail.starts_with("Whether `debian` is a boot option is not known: could not read the firmware's boot order: "), "{problem:?}");
    assert!(problem.hint.is_some_and(|hint| hint.contains("`Boot0001`")));
}
