//! What does a pull request hear before it is merged?

use insta::assert_snapshot;
use test_harness::World;
use test_scenarios::{WEB, blueprint, container, web};

#[tokio::test]
async fn an_opened_pull_request_gets_one_comment_with_its_plan() {
    let world = World::start().await;
    let pull = world.pull_request("Add web").file(WEB, &web()).open().await;
    assert_snapshot!(pull.comment().await);
    assert_eq!(pull.replies().await, [""; 0]);
    assert!(world.target().names().is_empty(), "a plan changes nothing");
    world.end().await;
}

#[tokio::test]
async fn a_push_updates_the_same_comment() {
    let world = World::start().await;
    let pull = world.pull_request("Add web").file(WEB, &web()).open().await;
    let first = pull.living_comment().await;
    let digest = pull.digest().await;
    pull.push(WEB, web().replace("hello", "good day").as_str()).await;
    assert_eq!(pull.living_comment().await.id, first.id);
    assert_ne!(pull.digest().await, digest);
    assert!(pull.comment().await.contains("good day"));
    world.end().await;
}

#[tokio::test]
async fn the_head_carries_a_status() {
    let world = World::start().await;
    let pull = world.pull_request("Add web").file(WEB, &web()).open().await;
    let statuses = pull.statuses().await;
    let lines: Vec<String> =
        statuses.values().map(|status| format!("{} {} {}", status.context, status.state, status.description.as_deref().unwrap_or("-"))).collect();
    assert_snapshot!(lines.join("\n"));
    world.end().await;
}

#[tokio::test]
async fn a_draft_is_planned_when_it_is_ready() {
    let world = World::start().await;
    let pull = world.pull_request("Add web").file(WEB, &web()).draft().open().await;
    assert!(pull.is_quiet().await);
    pull.ready_for_review().await;
    assert_eq!(pull.state().await, "planned");
    world.end().await;
}

#[tokio::test]
async fn a_pull_request_without_blueprints_makes_no_noise() {
    let world = World::start().await;
    let pull = world.pull_request("Explain more").file("README.md", "# Our infrastructure\n").open().await;
    assert_eq!(pull.replies().await, [""; 0]);
    assert!(world.comments_on(pull.number).await.is_empty());
    world.end().await;
}

#[tokio::test]
async fn a_mistake_is_shown_with_its_place() {
    let world = World::start().await;
    let wrong = web().replace("memory: 256MB", "memory: 256 bananas").replace("networks: [front]", "networks: [frnt]");
    let pull = world.pull_request("Add web").file(WEB, &wrong).open().await;
    let comment = pull.comment().await;
    assert!(comment.contains("blueprints/web.yaml:11:15") && comment.contains("blueprints/web.yaml:13:"), "{comment}");
    assert_snapshot!(comment);
    world.end().await;
}

#[tokio::test]
async fn malformed_yaml_is_shown_with_its_place() {
    let world = World::start().await;
    let pull = world.pull_request("Add web").file(WEB, "version: \"1.0\"\nname: web\nresources: [\n").open().await;
    assert_snapshot!(pull.comment().await);
    world.end().await;
}

#[tokio::test]
async fn a_corrected_mistake_becomes_a_plan_in_the_same_comment() {
    let world = World::start().await;
    let pull = world.pull_request("Add web").file(WEB, "version: \"1.0\"\n").open().await;
    let first = pull.living_comment().await;
    pull.push(WEB, web().as_str()).await;
    assert_eq!(pull.living_comment().await.id, first.id);
    assert_eq!(pull.state().await, "planned");
    world.end().await;
}

#[tokio::test]
async fn a_merge_conflict_is_said() {
    let world = World::start().await;
    let pull = world.pull_request("Add web").file(WEB, &web()).open().await;
    pull.state().await;
    world.push_to_main(WEB, Some(&web().replace("hello", "a different greeting"))).await;
    pull.push(WEB, web().replace("hello", "good day").as_str()).await;
    assert_snapshot!(pull.comment().await);
    world.end().await;
}

#[tokio::test]
async fn a_missing_image_is_said() {
    let world = World::start().await;
    world.target().publish_image("registry.example/app:1.0", None);
    let pull = world.pull_request("Add web").file(WEB, &web()).open().await;
    assert_snapshot!(pull.comment().await);
    world.end().await;
}

#[tokio::test]
async fn an_unreachable_target_is_said_and_planned_when_it_is_back() {
    let world = World::start().await;
    world.target().set_unreachable(Some("no route to the lab"));
    let pull = world.pull_request("Add web").file(WEB, &web()).open().await;
    assert_snapshot!(pull.comment().await);
    world.target().set_unreachable(None);
    pull.say("alice", "/plan").await;
    assert_eq!(pull.state().await, "planned");
    world.end().await;
}

#[tokio::test]
async fn an_absent_target_is_said() {
    let world = World::start().await;
    let elsewhere = web().replace("name: app\n    provider: fake\n", "name: app\n    provider: fake\n    target: nowhere\n");
    let pull = world.pull_request("Add web").file(WEB, &elsewhere).open().await;
    assert_snapshot!(pull.comment().await);
    world.end().await;
}

#[tokio::test]
async fn a_foreign_object_under_the_wanted_name_is_a_conflict() {
    let world = World::start().await;
    world.target().put_by_hand("compute/web-app", serde_json::json!({ "specs.image": "somebody/elses:1" }));
    let pull = world.pull_request("Add web").file(WEB, &web()).open().await;
    assert_snapshot!(pull.comment().await);
    world.end().await;
}

#[tokio::test]
async fn a_wanted_port_that_another_blueprint_holds_is_a_problem() {
    let port = "specs: {image: \"registry.example/app:1.0\", ports: [\"127.0.0.1:8080:80\"]}";
    let with_port = |name: &str| blueprint(name, &container("app").replace("specs: {image: \"registry.example/app:1.0\"}", port));
    let world = World::start().await;
    let both = world.pull_request("Add both").file("blueprints/one.yaml", &with_port("one")).file("blueprints/two.yaml", &with_port("two"));
    assert_snapshot!(both.open().await.comment().await);
    world.end().await;
}

#[tokio::test]
async fn a_closed_and_reopened_pull_request_keeps_its_comment() {
    let world = World::start().await;
    let pull = world.pull_request("Add web").file(WEB, &web()).open().await;
    let first = pull.living_comment().await;
    pull.close().await;
    world.settled().await;
    world.repository().reopen(pull.number, "alice").await.unwrap();
    assert_eq!(pull.living_comment().await.id, first.id);
    assert_eq!(pull.state().await, "planned");
    world.end().await;
}
