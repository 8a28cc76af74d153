//! What becomes of a pull request that was merged?

use insta::assert_snapshot;
use serde_json::json;
use test_harness::{MergeMethod, Misbehaviour, Pull, REPOSITORY, Wish, World};
use test_scenarios::{WEB, WEB_OBJECTS, blueprint, container, web};

async fn a_merge_is_applied(method: MergeMethod) {
    let world = World::start().await;
    let pull = world.pull_request("Add web").file(WEB, &web()).open().await;
    let merged = pull.merge(method).await;
    let record = world.record("prod").await;
    assert_eq!((record.run.kind.as_str(), record.run.result.as_deref()), ("finished", Some("applied")));
    assert_eq!((record.run.cursor, record.run.pull_request), (Some(merged), Some(pull.number)));
    assert_eq!(world.target().names(), WEB_OBJECTS);
    assert_eq!(pull.state().await, "✅ applied");
    world.end().await;
}

#[tokio::test]
async fn a_merge_commit_is_applied() {
    a_merge_is_applied(MergeMethod::Merge).await;
}

#[tokio::test]
async fn a_squashed_merge_is_applied() {
    a_merge_is_applied(MergeMethod::Squash).await;
}

#[tokio::test]
async fn a_rebased_merge_is_applied() {
    a_merge_is_applied(MergeMethod::Rebase).await;
}

/// Bob merges on a command line, and GitHub calls the pull request merged a little later.
#[tokio::test]
async fn a_merge_that_github_notices_late_is_no_push_past_the_review() {
    let world = World::start().await;
    let pull = world.pull_request("Add web").file(WEB, &web()).open().await;
    world.people_read().await;
    let head = world.forge().pull_request(REPOSITORY, pull.number).unwrap().head_sha;
    world.forge().overlook_pushes();
    world.repository().reset_branch("main", &head, "bob").await.unwrap();
    world.until("the daemon waits for GitHub", |world| world.daemon.log().contains("does not call #1 merged yet")).await;
    world.forge().notice_pushes();
    assert_eq!((pull.state().await.as_str(), world.target().names()), ("✅ applied", WEB_OBJECTS.map(str::to_owned).to_vec()));
    world.end().await;
}

#[tokio::test]
async fn a_run_is_told() {
    let world = World::start().await;
    let pull = world.applied("Add web", WEB, &web()).await;
    assert_snapshot!("applied_comment", pull.comment().await);
    assert_snapshot!("applied_replies", pull.replies().await.join("\n=====\n"));
    world.end().await;
}

#[tokio::test]
async fn a_run_is_recorded_before_and_after() {
    let world = World::start().await;
    world.applied("Add web", WEB, &web()).await;
    let records = world.records("prod").await;
    assert_eq!(records.iter().map(|record| record.run.kind.as_str()).collect::<Vec<_>>(), ["finished", "started", "initial"]);
    assert_eq!(records[0].outcomes(), [("web.data", "changed"), ("web.front", "changed"), ("web.app", "changed")]);
    assert_eq!(records[0].value("web.app", "specs.env.GREETING"), "hello");
    world.end().await;
}

#[tokio::test]
async fn one_changed_field_is_the_only_one_in_the_plan() {
    let world = World::start_installed(Wish::default().file(WEB, &web())).await;
    let pull = world.pull_request("More memory").file(WEB, &web().replace("256MB", "512MB")).open().await;
    assert_snapshot!(pull.comment().await);
    pull.merge(MergeMethod::Squash).await;
    assert_eq!(world.record("prod").await.outcomes(), [("web.app", "changed")]);
    assert_eq!(world.target().object("compute/web-app").fields["specs.memory"], json!(512 * 1024 * 1024));
    world.end().await;
}

#[tokio::test]
async fn a_replacement_says_why() {
    let world = World::start_installed(Wish::default().file(WEB, &web())).await;
    let serial = world.target().object("compute/web-app").serial;
    let pull = world.pull_request("Greet").file(WEB, &web().replace("hello", "good day")).open().await;
    assert_snapshot!(pull.comment().await);
    pull.merge(MergeMethod::Squash).await;
    assert_eq!(pull.state().await, "✅ applied");
    assert_ne!(world.target().object("compute/web-app").serial, serial);
    world.end().await;
}

#[tokio::test]
async fn a_blueprint_that_is_already_so_needs_no_step() {
    let world = World::start_installed(Wish::default().file(WEB, &web())).await;
    let calls = world.target().log();
    let pull = world.pull_request("Say more").file(WEB, &format!("# What everybody sees.\n{}", web())).open().await;
    assert_snapshot!(pull.comment().await);
    pull.merge(MergeMethod::Squash).await;
    assert_eq!(pull.state().await, "nothing to do");
    assert_eq!(world.target().log(), calls);
    world.end().await;
}

#[tokio::test]
async fn an_unrelated_merge_keeps_the_digest() {
    let world = World::start().await;
    let pull = world.pull_request("Add web").file(WEB, &web()).open().await;
    let digest = pull.digest().await;
    let other = world.pull_request("Add shop").file("blueprints/shop.yaml", &blueprint("shop", &container("app"))).open().await;
    other.merge(MergeMethod::Squash).await;
    assert_eq!(other.state().await, "✅ applied");
    pull.say("alice", "/plan").await;
    assert_eq!(pull.digest().await, digest);
    world.end().await;
}

/// A change was reviewed, and then somebody removed what it is about.
async fn a_merge_into_a_world_that_moved(world: &World) -> Pull<'_> {
    let pull = world.pull_request("More memory").file(WEB, &web().replace("256MB", "512MB")).open().await;
    pull.state().await;
    world.target().remove_by_hand("compute/web-app");
    pull.merge(MergeMethod::Squash).await;
    pull
}

#[tokio::test]
async fn a_world_that_moved_parks_the_merge() {
    let world = World::start_installed(Wish::default().file(WEB, &web())).await;
    let pull = a_merge_into_a_world_that_moved(&world).await;
    let parked = world.record("prod").await.run.parked.remove(0);
    assert_eq!((parked.reason.as_str(), parked.pull_request), ("not-covered", Some(pull.number)));
    assert_snapshot!("parked_comment", pull.comment().await);
    assert_snapshot!("parked_reply", pull.replies().await.join("\n=====\n"));
    world.end().await;
}

#[tokio::test]
async fn a_parked_merge_goes_on_with_its_digest() {
    let world = World::start_installed(Wish::default().file(WEB, &web())).await;
    let pull = a_merge_into_a_world_that_moved(&world).await;
    pull.say("bob", &format!("/apply {}", pull.digest().await)).await;
    assert_eq!(pull.state().await, "✅ applied");
    assert!(world.record("prod").await.run.parked.is_empty());
    assert_eq!(world.target().names(), WEB_OBJECTS);
    world.end().await;
}

/// A merge of which one step fails.
async fn a_merge_that_fails(world: &World) -> Pull<'_> {
    world.target().break_next(Misbehaviour::Rejected, "create", "web-app");
    let pull = world.pull_request("Add web").file(WEB, &web()).open().await;
    pull.merge(MergeMethod::Squash).await;
    pull
}

#[tokio::test]
async fn a_failed_step_parks_the_merge_and_the_record_says_what_is_where() {
    let world = World::start().await;
    let pull = a_merge_that_fails(&world).await;
    let record = world.record("prod").await;
    assert_eq!(record.outcomes(), [("web.data", "changed"), ("web.front", "changed"), ("web.app", "failed")]);
    assert_eq!(record.addresses(), ["web.data", "web.front"]);
    assert_snapshot!("failed_comment", pull.comment().await);
    assert_snapshot!("failed_reply", pull.replies().await.join("\n=====\n"));
    world.end().await;
}

#[tokio::test]
async fn a_failed_merge_is_skipped() {
    let world = World::start().await;
    let pull = a_merge_that_fails(&world).await;
    pull.say("bob", "/skip").await;
    assert!(world.record("prod").await.run.parked.is_empty());
    assert_eq!(pull.state().await, "skipped");
    world.end().await;
}

#[tokio::test]
async fn a_failed_run_goes_on_with_its_digest() {
    let world = World::start().await;
    let pull = a_merge_that_fails(&world).await;
    let digest = world.record("prod").await.run.parked.remove(0).digest;
    pull.say("bob", &format!("/apply {digest}")).await;
    assert_eq!(pull.state().await, "✅ applied", "{:#?}", pull.replies().await);
    assert_eq!(world.target().names(), WEB_OBJECTS);
    world.end().await;
}

#[tokio::test]
async fn a_lost_reply_is_no_second_call() {
    let world = World::start().await;
    world.target().break_next(Misbehaviour::ReplyLost, "create", "web-app");
    let pull = world.pull_request("Add web").file(WEB, &web()).open().await;
    pull.merge(MergeMethod::Squash).await;
    assert_eq!(pull.state().await, "✅ applied");
    assert_eq!(world.target().log().iter().filter(|call| *call == "create compute/web-app").count(), 1);
    world.end().await;
}

#[tokio::test]
async fn a_merge_right_after_a_push_asks_again() {
    let world = World::start().await;
    let pull = world.pull_request("Add web").file(WEB, &web()).open().await;
    pull.state().await;
    pull.push(WEB, web().replace("hello", "good day").as_str()).await;
    pull.state().await;
    pull.merge_at_once(MergeMethod::Squash).await;
    assert_eq!((world.record("prod").await.run.parked.len(), world.target().names().len()), (1, 0));
    assert_snapshot!(pull.replies().await.join("\n=====\n"));
    world.end().await;
}

#[tokio::test]
async fn a_merge_with_a_mistake_in_it_changes_nothing() {
    let world = World::start_installed(Wish::default().file(WEB, &web())).await;
    let calls = world.target().log();
    let pull = world.pull_request("Break web").file(WEB, "version: \"1.0\"\n").open().await;
    pull.merge(MergeMethod::Squash).await;
    assert_snapshot!(pull.comment().await);
    assert_eq!(world.target().log(), calls);
    world.end().await;
}

#[tokio::test]
async fn a_confirmed_action_waits_for_its_digest() {
    let world = World::start_installed(Wish::default().file(WEB, &web()).rule("confirm: [replace]")).await;
    let pull = world.pull_request("Greet").file(WEB, &web().replace("hello", "good day")).open().await;
    let digest = pull.digest().await;
    pull.merge(MergeMethod::Squash).await;
    assert_eq!(world.record("prod").await.run.parked[0].reason, "waiting");
    pull.say("bob", &format!("/apply {digest}")).await;
    assert_eq!(pull.state().await, "✅ applied");
    world.end().await;
}

#[tokio::test]
async fn a_missing_approval_parks_the_merge() {
    let world = World::start_as(Wish::default().rule("approvals: {count: 1}")).await;
    let pull = world.pull_request("Add web").file(WEB, &web()).open().await;
    pull.merge(MergeMethod::Squash).await;
    assert_eq!(world.record("prod").await.run.parked[0].reason, "waiting");
    assert_snapshot!(pull.replies().await.join("\n=====\n"));
    world.end().await;
}

#[tokio::test]
async fn an_approved_pull_request_is_applied() {
    let world = World::start_as(Wish::default().rule("approvals: {count: 1}")).await;
    let pull = world.pull_request("Add web").file(WEB, &web()).open().await;
    pull.approve("carol").await;
    pull.merge(MergeMethod::Squash).await;
    assert_eq!(pull.state().await, "✅ applied");
    world.end().await;
}

#[tokio::test]
async fn merges_are_applied_in_their_order() {
    let world = World::start().await;
    let first = world.pull_request("Add shop").file("blueprints/shop.yaml", &blueprint("shop", &container("app"))).open().await;
    let second = world.pull_request("Add web").file(WEB, &web()).open().await;
    first.merge(MergeMethod::Squash).await;
    second.merge_at_once(MergeMethod::Squash).await;
    assert_eq!((first.state().await, second.state().await), ("✅ applied".to_owned(), "✅ applied".to_owned()));
    let applied = world.records("prod").await.into_iter().filter(|record| record.run.kind == "finished").map(|record| record.run.pull_request);
    assert_eq!(applied.collect::<Vec<_>>(), [Some(second.number), Some(first.number)]);
    world.end().await;
}
