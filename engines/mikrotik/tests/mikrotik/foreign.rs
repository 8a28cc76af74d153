//! Does what is not ours stay as it is? Rows of others beside ours, in our place, and the daemon's own user.

use engine_api::{Engine, ErrorKind};
use test_sim_routeros::Version;

use crate::world::World;

const LIST: &str = "/ip/firewall/address-list";
const FILTER: &str = "/ip/firewall/filter";

/// Menus in which the first row that fits is the one that counts.
const ORDERED: [&str; 4] = [FILTER, "/ip/dns/static", "/queue/simple", "/routing/ospf/interface-template"];

/// Carries out a change behind a switch, undoes it, and compares.
async fn is_brought_back(world: &World, resources: &str) {
    let before = world.configuration();
    let planned = world.plan(resources).await;
    assert_eq!(planned.plan.problems, []);
    world.apply_without_confirming(&planned).await.unwrap();
    assert_ne!(world.configuration(), before);
    world.abandon(&planned).await.unwrap();
    let sorted = |mut configuration: crate::world::Configuration| {
        configuration.iter_mut().filter(|(menu, _)| !ORDERED.contains(&menu.as_str())).for_each(|(_, rows)| rows.sort());
        configuration
    };
    assert_eq!(sorted(world.configuration()), sorted(before));
}

/// The router's first configuration gives the same comment to many rows.
#[tokio::test]
async fn rows_with_one_comment_of_somebody_else_all_come_back() {
    let mut world = World::new(Version::V7_15).await;
    for address in ["198.51.100.1", "198.51.100.2", "198.51.100.3"] {
        world.router.add(LIST, &[("list", "blocked"), ("address", address), ("comment", "defconf")]).unwrap();
    }
    let list = |addresses: &str| {
        format!("  - {{type: address-list, name: blocked, provider: mikrotik, specs: {{addresses: [{addresses}]}}, lifecycle: {{adopt: true}}}}")
    };
    world.apply(&list("198.51.100.1, 198.51.100.2, 198.51.100.3")).await;
    is_brought_back(&world, &list("198.51.100.1")).await;
}

#[tokio::test]
async fn an_item_that_gets_another_key_comes_back_with_the_old_one() {
    let mut world = World::new(Version::V7_15).await;
    let leases = |leases: &str| {
        let specs = format!("{{interface: bridge, network: 10.0.20.0/24, leases: [{leases}]}}");
        format!("  - {{type: dhcp, name: lan, provider: mikrotik, specs: {specs}}}")
    };
    let lease = |name: &str, last: u8| format!("{{name: {name}, mac: \"52:54:00:00:00:0{last}\", ip: 10.0.20.{last}}}");
    world.apply(&leases(&[lease("printer", 7), lease("camera", 8)].join(", "))).await;
    is_brought_back(&world, &leases(&[lease("printer", 9), lease("camera", 8)].join(", "))).await;
    is_brought_back(&world, &leases(&[lease("camera", 7), lease("printer", 8)].join(", "))).await;
}

/// Of two templates that fit an interface the first one counts, and of two queues.
#[tokio::test]
async fn rows_with_an_order_come_back_where_they_were() {
    let templates = |names: &[&str]| {
        let line =
            |name: &&str| format!("  - {{type: ospf-interface, name: {name}, provider: mikrotik, specs: {{area: backbone, interfaces: [{name}]}}}}");
        names.iter().map(line).collect::<Vec<_>>().join("\n")
    };
    let queues = |names: &[&str]| {
        let line = |name: &&str| format!("  - {{type: queue, name: {name}, provider: mikrotik, specs: {{target: [10.0.40.0/24]}}}}");
        names.iter().map(line).collect::<Vec<_>>().join("\n")
    };
    let all = ["ether2", "ether3", "ether4", "ether5"];
    for resources in [&templates as &dyn Fn(&[&str]) -> String, &queues] {
        let mut world = World::new(Version::V7_15).await;
        world.router.run("/routing ospf instance add name=v2\n/routing ospf area add name=backbone instance=v2").unwrap();
        world.apply(&resources(&all)).await;
        is_brought_back(&world, &resources(&["ether2", "ether5"])).await;
        is_brought_back(&world, &resources(&["ether3"])).await;
    }
}

#[tokio::test]
async fn the_daemons_own_user_is_not_changed_through_it() {
    let world = World::new(Version::V7_20).await;
    let before = world.configuration();
    for (resources, field) in [
        ("{type: user, name: admin, provider: mikrotik, specs: {group: read}, lifecycle: {adopt: true}}", "specs.name"),
        (
            "{type: menu, name: u, provider: mikrotik, specs: {path: /user, entries: [{name: admin, group: read}]}, lifecycle: {adopt: true}}",
            "specs.entries",
        ),
        (
            "{type: menu, name: g, provider: mikrotik, specs: {path: /user/group, entries: [{name: full, skin: x}]}, lifecycle: {adopt: true}}",
            "specs.entries",
        ),
    ] {
        let planned = world.plan(&format!("  - {resources}")).await;
        assert_eq!(planned.plan.problems, []);
        let problems = world.engine.preflight(&planned.plan.steps).await.unwrap();
        assert!(problems.iter().any(|problem| problem.detail.starts_with(&format!("`{field}`"))), "{resources}: {problems:?}");
        let error = world.apply_without_confirming(&planned).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Rejected, "{resources}: {error}");
        assert_eq!(world.configuration(), before);
    }
}

#[tokio::test]
async fn settings_are_no_row_of_a_list() {
    let world = World::new(Version::V7_20).await;
    world.router.add("/ip/dns/static", &[("name", "nas.acme.lan"), ("address", "10.0.30.5")]).unwrap();
    let before = world.configuration();
    let planned = world.plan("  - {type: settings, name: s, provider: mikrotik, specs: {path: /ip/dns/static, values: {address: 10.0.0.1}}}").await;
    let problems = world.engine.preflight(&planned.plan.steps).await.unwrap();
    assert!(problems.iter().any(|problem| problem.detail.contains("is a list of entries")), "{problems:?}");
    let error = world.apply_without_confirming(&planned).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Conflict, "{error}");
    assert_eq!(world.configuration(), before);
}

/// An object of ours that grows does not swallow what somebody else has put where it grows to.
#[tokio::test]
async fn what_is_ours_grows_over_nothing_foreign() {
    let menu = |more: &str| {
        let specs = format!("{{path: /ip/dns/static, entries: [{{name: a.acme.example, address: 10.0.0.1}}{more}]}}");
        format!("  - {{type: menu, name: m, provider: mikrotik, specs: {specs}}}")
    };
    let vlan = |more: &str| format!("  - {{type: network, name: v20, provider: mikrotik, specs: {{vlan: 20, interface: bridge{more}}}}}");
    let chain = |manage: &str| {
        let specs = format!("{{chain: forward, manage: {manage}, rules: [{{name: a, action: accept}}]}}");
        format!("  - {{type: firewall, name: forward, provider: mikrotik, specs: {specs}}}")
    };
    let name: (&str, &[(&str, &str)]) = ("/ip/dns/static", &[("name", "b.acme.example"), ("address", "192.0.2.1")]);
    let table: (&str, &[(&str, &str)]) = ("/interface/bridge/vlan", &[("bridge", "bridge"), ("vlan-ids", "20"), ("tagged", "ether3")]);
    let rule: (&str, &[(&str, &str)]) = (FILTER, &[("chain", "forward"), ("action", "drop")]);
    for (small, large, (path, foreign)) in [
        (menu(""), menu(", {name: b.acme.example, address: 10.0.0.2}"), name),
        (vlan(""), vlan(", tagged: [ether2]"), table),
        (chain("section"), chain("whole"), rule),
    ] {
        let mut world = World::new(Version::V7_20).await;
        world.apply(&small).await;
        world.router.add(path, foreign).unwrap();
        let before = world.configuration();
        let planned = world.plan(&large).await;
        let error = world.carry_out(&planned).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Conflict, "{error}");
        assert!(error.message.contains("not managed by ipr"), "{error}");
        assert_eq!(world.configuration(), before);
    }
}

/// What is adopted may be changed in the same run, as the plan says.
#[tokio::test]
async fn an_adoption_with_a_change_is_carried_out() {
    let mut world = World::new(Version::V7_20).await;
    world.router.add("/ip/dns/static", &[("name", "nas.acme.lan"), ("address", "10.0.30.5")]).unwrap();
    let planned = world
        .apply("  - {type: dns, name: nas, provider: mikrotik, specs: {name: nas.acme.lan, address: 10.0.30.6}, lifecycle: {adopt: true}}")
        .await;
    assert_eq!(planned.steps(), ["update shop.nas"]);
    assert_eq!(world.column("/ip/dns/static", "address"), ["10.0.30.6"]);
    assert_eq!(world.drift().await, Vec::<String>::new());
}

/// Several rows of a menu may have one name; ours is the one with our tag.
#[tokio::test]
async fn a_row_of_the_same_name_in_front_of_ours_is_left_alone() {
    let mut world = World::new(Version::V7_20).await;
    let ours = |last: u8| format!("  - {{type: dns, name: web, provider: mikrotik, specs: {{name: web.acme.example, address: 10.0.20.{last}}}}}");
    world.apply(&ours(11)).await;
    let id = world.router.entries("/ip/dns/static").remove(0).id;
    world.router.add("/ip/dns/static", &[("name", "web.acme.example"), ("address", "192.0.2.9"), ("place-before", &id)]).unwrap();
    assert_eq!(world.drift().await, Vec::<String>::new());
    world.apply(&ours(12)).await;
    assert_eq!(world.column("/ip/dns/static", "address"), ["192.0.2.9", "10.0.20.12"]);
    world.apply("").await;
    assert_eq!(world.column("/ip/dns/static", "address"), ["192.0.2.9"]);
}
