//! How much happens at once?

use test_harness::{MergeMethod, Misbehaviour, World};
use test_scenarios::{WEB, blueprint, container};

/// None of the calls returns, so all are in flight once each of them was met.
#[tokio::test]
async fn independent_steps_run_at_once() {
    let world = World::start().await;
    let names = ["one", "two", "three", "four"];
    names.iter().for_each(|name| world.target().break_next(Misbehaviour::Hang, "create", &format!("web-{name}")));
    let pull = world.pull_request("Add four").file(WEB, &blueprint("web", &names.map(container).concat())).open().await;
    pull.merge(MergeMethod::Squash).await;
    world.faults_met().await;
    world.restart_daemon().await;
    assert_eq!(pull.state().await, "✅ applied");
    world.end().await;
}
