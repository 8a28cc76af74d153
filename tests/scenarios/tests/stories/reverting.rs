//! What does a revert take back?

use insta::assert_snapshot;
use test_harness::{MergeMethod, World};
use test_scenarios::{WEB, WEB_OBJECTS, web};

#[tokio::test]
async fn a_revert_removes_what_was_made_and_keeps_the_volume() {
    let world = World::start().await;
    let pull = world.pull_request("Add web").file(WEB, &web()).open().await;
    pull.merge(MergeMethod::Squash).await;
    let revert = pull.revert().await;
    assert_snapshot!("revert_comment", revert.comment().await);
    revert.merge(MergeMethod::Squash).await;
    confirm(&revert).await;
    assert_eq!(world.target().names(), ["storage/web-data"]);
    assert_snapshot!("reverted_comment", revert.comment().await);
    world.end().await;
}

#[tokio::test]
async fn a_revert_of_a_changed_field_brings_the_old_value_back() {
    let world = World::start().await;
    world.pull_request("Add web").file(WEB, &web()).open().await.merge(MergeMethod::Squash).await;
    let change = world.pull_request("Greet").file(WEB, &web().replace("hello", "good day")).open().await;
    change.merge(MergeMethod::Squash).await;
    assert_eq!(change.state().await, "✅ applied");
    change.revert().await.merge(MergeMethod::Rebase).await;
    assert_eq!(world.record("prod").await.value("web.app", "specs.env.GREETING"), "hello");
    assert_eq!(world.target().names(), WEB_OBJECTS);
    world.end().await;
}

#[tokio::test]
async fn a_revert_of_a_revert_finds_the_volume_again() {
    let world = World::start().await;
    let pull = world.pull_request("Add web").file(WEB, &web()).open().await;
    pull.merge(MergeMethod::Merge).await;
    let serial = world.record("prod").await.state.len();
    let revert = pull.revert().await;
    revert.merge(MergeMethod::Merge).await;
    confirm(&revert).await;
    let again = revert.revert().await;
    again.merge(MergeMethod::Merge).await;
    assert_eq!(again.state().await, "✅ applied");
    assert_eq!((world.target().names().len(), world.record("prod").await.state.len()), (3, serial));
    world.end().await;
}

/// A revert deletes a large part of a small environment, so somebody names it.
async fn confirm(revert: &test_harness::Pull<'_>) {
    if revert.state().await.starts_with('⏸') {
        let digest = revert.digest().await;
        revert.say("bob", &format!("/apply {digest} --deletes 2")).await;
    }
    assert_eq!(revert.state().await, "✅ applied");
}
