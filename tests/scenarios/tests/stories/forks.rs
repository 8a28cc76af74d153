//! What may somebody do who may only read, with a fork of their own?

use insta::assert_snapshot;
use test_harness::{MergeMethod, Wish, World};
use test_scenarios::{WEB, web};
use test_sim::github::{NewPull, Push, RepositoryHandle};

/// Mallory's fork gets another commit.
async fn push_to(fork: &RepositoryHandle, changes: &[(&str, Option<&str>)]) {
    fork.push(Push { branch: "better", from: None, author: "mallory", message: "Make it better", changes }).await.unwrap();
}

/// Mallory proposes these files from a fork.
async fn proposed_from_a_fork<'w>(world: &'w World, changes: &[(&str, Option<&str>)]) -> test_harness::Pull<'w> {
    let fork = world.repository().fork("mallory").await.unwrap();
    proposed_from(world, &fork, changes).await
}

async fn proposed_from<'w>(world: &'w World, fork: &RepositoryHandle, changes: &[(&str, Option<&str>)]) -> test_harness::Pull<'w> {
    push_to(fork, changes).await;
    let pull = NewPull { author: "mallory", head: "mallory:better", base: "main", title: "Make it better", body: "", draft: false };
    world.pull(world.repository().open_pull_request(pull).await.unwrap())
}

#[tokio::test]
async fn a_fork_is_planned_with_what_the_base_already_uses() {
    let world = World::start_installed(Wish::default().file(WEB, &web())).await;
    let pull = proposed_from_a_fork(&world, &[(WEB, Some(&web().replace("256MB", "512MB")))]).await;
    assert_snapshot!(pull.comment().await);
    pull.merge(MergeMethod::Squash).await;
    assert_eq!(pull.state().await, "✅ applied");
    world.end().await;
}

#[tokio::test]
async fn a_fork_is_looked_up_after_a_member_asked_for_it() {
    let world = World::start().await;
    let pull = proposed_from_a_fork(&world, &[(WEB, Some(&web()))]).await;
    assert_snapshot!(pull.comment().await);
    pull.say("mallory", "/plan").await;
    assert!(pull.comment().await.contains("Not from a fork"), "whoever may only read decides nothing");
    pull.say("alice", "/plan").await;
    assert_eq!(pull.state().await, "planned");
    world.end().await;
}

/// The daemon is away while a member writes `/plan` and another head is pushed.
#[tokio::test]
async fn a_head_that_was_pushed_after_a_members_word_is_not_meant() {
    let world = World::start().await;
    let fork = world.repository().fork("mallory").await.unwrap();
    let pull = proposed_from(&world, &fork, &[(WEB, Some(&web()))]).await;
    world.people_read().await;
    world.daemon.stop().await;
    world.repository().comment(pull.number, "alice", "/plan").await.unwrap();
    push_to(&fork, &[(WEB, Some(&web().replace("app:1.0", "other:1.0")))]).await;
    world.start_daemon().await;
    assert!(pull.comment().await.contains("Not from a fork"), "nobody who may write has seen it");
    pull.say("alice", "/plan").await;
    assert_eq!(pull.state().await, "planned");
    world.end().await;
}

#[tokio::test]
async fn a_fork_cannot_reach_for_a_secret() {
    let world = World::start().await;
    let reaching = web().replace("GREETING: hello", "GREETING: \"${secret.db_password}\"");
    let pull = proposed_from_a_fork(&world, &[(WEB, Some(&reaching))]).await;
    assert_snapshot!(pull.comment().await);
    world.end().await;
}

#[tokio::test]
async fn rules_are_those_of_the_base() {
    let world = World::start_as(Wish::default().rule("approvals: {count: 1}")).await;
    let own = world.forge().file_at(test_harness::REPOSITORY, "main", "ipr.yaml").await.unwrap().unwrap();
    let laxer = own.replace("approvals: {count: 1}", "approvals: {count: 0}");
    let pull = world.pull_request("Ask nobody").file("ipr.yaml", &laxer).file(WEB, &web()).open().await;
    pull.merge(MergeMethod::Squash).await;
    assert_eq!(world.record("prod").await.run.parked[0].reason, "waiting");
    assert!(world.target().names().is_empty());
    world.end().await;
}
