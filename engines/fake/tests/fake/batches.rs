//! Are rules provisional until they are confirmed?

use core_model::state::TargetObservation;
use engine_api::{Engine, ErrorKind, ObserveScope, Wanted};
use engine_fake::{Fake, Fault, Operation};
use serde_json::json;

use crate::world::World;

async fn seen(engine: &Fake) -> usize {
    let wanted = ["web", "rest"].map(|object| Wanted { type_name: "rule".to_owned(), object: object.to_owned() }).to_vec();
    let observation: TargetObservation = engine.observe(&ObserveScope { wanted, ..ObserveScope::default() }).await.unwrap();
    observation.objects.len()
}

#[tokio::test]
async fn two_rules_become_lasting_together() {
    let world = World::memory();
    let (web, rest) = (world.create("rule", "web", json!({"action": "accept"})), world.create("rule", "rest", json!({"action": "drop"})));
    assert_eq!(world.engine.lock_domain(&web.step), world.engine.lock_domain(&rest.step));
    let domain = world.open(&web).await;
    world.apply(&web).await.unwrap();
    world.apply(&rest).await.unwrap();
    assert_eq!((seen(&world.engine).await, world.target.objects().len()), (2, 0), "seen, but not lasting");
    world.engine.confirm(&domain, &world.gate(&web)).await.unwrap();
    assert_eq!(world.target.objects(), ["rule/rest", "rule/web"]);
    assert_eq!(world.log(), ["Create rule/web", "Create rule/rest", "Confirm rules"]);
}

#[tokio::test]
async fn an_abandoned_batch_leaves_nothing() {
    let world = World::memory();
    let web = world.create("rule", "web", json!({"action": "accept"}));
    let domain = world.open(&web).await;
    world.apply(&web).await.unwrap();
    world.engine.abandon(&domain, &world.gate(&web)).await.unwrap();
    assert_eq!((seen(&world.engine).await, world.target.objects().len()), (0, 0));
}

#[tokio::test]
async fn a_stopped_run_can_still_undo_its_batch() {
    let world = World::memory();
    let web = world.create("rule", "web", json!({"action": "accept"}));
    let domain = world.open(&web).await;
    world.apply(&web).await.unwrap();
    world.cancellation.cancel();
    world.engine.abandon(&domain, &world.gate(&web)).await.unwrap();
    assert_eq!(seen(&world.engine).await, 0);
}

#[tokio::test]
async fn a_batch_that_cannot_be_abandoned_ends_with_its_connection() {
    let world = World::memory();
    let web = world.create("rule", "web", json!({"action": "accept"}));
    let domain = world.open(&web).await;
    world.apply(&web).await.unwrap();
    world.target.inject(Fault::before(ErrorKind::Busy).on(Operation::Abandon));
    assert!(world.engine.abandon(&domain, &world.gate(&web)).await.is_err());
    assert_eq!(seen(&world.engine).await, 1, "still open");
    drop(world.engine);
    assert_eq!(seen(&Fake::new(world.target)).await, 0);
}

#[tokio::test]
async fn a_lost_reply_to_confirm_is_found_done() {
    let world = World::memory();
    let web = world.create("rule", "web", json!({"action": "accept"}));
    let domain = world.open(&web).await;
    world.apply(&web).await.unwrap();
    world.target.inject(Fault::after_effect(ErrorKind::Timeout).on(Operation::Confirm));
    assert_eq!(world.engine.confirm(&domain, &world.gate(&web)).await.unwrap_err().kind, ErrorKind::Timeout);
    let domain = world.open(&web).await;
    world.apply(&web).await.unwrap();
    world.engine.confirm(&domain, &world.gate(&web)).await.unwrap();
    assert_eq!(world.log(), ["Create rule/web", "Confirm rules"], "the second time there is nothing to do");
}
