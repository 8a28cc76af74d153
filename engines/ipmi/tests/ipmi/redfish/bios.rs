//! Are the firmware's settings checked before they are set, and is it told that they wait?

use engine_api::contract::Bench;
use serde_json::{Value, json};
use test_sim_bmc::redfish::RedfishKit;

use super::subject::RedfishSubject;
use crate::world::{apply, planned, sample};

#[tokio::test]
async fn what_the_registry_does_not_allow_is_said_when_the_plan_is_made() {
    let subject = RedfishSubject::new().await;
    let bench = Bench::fresh(&subject).await;
    for (bios, expected) in [
        (json!({"SriovGlobalEnable": "On"}), &["`On` is no value of the firmware's setting `SriovGlobalEnable`: Enabled, Disabled."][..]),
        (json!({"SriovGlobalEnabel": "Enabled"}), &["The firmware has no setting `SriovGlobalEnabel`."]),
        (json!({"CoresPerSocket": "17"}), &["`17` does not fit the firmware's setting `CoresPerSocket`: a number from 0 to 64, in steps of 4."]),
        (json!({"BiosVersion": "3.0"}), &["The firmware's setting `BiosVersion` cannot be set; it is read-only."]),
        (json!({"SetupPassword": "x"}), &["The firmware's setting `SetupPassword` is a password, which it never tells; it cannot be managed."]),
        (json!({"Profile": "Power", "TurboMode": "Disabled"}), &["The firmware's setting `TurboMode` cannot be set while `Profile` is `Power`."]),
        (json!({"SriovGlobalEnable": "Enabled", "CoresPerSocket": "8", "QuietBoot": "false"}), &[]),
    ] {
        let machine = sample(json!({"bios": bios}));
        let wanted = bench.resolve(&machine, &machine.values).await;
        let order = bench.plan(&machine, &wanted, None).await.expect("a step");
        let problems = bench.engine.preflight(std::slice::from_ref(&order.step)).await.unwrap();
        assert_eq!(problems.iter().map(|problem| problem.detail.as_str()).collect::<Vec<_>>(), expected, "{bios}");
    }
}

#[tokio::test]
async fn settings_wait_for_the_next_start_and_that_is_told() {
    for (tells_settings, settings_name, vendor) in [(true, "Settings", "SimCo"), (false, "SD", "GIGABYTE")] {
        for repeats_settings in [true, false] {
            let kit = RedfishKit { repeats_settings, tells_settings, settings_name, vendor, ..RedfishKit::default() };
            let subject = RedfishSubject::made_of(kit).await;
            let bench = Bench::fresh(&subject).await;
            let specs = json!({"bios": {"SriovGlobalEnable": "Enabled", "CoresPerSocket": "8"}});
            let machine = sample(specs.clone());
            let wanted = bench.resolve(&machine, &machine.values).await;
            let order = bench.plan(&machine, &wanted, None).await.expect("a step");
            bench.carry_out(&order).await.unwrap();
            assert_eq!((subject.bmc.attribute("CoresPerSocket"), subject.bmc.attribute_to_come("CoresPerSocket")), (json!(16), Some(json!(8))));
            let expected = "the firmware's setting `CoresPerSocket` becomes `8` at the next start, \
                            the firmware's setting `SriovGlobalEnable` becomes `Enabled` at the next start";
            assert_eq!(bench.engine.pending(&order).await.unwrap().as_deref(), Some(expected));
            let record = bench.maker.record(&machine, &wanted);
            assert_eq!(planned(&bench, specs, Some(&record)).await, Vec::<String>::new(), "what waits is no difference");
            subject.bmc.press(false);
            subject.bmc.press(true);
            assert_eq!(subject.bmc.attribute("CoresPerSocket"), json!(8));
            assert_eq!(bench.engine.pending(&order).await.unwrap(), None);
        }
    }
}

#[tokio::test]
async fn settings_that_a_bmc_drops_are_missed() {
    let subject = RedfishSubject::new().await;
    let bench = Bench::fresh(&subject).await;
    subject.bmc.say("GET", "/Firmware/Settings", json!({"Attributes": {}}), usize::MAX);
    let error = apply(&bench, json!({"bios": {"QuietBoot": "false"}}), None).await.expect_err("not shown");
    assert!(error.to_string().contains("does not show what was set: QuietBoot"), "{error}");
}

#[tokio::test]
async fn without_a_registry_names_are_checked_against_what_is_there() {
    let subject = RedfishSubject::new().await;
    let bench = Bench::fresh(&subject).await;
    subject.bmc.refuse("GET", "/store/en.json", 404, "ResourceMissingAtURI", usize::MAX);
    for (name, count) in [("QuietBoot", 0), ("QuitBoot", 1)] {
        let machine = sample(json!({"bios": Value::Object([(name.to_owned(), json!("false"))].into_iter().collect())}));
        let wanted = bench.resolve(&machine, &machine.values).await;
        let order = bench.plan(&machine, &wanted, None).await.expect("a step");
        assert_eq!(bench.engine.preflight(std::slice::from_ref(&order.step)).await.unwrap().len(), count, "{name}");
    }
}
