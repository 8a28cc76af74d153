//! Where are the real secrets? In the engine's hand, at the last moment, and nowhere else.

use serde_json::json;

use crate::world::{World, message, shown};

const ACCOUNT: &str = "- {type: account, name: ops, provider: fake, specs: {password: \"${secret.door}\", role: operator}}";

#[tokio::test]
async fn the_engine_gets_the_secret_and_nothing_else_does() {
    let world = World::new();
    let planned = world.plan(ACCOUNT).await;
    assert!(!planned.plan.to_json().to_string().contains("canary"));
    let outcomes = world.run(&planned).await;
    assert_eq!(shown(&planned.plan, &outcomes), "create ops: Changed");
    assert_eq!(world.target.object("account", "app-ops").unwrap().fields["specs.password"], json!("canary"));
    let told = format!("{outcomes:?} {:?} {:?}", world.journal.entries(), daemon_executor::state_after(&world.applied, &planned.plan, &outcomes));
    assert!(!told.contains("canary"), "{told}");
}

#[tokio::test]
async fn a_secret_that_changed_since_the_review_is_refused_without_a_call() {
    let world = World::new();
    let planned = world.plan(ACCOUNT).await;
    world.change_the_secret();
    let outcomes = world.run(&planned).await;
    assert_eq!(shown(&planned.plan, &outcomes), "create ops: Failed");
    assert_eq!(message(&outcomes, "ops"), "a secret has changed since the plan was made");
    assert_eq!(world.journal.calls(), 0);
}
