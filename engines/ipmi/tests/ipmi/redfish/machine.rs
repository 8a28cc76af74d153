//! What becomes of a machine over Redfish? The stories that IPMI has, and those that only Redfish has.

use engine_api::contract::{Bench, CANARY, Subject, canary};
use engine_api::{Classification, ErrorKind, Repeat};
use serde_json::{Value, json};
use test_sim_bmc::redfish::{Boot, LocalAccount, RedfishKit};

use super::subject::RedfishSubject;
use crate::world::{apply, operations, planned, sample};

/// The machine of the language's own example, whole.
fn rack_machine() -> Value {
    json!({
        "identity": {"serial": "S412340"},
        "power": "on",
        "boot": {"device": "disk", "mode": "uefi"},
        "bios": {"SriovGlobalEnable": "Enabled"},
        "users": [{"name": "ops", "role": "operator", "password": canary()}],
        "once": {"token": "debian-13", "boot": "pxe", "reset": "cycle"},
    })
}

#[tokio::test]
async fn a_machine_is_installed_by_its_network_card_once() {
    let subject = RedfishSubject::new().await;
    let bench = Bench::fresh(&subject).await;
    let record = apply(&bench, rack_machine(), None).await.unwrap();
    assert_eq!(operations(&bench), ["PutAccount", "SetSettings", "SetBoot", "SetBoot", "Reset", "SetBoot"]);
    let bmc = &subject.bmc;
    assert_eq!(bmc.resets(), ["PowerCycle"]);
    assert_eq!(bmc.boots(), [Boot::new("Once", "Pxe", "UEFI")], "the next start boots from the network");
    assert_eq!(bmc.boot(), Boot::new("Continuous", "Hdd", "UEFI"), "and all later ones from the disk");
    assert_eq!(bmc.attribute("SriovGlobalEnable"), json!("Enabled"), "the start took the setting");
    assert_eq!(bmc.account("ops"), Some(LocalAccount::new("ops", CANARY, "Operator")));
    assert_eq!(planned(&bench, rack_machine(), Some(&record)).await, Vec::<String>::new(), "once is enough");
    let mut again = rack_machine();
    again["once"]["token"] = json!("debian-14");
    apply(&bench, again, Some(&record)).await.unwrap();
    assert_eq!(bmc.resets().len(), 2);
}

#[tokio::test]
async fn a_machine_is_asked_to_shut_down_and_cut_off_only_where_that_is_written() {
    for (power_off, stays_on, expected) in [
        (json!({"within": 30}), false, &["GracefulShutdown"][..]),
        (json!({"within": 30}), true, &["GracefulShutdown"]),
        (json!({"within": 30, "force": true}), true, &["GracefulShutdown", "ForceOff"]),
        (json!({"within": 0, "force": true}), true, &["ForceOff"]),
    ] {
        let subject = RedfishSubject::new().await;
        let bench = Bench::fresh(&subject).await;
        if stays_on {
            subject.bmc.ignore_shutdown();
        }
        let done = apply(&bench, json!({"power": "off", "power_off": power_off}), None).await;
        assert_eq!(subject.bmc.resets(), expected, "{power_off}");
        let is_allowed = !stays_on || power_off.get("force").is_some();
        assert_eq!((done.is_ok(), subject.bmc.is_on()), (is_allowed, !is_allowed), "{power_off}");
    }
}

#[tokio::test]
async fn a_machine_that_is_off_is_started_instead_of_reset() {
    let subject = RedfishSubject::new().await;
    let bench = Bench::fresh(&subject).await;
    subject.bmc.press(false);
    apply(&bench, json!({"once": {"token": "a", "boot": "pxe", "reset": "cycle"}}), None).await.unwrap();
    assert_eq!((subject.bmc.is_on(), subject.bmc.resets()), (true, vec!["On".to_owned()]));
    assert_eq!(subject.bmc.boots()[0].target, "Pxe");
}

#[tokio::test]
async fn a_reset_whose_answer_is_lost_is_sent_once_and_unknown() {
    for looks in [0, 2] {
        let subject = RedfishSubject::made_of(RedfishKit { task_looks: looks, ..RedfishKit::default() }).await;
        let bench = Bench::fresh(&subject).await;
        subject.bmc.lose_replies("POST", "/ComputerSystem.Reset", usize::MAX);
        let error = apply(&bench, json!({"once": {"token": "a", "reset": "hard"}}), None).await.expect_err("no answer");
        assert_eq!(error.kind, ErrorKind::Timeout, "{error}");
        assert!(error.to_string().contains("whether it took effect is not known"), "{error}");
        assert_eq!(subject.bmc.resets(), ["ForceRestart"]);
    }
}

/// A BMC that accepts a change and then talks nonsense has accepted it.
#[tokio::test]
async fn what_was_accepted_is_done_whatever_is_said_beside_it() {
    let subject = RedfishSubject::new().await;
    let bench = Bench::fresh(&subject).await;
    subject.bmc.garble("POST", "/ComputerSystem.Reset", 1);
    apply(&bench, json!({"once": {"token": "a", "reset": "hard"}}), None).await.unwrap();
    assert_eq!(subject.bmc.resets(), ["ForceRestart"]);
}

/// The time of the last reset is a trace. No trace is no proof: the machine may be on its way.
#[tokio::test]
async fn a_reset_is_known_by_its_trace_and_else_unknown() {
    for (tells, arrives, expected) in
        [(true, true, Classification::Done), (true, false, Classification::Unknown), (false, true, Classification::Unknown)]
    {
        let subject = RedfishSubject::made_of(RedfishKit { tells_last_reset: tells, ..RedfishKit::default() }).await;
        let bench = Bench::fresh(&subject).await;
        match arrives {
            true => subject.bmc.lose_replies("POST", "/ComputerSystem.Reset", 1),
            false => subject.bmc.refuse("POST", "/ComputerSystem.Reset", 500, "InternalError", 1),
        }
        apply(&bench, json!({"once": {"token": "a", "reset": "hard"}}), None).await.expect_err("no answer");
        let intent = bench.journal.entries().pop().expect("it was announced").intent;
        assert_eq!((intent.operation.as_str(), intent.repeat), ("Reset", Repeat::Never));
        assert_eq!(bench.engine.classify(&intent).await.unwrap(), expected, "{tells} {arrives}");
    }
}

#[tokio::test]
async fn a_task_is_followed_to_its_end() {
    let kit = RedfishKit { task_looks: 3, ..RedfishKit::default() };
    let subject = RedfishSubject::made_of(kit.clone()).await;
    let bench = Bench::fresh(&subject).await;
    apply(&bench, json!({"after_power_loss": "on"}), None).await.unwrap();
    assert_eq!(subject.bmc.requests().iter().filter(|request| request.path.contains("/Tasks/")).count(), 4);
    subject.bmc.fail_next_task("The fan is on fire.");
    let error = apply(&bench, json!({"after_power_loss": "previous"}), None).await.expect_err("it came to nothing");
    assert_eq!((error.kind, error.message.as_str()), (ErrorKind::Rejected, "The fan is on fire."));
    let subject = RedfishSubject::made_of(RedfishKit { task_looks: usize::MAX, ..kit }).await;
    let bench = Bench::fresh(&subject).await;
    let error = apply(&bench, json!({"after_power_loss": "on"}), None).await.expect_err("it never ends");
    assert_eq!(error.kind, ErrorKind::Timeout);
    assert!(error.to_string().contains("/redfish/v1/TaskService/Tasks/0 has not ended after 0 s and goes on"), "{error}");
    subject.bmc.refuse("GET", "/Tasks/1", 404, "ResourceMissingAtURI", 1);
    let error = apply(&bench, json!({"after_power_loss": "previous"}), None).await.expect_err("it is gone");
    assert_eq!(error.kind, ErrorKind::Timeout);
    assert!(error.to_string().contains("/Tasks/1 is gone, and what it came to is not known"), "{error}");
}

#[tokio::test]
async fn accounts_of_others_are_left_alone() {
    let subject = RedfishSubject::new().await;
    let bench = Bench::fresh(&subject).await;
    let users = |names: &[&str]| json!({"users": names.iter().map(|name| json!({"name": name, "role": "user", "password": "one-of-ours"})).collect::<Vec<_>>()});
    let names = || subject.bmc.accounts().into_iter().map(|account| account.name).collect::<Vec<_>>();
    let record = apply(&bench, users(&["eve", "ops"]), None).await.unwrap();
    assert_eq!(names(), ["admin", "oper", "eve", "ops"]);
    apply(&bench, users(&["ops"]), Some(&record)).await.unwrap();
    assert_eq!(names(), ["admin", "oper", "ops"]);
    assert_eq!(subject.bmc.account("oper"), Some(LocalAccount::new("oper", "opassword", "Operator")));
}

/// The BMC repeats what it does not like; we do not.
#[tokio::test]
async fn a_password_that_the_bmc_refuses_is_in_no_message() {
    let subject = RedfishSubject::new().await;
    let bench = Bench::fresh(&subject).await;
    let users = json!({"users": [{"name": "ops", "role": "user", "password": "refused-61c0ffee"}]});
    let error = apply(&bench, users, None).await.expect_err("refused");
    assert!(error.to_string().contains("[secret]"), "{error}");
    let told = format!("{error} {error:?} {:?}", bench.journal.entries());
    assert!(!told.contains("refused-61c0ffee"), "{told}");
}

#[tokio::test]
async fn health_is_told_and_is_no_difference() {
    let subject = RedfishSubject::new().await;
    let bench = Bench::fresh(&subject).await;
    let machine = sample(json!({"power": "on"}));
    assert_eq!(bench.observe(&[&machine]).await.notes, Vec::<String>::new());
    let before = bench.present(&machine).await;
    let bmc = &subject.bmc;
    bmc.set_health("system", "Warning");
    bmc.set_health("PSU1", "Critical");
    bmc.set_health("CPU Temp", "Warning");
    bmc.log_event("OK", "All is well.", "2026-11-20T10:00:00Z");
    bmc.log_event("Critical", "PSU1 has failed.", "2026-11-19T10:00:00Z");
    bmc.log_event("Warning", "PSU1 is hot.", "2026-11-18T10:00:00Z");
    let expected = [
        "the machine needs attention",
        "`PSU1` is in a critical state",
        "`CPU Temp` needs attention",
        "the newest grave entry in its event log says \"PSU1 has failed\", on 2026-11-19",
    ];
    assert_eq!(bench.observe(&[&machine]).await.notes, expected);
    assert_eq!(bench.present(&machine).await, before);
    apply(&bench, json!({"once": {"token": "a", "clear_events": true, "identify": 1}}), None).await.unwrap();
    assert_eq!((bmc.events(), bmc.blinks(), bmc.is_lit()), (0, 1, false));
}

#[tokio::test]
async fn a_machine_is_imported_as_it_is() {
    let subject = RedfishSubject::new().await;
    subject.bmc.set_boot(Boot::new("Continuous", "Hdd", "UEFI"));
    subject.bmc.set_drive("opt0", Some("https://images.acme.lan/a.iso"));
    let text = subject.engine().import().await.unwrap();
    let expected = concat!(
        "version: \"1.0\"\nname: imported\nresources:\n  # SimCo SimServer\n  - type: compute\n    name: machine-s412340\n    provider: ipmi\n",
        "    specs: {\"after_power_loss\":\"off\",",
        "\"bios\":{\"AssetLabel\":\"\",\"BiosVersion\":\"2.1\",\"CoresPerSocket\":\"16\",\"Profile\":\"Balanced\",\"QuietBoot\":\"true\",",
        "\"SriovGlobalEnable\":\"Disabled\",\"TurboMode\":\"Enabled\"},",
        "\"bmc\":{\"hostname\":\"bmc-factory\"},",
        "\"boot\":{\"device\":\"disk\",\"mode\":\"uefi\",\"order\":[\"debian\",\"UEFI PXE: Slot 1\",\"Boot0003\",\"Boot0004\"]},",
        "\"console\":{\"enabled\":false},",
        "\"identity\":{\"guid\":\"4c4c4544-0033-4610-8050-b4c04f305032\",\"serial\":\"S412340\"},",
        "\"media\":{\"opt0\":{\"image\":\"https://images.acme.lan/a.iso\",\"write_protected\":true}},",
        "\"users\":[{\"enabled\":true,\"name\":\"oper\",\"role\":\"operator\"}]}\n"
    );
    assert_eq!(text, expected);
}

#[tokio::test]
async fn no_old_host_tells_the_bmc_the_time_any_more() {
    let subject = RedfishSubject::new().await;
    let bench = Bench::fresh(&subject).await;
    subject.bmc.set_time_servers(["a.example", "b.example", "c.example"]);
    let specs = json!({"ntp": ["ntp1.acme.lan"]});
    let record = apply(&bench, specs.clone(), None).await.unwrap();
    assert_eq!(subject.bmc.time_servers(), ["ntp1.acme.lan"]);
    assert_eq!(planned(&bench, specs, Some(&record)).await, Vec::<String>::new());
}

/// Who may only switch may not know the others; the machine is seen all the same, and accounts cannot be managed.
#[tokio::test]
async fn an_account_that_may_not_see_others_sees_the_machine() {
    for path in ["/AccountService", "/AccountService/Accounts"] {
        let subject = RedfishSubject::new().await;
        let bench = Bench::fresh(&subject).await;
        subject.bmc.refuse("GET", path, 403, "InsufficientPrivilege", usize::MAX);
        let machine = sample(json!({"users": [{"name": "ops", "role": "user", "password": "x"}]}));
        let seen = bench.present(&machine).await;
        assert!(seen.values["specs"].get("users").is_none(), "{path}");
        let wanted = bench.resolve(&machine, &machine.values).await;
        let order = bench.plan(&machine, &wanted, None).await.expect("a step");
        let problems = bench.engine.preflight(std::slice::from_ref(&order.step)).await.unwrap();
        assert!(problems[0].detail.starts_with("The BMC does not tell who may log in"), "{problems:?}");
        apply(&bench, json!({"after_power_loss": "on"}), None).await.unwrap();
    }
}

/// Somebody is listed and cannot be read: that is not nobody.
#[tokio::test]
async fn an_account_that_cannot_be_read_is_a_gap() {
    let subject = RedfishSubject::new().await;
    let bench = Bench::fresh(&subject).await;
    subject.bmc.refuse("GET", "/Accounts/3", 403, "InsufficientPrivilege", usize::MAX);
    let seen = bench.observe(&[&sample(json!({"power": "on"}))]).await;
    assert!(seen.objects.is_empty());
    assert!(seen.gaps[0].why.contains("read who may log in"), "{:?}", seen.gaps);
}
