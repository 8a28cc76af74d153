//! What if the records are not as the daemon left them, or there are none yet?

use insta::assert_snapshot;
use test_harness::{MergeMethod, Wish, World};
use test_scenarios::{WEB, WEB_OBJECTS, blueprint, container, web};
use test_sim::github::Push;

const RECORDS: &str = "ipr/records/prod";

#[tokio::test]
async fn a_first_installation_waits_on_the_issue_of_the_environment() {
    let world = World::start_as(Wish::default().file(WEB, &web())).await;
    let issue = world.issues().await.remove(0);
    assert_snapshot!(world.normalised(&format!("{}\n\n{}", issue.title, issue.body.unwrap())).await);
    assert!(world.target().names().is_empty());
    world.install().await;
    assert_eq!(world.target().names(), WEB_OBJECTS);
    world.end().await;
}

#[tokio::test]
async fn a_direct_push_waits_on_the_issue_of_the_environment() {
    let world = World::start().await;
    world.push_to_main(WEB, Some(&web())).await;
    let issue = world.issues().await.remove(0);
    assert_snapshot!(world.normalised(&format!("{}\n\n{}", issue.title, issue.body.unwrap())).await);
    let digest = world.record("prod").await.run.parked.remove(0).digest;
    assert!(world.target().names().is_empty());
    world.comment(issue.number, "bob", &format!("/apply {digest}")).await;
    assert_eq!((world.record("prod").await.run.result.as_deref(), world.target().names().len()), (Some("applied"), WEB_OBJECTS.len()));
    world.end().await;
}

#[tokio::test]
async fn a_second_direct_push_is_said_in_a_comment() {
    let world = World::start().await;
    world.push_to_main(WEB, Some(&web())).await;
    let issue = world.issues().await.remove(0).number;
    assert_eq!(world.comments_on(issue).await, Vec::<String>::new(), "the issue itself tells of the first");
    world.push_to_main("blueprints/shop.yaml", Some(&blueprint("shop", &container("app")))).await;
    world.settled().await;
    let said = world.comments_on(issue).await;
    assert_eq!(said.len(), 1, "{said:?}");
    assert_snapshot!(said[0]);
    world.end().await;
}

/// After an applied pull request, somebody meddles with the branch of records.
async fn a_branch_that_somebody_changed(meddling: impl AsyncFnOnce(&World)) -> World {
    let world = World::start().await;
    world.applied("Add web", WEB, &web()).await;
    let calls = world.target().log();
    meddling(&world).await;
    let pull = world.pull_request("More memory").file(WEB, &web().replace("256MB", "512MB")).open().await;
    pull.merge(MergeMethod::Squash).await;
    world.settled().await;
    assert_eq!(world.target().log(), calls, "nothing is done in an environment that is stopped");
    world
}

async fn says_how_to_go_on(world: World) -> String {
    let issue = world.issues().await.remove(0);
    let text = world.normalised(&format!("{}\n\n{}", issue.title, issue.body.unwrap())).await;
    world.end().await;
    text
}

#[tokio::test]
async fn a_tampered_record_stops_the_environment() {
    let world = a_branch_that_somebody_changed(async |world: &World| forget_the_app(world).await);
    assert_snapshot!(says_how_to_go_on(world.await).await);
}

/// Mallory takes a file out of the newest record.
async fn forget_the_app(world: &World) {
    let push = Push { branch: RECORDS, from: None, author: "mallory", message: "Forget the app", changes: &[("state/web/app.json", None)] };
    world.repository().push(push).await.unwrap();
}

/// Somebody runs the command that the issue names, as it stands there.
async fn do_what_the_issue_says(world: &World) {
    let body = world.issues().await.remove(0).body.unwrap();
    let command = body.lines().find(|line| line.starts_with("ipr records restore")).unwrap();
    let arguments: Vec<&str> = command.split_whitespace().skip(1).collect();
    let told = world.ipr_in_a_fresh_clone(&arguments, &[]).await;
    assert!(told.contains("restored from"), "{told}");
    world.settled().await;
}

#[tokio::test]
async fn the_command_of_the_issue_lets_a_stopped_environment_go_on() {
    let world = a_branch_that_somebody_changed(async |world: &World| forget_the_app(world).await).await;
    do_what_the_issue_says(&world).await;
    let waits = world.unverified_records("prod").await.remove(0).run.parked.remove(0);
    assert_eq!(waits.reason, "not-covered", "no plan was shown while the environment was stopped");
    let pull = world.pull(waits.pull_request.unwrap());
    pull.say("bob", &format!("/apply {}", waits.digest)).await;
    assert_eq!(pull.state().await, "✅ applied");
    assert!(world.issues().await.iter().all(|issue| !issue.is_open));
    world.end().await;
}

#[tokio::test]
async fn a_rewound_branch_stops_the_environment() {
    let world = a_branch_that_somebody_changed(async |world: &World| {
        let before = world.records("prod").await.pop().unwrap().commit.sha;
        world.repository().reset_branch(RECORDS, &before, "mallory").await.unwrap();
    });
    assert_snapshot!(says_how_to_go_on(world.await).await);
}

#[tokio::test]
async fn a_deleted_branch_stops_the_environment() {
    let world = a_branch_that_somebody_changed(async |world: &World| {
        world.repository().delete_branch(RECORDS, "mallory").await.unwrap();
    });
    assert_snapshot!(says_how_to_go_on(world.await).await);
}
