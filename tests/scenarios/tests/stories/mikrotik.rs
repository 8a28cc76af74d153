//! What if a pull request changes the router? It is one plan with what stands behind it, and it cannot lock anybody out.

use test_harness::{EdgeFault, MergeMethod, Pull, Shape, Wish, World};
use test_scenarios::{WEB, blueprint, edge, machine};

use crate::rendered::assert_comment;

const EDGE: &str = "blueprints/edge.yaml";

async fn world() -> World {
    World::start_as(Wish::default().mikrotik()).await
}

/// A machine, and all that it needs of the router.
fn both() -> String {
    machine() + edge()
}

#[tokio::test]
async fn a_machine_and_its_network_are_one_plan_and_one_revert() {
    let world = World::start_as(Wish::default().proxmox().mikrotik()).await;
    let before = world.edge().shape();
    let pull = world.pull_request("Add web").file(WEB, &both()).open().await;
    assert_comment!("edge_planned", pull.comment().await);
    assert_eq!(pull.merged(MergeMethod::Squash).await, "✅ applied");
    assert_eq!(world.edge().column("/ip/dns/static", "address"), ["10.0.20.11"]);
    let revert = pull.revert().await;
    assert_comment!("edge_reverted", revert.comment().await);
    assert_eq!(revert.merged(MergeMethod::Squash).await, "✅ applied");
    assert_eq!((world.edge().shape(), world.pve().machines()), (before, vec!["web-01".to_owned()]));
    world.end().await;
}

fn one(text: &str) -> Vec<String> {
    vec![text.to_owned()]
}

/// The shipped example, as it is, with the templates that it uses.
#[tokio::test]
async fn a_machine_behind_the_edge_is_reached_through_it_until_the_revert() {
    let example = include_str!("../../../../blueprints/edge.yaml").replace("environments: [edge]\n", "");
    let world = World::start_as(Wish::default().proxmox().mikrotik()).await;
    let before = world.edge().shape();
    let pull = world.pull_request("Open the shop").file("blueprints/edge.yaml", &example);
    let pull = pull.file("templates/router-network.yaml", include_str!("../../../../templates/router-network.yaml"));
    let pull = pull.file("templates/port-forward.yaml", include_str!("../../../../templates/port-forward.yaml")).open().await;
    assert_eq!(pull.merged(MergeMethod::Squash).await, "✅ applied");
    let nat = |name: &str| world.edge().column("/ip/firewall/nat", name).into_iter().filter(|value| !value.is_empty()).collect::<Vec<_>>();
    assert_eq!((nat("to-addresses"), nat("to-ports"), nat("src-address")), (one("10.0.40.11"), one("8443"), one("10.0.40.0/24")));
    assert_eq!(world.pve().machines(), ["shop-01"]);
    let revert = pull.revert().await;
    assert_eq!(revert.merged(MergeMethod::Squash).await, "✅ applied");
    assert_eq!(world.edge().shape(), before);
    world.end().await;
}

/// Somebody merges a change of the router that could cut the daemon off.
async fn merges<'w>(world: &'w World, resources: &str) -> Pull<'w> {
    let pull = world.pull_request("Change the edge").file(EDGE, &blueprint("edge", resources)).open().await;
    assert!(pull.comment().await.contains("may disconnect"), "{}", pull.comment().await);
    pull.merge(MergeMethod::Squash).await;
    pull
}

#[tokio::test]
async fn a_rule_that_locks_the_daemon_out_is_undone_and_said() {
    let world = world().await;
    let before = world.edge().shape();
    let pull =
        merges(&world, "  - {type: firewall, name: guard, provider: mikrotik, specs: {chain: input, rules: [{name: nobody, action: drop}]}}\n").await;
    until_undone(&world, &before).await;
    assert_eq!(pull.state().await, "⏸ failed, waits for you");
    assert_comment!("edge_locked_out", pull.replies().await.join("\n=====\n"));
    assert_eq!(world.edge().shape(), before);
    world.end().await;
}

/// Time goes by on the router, after it has seen the change.
async fn until_undone(world: &World, before: &Shape) {
    world.until("the router is changed", |world| world.edge().shape() != *before).await;
    let undone = |world: &World| {
        world.edge().later_s(5);
        world.edge().shape() == *before
    };
    world.until("the router has undone it", undone).await;
}

#[tokio::test]
async fn a_daemon_killed_before_it_confirms_leaves_the_old_or_the_new() {
    let world = world().await;
    world.edge().break_next(EdgeFault::SilenceAfterEffect, "/ip/route/add");
    let route = "  - {type: route, name: branch, provider: mikrotik, specs: {to: 203.0.113.0/24, gateway: 192.168.88.254}}\n";
    let pull = merges(&world, route).await;
    world.faults_met().await;
    world.restart_daemon().await;
    assert_eq!(pull.state().await, "✅ applied");
    let made = world.edge().column("/ip/route", "dst-address").into_iter().filter(|to| to == "203.0.113.0/24").count();
    assert_eq!(made, 1);
    world.end().await;
}

const EXPORT: &str = "edge/export.rsc";

fn dns(last: u8) -> String {
    blueprint("edge", &format!("  - {{type: dns, name: web, provider: mikrotik, specs: {{name: web.acme.example, address: 10.0.20.{last}}}}}\n"))
}

/// What somebody else does on the router between two runs is in the second export as well.
#[tokio::test]
async fn the_routers_export_stands_beside_the_records_of_its_runs() {
    let world = world().await;
    world.edge().router().run("/ppp secret add name=u password=canary-of-u").unwrap();
    world.applied("Name web", EDGE, &dns(11)).await;
    let first = world.record("prod").await.artefact(EXPORT).expect("an export");
    assert!(first.starts_with("# by RouterOS 7.20\n"), "{first}");
    assert!(first.contains("address=10.0.20.11") && first.contains("/ppp secret add name=u\n") && !first.contains("canary"), "{first}");
    world.edge().router().run("/ip dns static add name=theirs.acme.example address=10.0.0.8").unwrap();
    world.applied("Move web", EDGE, &dns(12)).await;
    let records = world.records("prod").await;
    let (finished, started) = (&records[0], &records[1]);
    assert_eq!(started.artefact(EXPORT).as_ref(), Some(&first), "the record of the start carries the old one");
    let second = finished.artefact(EXPORT).expect("an export");
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<std::collections::BTreeSet<_>>();
    let new: Vec<String> = lines(&second).difference(&lines(&first)).cloned().collect();
    assert_eq!(new.len(), 2, "{new:?}");
    assert!(
        new.iter().any(|line| line.contains("name=theirs.acme.example")) && new.iter().any(|line| line.contains("address=10.0.20.12")),
        "{new:?}"
    );
    world.end().await;
}

#[tokio::test]
async fn a_run_is_as_good_without_the_export_and_says_so() {
    let world = world().await;
    world.edge().break_next(EdgeFault::TrapBefore("interrupted".to_owned()), "/export");
    let pull = world.pull_request("Name web").file(EDGE, &dns(11)).open().await;
    assert_eq!(pull.merged(MergeMethod::Squash).await, "✅ applied");
    assert_comment!("edge_without_export", pull.replies().await.join("\n=====\n"));
    let record = world.record("prod").await;
    assert_eq!((record.artefact(EXPORT), record.run.result.as_deref(), record.run.notes.len()), (None, Some("applied"), 1));
    world.end().await;
}
