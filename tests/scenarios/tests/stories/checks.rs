//! Do the checks at the end of a story catch anything? Each is shown what it must not let through.

use test_harness::{CANARY, Fault, FaultMatch, Misbehaviour, World};
use test_scenarios::{WEB, web};
use test_sim::github::Push;

#[tokio::test]
#[should_panic = "a story ends with"]
async fn a_story_that_forgets_its_end() {
    drop(World::start().await);
}

#[tokio::test]
#[should_panic = "a secret is in"]
async fn a_secret_in_what_the_daemon_keeps() {
    let world = World::start().await;
    std::fs::write(world.folder().join("state/leak"), format!("password={CANARY}")).unwrap();
    world.end().await;
}

#[tokio::test]
#[should_panic = "a fault of GitHub was never met"]
async fn a_fault_of_github_that_nobody_met() {
    let world = World::start().await;
    world.forge().fail_next(FaultMatch::new("DELETE", "/repos"), Fault::StatusBefore(502));
    world.end().await;
}

#[tokio::test]
#[should_panic = "a fault of the target was never met"]
async fn a_fault_of_the_target_that_nobody_met() {
    let world = World::start().await;
    world.target().break_next(Misbehaviour::Hang, "create", "nobody");
    world.end().await;
}

#[tokio::test]
#[should_panic = "is not what was signed"]
async fn a_record_that_somebody_changed() {
    let world = World::start().await;
    world.applied("Add web", WEB, &web()).await;
    let push = Push { branch: "ipr/records/prod", from: None, author: "mallory", message: "Mine", changes: &[("state/web/app.json", Some("{}"))] };
    world.repository().push(push).await.unwrap();
    world.records("prod").await;
}
