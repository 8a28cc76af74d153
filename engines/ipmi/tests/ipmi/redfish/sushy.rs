//! Does the engine work on sushy-tools' emulator, which OpenStack tests its bare-metal service with? It has no sessions, no ETags, no
//! tasks, no accounts, and in its fake driver no settings of the firmware; what it cannot do is listed in the output.
//!
//! `IPR_TEST_PYTHON` names a Python that has it; else `python3` is asked.

pub(crate) mod emulator;

use core_model::Secret;
use engine_api::contract::{Bench, CASES, Subject};
use engine_api::{Engine, ErrorKind};
use engine_ipmi::{Machine, RedfishDriver, RedfishOptions};
use engine_tls::Trust;
use serde_json::json;
use test_sim_bmc::redfish::SimRedfish;

use self::emulator::{CANNOT, Emulator, GUID, SLOW};
use crate::world::{apply, operations, planned, sample};

/// Without a field that holds a secret there is none to look for; the suite would say that a sample is missing.
const NOT_ON_IT: &[&str] = &["a_secret_appears_nowhere"];

#[tokio::test]
async fn the_contract_is_kept_as_far_as_it_can_do_it() {
    for (path, why) in CANNOT {
        eprintln!("sushy-tools' emulator leaves out `{path}`: {why}");
    }
    run_cases(|name| !name.contains("_lost_") && !name.contains("_field_") && !NOT_ON_IT.contains(&name)).await;
}

#[tokio::test]
async fn fields_are_changed_as_far_as_it_can_do_it() {
    run_cases(|name| name.contains("_field_")).await;
}

#[tokio::test]
async fn lost_replies_converge_as_far_as_it_can_do_it() {
    run_cases(|name| name.contains("_lost_")).await;
}

/// Each with an emulator of its own, beside each other: it needs a new connection for every request.
async fn run_cases(is_meant: impl Fn(&str) -> bool) {
    let Some(emulator) = Emulator::start().await else { return };
    for case in CASES.iter().filter(|case| is_meant(case.name)) {
        eprintln!("{}", case.name);
        (case.run)(&emulator).await;
    }
}

#[tokio::test]
async fn a_machine_is_found_by_its_name_and_never_guessed() {
    let Some(emulator) = Emulator::start().await else { return };
    let probe = emulator.engine().probe().await.unwrap();
    assert_eq!(probe.identity, format!("guid {GUID}"));
    assert_eq!(probe.version, "Redfish on Sushy Emulator unknown, BMC firmware 1.00");
    let any = Machine::new(RedfishDriver::new(emulator.options(None)).unwrap());
    let error = any.probe().await.expect_err("which one?");
    assert_eq!(error.kind, ErrorKind::Conflict, "{error}");
    let stranger =
        RedfishOptions::new(&format!("https://127.0.0.1:{}", emulator.port), "admin", Secret::new("wrong"), Trust::Fingerprint(emulator.fingerprint));
    let error = Machine::new(RedfishDriver::new(stranger.unwrap()).unwrap()).probe().await.expect_err("a wrong password");
    assert_eq!(error.kind, ErrorKind::Unauthorised, "{error}");
    let text = emulator.engine().import().await.unwrap();
    assert!(text.contains(GUID) && text.contains("\"boot\":{\"device\":\"disk\",\"mode\":\"uefi\"}"), "{text}");
}

#[tokio::test]
async fn a_machine_is_switched_and_boots_from_where_it_should() {
    let Some(emulator) = Emulator::start().await else { return };
    let bench = Bench::fresh(&emulator).await;
    let specs = json!({"identity": {"guid": GUID}, "power": "on", "boot": {"device": "pxe", "mode": "legacy"}});
    let record = apply(&bench, specs.clone(), None).await.unwrap();
    assert_eq!(operations(&bench), ["SetBoot", "SetPower"]);
    assert_eq!(planned(&bench, specs, Some(&record)).await, Vec::<String>::new());
    let again = json!({"power": "on", "boot": {"device": "disk", "mode": "uefi"}, "once": {"token": "a", "identify": 1, "reset": "hard"}});
    let record = apply(&bench, again.clone(), Some(&record)).await.unwrap();
    assert_eq!(operations(&bench)[2..], ["SetBoot", "Identify", "Reset"]);
    // It is off for a while when it is reset.
    let is_back = async { while !planned(&bench, again.clone(), Some(&record)).await.is_empty() {} };
    tokio::time::timeout(SLOW.power, is_back).await.expect("it comes back");
}

/// It really fetches the image: here from the root of a simulated BMC, which is told to everybody.
#[tokio::test]
async fn a_drive_is_filled_with_what_it_fetches_and_emptied() {
    let Some(emulator) = Emulator::start().await else { return };
    let server = SimRedfish::start().await;
    let bench = Bench::fresh(&emulator).await;
    let media = |path: &str| json!({"media": {"cd": {"image": format!("https://{}{path}", server.address()), "write_protected": true}}});
    let there = media("/redfish/v1");
    let record = apply(&bench, there.clone(), None).await.unwrap();
    assert!(server.requests().iter().any(|request| request.path == "/redfish/v1"), "it was fetched");
    assert_eq!(planned(&bench, there.clone(), Some(&record)).await, Vec::<String>::new());
    let error = apply(&bench, media("/nothing.iso"), Some(&record)).await.expect_err("it cannot be fetched");
    assert_eq!(error.kind, ErrorKind::Rejected, "{error}");
    assert!(error.to_string().contains("Cannot download virtual media"), "{error}");
    let record = apply(&bench, there, None).await.unwrap();
    let without = json!({"identity": {"guid": GUID}});
    apply(&bench, without.clone(), Some(&record)).await.unwrap();
    assert_eq!(planned(&bench, without, Some(&record)).await, Vec::<String>::new(), "the drive is empty");
    assert_eq!(operations(&bench), ["InsertMedia", "InsertMedia", "InsertMedia", "EjectMedia"]);
}

/// What it cannot do is said to be so; nothing is silently taken for done.
#[tokio::test]
async fn what_it_cannot_do_is_refused_in_words() {
    let Some(emulator) = Emulator::start().await else { return };
    let bench = Bench::fresh(&emulator).await;
    for (specs, words) in [
        (json!({"once": {"token": "a", "boot": "pxe"}}), "keeps something else"),
        (json!({"boot": {"device": "none"}}), "the target refuses"),
        (json!({"after_power_loss": "on"}), "no such policy by Redfish"),
        (json!({"users": [{"name": "ops", "role": "user", "password": "of-ours"}]}), "does not tell who may log in"),
        (json!({"once": {"token": "a", "clear_events": true}}), "no log of hardware events"),
        (json!({"once": {"token": "a", "reset": "cycle"}}), "does not list this"),
        (json!({"ntp": ["ntp1.acme.lan"]}), "no such setting by Redfish"),
        (json!({"bmc": {"hostname": "bmc-1"}}), "by which of its network interfaces"),
        (json!({"boot": {"order": ["Boot0001"]}}), "does not tell it"),
        (json!({"bios": {"SriovGlobalEnable": "Enabled"}}), "does not tell them"),
    ] {
        let error = match specs["once"]["reset"].is_string() {
            // A machine that is off would be switched on instead.
            true => {
                apply(&bench, json!({"power": "on"}), None).await.unwrap();
                apply(&bench, specs.clone(), None).await.expect_err("it cannot")
            }
            false => apply(&bench, specs.clone(), None).await.expect_err("it cannot"),
        };
        eprintln!("sushy-tools' emulator cannot: {specs}: {error}");
        assert_eq!(error.kind, ErrorKind::Rejected, "{error}");
        assert!(error.to_string().contains(words), "{error}");
        let machine = sample(specs.clone());
        let wanted = bench.resolve(&machine, &machine.values).await;
        let order = bench.plan(&machine, &wanted, None).await.expect("a step");
        let told_before = bench.engine.preflight(std::slice::from_ref(&order.step)).await.unwrap();
        let is_listed = specs.get("users").is_some()
            || specs.get("ntp").is_some()
            || specs.get("bios").is_some()
            || specs["boot"]["order"].is_array()
            || specs.get("bmc").is_some()
            || specs["once"]["reset"].is_string();
        assert_eq!(told_before.len(), usize::from(is_listed), "{specs}: {told_before:?}");
    }
}
