//! Are virtual drives filled and emptied as it was reviewed, and by the way that the BMC has?

use std::sync::Arc;
use std::time::Duration;

use engine_api::ErrorKind;
use engine_api::contract::{Bench, Subject};
use serde_json::{Value, json};
use test_sim_bmc::redfish::RedfishKit;

use super::subject::RedfishSubject;
use super::{machine, options};
use crate::world::{apply, operations, planned, sample, subject};

const ISO: &str = "https://images.acme.lan/debian-13.iso";
const OTHER: &str = "https://images.acme.lan/rescue.iso";

fn media(called: &str, image: &str) -> Value {
    json!({"media": {called: {"image": image}}})
}

async fn told(subject: &dyn Subject, specs: Value) -> Vec<(String, String)> {
    told_on(&Bench::fresh(subject).await, specs).await
}

async fn told_on(bench: &Bench<'_>, specs: Value) -> Vec<(String, String)> {
    let machine = sample(specs);
    let wanted = bench.resolve(&machine, &machine.values).await;
    let planned = bench.plan(&machine, &wanted, None).await.expect("a step");
    let problems = bench.engine.preflight(std::slice::from_ref(&planned.step)).await.unwrap();
    problems.into_iter().map(|problem| (problem.detail, problem.hint.unwrap_or_default())).collect()
}

#[tokio::test]
async fn an_image_is_in_the_drive_until_it_leaves_the_blueprint() {
    for kit in [
        RedfishKit::default(),
        RedfishKit { has_media_actions: false, ..RedfishKit::default() },
        RedfishKit { media_by_system: true, media_protocols: &["HTTPS", "NFS"], remembers_media: true, ..RedfishKit::default() },
        RedfishKit { protects_media: false, task_looks: 2, ..RedfishKit::default() },
    ] {
        let subject = RedfishSubject::made_of(kit.clone()).await;
        let bench = Bench::fresh(&subject).await;
        let record = apply(&bench, media("cd", ISO), None).await.unwrap();
        assert_eq!(subject.bmc.drive("opt0"), Some((ISO.to_owned(), true)), "{kit:?}");
        assert_eq!(planned(&bench, media("cd", ISO), Some(&record)).await, Vec::<String>::new(), "{kit:?}");
        let record = apply(&bench, media("cd", OTHER), Some(&record)).await.unwrap();
        assert_eq!(subject.bmc.drive("opt0").map(|(image, _)| image).as_deref(), Some(OTHER), "{kit:?}");
        apply(&bench, json!({"power": "on"}), Some(&record)).await.unwrap();
        assert_eq!(subject.bmc.drive("opt0"), None, "{kit:?}");
        assert_eq!(operations(&bench), ["InsertMedia", "InsertMedia", "EjectMedia"]);
    }
}

/// The other name is written for the same drive: nothing is taken out.
#[tokio::test]
async fn a_drive_that_is_called_otherwise_keeps_its_image() {
    let subject = RedfishSubject::new().await;
    let bench = Bench::fresh(&subject).await;
    let record = apply(&bench, media("cd", ISO), None).await.unwrap();
    let record = apply(&bench, media("opt0", ISO), Some(&record)).await.unwrap();
    assert_eq!(operations(&bench), ["InsertMedia"]);
    assert_eq!(planned(&bench, media("opt0", ISO), Some(&record)).await, Vec::<String>::new());
}

#[tokio::test]
async fn drives_of_others_are_left_alone() {
    let subject = RedfishSubject::new().await;
    let bench = Bench::fresh(&subject).await;
    subject.bmc.set_drive("stick1", Some(OTHER));
    let record = apply(&bench, media("cd", ISO), None).await.unwrap();
    apply(&bench, json!({"power": "on"}), Some(&record)).await.unwrap();
    assert_eq!(subject.bmc.drive("stick1").map(|(image, _)| image).as_deref(), Some(OTHER));
}

/// The image is there before the start that is to boot from it.
#[tokio::test]
async fn a_machine_boots_from_an_image_once() {
    let subject = RedfishSubject::new().await;
    let bench = Bench::fresh(&subject).await;
    let mut specs = media("cd", ISO);
    specs["once"] = json!({"token": "a", "boot": "cdrom", "reset": "hard"});
    apply(&bench, specs, None).await.unwrap();
    assert_eq!(operations(&bench), ["InsertMedia", "SetBoot", "Reset"]);
    assert_eq!(subject.bmc.boots()[0].target, "Cd");
}

#[tokio::test]
async fn a_reply_that_is_lost_converges() {
    let subject = RedfishSubject::new().await;
    let bench = Bench::fresh(&subject).await;
    subject.bmc.lose_replies("POST", "/VirtualMedia.InsertMedia", 1);
    let error = apply(&bench, media("cd", ISO), None).await.expect_err("no answer");
    assert_eq!(error.kind, ErrorKind::Timeout, "{error}");
    let requests = || subject.bmc.requests().iter().filter(|request| request.path.ends_with("InsertMedia")).count();
    assert_eq!((planned(&bench, media("cd", ISO), None).await, requests()), (Vec::new(), 1), "it had arrived");
}

#[tokio::test]
async fn an_image_is_out_before_another_comes() {
    let subject = RedfishSubject::made_of(RedfishKit { eject_looks: 3, ..RedfishKit::default() }).await;
    let mut bench = Bench::fresh(&subject).await;
    let mut patient = options(&subject.bmc);
    patient.timeouts.settle = Duration::from_secs(5);
    bench.engine = Arc::new(machine(patient));
    let record = apply(&bench, media("cd", ISO), None).await.unwrap();
    apply(&bench, media("cd", OTHER), Some(&record)).await.unwrap();
    assert_eq!(subject.bmc.drive("opt0").map(|(image, _)| image).as_deref(), Some(OTHER));
}

#[tokio::test]
async fn a_drive_that_takes_no_image_is_not_the_one_that_is_meant() {
    let kit = RedfishKit { has_stuck_drive: true, ..RedfishKit::default() };
    let subject = RedfishSubject::made_of(kit.clone()).await;
    let bench = Bench::fresh(&subject).await;
    apply(&bench, media("cd", ISO), None).await.unwrap();
    assert_eq!((subject.bmc.drive("kvm0"), subject.bmc.drive("opt0")), (None, Some((ISO.to_owned(), true))));
    let expected = ("The virtual drive `kvm0` takes no image: its BMC can only empty it.", "name another one, or take it out here");
    assert_eq!(told(&RedfishSubject::made_of(kit).await, media("kvm0", ISO)).await, [(expected.0.to_owned(), expected.1.to_owned())]);
}

/// A BMC that cannot fetch the image says yes to the request all the same.
#[tokio::test]
async fn an_image_that_does_not_come_is_missed() {
    let subject = RedfishSubject::new().await;
    let bench = Bench::fresh(&subject).await;
    subject.bmc.refuse("POST", "/VirtualMedia.InsertMedia", 202, "Accepted", 1);
    let error = apply(&bench, media("cd", ISO), None).await.expect_err("the drive is empty");
    assert_eq!(error.kind, ErrorKind::Rejected, "{error}");
    assert!(error.to_string().contains("look whether the BMC can reach the image"), "{error}");
}

#[tokio::test]
async fn what_a_bmc_cannot_do_is_said_when_the_plan_is_made() {
    let protected = json!({"media": {"cd": {"image": ISO, "write_protected": false}}});
    let both = json!({"media": {"cd": {"image": ISO}, "opt0": {"image": OTHER}}});
    for (kit, specs, detail, hint) in [
        (RedfishKit::default(), media("tape", ISO), "The BMC has no virtual drive `tape`.", "it has: `opt0` (cd), `stick1` (usb, floppy)"),
        (RedfishKit::default(), both, "`cd` and `opt0` are one virtual drive.", "take one of them out"),
        (
            RedfishKit { media_protocols: &["CIFS", "NFS"], ..RedfishKit::default() },
            media("cd", ISO),
            "The virtual drive `cd` takes no image by HTTPS: its BMC lists other protocols.",
            "fill it with the vendor's tools, and take it out here",
        ),
        (
            RedfishKit { protects_media: false, ..RedfishKit::default() },
            protected,
            "The virtual drive `cd` has no write protection that could be set.",
            "leave `write_protected` out",
        ),
    ] {
        assert_eq!(told(&RedfishSubject::made_of(kit).await, specs).await, [(detail.to_owned(), hint.to_owned())]);
    }
    let blind = RedfishSubject::new().await;
    let bench = Bench::fresh(&blind).await;
    blind.bmc.refuse("GET", "/Media", 403, "InsufficientPrivilege", usize::MAX);
    bench.present(&sample(json!({"power": "on"}))).await;
    let error = apply(&bench, media("cd", ISO), None).await.expect_err("not told");
    assert_eq!(error.kind, ErrorKind::Unauthorised, "{error}");
    assert!(error.to_string().starts_with("could not read what is in the virtual drives"), "{error}");
    let refused = told_on(&bench, media("cd", ISO)).await;
    assert_eq!(refused[0].1, "give the account the right to see it, or take `media` out", "{refused:?}");
    let by_ipmi = told(&subject().await, media("cd", ISO)).await;
    assert_eq!(by_ipmi[0].0, "There are no virtual drives over IPMI here.");
    assert!(by_ipmi[0].1.contains("by Redfish"), "{by_ipmi:?}");
}
