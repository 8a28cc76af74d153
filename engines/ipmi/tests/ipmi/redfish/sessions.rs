//! How is a session opened, kept and closed, and what is said when it cannot be? And whom is the credential given to?

use core_model::Secret;
use engine_api::contract::Bench;
use engine_api::{Engine, EngineError, ErrorKind, ObserveScope};
use engine_ipmi::driver::{Driver, PowerState};
use engine_ipmi::{RedfishDriver, RedfishOptions};
use engine_tls::{Fingerprint, Trust};
use serde_json::json;
use test_sim_bmc::redfish::{RedfishKit, SimRedfish};

use super::subject::RedfishSubject;
use super::{TIMEOUTS, engine, machine, options, options_as};
use crate::world::{apply, sample};

async fn refused(options: RedfishOptions) -> EngineError {
    machine(options).probe().await.expect_err("nobody is let in")
}

#[track_caller]
fn says(error: &EngineError, kind: ErrorKind, words: &str) {
    assert_eq!(error.kind, kind, "{error}");
    assert!(error.to_string().contains(words), "{error}");
}

#[tokio::test]
async fn there_is_one_session_at_a_time_and_each_is_closed() {
    let bmc = SimRedfish::start().await;
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
    let bmc = SimRedfish::start().await;
    let login = RedfishDriver::new(options(&bmc)).unwrap().open().await.unwrap();
    assert_eq!(bmc.sessions_open(), 1);
    drop(login);
    tokio::time::timeout(TIMEOUTS.answer, async {
        while bmc.sessions_open() > 0 {
            tokio::task::yield_now().await;
        }
    })
    .await
    .expect("the session is ended behind us");
}

#[tokio::test]
async fn what_goes_wrong_after_the_login_leaves_no_session_behind() {
    let bmc = SimRedfish::start().await;
    bmc.refuse("GET", "/Systems", 500, "InternalError", 1);
    engine(&bmc).probe().await.expect_err("no systems");
    assert_eq!((bmc.sessions_opened(), bmc.sessions_open()), (1, 0));
}

#[tokio::test]
async fn a_session_that_ended_is_opened_again_once() {
    let bmc = SimRedfish::start().await;
    let mut login = RedfishDriver::new(options(&bmc)).unwrap().open().await.unwrap();
    bmc.forget_sessions();
    assert_eq!(login.power().await.unwrap(), PowerState::On);
    bmc.forget_sessions();
    assert_eq!(login.power().await.expect_err("twice is too much").kind, ErrorKind::Unauthorised);
    assert_eq!(bmc.sessions_opened(), 2);
}

/// Who was not let in has changed nothing, so even a reset can be sent with the new session.
#[tokio::test]
async fn a_session_that_ended_before_a_reset_does_not_double_it() {
    let subject = RedfishSubject::new().await;
    let bench = Bench::fresh(&subject).await;
    subject.bmc.refuse("POST", "/ComputerSystem.Reset", 401, "NoValidSession", 1);
    apply(&bench, json!({"once": {"token": "a", "reset": "hard"}}), None).await.unwrap();
    assert_eq!(subject.bmc.resets(), ["ForceRestart"]);
}

#[tokio::test]
async fn a_wrong_password_is_tried_once() {
    for kit in [RedfishKit::default(), RedfishKit { has_sessions: false, ..RedfishKit::default() }] {
        let bmc = SimRedfish::made_of(kit).await;
        let error = refused(options_as(&bmc, "admin", "hunter2-wrong")).await;
        says(&error, ErrorKind::Unauthorised, "the BMC does not let `admin` in: the password is not the one that it has");
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error:?}");
        assert_eq!((bmc.logins_failed(), bmc.sessions_open()), (1, 0));
    }
}

/// It cannot be told from a wrong password: the BMC says the same. So the person is told both, and nothing is tried again, which
/// would keep it locked.
#[tokio::test]
async fn a_locked_account_is_said_to_be_one_of_the_reasons_and_is_not_kept_locked() {
    for kit in [RedfishKit::default(), RedfishKit { has_sessions: false, ..RedfishKit::default() }] {
        let bmc = SimRedfish::made_of(kit).await;
        bmc.lock_out("admin");
        let error = refused(options(&bmc)).await;
        says(&error, ErrorKind::Unauthorised, "the account is disabled, locked or not allowed to use Redfish");
        says(&error, ErrorKind::Unauthorised, "It is not tried again by itself. Hint: log in to the BMC's web page with the account");
        assert_eq!((bmc.logins_failed(), bmc.sessions_open()), (1, 0));
        machine(options_as(&bmc, "oper", "opassword")).probe().await.expect("others are let in");
    }
}

#[tokio::test]
async fn a_bmc_without_sessions_is_told_name_and_password() {
    let bmc = SimRedfish::made_of(RedfishKit { has_sessions: false, ..RedfishKit::default() }).await;
    engine(&bmc).probe().await.unwrap();
    assert_eq!(bmc.sessions_opened(), 0);
}

#[tokio::test]
async fn a_bmc_without_a_free_session_is_busy() {
    let bmc = SimRedfish::made_of(RedfishKit { sessions_max: 1, ..RedfishKit::default() }).await;
    let first = RedfishDriver::new(options(&bmc)).unwrap().open().await.unwrap();
    says(&refused(options(&bmc)).await, ErrorKind::Busy, "number of simultaneous sessions");
    first.close().await.unwrap();
    engine(&bmc).probe().await.unwrap();
}

#[tokio::test]
async fn a_busy_bmc_is_asked_again() {
    let bmc = SimRedfish::start().await;
    bmc.refuse("GET", "/node.9f", 503, "ServiceTemporarilyUnavailable", 2);
    engine(&bmc).probe().await.unwrap();
}

/// Nobody gets a credential who is not the BMC: neither another one at its address nor one that it points to.
#[tokio::test]
async fn the_credential_stays_with_the_bmc() {
    let bmc = SimRedfish::start().await;
    let other = Trust::Fingerprint(Fingerprint::from([7; 32]));
    let mut elsewhere = RedfishOptions::new(&format!("https://{}", bmc.address()), "admin", Secret::new("password"), other).unwrap();
    elsewhere.timeouts = TIMEOUTS;
    says(&refused(elsewhere).await, ErrorKind::Unreachable, "is pinned");
    assert_eq!(bmc.requests(), []);
    let thief = SimRedfish::start().await;
    let link = format!("https://{}/redfish/v1/Systems/node.9f", thief.address());
    bmc.say("GET", "/Systems", json!({"Members": [{"@odata.id": link}]}), usize::MAX);
    says(&refused(options(&bmc)).await, ErrorKind::Protocol, "leads to another host, where the credential does not go");
    assert_eq!(thief.requests(), []);
}

#[tokio::test]
async fn what_is_no_bmc_is_said_to_be_none() {
    let bmc = SimRedfish::start().await;
    bmc.say("GET", "/redfish/v1/", json!({"hello": "world"}), 1);
    says(&refused(options(&bmc)).await, ErrorKind::Protocol, "is this the address of a BMC?");
    bmc.refuse("GET", "/redfish/v1/", 404, "ResourceMissingAtURI", 1);
    says(&refused(options(&bmc)).await, ErrorKind::Unreachable, "there is no Redfish at https://127.0.0.1");
    bmc.garble("GET", "/redfish/v1/", 1);
    says(&refused(options(&bmc)).await, ErrorKind::Protocol, "the answer is not JSON");
    bmc.fall_silent();
    says(&refused(options(&bmc)).await, ErrorKind::Unreachable, "");
    assert_eq!(bmc.sessions_opened(), 0);
}

/// A collection that never ends is not read for ever.
#[tokio::test]
async fn pages_are_bounded() {
    let bmc = SimRedfish::start().await;
    let page = json!({"Members": [{"@odata.id": "/redfish/v1/Systems/node.9f"}], "Members@odata.nextLink": "/redfish/v1/Systems"});
    bmc.say("GET", "/Systems", page, usize::MAX);
    says(&refused(options(&bmc)).await, ErrorKind::Protocol, "has more than 64 pages");
}

#[tokio::test]
async fn of_several_machines_one_is_meant() {
    let bmc = SimRedfish::made_of(RedfishKit { second_system: true, ..RedfishKit::default() }).await;
    says(&refused(options(&bmc)).await, ErrorKind::Conflict, "the BMC has several: `node.9f`, `node.a0`. Hint: name one as `settings: {system: ..}`");
    let mut named = options(&bmc);
    named.system = Some("S412340".to_owned());
    let probe = machine(named).probe().await.unwrap();
    assert_eq!(probe.identity, "guid 4c4c4544-0033-4610-8050-b4c04f305032");
    assert_eq!(probe.version, "Redfish on SimCo SimServer, BMC firmware 1.07");
    assert_eq!(bmc.sessions_open(), 0);
}

/// The same machine, whichever way it is reached: the record of the one is that of the other.
#[tokio::test]
async fn a_machine_is_known_by_the_same_name_over_both_protocols() {
    let (redfish, ipmi) = (SimRedfish::start().await, test_sim_bmc::SimBmc::start().await);
    let identities = [engine(&redfish).probe().await.unwrap().identity, crate::world::engine(&ipmi).probe().await.unwrap().identity];
    assert_eq!(identities[0], identities[1]);
}

#[tokio::test]
async fn a_swapped_chassis_is_refused() {
    let subject = RedfishSubject::new().await;
    let bench = Bench::fresh(&subject).await;
    let specs = json!({"identity": {"serial": "S412340"}, "after_power_loss": "on"});
    let machine = sample(specs);
    let wanted = bench.resolve(&machine, &machine.values).await;
    let order = bench.plan(&machine, &wanted, None).await.expect("a step");
    subject.bmc.rebuild(Some(RedfishKit { serial: "S999999", uuid: "09090909-0909-0909-0909-090909090909", ..RedfishKit::default() }));
    let error = bench.carry_out(&order).await.expect_err("refused");
    says(&error, ErrorKind::Conflict, "this is another machine: its serial number is `S999999`, and the blueprint says `S412340`");
    assert_eq!(subject.bmc.restore_policy(), "AlwaysOff", "nothing was changed");
    assert_ne!(bench.engine.probe().await.unwrap().identity, bench.maker.target_identity);
}
