//! What if several merges wait, or what waits is no longer wanted? A command means what it names, and nothing old comes back.

use test_harness::{MergeMethod, Misbehaviour, Wish, World};
use test_scenarios::{WEB, blueprint, container, web};

use crate::rendered::assert_comment;

#[tokio::test]
async fn a_skip_lets_go_of_the_merge_that_it_names() {
    let world = World::start().await;
    world.push_to_main(WEB, Some(&web())).await;
    let second = world.push_to_main("blueprints/shop.yaml", Some(&blueprint("shop", &container("app")))).await;
    let issue = world.issues().await.remove(0).number;
    world.comment(issue, "bob", "/skip prod").await;
    assert_comment!("skip_unclear", world.comments_on(issue).await.pop().unwrap());
    world.comment(issue, "bob", &format!("/skip {}", &second[..12])).await;
    let waits = world.record("prod").await.run.parked;
    assert!(waits.len() == 1 && waits[0].commit != second, "{waits:?}");
    world.end().await;
}

#[tokio::test]
async fn a_revert_lets_go_of_the_merge_that_failed() {
    let world = World::start().await;
    world.target().break_next(Misbehaviour::Rejected, "create", "web-app");
    let pull = world.pull_request("Add web").file(WEB, &blueprint("web", &container("app"))).open().await;
    assert_eq!(pull.merged(MergeMethod::Squash).await, "⏸ failed, waits for you");
    pull.revert().await.merge(MergeMethod::Squash).await;
    pull.say("bob", &format!("/apply {}", pull.digest().await)).await;
    assert_eq!((world.record("prod").await.run.parked.len(), world.target().names()), (0, vec![]));
    world.end().await;
}

/// Two containers of an image each.
fn two(first: &str, second: &str) -> String {
    let of = |name: &str, version: &str| container(name).replace("app:1.0", &format!("app:{version}"));
    blueprint("web", &(of("a", first) + &of("b", second)))
}

#[tokio::test]
async fn what_a_later_merge_decided_is_not_taken_back_by_an_earlier_one() {
    let world = World::start_as(Wish::default().rule("apply: manual")).await;
    let first = world.pull_request("Add web").file(WEB, &two("1.0", "1.0")).open().await;
    first.merge(MergeMethod::Squash).await;
    let second = world.pull_request("Newer").file(WEB, &two("1.0", "2.0")).file("blueprints/shop.yaml", &blueprint("shop", &container("c")));
    let second = second.open().await;
    second.merge(MergeMethod::Squash).await;
    second.say("bob", &format!("/apply {}", world.record("prod").await.run.parked[1].digest)).await;
    first.say("bob", &format!("/apply {}", world.record("prod").await.run.parked[0].digest)).await;
    assert_comment!("overtaken", first.replies().await.pop().unwrap());
    world.end().await;
}

#[tokio::test]
async fn what_waits_behind_a_merge_still_waits_when_that_is_done() {
    let world = World::start_as(Wish::default().rule("apply: manual")).await;
    let first = world.pull_request("Add web").file(WEB, &two("1.0", "1.0")).open().await;
    first.merge(MergeMethod::Squash).await;
    let second = world.pull_request("Newer").file(WEB, &two("1.0", "2.0")).open().await;
    second.merge(MergeMethod::Squash).await;
    first.say("bob", &format!("/apply {}", world.record("prod").await.run.parked[0].digest)).await;
    let waits = world.record("prod").await.run.parked;
    assert_eq!(waits.iter().map(|parked| parked.pull_request).collect::<Vec<_>>(), [Some(second.number)]);
    world.end().await;
}

#[tokio::test]
async fn a_rollback_goes_on_where_the_daemon_was_stopped() {
    let world = World::start_as(Wish::default().rule("on_failure: rollback")).await;
    (0..2).for_each(|_| world.target().break_next(Misbehaviour::Rejected, "create", "web-app"));
    world.target().break_next(Misbehaviour::Hang, "delete", "web-front");
    let pull = world.pull_request("Add web").file(WEB, &web()).open().await;
    pull.merge(MergeMethod::Squash).await;
    world.until("the rollback hangs", |world| world.target().faults_left() == 1).await;
    world.daemon.stop().await;
    world.start_daemon().await;
    assert_eq!((pull.state().await, world.target().names()), ("⏸ rolled back, waits for you".to_owned(), vec!["storage/web-data".to_owned()]));
    world.end().await;
}
