//! Where does the value of a secret show? On the target, and nowhere else; `World::end` looks everywhere.

use insta::assert_snapshot;
use test_harness::{CANARY, MergeMethod, Misbehaviour, World};
use test_scenarios::{WEB, web};

fn with_secret() -> String {
    web().replace("{GREETING: hello}", "{GREETING: hello, DB_PASSWORD: \"${secret.db_password}\"}")
}

#[tokio::test]
async fn a_secret_reaches_the_target_and_nothing_else() {
    let world = World::start().await;
    let pull = world.pull_request("Add web").file(WEB, &with_secret()).open().await;
    assert_snapshot!(pull.comment().await);
    pull.merge(MergeMethod::Squash).await;
    assert_eq!(pull.state().await, "✅ applied");
    assert_eq!(world.target().object("compute/web-app").fields["specs.env.DB_PASSWORD"], CANARY);
    world.end().await;
}

#[tokio::test]
async fn a_secret_is_in_no_error() {
    let world = World::start().await;
    world.target().break_next(Misbehaviour::Rejected, "create", "web-app");
    let pull = world.pull_request("Add web").file(WEB, &with_secret()).open().await;
    pull.merge(MergeMethod::Squash).await;
    assert_eq!(world.record("prod").await.run.parked[0].reason, "failed");
    world.end().await;
}

#[tokio::test]
async fn a_secret_that_the_base_does_not_declare_is_refused() {
    let world = World::start().await;
    let reaching = web().replace("GREETING: hello", "GREETING: \"${secret.github_token}\"");
    let pull = world.pull_request("Reach further").file(WEB, &reaching).open().await;
    assert_snapshot!(pull.comment().await);
    world.end().await;
}
