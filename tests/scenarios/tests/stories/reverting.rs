//! What does a revert take back?

use insta::assert_snapshot;
use test_harness::{MergeMethod, World};
use test_scenarios::{WEB, WEB_OBJECTS, web};

#[tokio::test]
async fn a_revert_removes_what_was_made_and_keeps_the_volume() {
    let world = World::start().await;
    let pull = world.applied("Add web", WEB, &web()).await;
    let revert = pull.revert().await;
    assert_snapshot!("revert_comment", revert.comment().await);
    revert.merge(MergeMethod::Squash).await;
    assert_eq!(revert.state().await, "✅ applied");
    assert_eq!(world.target().names(), ["storage/web-data"]);
    assert_snapshot!("reverted_comment", revert.comment().await);
    world.end().await;
}

#[tokio::test]
async fn a_revert_of_a_changed_field_brings_the_old_value_back() {
    let world = World::start().await;
    world.applied("Add web", WEB, &web()).await;
    let change = world.applied("Greet", WEB, &web().replace("hello", "good day")).await;
    change.revert().await.merge(MergeMethod::Rebase).await;
    assert_eq!(world.record("prod").await.value("web.app", "specs.env.GREETING"), "hello");
    assert_eq!(world.target().names(), WEB_OBJECTS);
    world.end().await;
}

#[tokio::test]
async fn a_revert_of_a_revert_finds_the_volume_again() {
    let world = World::start().await;
    let revert = world.applied("Add web", WEB, &web()).await.revert().await;
    revert.merge(MergeMethod::Merge).await;
    assert_eq!(revert.state().await, "✅ applied");
    let again = revert.revert().await;
    again.merge(MergeMethod::Merge).await;
    assert_eq!(again.state().await, "✅ applied");
    assert_eq!((world.target().names().len(), world.record("prod").await.state.len()), (3, 3));
    world.end().await;
}
