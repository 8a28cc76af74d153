//! What becomes of a machine? Stories of power, boot, accounts and one-shot actions, from the blueprint to the bare metal.

use core_model::plan::Action;
use engine_api::contract::{Bench, CANARY, Subject, canary};
use engine_api::{ErrorKind, ObserveScope, Readiness, Repeat, Wanted};
use serde_json::{Value, json};
use test_sim_bmc::{BootFlags, Kit, User};

use crate::subject::SimSubject;
use crate::world::{apply, operations, planned, sample, subject};

fn lasting_disk() -> BootFlags {
    BootFlags { valid: true, lasting: true, uefi: true, device: 2 }
}

/// The machine of the language's own example, without the settings of the firmware.
fn rack_machine() -> Value {
    json!({
        "identity": {"serial": "S412340"},
        "power": "on",
        "boot": {"device": "disk", "mode": "uefi"},
        "users": [{"name": "ops", "role": "operator", "password": canary()}],
        "once": {"token": "debian-13", "boot": "pxe", "reset": "cycle"},
    })
}

#[tokio::test]
async fn a_machine_is_installed_by_its_network_card_once() {
    let subject = subject().await;
    let bench = Bench::fresh(&subject).await;
    let record = apply(&bench, rack_machine(), None).await.unwrap();
    assert_eq!(operations(&bench), ["PutAccount", "SetBoot", "SetBoot", "Reset", "SetBoot"]);
    let bmc = &subject.bmc;
    assert_eq!((bmc.cycles(), bmc.resets()), (1, 0));
    let booted = bmc.boots();
    assert_eq!((booted[0].device, booted[0].lasting), (1, false), "the next start boots from the network");
    assert_eq!(bmc.boot_flags(), lasting_disk(), "and all later ones from the disk");
    let expected = User { name: "ops".to_owned(), password: CANARY.to_owned(), privilege: 3, may_send: true, enabled: true };
    assert_eq!(bmc.user("ops"), Some(expected));
    assert_eq!(planned(&bench, rack_machine(), Some(&record)).await, Vec::<String>::new(), "once is enough");
    let mut again = rack_machine();
    again["once"]["token"] = json!("debian-14");
    apply(&bench, again, Some(&record)).await.unwrap();
    assert_eq!(bmc.cycles(), 2);
}

#[tokio::test]
async fn a_machine_that_is_off_is_started_instead_of_reset() {
    let subject = subject().await;
    let bench = Bench::fresh(&subject).await;
    subject.bmc.press(false);
    apply(&bench, json!({"once": {"token": "a", "boot": "pxe", "reset": "cycle"}}), None).await.unwrap();
    assert_eq!((subject.bmc.is_on(), subject.bmc.cycles()), (true, 0));
    assert_eq!(subject.bmc.boots()[0].device, 1);
}

#[tokio::test]
async fn a_machine_is_asked_to_shut_down_and_cut_off_only_where_that_is_written() {
    for (power_off, stays_on, expected) in [
        (json!({"within": 30}), false, &["SetPower"][..]),
        (json!({"within": 30}), true, &["SetPower"]),
        (json!({"within": 30, "force": true}), true, &["SetPower", "SetPower"]),
        (json!({"within": 0, "force": true}), true, &["SetPower"]),
    ] {
        let subject = subject().await;
        let bench = Bench::fresh(&subject).await;
        if stays_on {
            subject.bmc.ignore_shutdown();
        }
        let done = apply(&bench, json!({"power": "off", "power_off": power_off}), None).await;
        assert_eq!(operations(&bench), expected, "{power_off}");
        let is_allowed = !stays_on || power_off.get("force").is_some();
        assert_eq!(subject.bmc.is_on(), !is_allowed, "{power_off}");
        match done {
            Ok(_) => assert!(is_allowed),
            Err(error) => {
                assert!(!is_allowed);
                assert_eq!(error.kind, ErrorKind::Rejected);
                assert!(error.to_string().contains("Its power was not cut. Hint: give it more time"), "{error}");
            }
        }
    }
}

#[tokio::test]
async fn a_stopped_run_does_not_wait_for_a_shutdown() {
    let subject = subject().await;
    let bench = Bench::fresh(&subject).await;
    subject.bmc.ignore_shutdown();
    let asked = async {
        while !subject.bmc.requests().iter().any(|request| (request.function, request.command) == (0x00, 0x02)) {
            tokio::task::yield_now().await;
        }
        bench.cancellation.cancel();
    };
    let (done, ()) = tokio::join!(apply(&bench, json!({"power": "off", "power_off": {"within": 600_000}}), None), asked);
    assert_eq!(done.expect_err("stopped").kind, ErrorKind::Busy);
    assert!(subject.bmc.is_on());
}

#[tokio::test]
async fn an_override_that_the_firmware_does_not_take_is_left_for_the_next_plan() {
    let subject = subject().await;
    let bench = Bench::fresh(&subject).await;
    subject.bmc.hang_before_boot();
    let specs = json!({"boot": {"device": "disk"}, "once": {"token": "a", "boot": "pxe", "reset": "hard"}});
    let record = apply(&bench, specs.clone(), None).await.unwrap();
    assert_eq!((subject.bmc.resets(), subject.bmc.boot_flags().device), (1, 1));
    assert_eq!(planned(&bench, specs, Some(&record)).await, ["specs.boot.device"]);
}

#[tokio::test]
async fn a_bmc_that_drops_flags_is_caught_at_it() {
    for bits in [0x40, 0x20, 0x80] {
        let subject = SimSubject::made_of(Kit { boot_bits_dropped: bits, ..Kit::default() }).await;
        let bench = Bench::fresh(&subject).await;
        let error = apply(&bench, json!({"boot": {"device": "disk", "mode": "uefi"}}), None).await.expect_err("not kept");
        assert_eq!(error.kind, ErrorKind::Rejected);
        assert!(error.to_string().contains("keeps something else: some drop the lasting or the UEFI flag"), "{error}");
    }
}

#[tokio::test]
async fn accounts_of_others_are_left_alone() {
    let subject = subject().await;
    let bench = Bench::fresh(&subject).await;
    let users = |names: &[&str]| {
        let user = |name: &&str| json!({"name": name, "role": "user", "password": "one-of-ours"});
        json!({"users": names.iter().map(user).collect::<Vec<_>>()})
    };
    let record = apply(&bench, users(&["eve", "ops"]), None).await.unwrap();
    let names = || subject.bmc.users().into_iter().map(|user| user.name).collect::<Vec<_>>();
    assert_eq!(names(), ["admin", "oper", "eve", "ops"]);
    let record = apply(&bench, users(&["ops"]), Some(&record)).await.unwrap();
    assert_eq!(names(), ["admin", "oper", "ops"]);
    apply(&bench, users(&["ops", "max"]), Some(&record)).await.unwrap();
    assert_eq!(names(), ["admin", "oper", "max", "ops"], "the free slot is used again");
    assert_eq!(subject.bmc.user("oper"), Some(User::new("oper", "opassword", 3)));
}

#[tokio::test]
async fn what_cannot_work_is_refused_before_it_begins() {
    let subject = subject().await;
    let bench = Bench::fresh(&subject).await;
    for (specs, expected) in [
        (json!({"bios": {"SriovGlobalEnable": "Enabled"}}), "`bios` sets the firmware's settings, and IPMI has no way to them here."),
        (json!({"ntp": ["ntp1.acme.lan"]}), "The BMC cannot be told over IPMI where it gets its time from."),
        (json!({"boot": {"device": "http"}}), "IPMI cannot let a machine boot from `http`."),
        (json!({"once": {"token": "a", "boot": "http"}}), "IPMI cannot let a machine boot from `http`."),
        (json!({"users": [{"name": "admin", "role": "user"}]}), "`admin` is the account that ipr itself logs in with"),
        (json!({"users": [{"name": "ops", "role": "user"}]}), "The account `ops` does not exist yet, and a new one needs a role and a password."),
        (json!({"identity": {"guid": "00000000-0000-0000-0000-000000000001"}}), "This is another machine: its GUID is"),
    ] {
        let sample = sample(specs.clone());
        let wanted = bench.resolve(&sample, &sample.values).await;
        let order = bench.plan(&sample, &wanted, None).await.expect("a step");
        let problems = bench.engine.preflight(std::slice::from_ref(&order.step)).await.unwrap();
        assert_eq!(problems.len(), 1, "{specs}: {problems:?}");
        assert!(problems[0].detail.starts_with(expected), "{}", problems[0].detail);
        assert!(problems[0].hint.is_some());
    }
    assert_eq!(subject.bmc.users().len(), 2);
}

#[tokio::test]
async fn a_password_that_would_be_cut_is_refused() {
    let subject = subject().await;
    let bench = Bench::fresh(&subject).await;
    let users = json!({"users": [{"name": "ops", "role": "user", "password": "123456789012345678901"}]});
    let error = apply(&bench, users, None).await.expect_err("too long");
    assert!(error.to_string().contains("is longer than 20 bytes, which is all that IPMI takes here"), "{error}");
    assert_eq!(bench.journal.calls(), 0);
}

#[tokio::test]
async fn health_is_told_and_is_no_difference() {
    let subject = subject().await;
    let bench = Bench::fresh(&subject).await;
    let machine = sample(json!({"power": "on"}));
    assert_eq!(bench.observe(&[&machine]).await.notes, Vec::<String>::new());
    let before = bench.present(&machine).await;
    let bmc = &subject.bmc;
    bmc.set_sensor(1, 0b01_1000);
    bmc.set_sensor(4, 0b0010);
    bmc.log_event(0x01, 1, 1_795_132_800);
    bmc.lose_events();
    let expected = [
        "`CPU Temp` is above its upper critical limit",
        "`PSU1` has failed",
        "its event log is full, and newer events were lost",
        "the newest of the 1 entries in its event log is about `CPU Temp`, on 2026-11-20",
    ];
    assert_eq!(bench.observe(&[&machine]).await.notes, expected);
    assert_eq!(bench.present(&machine).await, before);
    apply(&bench, json!({"once": {"token": "a", "clear_events": true, "identify": 60_000}}), None).await.unwrap();
    assert_eq!((bmc.events(), bmc.identified_s()), (0, vec![60]));
}

#[tokio::test]
async fn a_bmc_whose_sensors_cannot_be_read_can_still_be_planned_for() {
    let subject = subject().await;
    let bench = Bench::fresh(&subject).await;
    subject.bmc.refuse(0x0a, 0x22, 0xff, usize::MAX);
    let notes = bench.observe(&[&sample(json!({"power": "on"}))]).await.notes;
    assert!(notes[0].starts_with("its health is not known: could not begin to read the list of sensors"), "{notes:?}");
}

#[tokio::test]
async fn a_machine_is_ready_when_its_host_answers() {
    let subject = subject().await;
    let bench = Bench::fresh(&subject).await;
    let host = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let wait = async |port: u16, within: u64| {
        let machine = sample(json!({"power": "on", "ready": {"address": "127.0.0.1", "port": port, "within": within}}));
        let wanted = bench.resolve(&machine, &machine.values).await;
        let order = bench.maker.order(&machine, Action::Update, &wanted, Vec::new(), None);
        bench.engine.wait(&order).await.unwrap()
    };
    let port = host.local_addr().unwrap().port();
    assert_eq!(wait(port, 10_000).await, Readiness::Ready);
    drop(host);
    match wait(port, 20).await {
        Readiness::NotReady { message } => assert!(message.contains("does not answer after 0 s"), "{message}"),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_machine_is_imported_as_it_is() {
    let subject = subject().await;
    subject.bmc.set_boot_flags(lasting_disk());
    let text = subject.engine().import().await.unwrap();
    let expected = concat!(
        "version: \"1.0\"\nname: imported\nresources:\n  # SimCo SimServer\n  - type: compute\n    name: machine-s412340\n    provider: ipmi\n",
        "    specs: {\"after_power_loss\":\"off\",\"boot\":{\"device\":\"disk\",\"mode\":\"uefi\"},",
        "\"console\":{\"bit_rate\":\"19200\",\"enabled\":false,\"role\":\"administrator\"},",
        "\"identity\":{\"guid\":\"4c4c4544-0033-4610-8050-b4c04f305032\",\"serial\":\"S412340\"},",
        "\"users\":[{\"enabled\":true,\"name\":\"oper\",\"role\":\"operator\"}]}\n"
    );
    assert_eq!(text, expected);
}

/// The machine was reset for the token: what comes after it is no reason to do it again.
#[tokio::test]
async fn what_fails_after_a_reset_does_not_bring_it_about_again() {
    let subject = subject().await;
    let bench = Bench::fresh(&subject).await;
    subject.bmc.ignore_shutdown();
    let specs = json!({"power": "off", "power_off": {"within": 30}, "once": {"token": "a", "reset": "hard"}});
    let record = apply(&bench, specs.clone(), None).await.unwrap();
    assert_eq!((subject.bmc.resets(), subject.bmc.is_on()), (1, true));
    assert_eq!(planned(&bench, specs, Some(&record)).await, ["specs.power"], "what is left is a difference");
}

/// Once it is on, nobody could tell that it is so for the token, and it would be reset as well.
#[tokio::test]
async fn a_machine_that_was_started_for_a_token_is_not_reset_for_it() {
    let subject = subject().await;
    let bench = Bench::fresh(&subject).await;
    subject.bmc.press(false);
    apply(&bench, json!({"once": {"token": "a", "reset": "cycle"}}), None).await.unwrap();
    let calls: Vec<_> = bench.journal.entries().into_iter().map(|entry| (entry.intent.operation, entry.intent.repeat)).collect();
    assert_eq!(calls, [("SetPower".to_owned(), Repeat::Never)]);
}

/// The account was there when the plan was made, and somebody removed it since.
#[tokio::test]
async fn half_an_account_is_not_made() {
    let subject = subject().await;
    let bench = Bench::fresh(&subject).await;
    for half in [json!({"name": "ops", "role": "operator"}), json!({"name": "ops", "password": canary()})] {
        let error = apply(&bench, json!({"users": [half]}), None).await.expect_err("half an account");
        assert_eq!(error.kind, ErrorKind::Conflict, "{error}");
        assert!(error.message.contains("a new one needs a role and a password"), "{error}");
        assert_eq!((subject.bmc.user("ops"), operations(&bench)), (None, Vec::new()));
    }
}

/// Somebody is in the slot: that is not nobody, and nobody else is put beside it.
#[tokio::test]
async fn an_account_that_is_not_told_in_full_is_a_gap() {
    let subject = SimSubject::made_of(Kit { tells_access: false, ..Kit::default() }).await;
    let bench = Bench::fresh(&subject).await;
    let wanted = vec![Wanted { type_name: "compute".to_owned(), object: "r1-n01".to_owned() }];
    let seen = bench.engine.observe(&ObserveScope { wanted, ..ObserveScope::default() }).await.unwrap();
    assert!(seen.objects.is_empty());
    assert!(seen.gaps[0].why.contains("slot 3 has the account `oper`"), "{:?}", seen.gaps);
}
