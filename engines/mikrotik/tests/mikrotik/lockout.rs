//! Can a change lock anybody out? Whatever happens, the router ends reachable, and as it was or as it was to be, never between.

use engine_api::{Engine, ErrorKind};
use test_sim_routeros::{Behaviour, ClientPath, ClockSource, Cut, Router, RouterOptions, Version};

use crate::world::{World, configuration};

/// Before and since safe mode can be had over the API.
const VERSIONS: [Version; 2] = [Version::V7_15, Version::V7_20];

const MANAGEMENT: &str =
    "  - {type: address, name: management, provider: mikrotik, specs: {address: 192.168.88.1/24, interface: ether1}, lifecycle: {adopt: true}}";
const NAME: &str = "  - {type: dns, name: web, provider: mikrotik, specs: {name: web.acme.example, address: 10.0.20.11}}";
const ROUTE: &str = "  - {type: route, name: branch, provider: mikrotik, specs: {to: 203.0.113.0/24, gateway: 192.168.88.254}}";

/// Carries out a change that must fail, and compares.
async fn is_undone(world: &World, resources: &str) {
    let planned = world.plan(resources).await;
    assert_eq!(planned.plan.problems, []);
    let before = world.configuration();
    let error = world.carry_out(&planned).await.expect_err("a change that cuts the daemon off was confirmed");
    assert!(error.kind.is_transient(), "{error}");
    assert_eq!(world.configuration(), before, "the router is not as it was; its log: {:?}", world.router.log());
    world.engine.probe().await.expect("the router is not reachable");
}

#[tokio::test]
async fn a_wrong_address_on_the_management_network() {
    for version in VERSIONS {
        let mut world = World::new(version).await;
        world.apply(MANAGEMENT).await;
        is_undone(&world, &MANAGEMENT.replace("192.168.88.1/24", "192.168.99.1/24")).await;
    }
}

/// On a real wire nothing says that the way is cut: nothing arrives any more.
#[tokio::test]
async fn a_way_that_is_cut_without_a_word() {
    let behaviour = Behaviour { cut: Cut::Silent, dead_peer_s: 600, ..Behaviour::default() };
    let options = RouterOptions { version: Version::V7_20, clock: ClockSource::Runtime, behaviour, ..RouterOptions::default() };
    let mut world = World::on(Router::start(options).await.unwrap());
    world.apply(MANAGEMENT).await;
    is_undone(&world, &MANAGEMENT.replace("192.168.88.1/24", "192.168.99.1/24")).await;
}

#[tokio::test]
async fn a_drop_rule_above_the_allow_rule() {
    let rules = "rules: [{name: nobody, action: drop}, {name: daemon, action: accept, protocol: tcp, ports: [8728]}]";
    for version in VERSIONS {
        let world = World::new(version).await;
        is_undone(&world, &format!("  - {{type: firewall, name: guard, provider: mikrotik, specs: {{chain: input, {rules}}}}}")).await;
    }
}

/// The daemon comes by VLAN 99 over the bridge, whose table does not know it.
#[tokio::test]
async fn filtering_turned_on_without_the_management_vlan() {
    for version in VERSIONS {
        let world = World::new(version).await;
        let router = &world.router;
        router.add("/interface/bridge/port", &[("interface", "ether2"), ("bridge", "bridge")]).unwrap();
        router.add("/interface/vlan", &[("name", "management"), ("vlan-id", "99"), ("interface", "bridge")]).unwrap();
        router.add("/ip/address", &[("address", "10.99.0.1/24"), ("interface", "management")]).unwrap();
        let path =
            ClientPath { client: [10, 99, 0, 5].into(), router: [10, 99, 0, 1].into(), port: "ether2".to_owned(), vlan: Some(99), gateway: None };
        let doors = router.doors_for(&path).await.unwrap();
        let mut options = world.options.clone();
        options.places[0].port = doors.api_address().port();
        let mut world = World::with(router.clone(), options);
        let bridge =
            |filtering: &str| format!("  - {{type: network, name: bridge, provider: mikrotik, specs: {{{filtering}}}, lifecycle: {{adopt: true}}}}");
        world.apply(&bridge("filtering: false")).await;
        is_undone(&world, &bridge("filtering: true")).await;
    }
}

#[tokio::test]
async fn the_service_that_the_daemon_uses_disabled() {
    for version in VERSIONS {
        let world = World::new(version).await;
        is_undone(&world, "  - {type: service, name: api, provider: mikrotik, specs: {name: api, enabled: false}}").await;
    }
}

/// Nothing undoes it at once: the connection of safe mode ends with the daemon, and the switch waits for its time.
#[tokio::test]
async fn a_daemon_killed_between_the_change_and_the_confirmation() {
    for (version, resources) in [(Version::V7_20, NAME), (Version::V7_20, ROUTE), (Version::V7_15, NAME)] {
        let mut world = World::new(version).await;
        let before = world.configuration();
        let planned = world.plan(resources).await;
        world.apply_without_confirming(&planned).await.unwrap();
        assert_ne!(world.configuration(), before);
        world.kill_daemon();
        // The next run first undoes what it finds, and goes on from there.
        world.apply_without_confirming(&planned).await.unwrap();
        world.abandon(&planned).await.unwrap();
        assert_eq!(world.configuration(), before, "{version:?}");
        world.apply(resources).await;
        assert_eq!(world.drift().await, Vec::<String>::new());
    }
}

/// Another run does not undo what may be under way: it waits until the router has undone it, or somebody has confirmed it.
#[tokio::test]
async fn a_switch_of_another_run_is_waited_for() {
    let mut world = World::new(Version::V7_15).await;
    let before = world.configuration();
    let left = world.plan(ROUTE).await;
    world.apply_without_confirming(&left).await.unwrap();
    world.kill_daemon();
    world.run_id = "run-2";
    world.router.forget_calls();
    let planned = world.plan(NAME).await;
    world.apply_without_confirming(&planned).await.unwrap();
    assert!(!world.writes().contains(&"/system/script/run".to_owned()), "it was undone before its time");
    world.abandon(&planned).await.unwrap();
    assert_eq!(world.configuration(), before);
}

/// And if no daemon ever comes back, the router does it alone.
#[tokio::test]
async fn a_daemon_that_never_comes_back() {
    let router = Router::start(RouterOptions { version: Version::V7_15, clock: ClockSource::Simulated, ..RouterOptions::default() }).await.unwrap();
    let world = World::on(router);
    let before = world.configuration();
    let planned = world.plan(ROUTE).await;
    world.apply_without_confirming(&planned).await.unwrap();
    let router = world.router.clone();
    drop(world);
    router.advance_s(2);
    assert_ne!(configuration(&router), before, "too early");
    router.advance_s(2);
    assert_eq!(configuration(&router), before);
}

#[tokio::test]
async fn a_router_restarted_between_the_change_and_the_confirmation() {
    for (version, resources) in [(Version::V7_20, NAME), (Version::V7_20, ROUTE), (Version::V7_15, ROUTE)] {
        let world = World::new(version).await;
        let before = world.configuration();
        let planned = world.plan(resources).await;
        world.apply_without_confirming(&planned).await.unwrap();
        world.router.power_cut();
        let confirmed = world.confirm(&planned).await;
        if confirmed.is_err() {
            world.abandon(&planned).await.unwrap();
            assert_eq!(world.configuration(), before, "{version:?}: neither old nor new");
        } else {
            let left = world.plan(resources).await;
            assert_eq!(left.steps(), Vec::<String>::new(), "{version:?}: confirmed, and not there");
        }
        world.engine.probe().await.unwrap();
    }
}

/// What was adopted has no tag, and a template no name: it is found again all the same, and its key is written down nowhere.
#[tokio::test]
async fn an_adopted_template_comes_back() {
    let template = |more: &str| {
        let specs = format!("{{area: backbone, interfaces: [ether2], auth: sha256, auth_id: 1{more}}}");
        format!("  - {{type: ospf-interface, name: inside, provider: mikrotik, specs: {specs}, lifecycle: {{adopt: true}}}}")
    };
    for version in VERSIONS {
        let mut world = World::new(version).await;
        let by_hand = "/routing ospf instance add name=v2
/routing ospf area add name=backbone instance=v2
/routing ospf interface-template add area=backbone interfaces=ether2 auth=sha256 auth-id=1 auth-key=\"an old canary\"
/routing ospf interface-template add area=backbone interfaces=ether3";
        world.router.run(by_hand).unwrap();
        world.apply(&template("")).await;
        let before = world.configuration();
        let planned = world.plan(&template(", cost: 7, enabled: false")).await;
        world.apply_without_confirming(&planned).await.unwrap();
        assert_eq!(world.column("/routing/ospf/interface-template", "cost"), ["7", "1"]);
        let script = world.column("/system/script", "source");
        assert!(script.len() == 1 && !script[0].contains("canary"), "{script:?}");
        world.abandon(&planned).await.unwrap();
        assert_eq!(world.configuration(), before, "{version}");
    }
}

fn blocked(count: usize) -> String {
    let addresses: Vec<String> = (0..count).map(|index| format!("198.51.{}.{}", 100 + index / 200, index % 200 + 1)).collect();
    format!("  - {{type: address-list, name: blocked, provider: mikrotik, specs: {{addresses: [{}]}}}}", addresses.join(", "))
}

/// Safe mode would end after a hundred actions without a word, and keep everything.
#[tokio::test]
async fn two_hundred_and_fifty_actions_in_one_change() {
    let mut world = World::new(Version::V7_20).await;
    world.options.timeouts.switch = std::time::Duration::from_secs(60);
    world.kill_daemon();
    let before = world.configuration();
    let planned = world.plan(&blocked(250)).await;
    world.apply_without_confirming(&planned).await.unwrap();
    assert!(!world.router.is_in_safe_mode());
    assert_eq!(world.column("/ip/firewall/address-list", "address").len(), 250);
    world.abandon(&planned).await.unwrap();
    assert_eq!(world.configuration(), before);
    world.apply(&blocked(250)).await;
    assert_eq!(world.column("/ip/firewall/address-list", "address").len(), 250);
    assert_eq!(world.column("/system/scheduler", "name"), Vec::<String>::new(), "confirmed, and the switch is gone");
}

#[tokio::test]
async fn ninety_actions_are_made_in_safe_mode_and_no_more() {
    let world = World::new(Version::V7_20).await;
    let forward = |count: usize| {
        let rules: Vec<String> = (0..count).map(|index| format!("{{name: r{index}, action: accept, to: 10.0.0.{index}}}")).collect();
        format!("  - {{type: firewall, name: fast, provider: mikrotik, specs: {{chain: forward, rules: [{}]}}}}", rules.join(", "))
    };
    for (rules, is_safe_mode) in [(88, true), (89, false)] {
        let planned = world.plan(&forward(rules)).await;
        world.apply_without_confirming(&planned).await.unwrap();
        assert_eq!(world.router.is_in_safe_mode(), is_safe_mode, "{rules} rules and two that mark the ends");
        world.abandon(&planned).await.unwrap();
        assert_eq!(world.column("/ip/firewall/filter", "comment"), Vec::<String>::new());
    }
}

#[tokio::test]
async fn what_reach_names_must_answer_before_a_change_is_lasting() {
    for version in VERSIONS {
        let mut world = World::new(version).await;
        world.router.add("/ip/address", &[("address", "10.0.20.1/24"), ("interface", "ether3")]).unwrap();
        let host = world.router.host_behind(&ClientPath::default(), [10, 0, 20, 11].into(), 443).unwrap();
        let firewall = |action: &str| {
            let rules = format!("rules: [{{name: shop, action: {action}, to: 10.0.20.11}}]");
            format!("  - {{type: firewall, name: forward, provider: mikrotik, specs: {{chain: forward, {rules}, reach: [\"{host}\"]}}}}")
        };
        is_undone(&world, &firewall("drop")).await;
        world.apply(&firewall("accept")).await;
        assert_eq!(world.drift().await, Vec::<String>::new());
    }
}

/// What cut the daemon off once does so again: another try would be another outage.
#[tokio::test]
async fn what_cut_the_daemon_off_is_not_tried_again_in_the_same_run() {
    let world = World::new(Version::V7_20).await;
    let drop_all = "  - {type: firewall, name: guard, provider: mikrotik, specs: {chain: input, rules: [{name: nobody, action: drop}]}}";
    is_undone(&world, drop_all).await;
    world.router.forget_calls();
    let again = world.carry_out(&world.plan(drop_all).await).await.expect_err("it was undone");
    assert_eq!((again.kind, world.router.writes().len()), (ErrorKind::Rejected, 0), "{again}");
    assert!(again.to_string().contains("not tried again"), "{again}");
}

#[tokio::test]
async fn somebody_elses_safe_mode_is_waited_for_and_then_told() {
    let world = World::new(Version::V7_20).await;
    let planned = world.plan(NAME).await;
    world.apply_without_confirming(&planned).await.unwrap();
    let mut options = world.options.clone();
    options.timeouts.busy = std::time::Duration::from_millis(300);
    let other = World::with(world.router.clone(), options);
    let error = other.apply_without_confirming(&other.plan(ROUTE).await).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Busy, "{error}");
    world.confirm(&planned).await.unwrap();
    other.apply_without_confirming(&other.plan(ROUTE).await).await.unwrap();
}
