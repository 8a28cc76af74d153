//! When do rules deny? While something is frozen, by GitHub's clock.

use test_harness::{MergeMethod, World};
use test_scenarios::{WEB, web};

/// A world with the shipped rules of freezes, and one freeze: from and until so many days after its beginning.
async fn frozen(from: i64, until: i64) -> World {
    let world = World::start().await;
    let (from, until) = (world.in_days(from), world.in_days(until));
    let freeze = format!("{{\"name\": \"the release\", \"environments\": {{\"prod\"}}, \"from\": \"{from}\", \"until\": \"{until}\"}}");
    let others = "production := set()\nquiet_days := set()\nwork_hours := {\"from\": 0, \"until\": 24}";
    world.push_to_main("policies/settings.rego", Some(&format!("package ipr.settings\nfreezes := [{freeze}]\n{others}\n"))).await;
    world.push_to_main("policies/freeze.rego", Some(include_str!("../../../../policies/freeze.rego"))).await;
    world
}

#[tokio::test]
async fn a_freeze_that_begins_after_the_review_denies_until_it_ends() {
    let world = frozen(1, 3).await;
    let pull = world.pull_request("Add web").file(WEB, &web()).open().await;
    world.days_pass(2);
    pull.merge(MergeMethod::Squash).await;
    assert_eq!((pull.state().await.as_str(), world.target().names().len()), ("⏸ refused", 0), "the freeze has begun");
    world.days_pass(2);
    pull.say("bob", &format!("/apply {}", pull.digest().await)).await;
    assert_eq!(pull.state().await, "✅ applied", "the freeze has ended, and nobody pushed anything");
    world.end().await;
}

#[tokio::test]
async fn what_was_denied_in_a_freeze_is_merged_and_applied_after_it() {
    let world = frozen(-1, 1).await;
    let pull = world.pull_request("Add web").file(WEB, &web()).open().await;
    assert!(pull.comment().await.contains("prod is frozen for the release"), "{}", pull.comment().await);
    world.days_pass(2);
    pull.merge(MergeMethod::Squash).await;
    assert_eq!(pull.state().await, "✅ applied", "the same head, without a new push");
    world.end().await;
}
