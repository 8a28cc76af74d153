//! What if the daemon ends in the middle of a run? The result is the one an undisturbed run gives.

use test_harness::{Fault, FaultMatch, MergeMethod, Misbehaviour, Pull, REPOSITORY, World};
use test_scenarios::{WEB, WEB_OBJECTS, blueprint, container, web};

/// A run of which one call hangs, so that the daemon can be ended between started and finished.
async fn a_run_that_hangs_at<'w>(world: &'w World, operation: &str, object: &str) -> Pull<'w> {
    world.target().break_next(Misbehaviour::Hang, operation, object);
    let pull = world.pull_request("Add web").file(WEB, &web()).open().await;
    pull.merge(MergeMethod::Squash).await;
    world.faults_met().await;
    pull
}

/// The run ended once, and each object was made once.
async fn ends_once(world: &World, pull: &Pull<'_>) {
    assert_eq!(pull.state().await, "✅ applied", "{:#?}", pull.replies().await);
    let kinds: Vec<String> = world.records("prod").await.into_iter().map(|record| record.run.kind).collect();
    assert_eq!(kinds.iter().filter(|kind| *kind == "finished").count(), 1, "{kinds:?}");
    assert_eq!(world.record("prod").await.run.kind, "finished");
    assert_eq!(world.target().names(), WEB_OBJECTS);
    let log = world.target().log();
    for object in WEB_OBJECTS {
        assert_eq!(log.iter().filter(|call| **call == format!("create {object}")).count(), 1, "{log:?}");
    }
}

#[tokio::test]
async fn a_killed_daemon_ends_its_run_after_the_start() {
    let world = World::start().await;
    let pull = a_run_that_hangs_at(&world, "create", "web-app").await;
    world.daemon.kill();
    assert_eq!(world.record("prod").await.run.kind, "started");
    world.start_daemon().await;
    ends_once(&world, &pull).await;
    world.end().await;
}

#[tokio::test]
async fn a_database_that_is_gone_loses_nothing() {
    let world = World::start().await;
    let pull = a_run_that_hangs_at(&world, "create", "web-app").await;
    world.daemon.kill();
    world.delete_database();
    world.start_daemon().await;
    ends_once(&world, &pull).await;
    world.end().await;
}

#[tokio::test]
async fn a_daemon_that_is_asked_to_stop_hands_its_run_back() {
    let world = World::start().await;
    let pull = a_run_that_hangs_at(&world, "create", "web-app").await;
    world.daemon.stop().await;
    world.start_daemon().await;
    ends_once(&world, &pull).await;
    world.end().await;
}

#[tokio::test]
async fn a_merge_while_the_daemon_is_away_is_applied_after_the_start() {
    let world = World::start().await;
    let pull = world.pull_request("Add web").file(WEB, &web()).open().await;
    world.people_read().await;
    world.daemon.kill();
    pull.merge_at_once(MergeMethod::Squash).await;
    world.start_daemon().await;
    ends_once(&world, &pull).await;
    world.end().await;
}

#[tokio::test]
async fn a_database_that_is_gone_before_the_merge_keeps_the_review() {
    let world = World::start().await;
    let pull = world.pull_request("Add web").file(WEB, &web()).open().await;
    let digest = pull.digest().await;
    world.daemon.kill();
    world.delete_database();
    world.start_daemon().await;
    assert_eq!((pull.digest().await, pull.merged(MergeMethod::Squash).await.as_str()), (digest, "✅ applied"));
    ends_once(&world, &pull).await;
    world.end().await;
}

#[tokio::test]
async fn a_daemon_killed_at_any_of_its_calls_ends_its_run_once() {
    for (operation, object) in [("create", "web-data"), ("create", "web-front"), ("create", "web-app"), ("start", "web-app")] {
        let world = World::start().await;
        let pull = a_run_that_hangs_at(&world, operation, object).await;
        world.daemon.kill();
        world.start_daemon().await;
        ends_once(&world, &pull).await;
        world.end().await;
    }
}

/// A merge while GitHub has answered so many more requests, and then the daemon is killed.
async fn killed_after(world: &World, requests: usize) -> Pull<'_> {
    let pull = world.pull_request("Add web").file(WEB, &web()).open().await;
    world.people_read().await;
    let before = world.forge().requests().len();
    pull.merge_at_once(MergeMethod::Squash).await;
    world.until("the daemon has asked for more", |world| world.forge().requests().len() >= before + requests).await;
    world.daemon.kill();
    pull
}

#[tokio::test]
async fn a_daemon_killed_after_any_request_to_github_ends_its_run_once() {
    for requests in [1, 6, 11, 16, 21] {
        let world = World::start().await;
        let pull = killed_after(&world, requests).await;
        world.start_daemon().await;
        ends_once(&world, &pull).await;
        assert_eq!(pull.replies().await.len(), 1, "the end is told once");
        world.end().await;
    }
}

/// A run whose finished record stands; the daemon never hears of it and is killed.
async fn killed_before_a_word(world: &World) -> Pull<'_> {
    let pull = world.pull_request("Add web").file(WEB, &web()).open().await;
    world.people_read().await;
    // Moving the branch to the started record goes well.
    world.forge().fail_next(FaultMatch::new("PATCH", "/git/refs").after(1), Fault::SilentAfterEffect);
    pull.merge_at_once(MergeMethod::Squash).await;
    world.until("the finished record stands", |world| world.forge().faults_left() == 0).await;
    world.daemon.kill();
    pull
}

#[tokio::test]
async fn an_end_that_nobody_was_told_of_is_told_after_the_start() {
    let world = World::start().await;
    let pull = killed_before_a_word(&world).await;
    world.start_daemon().await;
    ends_once(&world, &pull).await;
    assert_eq!(pull.replies().await.len(), 1, "the end is told once");
    world.end().await;
}

#[tokio::test]
async fn an_end_that_nobody_was_told_of_is_told_without_the_database() {
    let world = World::start().await;
    let pull = killed_before_a_word(&world).await;
    world.delete_database();
    world.start_daemon().await;
    ends_once(&world, &pull).await;
    assert_eq!(pull.replies().await.len(), 1, "the end is told once");
    world.end().await;
}

#[tokio::test]
async fn a_pull_request_that_github_no_longer_has_holds_nothing_up() {
    let world = World::start().await;
    let other = world.pull_request("Add db").file("blueprints/db.yaml", &blueprint("db", &container("one"))).open().await;
    killed_before_a_word(&world).await;
    other.merge_at_once(MergeMethod::Squash).await;
    world.forge().fail_next(FaultMatch::new("GET", "/pulls/2"), Fault::StatusBefore(404));
    world.start_daemon().await;
    assert_eq!(other.state().await, "✅ applied");
    world.end().await;
}

#[tokio::test]
async fn a_start_with_nothing_new_writes_nothing() {
    let world = World::start().await;
    world.applied("Add web", WEB, &web()).await;
    world.daemon.stop().await;
    let before = world.forge().requests().len();
    world.start_daemon().await;
    world.settled().await;
    let requests = world.forge().requests();
    assert_eq!(requests[before..].iter().filter(|request| request.is_write()).map(|request| request.path.as_str()).collect::<Vec<_>>(), [""; 0]);
    world.end().await;
}

#[tokio::test]
async fn a_plan_made_during_a_run_is_provisional_until_the_run_has_ended() {
    let world = World::start().await;
    a_run_that_hangs_at(&world, "create", "web-app").await;
    let other = world.pull_request("Add db").file("blueprints/db.yaml", &blueprint("db", &container("one"))).open().await;
    let comments = |world: &World| world.forge().comments(REPOSITORY, other.number);
    let is_provisional = |world: &World| comments(world).iter().any(|comment| comment.body.contains("Provisional"));
    world.until("the plan is provisional", is_provisional).await;
    world.restart_daemon().await;
    assert_eq!(other.state().await, "planned");
    world.end().await;
}
