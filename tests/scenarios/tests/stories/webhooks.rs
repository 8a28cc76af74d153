//! What if webhooks get lost, come twice, or come in another order? The same stories with the same end.

use test_harness::{MergeMethod, Webhooks, Wish, World};
use test_scenarios::{WEB, WEB_OBJECTS, web};

/// Opened, pushed to, merged, changed, and taken back.
async fn the_whole_life(webhooks: Webhooks) {
    let world = World::start_as(Wish::default().webhooks(webhooks)).await;
    let pull = world.pull_request("Add web").file(WEB, &web()).open().await;
    pull.push(WEB, web().replace("hello", "good day").as_str()).await;
    pull.merge(MergeMethod::Merge).await;
    let change = world.applied("More memory", WEB, &web().replace("256MB", "512MB")).await;
    change.revert().await.merge(MergeMethod::Rebase).await;
    each_merge_was_applied_once(&world, [change.number + 1, change.number, pull.number]).await;
    world.end().await;
}

async fn each_merge_was_applied_once(world: &World, numbers: [u64; 3]) {
    let records = world.records("prod").await;
    let finished = records.iter().filter(|record| record.run.kind == "finished").map(|record| record.run.pull_request.unwrap());
    assert_eq!(finished.collect::<Vec<_>>(), numbers);
    assert_eq!(records[0].value("web.app", "specs.memory"), 256 * 1024 * 1024);
    assert_eq!(world.target().names(), WEB_OBJECTS);
}

#[tokio::test]
async fn with_every_webhook() {
    the_whole_life(Webhooks::Delivered).await;
}

#[tokio::test]
async fn with_every_webhook_lost() {
    the_whole_life(Webhooks::Lost).await;
}

#[tokio::test]
async fn with_every_webhook_doubled_and_reordered() {
    for seed in [1, 7] {
        the_whole_life(Webhooks::DoubledAndReordered(seed)).await;
    }
}

#[tokio::test]
async fn a_command_is_found_without_webhooks() {
    let world = World::start_as(Wish::default().webhooks(Webhooks::Lost)).await;
    let pull = world.pull_request("Add web").file(WEB, &web()).open().await;
    let said = pull.say("alice", "/help").await;
    assert_eq!(pull.replies().await.len(), 1);
    assert_eq!(said.reactions().await.len(), said.reactions().await.iter().collect::<std::collections::BTreeSet<_>>().len());
    world.end().await;
}

#[tokio::test]
async fn a_command_that_comes_twice_is_answered_once() {
    let world = World::start_as(Wish::default().webhooks(Webhooks::DoubledAndReordered(3))).await;
    let pull = world.pull_request("Add web").file(WEB, &web()).open().await;
    pull.say("alice", "/help").await;
    assert_eq!(pull.replies().await.len(), 1);
    world.end().await;
}
