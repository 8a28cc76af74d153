//! What if the default branch is not what one expects? The environment stays as it is, and says how to go on.

use insta::assert_snapshot;
use test_harness::{MergeMethod, REPOSITORY, World};
use test_scenarios::{WEB, WEB_OBJECTS, blueprint, container, web};
use test_sim::github::{NewPull, Push};

const LARGE: &str = "blueprints/large.yaml";

/// One byte more than is read.
fn large() -> String {
    "#".repeat((1 << 20) + 1)
}

async fn issue(world: &World) -> String {
    let issue = world.issues().await.remove(0);
    world.normalised(&format!("{}\n\n{}", issue.title, issue.body.unwrap())).await
}

#[tokio::test]
async fn a_file_that_is_not_read_is_said_before_the_merge() {
    let world = World::start().await;
    let pull = world.pull_request("Add too much").file(LARGE, &large()).open().await;
    assert_snapshot!(pull.comment().await);
    world.end().await;
}

#[tokio::test]
async fn a_commit_that_is_not_read_stops_the_environment_until_it_is_mended() {
    let world = World::start().await;
    world.push_to_main(LARGE, Some(&large())).await;
    assert_snapshot!(issue(&world).await);
    let mended = world.pull_request("Take it out").without(LARGE).file(WEB, &web()).open().await;
    assert_eq!(mended.merged(MergeMethod::Squash).await, "✅ applied");
    assert_eq!(world.target().names(), WEB_OBJECTS);
    world.end().await;
}

#[tokio::test]
async fn settings_that_cannot_be_read_stop_the_environment_until_they_are_mended() {
    let world = World::start().await;
    let settings = world.forge().file_at(REPOSITORY, "main", "ipr.yaml").await.unwrap().unwrap();
    world.push_to_main("ipr.yaml", Some("environments: [")).await;
    assert!(issue(&world).await.contains("prod is stopped"));
    world.push_to_main("ipr.yaml", Some(&settings)).await;
    world.applied("Add web", WEB, &web()).await;
    world.end().await;
}

/// Somebody merges `main` into a branch of theirs, and makes that the default branch.
async fn merged_the_wrong_way_round(world: &World) {
    let start = world.forge().ref_sha(REPOSITORY, "refs/heads/main").unwrap();
    world.applied("Add shop", "blueprints/shop.yaml", &blueprint("shop", &container("app"))).await;
    let web = web();
    let push = Push { branch: "mine", from: Some(&start), author: "bob", message: "Add web", changes: &[(WEB, Some(&web))] };
    world.repository().push(push).await.unwrap();
    let pull = NewPull { author: "bob", head: "main", base: "mine", title: "Sync", body: "", draft: false };
    let number = world.repository().open_pull_request(pull).await.unwrap();
    let merge = world.repository().merge(number, "bob", MergeMethod::Merge).await.unwrap();
    world.repository().reset_branch("main", &merge, "bob").await.unwrap();
}

#[tokio::test]
async fn a_branch_that_was_merged_the_wrong_way_round_is_followed() {
    let world = World::start().await;
    merged_the_wrong_way_round(&world).await;
    let waits = world.record("prod").await.run.parked.remove(0);
    assert_eq!((waits.reason.as_str(), waits.pull_request), ("unreviewed", None));
    world.end().await;
}

#[tokio::test]
async fn a_branch_that_was_rewritten_waits_for_a_person() {
    let world = World::start().await;
    let start = world.forge().ref_sha(REPOSITORY, "refs/heads/main").unwrap();
    world.applied("Add web", WEB, &web()).await;
    world.repository().reset_branch("main", &start, "bob").await.unwrap();
    assert_snapshot!(issue(&world).await);
    assert_eq!(world.target().names(), WEB_OBJECTS);
    world.applied("Add shop", "blueprints/shop.yaml", &blueprint("shop", &container("app"))).await;
    world.end().await;
}

/// While the daemon is away, so many commits change nothing that is wanted.
async fn quiet_commits(world: &World, count: usize) {
    world.daemon.stop().await;
    for number in 0..count {
        world.push_to_main("blueprints/quiet.yaml", Some(&format!("# {number}\n{}", blueprint("quiet", &container("one"))))).await;
    }
}

#[tokio::test]
async fn commits_that_ask_nothing_do_not_leave_the_cursor_behind() {
    let world = World::start().await;
    world.applied("Add quiet", "blueprints/quiet.yaml", &blueprint("quiet", &container("one"))).await;
    let calls = world.target().log();
    quiet_commits(&world, 100).await;
    world.start_daemon().await;
    let tip = world.forge().ref_sha(REPOSITORY, "refs/heads/main");
    assert_eq!((world.record("prod").await.run.cursor, world.target().log()), (tip, calls));
    world.end().await;
}

#[tokio::test]
async fn a_commit_that_asked_nothing_and_is_gone_is_not_missed() {
    let world = World::start().await;
    world.applied("Add quiet", "blueprints/quiet.yaml", &blueprint("quiet", &container("one"))).await;
    let cursor = world.forge().ref_sha(REPOSITORY, "refs/heads/main").unwrap();
    world.push_to_main("README.md", Some("# Quiet\n")).await;
    world.settled().await;
    world.daemon.stop().await;
    world.repository().reset_branch("main", &cursor, "bob").await.unwrap();
    world.push_to_main(WEB, Some(&web())).await;
    world.delete_mirror();
    world.start_daemon().await;
    assert_eq!(world.record("prod").await.run.parked.remove(0).reason, "unreviewed");
    world.end().await;
}

#[tokio::test]
async fn an_environment_that_was_away_for_a_while_goes_on() {
    let world = World::start().await;
    let settings = world.forge().file_at(REPOSITORY, "main", "ipr.yaml").await.unwrap().unwrap();
    let (without, _) = settings.split_once("environments:").unwrap();
    let pull = world.pull_request("Take prod out").file("ipr.yaml", &format!("{without}environments: {{}}\n")).open().await;
    pull.merge(MergeMethod::Squash).await;
    let back = pull.revert().await;
    back.merge(MergeMethod::Squash).await;
    assert_eq!((pull.replies().await, back.replies().await), (vec![], vec![]), "nobody has anything to decide");
    world.applied("Add web", WEB, &web()).await;
    assert!(world.record("prod").await.run.parked.is_empty());
    world.end().await;
}

#[tokio::test]
async fn another_id_is_a_mistake_that_is_said_and_not_followed() {
    let world = World::start().await;
    world.applied("Add web", WEB, &web()).await;
    let settings = world.forge().file_at(REPOSITORY, "main", "ipr.yaml").await.unwrap().unwrap();
    let pull = world.pull_request("Rename").file("ipr.yaml", &settings.replace("id: prod", "id: other")).open().await;
    assert_snapshot!("another_id_comment", pull.comment().await);
    pull.merge(MergeMethod::Squash).await;
    assert_snapshot!("another_id_issue", issue(&world).await);
    pull.revert().await.merge(MergeMethod::Squash).await;
    world.applied("Add shop", "blueprints/shop.yaml", &blueprint("shop", &container("app"))).await;
    world.end().await;
}
