//! How is a session opened, kept and closed, and what is said when it cannot be?

use core_model::Secret;
use engine_api::contract::{Bench, Subject};
use engine_api::{Engine, EngineError, ErrorKind, ObserveScope};
use engine_ipmi::driver::{Driver, PowerState};
use engine_ipmi::{IpmiDriver, IpmiOptions, Patience, Privilege, Suite, SuiteChoice};
use serde_json::json;
use test_sim_bmc::{Kit, SimBmc, User};

use crate::world::{PATIENCE, apply, engine, machine, options, subject};

async fn refused(options: IpmiOptions) -> EngineError {
    machine(options).probe().await.expect_err("nobody is let in")
}

#[track_caller]
fn says(error: &EngineError, kind: ErrorKind, words: &str) {
    assert_eq!(error.kind, kind, "{error}");
    assert!(error.to_string().contains(words), "{error}");
}

fn kit(suites: &[u8]) -> Kit {
    Kit { suites: suites.to_vec(), ..Kit::default() }
}

#[tokio::test]
async fn the_best_suite_is_used_and_none_without_protection() {
    for (suites, tells, used) in [(&[0, 3, 17][..], true, 17), (&[0, 3], true, 3), (&[3, 17], false, 17), (&[3], false, 3), (&[17], false, 17)] {
        let bmc = SimBmc::made_of(Kit { tells_suites: tells, ..kit(suites) }).await;
        engine(&bmc).probe().await.unwrap();
        assert_eq!(bmc.suites_used(), [used], "{suites:?}");
    }
    for tells in [true, false] {
        let bmc = SimBmc::made_of(Kit { tells_suites: tells, ..kit(&[0]) }).await;
        says(&refused(options(&bmc)).await, ErrorKind::Rejected, "Hint: enable suite 17 on the BMC");
    }
}

#[tokio::test]
async fn a_pinned_suite_is_used_or_nothing() {
    let bmc = SimBmc::made_of(kit(&[3, 17])).await;
    let mut pinned = options(&bmc);
    pinned.suites = SuiteChoice::Only(Suite::Three);
    machine(pinned.clone()).probe().await.unwrap();
    assert_eq!(bmc.suites_used(), [3]);
    for (suites, choice) in [(&[3], Suite::Seventeen), (&[17], Suite::Three)] {
        bmc.rebuild(Some(kit(suites)));
        pinned.suites = SuiteChoice::Only(choice);
        says(&refused(pinned.clone()).await, ErrorKind::Rejected, "cipher suites");
    }
}

#[tokio::test]
async fn a_suite_that_was_agreed_on_is_never_given_up() {
    let bmc = SimBmc::made_of(kit(&[3, 17])).await;
    let machine = engine(&bmc);
    machine.probe().await.unwrap();
    for tells_suites in [true, false] {
        bmc.rebuild(Some(Kit { tells_suites, ..kit(&[3]) }));
        assert_eq!(machine.probe().await.expect_err("a weaker suite").kind, ErrorKind::Rejected);
        assert_eq!(bmc.sessions_opened(), 0);
    }
}

#[tokio::test]
async fn suite_3_is_told_to_whoever_reviews() {
    let bmc = SimBmc::made_of(kit(&[3])).await;
    let subject = crate::subject::SimSubject { bmc };
    let bench = Bench::fresh(&subject).await;
    let sample = crate::world::sample(json!({"power": "on"}));
    let notes = bench.observe(&[&sample]).await.notes;
    assert!(notes.iter().any(|note| note.contains("cipher suite 3 (SHA-1)")), "{notes:?}");
}

#[tokio::test]
async fn whoever_may_not_log_in_is_told_why() {
    let bmc = SimBmc::start().await;
    let endpoint = format!("ipmi://{}", bmc.address());
    let with = |user: &str, password: &str| {
        let mut options = IpmiOptions::new(&endpoint, user, Secret::new(password)).unwrap();
        options.patience = PATIENCE;
        options
    };
    says(&refused(with("admin", "wrong")).await, ErrorKind::Unauthorised, "the password of `admin` is not the one that the BMC has");
    says(&refused(with("nobody", "password")).await, ErrorKind::Unauthorised, "it knows no user `nobody` who may log in by LAN");
    bmc.set_user(2, User { enabled: false, ..User::new("admin", "password", 4) });
    says(&refused(with("admin", "password")).await, ErrorKind::Unauthorised, "is the account enabled and not locked?");
    says(&refused(with("oper", "opassword")).await, ErrorKind::Unauthorised, "Hint: raise the account's privilege");
    assert_eq!(bmc.sessions_opened(), 0);
    let mut operator = with("oper", "opassword");
    operator.privilege = Privilege::Operator;
    machine(operator).probe().await.unwrap();
}

#[tokio::test]
async fn a_bmc_with_a_key_of_its_own_needs_it() {
    let bmc = SimBmc::made_of(Kit { bmc_key: Some("the key".to_owned()), ..Kit::default() }).await;
    says(&refused(options(&bmc)).await, ErrorKind::Unauthorised, "it has a key of its own (Kg)");
    let mut with_key = options(&bmc);
    with_key.bmc_key = Some(Secret::new("another key"));
    says(&refused(with_key.clone()).await, ErrorKind::Unauthorised, "or its key (Kg) is not");
    with_key.bmc_key = Some(Secret::new("the key"));
    machine(with_key).probe().await.unwrap();
}

#[tokio::test]
async fn a_bmc_that_is_away_is_unreachable() {
    let bmc = SimBmc::start().await;
    bmc.fall_silent();
    says(&refused(options(&bmc)).await, ErrorKind::Unreachable, "nobody answers");
    let closed = tokio::net::UdpSocket::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let mut nowhere = IpmiOptions::new(&closed.to_string(), "admin", Secret::new("password")).unwrap();
    nowhere.patience = PATIENCE;
    says(&refused(nowhere).await, ErrorKind::Unreachable, "has no BMC on this port");
    let unknown = IpmiOptions::new("bmc.invalid", "admin", Secret::new("password")).unwrap();
    assert_eq!(refused(unknown).await.kind, ErrorKind::Unreachable);
}

#[tokio::test]
async fn a_bmc_without_a_free_session_is_busy() {
    let bmc = SimBmc::made_of(Kit { sessions_max: 1, ..Kit::default() }).await;
    let first = IpmiDriver::new(options(&bmc)).open().await.unwrap();
    says(&refused(options(&bmc)).await, ErrorKind::Busy, "it has no session left");
    first.close().await.unwrap();
    engine(&bmc).probe().await.unwrap();
}

#[tokio::test]
async fn there_is_one_session_at_a_time_and_each_is_closed() {
    let bmc = SimBmc::start().await;
    let machine = engine(&bmc);
    let scope = ObserveScope::default();
    let (first, second, third) = tokio::join!(machine.probe(), machine.observe(&scope), machine.import());
    first.unwrap();
    second.unwrap();
    third.unwrap();
    assert_eq!((bmc.sessions_opened(), bmc.sessions_most(), bmc.sessions_open()), (3, 1, 0));
}

#[tokio::test]
async fn whoever_is_stopped_in_the_middle_leaves_no_session_behind() {
    let bmc = SimBmc::start().await;
    // An operation that has an open session and hangs: the BMC ignores its first question.
    bmc.ignore(0x06, 0x01, 1);
    let machine = engine(&bmc);
    let session_is_used = async {
        while bmc.requests().is_empty() {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        probed = machine.probe() => panic!("it did not hang: {probed:?}"),
        () = session_is_used => {}
    }
    // Packets of one machine arrive in order here: the end of the first session was seen before the second one begins.
    machine.probe().await.unwrap();
    assert_eq!((bmc.sessions_opened(), bmc.sessions_open()), (2, 0));
}

#[tokio::test]
async fn a_bmc_that_starts_anew_is_logged_in_to_again_to_read() {
    let bmc = SimBmc::start().await;
    let mut login = IpmiDriver::new(options(&bmc)).open().await.unwrap();
    assert_eq!(login.power().await.unwrap(), PowerState::On);
    bmc.restart();
    assert_eq!(login.power().await.unwrap(), PowerState::On);
    bmc.restart();
    assert_eq!(login.power().await.expect_err("twice is too much").kind, ErrorKind::Timeout);
}

#[tokio::test]
async fn a_bmc_that_starts_anew_in_the_middle_of_a_step_is_logged_in_to_again_and_the_step_goes_on() {
    let subject = subject().await;
    let bench = Bench::fresh(&subject).await;
    subject.bmc.ignore_shutdown();
    let restarted = async {
        while !subject.bmc.requests().iter().any(|request| (request.function, request.command) == (0x00, 0x02)) {
            tokio::task::yield_now().await;
        }
        subject.bmc.restart();
    };
    // It is asked to shut down, forgets us while it is waited for, and its power is cut by the session after that.
    let specs = json!({"power": "off", "power_off": {"within": 1_500, "force": true}});
    let (done, ()) = tokio::join!(apply(&bench, specs, None), restarted);
    done.unwrap();
    assert!(!subject.bmc.is_on());
    assert_eq!(subject.bmc.sessions_open(), 0);
}

#[tokio::test]
async fn a_reset_whose_answer_is_lost_is_sent_once_and_unknown() {
    let subject = subject().await;
    let bench = Bench::fresh(&subject).await;
    subject.bmc.lose_replies(0x00, 0x02, usize::MAX);
    let error = apply(&bench, json!({"once": {"token": "a", "reset": "hard"}}), None).await.expect_err("no answer");
    says(&error, ErrorKind::Timeout, "whether the command took effect is not known");
    assert_eq!(subject.bmc.resets(), 1);
}

#[tokio::test]
async fn a_busy_bmc_is_asked_again() {
    let bmc = SimBmc::start().await;
    bmc.refuse(0x06, 0x01, 0xc0, 2);
    engine(&bmc).probe().await.unwrap();
}

/// The inventory has a word of its own for that.
#[tokio::test]
async fn a_busy_inventory_is_asked_again() {
    let bmc = SimBmc::start().await;
    bmc.refuse(0x0a, 0x11, 0x81, 2);
    engine(&bmc).probe().await.unwrap();
    bmc.refuse(0x0a, 0x11, 0x81, usize::MAX);
    says(&engine(&bmc).probe().await.unwrap_err(), ErrorKind::Busy, "it is busy");
}

/// The BMC ran out of time over a reset, or has seen it already: nobody says that nothing happened.
#[tokio::test]
async fn a_reset_without_a_clear_answer_is_not_known() {
    for code in [0xc3, 0xce, 0xcf] {
        let subject = subject().await;
        let bench = Bench::fresh(&subject).await;
        subject.bmc.refuse(0x00, 0x02, code, 1);
        let error = apply(&bench, json!({"once": {"token": "a", "reset": "hard"}}), None).await.expect_err("no answer");
        says(&error, ErrorKind::Timeout, "whether the command took effect is not known");
    }
}

#[tokio::test]
async fn nothing_of_the_password_is_in_an_error() {
    let bmc = SimBmc::start().await;
    let mut options = IpmiOptions::new(&format!("ipmi://{}", bmc.address()), "admin", Secret::new("canary-61c0ffee")).unwrap();
    options.patience = Patience { tries: 1, ..PATIENCE };
    let printed = format!("{options:?}");
    let error = refused(options).await;
    assert!(!format!("{error} {error:?} {printed}").contains("canary"));
}

#[tokio::test]
async fn an_engine_that_finds_another_machine_does_nothing() {
    let subject = subject().await;
    let bench = Bench::fresh(&subject).await;
    let specs = json!({"identity": {"serial": "S412340"}, "after_power_loss": "on"});
    let record = apply(&bench, specs.clone(), None).await.unwrap();
    subject.bmc.rebuild(Some(Kit { serial: "S999999".to_owned(), guid: [9; 16], ..Kit::default() }));
    let wanted = bench.resolve(&crate::world::sample(specs.clone()), &record.values).await;
    let sample = crate::world::sample(specs);
    let order = bench.plan(&sample, &wanted, Some(&record)).await.expect("the difference is seen");
    let problems = bench.engine.preflight(std::slice::from_ref(&order.step)).await.unwrap();
    let expected = "This is another machine: its serial number is `S999999`, and the blueprint says `S412340`.";
    assert_eq!(problems.iter().map(|problem| problem.detail.as_str()).collect::<Vec<_>>(), [expected]);
    let error = bench.carry_out(&order).await.expect_err("refused");
    says(&error, ErrorKind::Conflict, "this is another machine");
    assert_eq!(subject.bmc.restore_policy(), 0, "nothing was changed");
    let before = bench.maker.target_identity.clone();
    assert_ne!(subject.engine().probe().await.unwrap().identity, before);
}
