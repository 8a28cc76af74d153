//! Does the engine keep the contract on what vendors do in their own way? The promises that their ways bear on, for each row.

use engine_api::contract::{Bench, cases};
use serde_json::json;
use test_sim_bmc::redfish::{Boot, Etags, RedfishKit, VENDORS};

use super::subject::RedfishSubject;
use crate::world::{apply, planned, sample};

async fn subject_of(name: &str) -> RedfishSubject {
    let vendor = VENDORS.iter().find(|vendor| vendor.name.starts_with(name)).expect("a row");
    RedfishSubject::made_of((vendor.kit)()).await
}

/// One test for each row, by what its name begins with.
macro_rules! on_each_vendor {
    ($($test:ident: $name:literal,)*) => {
        $(
            #[tokio::test]
            async fn $test() {
                let subject = subject_of($name).await;
                cases::plan_apply_plan_is_empty(&subject).await;
                cases::each_field_can_be_updated(&subject).await;
            }
        )*

        #[test]
        fn no_row_is_forgotten() {
            let tested = [$($name),*];
            let forgotten: Vec<&str> = VENDORS.iter().map(|vendor| vendor.name).filter(|name| !tested.iter().any(|begin| name.starts_with(begin))).collect();
            assert_eq!(forgotten, Vec::<&str>::new());
        }
    };
}

on_each_vendor! {
    demands_if_match: "demands If-Match",
    demands_if_match_and_tells_no_etag: "demands If-Match and tells no ETag",
    has_no_etags: "has no ETags",
    intel: "Intel",
    idrac_10: "iDRAC 10",
    dell: "Dell",
    gigabyte: "Gigabyte",
    supermicro: "Supermicro",
    lenovo: "Lenovo",
    media_of_the_system: "virtual media of the system",
    tasks_and_pages: "tasks, pages of one",
    collections_with_their_members: "collections with their members",
    no_sessions: "no sessions",
}

#[tokio::test]
async fn what_is_lost_converges_with_slots() {
    cases::a_reply_lost_while_creating_converges(&subject_of("Dell").await).await;
}

#[tokio::test]
async fn what_is_lost_converges_with_tasks() {
    cases::a_reply_lost_while_creating_converges(&subject_of("tasks").await).await;
}

#[tokio::test]
async fn changes_name_the_state_that_they_change_and_actions_do_not() {
    for (etags, is_named) in
        [(Etags::None, false), (Etags::Optional, true), (Etags::Required, true), (Etags::RequiredAndUntold, true), (Etags::Unquoted, true)]
    {
        let vendor = if etags == Etags::Unquoted { "Intel" } else { "SimCo" };
        let subject = RedfishSubject::made_of(RedfishKit { etags, vendor, ..RedfishKit::default() }).await;
        let bench = Bench::fresh(&subject).await;
        apply(&bench, json!({"after_power_loss": "on", "once": {"token": "a", "reset": "hard", "clear_events": true}}), None).await.unwrap();
        let requests = subject.bmc.requests();
        let patches: Vec<_> = requests.iter().filter(|request| request.method == "PATCH").collect();
        assert_eq!(patches.last().map(|patch| patch.if_match.is_some()), Some(is_named), "{etags:?}");
        assert!(requests.iter().filter(|request| request.method == "POST").all(|post| post.if_match.is_none()), "{etags:?}");
        assert_eq!((subject.bmc.restore_policy().as_str(), subject.bmc.resets()), ("AlwaysOn", vec!["ForceRestart".to_owned()]));
    }
}

#[tokio::test]
async fn accounts_are_read_at_once_where_that_is_possible() {
    for (name, reads) in [("collections", 1), ("demands", 3)] {
        let subject = subject_of(name).await;
        let bench = Bench::fresh(&subject).await;
        subject.bmc.forget_requests();
        bench.present(&sample(json!({"power": "on"}))).await;
        let requests = subject.bmc.requests();
        assert_eq!(requests.iter().filter(|request| request.path.contains("/Accounts")).count(), reads, "{name}");
    }
}

#[tokio::test]
async fn what_changed_under_us_is_read_anew_once() {
    let subject = RedfishSubject::new().await;
    let bench = Bench::fresh(&subject).await;
    subject.bmc.refuse("PATCH", "/node.9f", 412, "PreconditionFailed", 1);
    apply(&bench, json!({"after_power_loss": "on"}), None).await.unwrap();
    let bench = Bench::fresh(&subject).await;
    subject.bmc.refuse("PATCH", "/node.9f", 412, "PreconditionFailed", usize::MAX);
    let error = apply(&bench, json!({"after_power_loss": "on"}), None).await.expect_err("refused twice");
    assert_eq!(error.kind, engine_api::ErrorKind::Conflict);
    assert_eq!(subject.bmc.requests().iter().filter(|request| request.method == "PATCH").count(), 2);
}

#[tokio::test]
async fn accounts_in_slots_are_filled_and_emptied() {
    let subject = subject_of("Dell").await;
    let bench = Bench::fresh(&subject).await;
    let users = |names: &[&str]| json!({"users": names.iter().map(|name| json!({"name": name, "role": "user", "password": "one-of-ours"})).collect::<Vec<_>>()});
    let names = || subject.bmc.accounts().into_iter().map(|account| account.name).collect::<Vec<_>>();
    let record = apply(&bench, users(&["eve", "ops", "max"]), None).await.unwrap();
    assert_eq!(names(), ["admin", "oper", "eve", "ops", "max"], "the reserved slot stays empty");
    assert!(subject.bmc.account("eve").is_some_and(|eve| eve.enabled && eve.role == "ReadOnly"));
    let error = apply(&bench, users(&["eve", "ops", "max", "tim"]), Some(&record)).await.expect_err("no slot is left");
    assert!(error.to_string().contains("all 6 slots of the BMC are taken"), "{error}");
    let record = apply(&bench, users(&["ops"]), Some(&record)).await.unwrap();
    assert_eq!(names(), ["admin", "oper", "ops"]);
    assert_eq!(planned(&bench, users(&["ops"]), Some(&record)).await, Vec::<String>::new());
    assert!(subject.bmc.requests().iter().all(|request| request.method != "DELETE" || request.path.contains("Session")));
}

#[tokio::test]
async fn the_service_tag_is_the_serial_number_of_a_dell() {
    let subject = subject_of("Dell").await;
    let bench = Bench::fresh(&subject).await;
    apply(&bench, json!({"identity": {"serial": "S412340"}, "after_power_loss": "on"}), None).await.unwrap();
    let text = bench.engine.import().await.unwrap();
    assert!(text.contains("\"serial\":\"S412340\""), "{text}");
}

#[tokio::test]
async fn the_mode_is_kept_where_it_would_be_put_back() {
    let subject = subject_of("Supermicro").await;
    let bench = Bench::fresh(&subject).await;
    apply(&bench, json!({"boot": {"device": "disk"}}), None).await.unwrap();
    assert_eq!(subject.bmc.boot(), Boot::new("Continuous", "Hdd", "UEFI"));
}

/// sushy-tools does it, and says yes to the other.
#[tokio::test]
async fn an_override_that_is_kept_as_another_is_caught() {
    let subject = RedfishSubject::made_of(RedfishKit { once_becomes_lasting: true, ..RedfishKit::default() }).await;
    let bench = Bench::fresh(&subject).await;
    let error = apply(&bench, json!({"once": {"token": "a", "boot": "pxe", "reset": "hard"}}), None).await.expect_err("not kept");
    assert!(error.to_string().contains("said yes and keeps something else"), "{error}");
    assert_eq!(subject.bmc.resets(), Vec::<String>::new(), "and the machine is not reset into it");
}

#[tokio::test]
async fn what_the_bmc_does_not_list_is_refused_before_it_begins() {
    let kit = RedfishKit { reset_types: &["On", "ForceOff", "ForceRestart"], overrides: &["Disabled", "Once"], ..RedfishKit::default() };
    for has_action_info in [false, true] {
        let subject = RedfishSubject::made_of(RedfishKit { has_action_info, ..kit.clone() }).await;
        let bench = Bench::fresh(&subject).await;
        for (specs, expected) in [
            (json!({"once": {"token": "a", "reset": "cycle"}}), "The machine cannot be reset by `cycle` over Redfish."),
            (json!({"power": "off"}), "The operating system cannot be asked to shut down over Redfish."),
            (json!({"boot": {"device": "disk"}}), "The BMC overrides the boot order for the next start only, not for every start."),
            (json!({"once": {"token": "a", "boot": "http"}}), "Redfish cannot let a machine boot from `http`."),
            (json!({"users": [{"name": "admin", "role": "user"}]}), "`admin` is the account that ipr itself logs in with"),
            (json!({"identity": {"serial": "S1"}}), "This is another machine: its serial number is `S412340`"),
        ] {
            let sample = sample(specs.clone());
            let wanted = bench.resolve(&sample, &sample.values).await;
            let order = bench.plan(&sample, &wanted, None).await.expect("a step");
            let problems = bench.engine.preflight(std::slice::from_ref(&order.step)).await.unwrap();
            assert_eq!(problems.len(), 1, "{specs}: {problems:?}");
            assert!(problems[0].detail.starts_with(expected), "{}", problems[0].detail);
            assert!(problems[0].hint.is_some());
        }
        assert!(subject.bmc.requests().iter().all(|request| request.method == "GET" || request.path.contains("Session")), "nothing was changed");
        let forced = json!({"power": "off", "power_off": {"within": 0, "force": true}});
        apply(&bench, forced, None).await.unwrap();
        assert!(!subject.bmc.is_on());
    }
}
