//! What if the daemon ends in the middle of what may be done once? It is not done again, and a person is told where to look.

use test_harness::{MergeMethod, Wish, World};
use test_scenarios::blueprint;

use crate::rendered::assert_comment;

const METAL: &str = "blueprints/metal.yaml";

/// A machine that is to be reset for a token.
fn reset(token: &str) -> String {
    blueprint("metal", &format!("  - {{type: compute, name: node, provider: ipmi, specs: {{once: {{token: {token}, reset: cycle}}}}}}\n"))
}

#[tokio::test]
async fn a_machine_is_not_reset_twice_for_one_token() {
    let world = World::start_as(Wish::default().ipmi()).await;
    world.metal().lose_the_answer_to_a_reset();
    let pull = world.pull_request("Reset the node").file(METAL, &reset("first")).open().await;
    pull.merge(MergeMethod::Squash).await;
    world.until("the machine was reset", |world| world.metal().cycles() == 1).await;
    world.daemon.kill();
    world.start_daemon().await;
    assert_eq!(pull.state().await, "⏸ failed, waits for you");
    assert_comment!("metal_uncertain", pull.replies().await.join("\n=====\n"));
    assert_eq!(world.metal().cycles(), 1);
    world.end().await;
}

#[tokio::test]
async fn a_new_token_resets_it_once() {
    let world = World::start_as(Wish::default().ipmi()).await;
    world.applied("Reset the node", METAL, &reset("first")).await;
    world.applied("Once more", METAL, &reset("second")).await;
    assert_eq!(world.metal().cycles(), 2);
    world.end().await;
}
