//! Does what undoes a change do so at every moment, and stand in nobody's way?

use engine_api::{Engine, ErrorKind};
use test_sim_routeros::{ClockSource, Fault, FaultMatch, Router, RouterOptions, Version};

use crate::world::{World, later};

const NAME: &str = "  - {type: dns, name: web, provider: mikrotik, specs: {name: web.acme.example, address: 10.0.20.11}}";
const ROUTE: &str = "  - {type: route, name: branch, provider: mikrotik, specs: {to: 203.0.113.0/24, gateway: 192.168.88.254}}";
const TUNNEL: &str = "  - {type: wireguard, name: wg0, provider: mikrotik, specs: {port: 51820}}";
const SCHEDULER: &str = "/system/scheduler";
const SCRIPT: &str = "/system/script";

/// A router whose clock stands still, so that a switch acts when the test says so.
async fn still() -> World {
    World::on(Router::start(RouterOptions { version: Version::V7_15, clock: ClockSource::Simulated, ..RouterOptions::default() }).await.unwrap())
}

/// Both saw a free router; the second one was faster.
#[tokio::test]
async fn a_switch_of_another_daemon_is_never_removed() {
    let mut late = World::new(Version::V7_15).await;
    late.run_id = "run-2";
    let world = World::with(late.router.clone(), late.options.clone());
    let (planned, missed) = (world.plan(ROUTE).await, late.plan(NAME).await);
    late.open(&missed).await.unwrap();
    world.apply_without_confirming(&planned).await.unwrap();
    assert_eq!(late.apply_steps(&missed).await.unwrap_err().kind, ErrorKind::Busy);
    late.abandon(&missed).await.unwrap();
    assert_eq!(world.column(SCHEDULER, "name"), ["ipr-undo-run-1"]);
    assert_eq!(world.column(SCRIPT, "name"), ["ipr-undo-run-1"]);
    world.confirm(&planned).await.unwrap();
    assert_eq!(world.column("/ip/dns/static", "name"), Vec::<String>::new());
    assert_eq!((world.column(SCHEDULER, "name"), world.column(SCRIPT, "name")), (Vec::new(), Vec::new()));
}

#[tokio::test]
async fn a_confirmation_that_comes_nearly_too_late_is_none() {
    let world = still().await;
    let before = world.configuration();
    let planned = world.plan(ROUTE).await;
    world.apply_without_confirming(&planned).await.unwrap();
    later(2_800).await;
    let error = world.confirm(&planned).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Busy, "{error}");
    world.router.advance_s(3);
    world.abandon(&planned).await.unwrap();
    assert_eq!(world.configuration(), before);
}

/// The script says that it has begun before it undoes anything.
#[tokio::test]
async fn a_confirmation_while_the_router_undoes_is_none() {
    let world = still().await;
    let planned = world.plan(ROUTE).await;
    world.apply_without_confirming(&planned).await.unwrap();
    world.router.set(SCHEDULER, "ipr-undo-run-1", &[("comment", "ipr run run-1, undoing")]).unwrap();
    let error = world.confirm(&planned).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Busy, "{error}");
    assert_eq!(world.column(SCHEDULER, "name"), ["ipr-undo-run-1"], "the switch must end by itself what it has begun");
}

/// The script was started, and the scheduler removed, in the same moment: whoever was first wins, and both know it.
#[tokio::test]
async fn a_script_that_runs_after_the_confirmation_undoes_nothing() {
    let world = still().await;
    let planned = world.plan(ROUTE).await;
    world.apply_without_confirming(&planned).await.unwrap();
    world.router.fault(FaultMatch::command("/system/script/remove"), Fault::TrapBefore("failure: busy".to_owned()), 1);
    world.confirm(&planned).await.unwrap_err();
    let after = world.configuration();
    let error = world.router.run("/system/script/run [find where name=\"ipr-undo-run-1\"]").unwrap_err();
    assert!(error.to_string().contains("confirmed"), "{error}");
    assert_eq!(world.configuration(), after);
}

#[tokio::test]
async fn a_script_that_could_not_be_put_away_is_not_taken_for_an_undone_change() {
    let mut world = World::new(Version::V7_15).await;
    let planned = world.plan(ROUTE).await;
    world.router.fault(FaultMatch::command("/system/script/remove"), Fault::TrapBefore("failure: busy".to_owned()), 2);
    world.apply_without_confirming(&planned).await.unwrap();
    let error = world.confirm(&planned).await.unwrap_err();
    assert!(error.kind == ErrorKind::Timeout && error.message.contains("are lasting"), "{error}");
    world.abandon(&planned).await.unwrap();
    assert!(world.column("/ip/route", "dst-address").contains(&"203.0.113.0/24".to_owned()));
    assert_eq!(world.column(SCRIPT, "name"), ["ipr-undo-run-1"], "twice refused");
    world.run_id = "run-2";
    world.apply(NAME).await;
    assert_eq!(world.column(SCRIPT, "name"), Vec::<String>::new(), "found by the next run");
}

#[tokio::test]
async fn without_knowing_how_to_undo_nothing_is_begun() {
    let world = World::new(Version::V7_15).await;
    let planned = world.plan(ROUTE).await;
    world.router.fault(FaultMatch::command("/console/inspect"), Fault::TrapBefore("action timed out - try again".to_owned()), 1);
    let error = world.apply_without_confirming(&planned).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Busy, "{error}");
    assert_eq!(world.writes(), Vec::<String>::new());
}

/// Without its lower end nothing says where the section stands, but the rule behind it does.
#[tokio::test]
async fn a_section_without_its_end_comes_back_where_it_was() {
    for behind in ["", "ipr:c0ffee01/prod/other.guard#x"] {
        let mut world = World::new(Version::V7_15).await;
        let rules = |port: u16| {
            let rules = format!("rules: [{{name: a, action: accept, protocol: tcp, ports: [{port}]}}]");
            format!("  - {{type: firewall, name: forward, provider: mikrotik, specs: {{chain: forward, {rules}}}}}")
        };
        world.apply(&rules(80)).await;
        world.router.add("/ip/firewall/filter", &[("chain", "forward"), ("action", "drop"), ("comment", behind)]).unwrap();
        let end = world.router.entries("/ip/firewall/filter").into_iter().find(|rule| rule.get("comment").is_some_and(|text| text.ends_with('>')));
        world.router.remove("/ip/firewall/filter", &end.unwrap().id).unwrap();
        let before = world.configuration();
        let planned = world.plan(&rules(443)).await;
        world.apply_without_confirming(&planned).await.unwrap();
        world.abandon(&planned).await.unwrap();
        assert_eq!(world.configuration(), before);
    }
}

#[tokio::test]
async fn a_private_key_is_not_in_the_undoing_script() {
    let mut world = World::new(Version::V7_15).await;
    world.apply(TUNNEL).await;
    let key = world.column("/interface/wireguard", "private-key").remove(0);
    world.router.forget_calls();
    let planned = world.plan("").await;
    world.apply_without_confirming(&planned).await.unwrap();
    assert!(world.column(SCRIPT, "source").join("").contains("/interface/wireguard/add"));
    assert!(!format!("{:?} {:?}", world.router.calls(), world.column(SCRIPT, "source")).contains(&key));
    world.abandon(&planned).await.unwrap();
    let back = world.router.entries("/interface/wireguard").remove(0);
    assert_eq!((back.get("listen-port"), back.get("disabled")), (Some("51820"), Some("true")), "with another key it is of no use");
}

/// A router that is busy for a moment is not another router.
#[tokio::test]
async fn a_failure_while_the_router_is_asked_who_it_is_is_no_other_identity() {
    let world = World::new(Version::V7_20).await;
    let identity = world.engine.probe().await.unwrap().identity;
    for menu in ["/system/routerboard/print", "/system/license/print"] {
        world.router.fault(FaultMatch::command(menu), Fault::TrapBefore("action timed out - try again".to_owned()), 1);
        assert_eq!(world.engine.probe().await.map(|probe| probe.identity).unwrap_err().kind, ErrorKind::Busy);
    }
    assert_eq!(world.engine.probe().await.unwrap().identity, identity);
}

#[tokio::test]
async fn a_run_that_is_stopped_waits_for_nobody() {
    let world = World::new(Version::V7_15).await;
    let planned = world.plan(NAME).await;
    world.router.add(SCHEDULER, &[("name", "ipr-undo-run-9"), ("interval", "1h"), ("on-event", "ipr-undo-run-9")]).unwrap();
    let (opened, ()) = tokio::join!(world.open(&planned), async { world.stop() });
    let error = opened.unwrap_err();
    assert!(error.kind == ErrorKind::Busy && error.message.contains("stopped"), "{error}");
}

/// The page says so: leave `sensitive` out if no secrets are managed.
#[tokio::test]
async fn a_user_without_all_rights_can_guard_a_change() {
    let router = crate::world::ticking(Version::V7_15).await;
    router.add("/user/group", &[("name", "ipr"), ("policy", "api,read,write,policy,test")]).unwrap();
    router.add("/user", &[("name", "ipr"), ("group", "ipr"), ("password", "long enough")]).unwrap();
    let mut options = World::on(router.clone()).options;
    (options.user, options.password) = ("ipr".to_owned(), core_model::Secret::new("long enough"));
    let mut world = World::with(router, options);
    world.apply(ROUTE).await;
    let planned = world.plan("").await;
    let before = world.configuration();
    world.apply_without_confirming(&planned).await.unwrap();
    world.abandon(&planned).await.unwrap();
    assert_eq!(world.configuration(), before);
}
