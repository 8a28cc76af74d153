//! What if the daemon may not do what a blueprint asks, or does not get in at all? It is said before anything is changed.

use test_harness::{MergeMethod, Wish, World};
use test_scenarios::{WEB, machine};

use crate::rendered::assert_comment;

async fn world() -> World {
    World::start_as(Wish::default().proxmox()).await
}

/// The comment of a pull request that nothing came of.
async fn a_plan_that_changes_nothing(world: &World, blueprint: &str) -> String {
    let writes = world.pve().writes();
    let pull = world.pull_request("Change web").file(WEB, blueprint).open().await;
    let comment = pull.comment().await;
    pull.merge(MergeMethod::Squash).await;
    assert_ne!(pull.state().await, "✅ applied");
    assert_eq!(world.pve().writes(), writes);
    comment
}

#[tokio::test]
async fn a_missing_privilege_is_said_in_the_plan() {
    let world = world().await;
    world.pve().revoke(&["VM.Clone", "VM.PowerMgmt"]);
    assert_comment!("privilege_to_make", a_plan_that_changes_nothing(&world, &machine()).await);
    world.end().await;
}

#[tokio::test]
async fn a_missing_privilege_names_the_line_that_needs_it() {
    let world = world().await;
    world.applied("Add web", WEB, &machine()).await;
    world.pve().revoke(&["VM.Config.Memory"]);
    let comment = a_plan_that_changes_nothing(&world, &machine().replace("memory: 2GB", "memory: 4GB")).await;
    assert!(comment.contains("blueprints/web.yaml:9"), "{comment}");
    assert_comment!("privilege_to_change", comment);
    world.end().await;
}

#[tokio::test]
async fn what_the_daemon_may_not_see_is_unknown_and_not_made() {
    let world = world().await;
    world.pve().revoke(&["VM.Audit"]);
    assert_comment!("privilege_to_see", a_plan_that_changes_nothing(&world, &machine()).await);
    world.end().await;
}

#[tokio::test]
async fn a_token_that_is_not_believed_is_said() {
    let world = world().await;
    world.pve().renew_token();
    assert_comment!("wrong_token", a_plan_that_changes_nothing(&world, &machine()).await);
    world.end().await;
}

#[tokio::test]
async fn a_token_that_is_no_longer_believed_is_said() {
    let world = world().await;
    world.applied("Add web", WEB, &machine()).await;
    world.pve().renew_token();
    assert_comment!("wrong_token_later", a_plan_that_changes_nothing(&world, &machine().replace("memory: 2GB", "memory: 4GB")).await);
    world.end().await;
}

#[tokio::test]
async fn another_certificate_is_not_believed() {
    let world = World::start_as(Wish::default().proxmox_with_another_certificate()).await;
    let comment = a_plan_that_changes_nothing(&world, &machine()).await;
    assert_comment!("wrong_certificate", comment.replace(&world.pve().fingerprint(), "12:34:…"));
    assert!(world.pve().cluster().requests().is_empty(), "no credential was sent to it");
    world.end().await;
}

#[tokio::test]
async fn a_cluster_that_does_not_answer_is_said_and_planned_when_it_is_back() {
    let world = world().await;
    world.pve().set_power(false);
    let pull = world.pull_request("Add web").file(WEB, &machine()).open().await;
    assert_comment!("cluster_away", pull.comment().await);
    world.pve().set_power(true);
    pull.say("alice", "/plan").await;
    assert_eq!(pull.state().await, "planned");
    world.end().await;
}

#[tokio::test]
async fn a_node_or_a_storage_that_is_not_there_is_said_in_the_plan() {
    let world = world().await;
    let elsewhere = machine().replace("node: pve1", "node: pve9");
    assert_comment!("no_such_node", a_plan_that_changes_nothing(&world, &elsewhere).await);
    world.end().await;
}
