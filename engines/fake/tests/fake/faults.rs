//! Does the target misbehave exactly as it was told?

use engine_api::{Engine, ErrorKind, ObserveScope};
use engine_fake::{Fault, Operation};
use serde_json::json;

use crate::world::World;

#[tokio::test]
async fn a_failure_before_has_no_effect_and_one_after_has() {
    let world = World::memory();
    let order = world.create("network", "lan", json!({}));
    world.target.inject(Fault::before(ErrorKind::Busy).on(Operation::Create).of("lan"));
    assert_eq!(world.apply(&order).await.unwrap_err().kind, ErrorKind::Busy);
    assert!(world.target.objects().is_empty());
    world.target.inject(Fault::after_effect(ErrorKind::Unreachable));
    assert_eq!(world.apply(&order).await.unwrap_err().kind, ErrorKind::Unreachable);
    assert_eq!(world.target.objects(), ["network/lan"]);
    world.apply(&order).await.unwrap();
    assert_eq!(world.target.mutating_calls(), 1);
}

#[tokio::test]
async fn a_fault_strikes_only_what_it_names_and_as_often_as_it_says() {
    let world = World::memory();
    world.target.inject(Fault::before(ErrorKind::Rejected).on(Operation::Create).of("lan").times(2));
    world.apply(&world.create("network", "wan", json!({}))).await.unwrap();
    let lan = world.create("network", "lan", json!({}));
    for _ in 0..2 {
        assert_eq!(world.apply(&lan).await.unwrap_err().kind, ErrorKind::Rejected);
    }
    world.apply(&lan).await.unwrap();
}

#[tokio::test]
async fn a_hanging_call_ends_when_the_run_is_stopped() {
    let world = World::memory();
    world.target.inject(Fault::hang());
    let order = world.create("network", "lan", json!({}));
    let (result, ()) = tokio::join!(world.apply(&order), async {
        world.target.hanging(1).await;
        world.cancellation.cancel();
    });
    assert_eq!(result.unwrap_err().kind, ErrorKind::Timeout);
    assert!(world.target.objects().is_empty());
}

#[tokio::test]
async fn a_hanging_read_ends_when_it_is_let_go() {
    let world = World::memory();
    world.target.inject(Fault::hang().on(Operation::Observe));
    let scope = ObserveScope::default();
    let (result, ()) = tokio::join!(world.engine.observe(&scope), async {
        world.target.hanging(1).await;
        world.target.release_hanging();
    });
    assert_eq!(result.unwrap_err().kind, ErrorKind::Timeout);
}

#[tokio::test]
async fn a_target_that_went_away_answers_nothing_until_it_is_back() {
    let world = World::memory();
    world.target.go_away("the cable is unplugged");
    let order = world.create("network", "lan", json!({}));
    assert_eq!(world.apply(&order).await.unwrap_err().kind, ErrorKind::Unreachable);
    let error = world.engine.probe().await.unwrap_err();
    assert_eq!(error.to_string(), "could not ask the fake target who it is: the target cannot be reached: the cable is unplugged");
    world.target.come_back();
    world.target.set_identity("another-machine");
    assert_eq!(world.engine.probe().await.unwrap().identity, "another-machine");
}
