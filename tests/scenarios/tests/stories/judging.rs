//! When does the daemon ask a person, and what does it take for an answer?

use insta::assert_snapshot;
use test_harness::{MergeMethod, Misbehaviour, Pull, Wish, World};
use test_scenarios::{WEB, WEB_OBJECTS, blueprint, container, web};

#[tokio::test]
async fn manual_mode_waits_for_the_digest() {
    let world = World::start_as(Wish::default().rule("apply: manual")).await;
    let pull = world.pull_request("Add web").file(WEB, &web()).open().await;
    let digest = pull.digest().await;
    assert_eq!(pull.merged(MergeMethod::Squash).await, "⏸ waits for you");
    pull.say("bob", "/apply").await;
    assert!(world.target().names().is_empty(), "a command without the digest says nothing about what was seen");
    pull.say("bob", &format!("/apply {digest}")).await;
    assert_eq!(pull.state().await, "✅ applied");
    world.end().await;
}

#[tokio::test]
async fn many_deletes_want_their_number() {
    let six = ["a1", "a2", "a3", "a4", "a5", "a6"].map(container).concat();
    let world = World::start_installed(Wish::default().file(WEB, &blueprint("web", &six))).await;
    let pull = world.pull_request("Remove all").without(WEB).open().await;
    pull.merge(MergeMethod::Squash).await;
    pull.say("bob", &format!("/apply {}", pull.digest().await)).await;
    assert_snapshot!(pull.replies().await.last().unwrap());
    pull.say("bob", &format!("/apply {} --deletes 6", pull.digest().await)).await;
    assert_eq!((pull.state().await.as_str(), world.target().names().len()), ("✅ applied", 0));
    world.end().await;
}

#[tokio::test]
async fn a_later_merge_takes_the_place_of_one_that_waits() {
    let world = World::start().await;
    world.target().break_next(Misbehaviour::Rejected, "create", "web-app");
    let first = world.pull_request("Add web").file(WEB, &blueprint("web", &container("app"))).open().await;
    assert_eq!(first.merged(MergeMethod::Squash).await, "⏸ failed, waits for you");
    let second = world.pull_request("Use 2.0").file(WEB, &blueprint("web", &container("app")).replace("app:1.0", "app:2.0")).open().await;
    assert_eq!(second.merged(MergeMethod::Squash).await, "✅ applied");
    assert_eq!(first.state().await, "✅ superseded");
    assert!(world.record("prod").await.run.parked.is_empty());
    world.end().await;
}

/// A merge of which a step failed, so that its plan is another one from then on.
async fn failed_halfway(world: &World) -> Pull<'_> {
    world.target().break_next(Misbehaviour::Rejected, "create", "web-app");
    let pull = world.pull_request("Add web").file(WEB, &web()).open().await;
    assert_eq!(pull.merged(MergeMethod::Squash).await, "⏸ failed, waits for you");
    pull
}

#[tokio::test]
async fn a_stale_digest_on_an_old_merge_repeats_no_later_one() {
    let world = World::start().await;
    let old = failed_halfway(&world).await;
    let shop = world.applied("Add shop", "blueprints/shop.yaml", &blueprint("shop", &container("app"))).await;
    assert_eq!(shop.revert().await.merged(MergeMethod::Squash).await, "✅ applied");
    let calls = world.target().log();
    old.say("bob", "/apply prod 01234567").await;
    old.say("bob", "/apply prod 01234567").await;
    world.settled().await;
    assert_eq!(world.target().log(), calls, "what was reverted does not come back");
    world.end().await;
}

/// An approved change whose object somebody removed before the merge.
async fn approved_before_the_world_moved(world: &World) -> Pull<'_> {
    let first = world.pull_request("Add web").file(WEB, &web()).open().await;
    first.approve("carol").await;
    assert_eq!(first.merged(MergeMethod::Squash).await, "✅ applied");
    let pull = world.pull_request("More memory").file(WEB, &web().replace("256MB", "512MB")).open().await;
    pull.approve("carol").await;
    world.target().remove_by_hand("compute/web-app");
    pull.merge(MergeMethod::Squash).await;
    pull
}

#[tokio::test]
async fn an_approval_is_one_of_its_digest_though_the_database_is_gone() {
    let world = World::start_as(Wish::default().rule("approvals: {count: 1}")).await;
    let pull = approved_before_the_world_moved(&world).await;
    let digest = pull.digest().await;
    world.daemon.kill();
    world.delete_database();
    world.start_daemon().await;
    pull.say("alice", &format!("/apply {digest}")).await;
    assert!(!world.target().names().contains(&"compute/web-app".to_owned()), "carol approved another plan");
    world.end().await;
}

#[tokio::test]
async fn naming_the_digest_of_what_waits_is_an_approval() {
    let world = World::start_as(Wish::default().rule("approvals: {count: 1}")).await;
    let pull = world.pull_request("Add web").file(WEB, &web()).open().await;
    assert_eq!(pull.merged(MergeMethod::Squash).await, "⏸ waits for you");
    pull.say("alice", &format!("/apply {}", pull.digest().await)).await;
    assert!(world.target().names().is_empty(), "alice opened it");
    pull.say("bob", &format!("/apply {}", pull.digest().await)).await;
    assert_eq!(pull.state().await, "✅ applied");
    world.end().await;
}

#[tokio::test]
async fn what_nobody_knows_the_author_of_is_approved_by_one_more() {
    let world = World::start_as(Wish::default().file(WEB, &web()).rule("approvals: {count: 1}")).await;
    let issue = world.issues().await.remove(0).number;
    let command = format!("/apply {}", world.record("prod").await.run.parked.remove(0).digest);
    world.comment(issue, "bob", &command).await;
    world.settled().await;
    assert!(world.target().names().is_empty(), "bob may have pushed it");
    world.comment(issue, "carol", &command).await;
    assert_eq!(world.record("prod").await.run.result.as_deref(), Some("applied"));
    world.end().await;
}

#[tokio::test]
async fn an_overlapping_merge_waits_behind_one_that_waits() {
    let world = World::start_installed(Wish::default().file(WEB, &web()).rule("confirm: [replace]")).await;
    let greeting = web().replace("hello", "good day") + &container("other");
    world.pull_request("Greet").file(WEB, &greeting).open().await.merge(MergeMethod::Squash).await;
    let second = world.pull_request("More memory").file(WEB, &greeting.replace("256MB", "512MB")).open().await;
    second.merge(MergeMethod::Squash).await;
    assert_snapshot!(second.replies().await.join("\n=====\n"));
    assert_eq!(world.target().names(), WEB_OBJECTS);
    world.end().await;
}

#[tokio::test]
async fn a_failed_run_is_taken_back_where_the_environment_says_so() {
    let world = World::start_as(Wish::default().rule("on_failure: rollback")).await;
    world.target().break_next(Misbehaviour::Rejected, "create", "web-app");
    let pull = world.pull_request("Add web").file(WEB, &web()).open().await;
    pull.merge(MergeMethod::Squash).await;
    assert_eq!(world.record("prod").await.run.result.as_deref(), Some("rolled-back"));
    assert_snapshot!(pull.replies().await.join("\n=====\n"));
    assert!(!world.target().names().contains(&"network/web-front".to_owned()));
    world.end().await;
}

#[tokio::test]
async fn a_moved_tag_is_a_note_and_no_change() {
    let world = World::start_installed(Wish::default().file(WEB, &web())).await;
    world.target().publish_image("registry.example/app:1.0", Some(&format!("sha256:{}", "5".repeat(64))));
    let pull = world.pull_request("More memory").file(WEB, &web().replace("256MB", "512MB")).open().await;
    assert_snapshot!(pull.comment().await);
    pull.merge(MergeMethod::Squash).await;
    assert_eq!(world.record("prod").await.outcomes(), [("web.app", "changed")]);
    world.end().await;
}
