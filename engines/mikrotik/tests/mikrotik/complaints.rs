//! What do users of other tools complain about? One test for each complaint that we know of, with its number.

use engine_api::Engine;
use serde_json::json;
use test_sim_routeros::Version;

use crate::world::World;

const VERSIONS: [Version; 4] = [Version::V7_15, Version::V7_18, Version::V7_20, Version::V7_24];

fn firewall(rules: &str) -> String {
    format!("  - {{type: firewall, name: forward, provider: mikrotik, specs: {{chain: forward, rules: [{rules}]}}}}")
}

/// terraform-routeros #90, #293, #321: rules cannot be ordered without a resource that moves them.
#[tokio::test]
async fn order_is_a_property_of_the_list() {
    let (a, b, c) = ("{name: a, action: accept, to: 10.0.0.1}", "{name: b, action: accept, to: 10.0.0.2}", "{name: c, action: drop}");
    let mut world = World::new(Version::V7_20).await;
    world.router.add("/ip/firewall/filter", &[("chain", "forward"), ("action", "drop"), ("comment", "somebody else's")]).unwrap();
    world.apply(&firewall(&[a, b, c].join(", "))).await;
    world.router.forget_calls();
    world.apply(&firewall(&[b, a, c].join(", "))).await;
    let moves: Vec<String> = world.writes().into_iter().filter(|command| command.contains("firewall")).collect();
    assert_eq!(moves, ["/ip/firewall/filter/move"], "one move, and no rule is made anew");
    assert_eq!(world.column("/ip/firewall/filter", "dst-address"), ["", "10.0.0.2", "10.0.0.1", "", "", ""]);
    assert_eq!(world.column("/ip/firewall/filter", "comment").last().unwrap(), "somebody else's");
}

/// terraform-routeros #321: every rule of a chain is to be managed, those that somebody else made among them.
#[tokio::test]
async fn every_rule_of_a_chain_can_be_the_blueprints() {
    let whole = "  - {type: firewall, name: forward, provider: mikrotik, specs: {chain: forward, manage: whole, rules: [{name: a, action: accept, to: 10.0.0.1}, {name: rest, action: drop}]}, lifecycle: {adopt: true}}";
    for version in VERSIONS {
        let mut world = World::new(version).await;
        let foreign = [("chain", "forward"), ("action", "log"), ("comment", "somebody else's")];
        world.router.add("/ip/firewall/filter", &foreign).unwrap();
        world.apply(whole).await;
        assert_eq!(world.column("/ip/firewall/filter", "action"), ["accept", "drop"]);
        world.router.add("/ip/firewall/filter", &foreign).unwrap();
        let drift = world.drift().await;
        assert!(drift.len() == 1 && drift[0].starts_with("shop.forward"), "{drift:?}");
    }
}

/// terraform-routeros #654, #655, #902, #938: attributes drift between versions of RouterOS.
#[tokio::test]
async fn what_nobody_set_is_no_drift_on_any_version() {
    for version in VERSIONS {
        let mut world = World::new(version).await;
        let resources = "  - {type: network, name: dmz, provider: mikrotik, specs: {ports: [ether4]}}
  - {type: wireguard, name: wg0, provider: mikrotik, specs: {}}
  - {type: queue, name: guests, provider: mikrotik, specs: {target: [10.0.40.0/24]}}
  - {type: dhcp, name: dhcp, provider: mikrotik, specs: {interface: bridge, network: 10.0.30.0/24}}";
        world.apply(resources).await;
        assert_eq!(world.plan(resources).await.steps(), Vec::<String>::new());
        assert_eq!(world.drift().await, Vec::<String>::new());
    }
}

/// terraform-routeros #904: a value that was set cannot be taken away.
#[tokio::test]
async fn a_value_can_be_taken_away() {
    let with = |more: &str| format!("  - {{type: route, name: r, provider: mikrotik, specs: {{to: 203.0.113.0/24, gateway: 192.168.88.254{more}}}}}");
    for version in VERSIONS {
        let mut world = World::new(version).await;
        world.apply(&with(", check: ping, distance: 7")).await;
        world.apply(&with("")).await;
        let routes = world.router.entries("/ip/route");
        let ours = routes.iter().find(|route| route.get("dst-address") == Some("203.0.113.0/24")).unwrap();
        assert_eq!(ours.get("distance"), Some("1"));
        assert!(ours.get("check-gateway").is_none_or(|check| check == "none"));
        assert_eq!(world.plan(&with("")).await.steps(), Vec::<String>::new());
    }
}

/// terraform-routeros, March 2026: continual differences of `/32`.
#[tokio::test]
async fn an_address_with_all_its_bits_is_the_address() {
    let mut world = World::new(Version::V7_24).await;
    let resources =
        "  - {type: firewall, name: forward, provider: mikrotik, specs: {chain: forward, rules: [{name: a, action: accept, to: 10.0.0.1/32}]}}
  - {type: queue, name: one, provider: mikrotik, specs: {target: [10.0.40.7]}}
  - {type: address-list, name: some, provider: mikrotik, specs: {addresses: [10.0.0.7/32]}}
  - {type: wireguard, name: wg0, provider: mikrotik, specs: {peers: [{name: core, public_key: k, allowed: [10.8.0.1]}]}}";
    world.apply(resources).await;
    assert_eq!(world.plan(resources).await.steps(), Vec::<String>::new());
    assert_eq!(world.drift().await, Vec::<String>::new());
}

/// terraform-routeros #57, #87: the result of an apply is not what was planned.
#[tokio::test]
async fn spellings_of_the_router_are_the_authors_values() {
    let mut world = World::new(Version::V7_18).await;
    let resources = "  - {type: dns, name: d, provider: mikrotik, specs: {name: d.acme.example, address: 10.0.0.9, ttl: 24h}}
  - {type: menu, name: m, provider: mikrotik, specs: {path: /ip/dns/static, entries: [{name: m.acme.example, address: 10.0.0.8, ttl: \"00:05:00\", disabled: yes}]}}
  - {type: settings, name: s, provider: mikrotik, specs: {path: /ip/dns, values: {cache-max-ttl: 48h, allow-remote-requests: yes}}}";
    world.apply(resources).await;
    assert_eq!(world.plan(resources).await.steps(), Vec::<String>::new());
    assert_eq!(world.drift().await, Vec::<String>::new());
}

/// terraform-routeros #254: services drift. From 7.20 on the menu lists open connections among them.
#[tokio::test]
async fn open_connections_are_no_services() {
    for version in VERSIONS {
        let mut world = World::new(version).await;
        let resources = "  - {type: service, name: telnet, provider: mikrotik, specs: {enabled: false}}\n  - {type: service, name: api, provider: mikrotik, specs: {from: [192.168.88.0/24]}}";
        world.apply(resources).await;
        assert_eq!(world.plan(resources).await.steps(), Vec::<String>::new());
        assert_eq!(world.drift().await, Vec::<String>::new());
    }
}

/// terraform-routeros #750, #754: keys of WireGuard are shown, or made anew at each apply.
#[tokio::test]
async fn a_key_that_the_router_made_stays() {
    let mut world = World::new(Version::V7_20).await;
    let with = |port: u16| format!("  - {{type: wireguard, name: wg0, provider: mikrotik, specs: {{port: {port}}}}}");
    world.apply(&with(51_820)).await;
    let key = world.column("/interface/wireguard", "private-key");
    let planned = world.apply(&with(51_821)).await;
    assert_eq!(world.column("/interface/wireguard", "private-key"), key);
    assert!(!planned.plan.to_json().to_string().contains(&key[0]), "the key is in the plan");
}

/// terraform-routeros #488, #719, #867: importing by `*N` is tedious.
#[tokio::test]
async fn what_is_there_is_imported_and_the_next_plan_changes_nothing() {
    for version in VERSIONS {
        let mut world = World::new(version).await;
        let by_hand = "/interface/vlan/add name=office vlan-id=30 interface=bridge comment=\"by hand\"
/ip/address/add address=10.0.30.1/24 interface=office
/ip/route/add dst-address=0.0.0.0/0 gateway=192.168.88.254
/ip/dns/static/add name=nas.acme.lan address=10.0.30.5 ttl=1h
/ip/pool/add name=office ranges=10.0.30.100-10.0.30.199
/ip/dhcp-server/add name=office interface=office address-pool=office
/ip/firewall/address-list/add list=admins address=10.0.30.7
/ip/firewall/filter/add chain=input action=accept connection-state=established,related
/ip/firewall/filter/add chain=input action=accept src-address-list=admins comment=\"admins\"
/ip/firewall/filter/add chain=forward action=accept protocol=tcp dst-port=80,443 limit=10,5:packet
/interface/list/add name=WAN
/interface/list/member/add list=WAN interface=ether5
/queue/simple/add name=guests target=10.0.30.0/24 max-limit=10M/20M
/system/identity/set name=branch";
        for line in by_hand.lines() {
            world.router.run(line).unwrap_or_else(|error| panic!("{line}: {error:?}"));
        }
        let before = world.configuration();
        let text = world.engine.import().await.unwrap();
        assert!(!text.contains("*1"), "identities of the router are in the blueprint:\n{text}");
        let planned = world.plan_for(world.loaded(&text)).await;
        assert_eq!(planned.plan.problems, [], "{text}");
        let changing: Vec<_> = planned.plan.steps.iter().filter(|step| step.action.mutates()).collect();
        assert!(changing.is_empty(), "{changing:#?}\n{text}");
        world.apply_planned(planned).await;
        assert_eq!(world.configuration(), before);
        assert_eq!(world.drift().await, Vec::<String>::new());
    }
}

/// napalm-ros #71, community.routeros #400: nothing is undone when the router does not answer any more. See `lockout`; here it
/// is shown that a batch is guarded on every version, and that the guard leaves nothing behind.
#[tokio::test]
async fn every_change_is_guarded() {
    for version in VERSIONS {
        let mut world = World::new(version).await;
        world.apply("  - {type: dns, name: d, provider: mikrotik, specs: {name: d.acme.example, address: 10.0.0.9}}").await;
        let writes = world.writes();
        let guard = if version == Version::V7_15 { "/system/scheduler/add" } else { "/safe-mode/take" };
        let guarded = writes.iter().position(|command| command == guard);
        let changed = writes.iter().position(|command| command == "/ip/dns/static/add");
        assert!(guarded.is_some() && guarded < changed, "{version:?}: {writes:?}");
        assert!(!world.router.is_in_safe_mode());
        assert_eq!(world.column("/system/script", "name"), Vec::<String>::new());
    }
}

/// An argument that only a later version has is told with that version, before anything is done.
#[tokio::test]
async fn an_argument_of_a_later_version_is_told_with_it() {
    let world = World::new(Version::V7_15).await;
    let planned = world
        .plan("  - {type: settings, name: s, provider: mikrotik, specs: {path: /ip/dns, values: {mdns-repeat-ifaces: bridge, cache-sise: 1}}}")
        .await;
    let mut problems = world.engine.preflight(&planned.plan.steps).await.unwrap();
    let planned = world.plan(&firewall("{name: a, action: accept, more: {tos: \"1\"}}")).await;
    problems.extend(world.engine.preflight(&planned.plan.steps).await.unwrap());
    let told: Vec<_> = problems.iter().map(|problem| (problem.detail.clone(), problem.hint.clone().unwrap_or_default())).collect();
    assert_eq!(
        told,
        [
            ("`/ip/dns` of the router, version 7.15, has no argument `cache-sise`.".to_owned(), "did you mean `cache-size`?".to_owned()),
            (
                "`/ip/dns` of the router, version 7.15, has no argument `mdns-repeat-ifaces`.".to_owned(),
                "it exists from 7.18 on: upgrade the router, or leave it out".to_owned()
            ),
            (
                "`/ip/firewall/filter` of the router, version 7.15, has no argument `tos`.".to_owned(),
                "it exists from 7.24 on: upgrade the router, or leave it out".to_owned()
            ),
        ]
    );
}

/// The plan says which change can cut the way of the daemon.
#[tokio::test]
async fn risks_are_told() {
    let world = World::new(Version::V7_20).await;
    let planned = world
        .plan(
            "  - {type: dns, name: harmless, provider: mikrotik, specs: {name: d.acme.example, address: 10.0.0.9}}
  - {type: firewall, name: guard, provider: mikrotik, specs: {chain: input, rules: [{name: a, action: accept}]}}
  - {type: firewall, name: through, provider: mikrotik, specs: {chain: forward, rules: [{name: a, action: accept}]}}
  - {type: route, name: way, provider: mikrotik, specs: {to: 0.0.0.0/0, gateway: 192.168.88.254}}",
        )
        .await;
    let risks: serde_json::Map<_, _> = planned.plan.steps.iter().map(|step| (step.address.to_string(), json!(step.risk.word()))).collect();
    let expected = json!({"shop.guard": "may-disconnect", "shop.harmless": "none", "shop.through": "none", "shop.way": "may-disconnect"});
    assert_eq!(json!(risks), expected);
}
