//! What if GitHub is sick? Everything is said in the end, and nothing is said twice.

use test_harness::{Fault, FaultMatch, MergeMethod, Wish, World};
use test_scenarios::{WEB, WEB_OBJECTS, web};

/// A pull request from its opening to its end, while one kind of request goes wrong in one way.
async fn a_life_in_which(method: &str, path: &str, fault: Fault) {
    let world = World::start().await;
    world.forge().fail_times(FaultMatch::new(method, path), fault, 2);
    let pull = world.pull_request("Add web").file(WEB, &web()).open().await;
    pull.merge(MergeMethod::Squash).await;
    assert_eq!(pull.state().await, "✅ applied");
    assert_eq!((pull.replies().await.len(), world.target().names()), (1, WEB_OBJECTS.map(str::to_owned).to_vec()));
    let finished = world.records("prod").await.into_iter().filter(|record| record.run.kind == "finished");
    assert_eq!(finished.count(), 1);
    world.end().await;
}

#[tokio::test]
async fn comments_whose_answer_is_lost_are_not_repeated() {
    a_life_in_which("POST", "/comments", Fault::StatusAfterEffect(502)).await;
}

#[tokio::test]
async fn comments_that_are_cut_off_are_not_repeated() {
    a_life_in_which("POST", "/comments", Fault::DisconnectAfterEffect).await;
}

#[tokio::test]
async fn comments_that_are_refused_come_later() {
    a_life_in_which("POST", "/comments", Fault::StatusBefore(503)).await;
}

#[tokio::test]
async fn a_secondary_limit_is_waited_out() {
    a_life_in_which("POST", "/comments", Fault::SecondaryLimit { retry_after_s: Some(1) }).await;
}

#[tokio::test]
async fn records_whose_answer_is_lost_are_not_repeated() {
    a_life_in_which("PATCH", "/git/refs", Fault::StatusAfterEffect(502)).await;
}

#[tokio::test]
async fn half_an_answer_is_asked_for_again() {
    a_life_in_which("GET", "/pulls/1", Fault::TruncatedJson).await;
}

#[tokio::test]
async fn a_fetch_that_is_cut_off_is_tried_again() {
    a_life_in_which("GET", "/info/refs", Fault::DisconnectBefore).await;
}

#[tokio::test]
async fn a_daemon_waits_for_a_github_that_is_away() {
    let world = World::prepare(Wish::default()).await;
    world.forge().fail_times(FaultMatch::new("GET", "/user"), Fault::StatusBefore(503), 2);
    world.start_daemon().await;
    world.end().await;
}
