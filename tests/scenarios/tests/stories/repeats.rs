//! What if a command is taken up twice? It is carried out once: the records say that it is done.

use test_harness::{Fault, FaultMatch, MergeMethod, Misbehaviour, Pull, World};
use test_scenarios::{WEB, blueprint, container, web};

/// A merge whose one step failed, and will fail once more.
async fn fails_twice(world: &World) -> Pull<'_> {
    world.target().break_next(Misbehaviour::Rejected, "create", "web-app");
    let pull = world.pull_request("Add web").file(WEB, &blueprint("web", &container("app"))).open().await;
    assert_eq!(pull.merged(MergeMethod::Squash).await, "⏸ failed, waits for you");
    world.target().break_next(Misbehaviour::Rejected, "create", "web-app");
    pull
}

#[tokio::test]
async fn a_failed_apply_is_not_repeated_when_its_end_cannot_be_told() {
    let world = World::start().await;
    let pull = fails_twice(&world).await;
    let digest = pull.digest().await;
    // The pull request is read for its plan and its reviews, and shown as running; after that its end is told.
    world.forge().fail_times(FaultMatch::new("GET", "/pulls").after(3), Fault::StatusBefore(502), 3);
    let said = pull.say("bob", &format!("/apply {digest}")).await;
    assert_eq!(pull.state().await, "⏸ failed, waits for you");
    assert!(world.target().names().is_empty(), "what failed waits for a person again");
    assert!(said.reactions().await.contains(&"-1".to_owned()));
    world.end().await;
}

/// Two pushes past every review wait on the environment's issue, and the daemon ends right after it let go of the first.
async fn skipped_the_first_of_two(world: &World) {
    let first = world.push_to_main(WEB, Some(&web())).await;
    world.settled().await;
    world.push_to_main("blueprints/shop.yaml", Some(&blueprint("shop", &container("app")))).await;
    let issue = world.issues().await.remove(0);
    world.forge().fail_next(FaultMatch::new("PATCH", "/git/refs"), Fault::SilentAfterEffect);
    world.comment(issue.number, "bob", &format!("/skip {}", &first[..12])).await;
    world.until("the skip is recorded", |world| world.forge().faults_left() == 0).await;
    world.daemon.kill();
}

#[tokio::test]
async fn a_skip_lets_go_of_one_merge_though_the_database_is_gone() {
    let world = World::start().await;
    skipped_the_first_of_two(&world).await;
    world.delete_database();
    world.start_daemon().await;
    let waits = world.record("prod").await.run.parked;
    assert_eq!(waits.len(), 1, "{waits:?}");
    world.end().await;
}
