//! What is tried again, how often, and what is never done twice?

use std::time::Duration;

use engine_api::ErrorKind;
use engine_fake::{Fault, Operation};
use tokio::time::Instant;

use crate::world::{World, message, shown};

const LAN: &str = "- {type: network, name: lan, provider: fake}";
/// A task whose target cannot tell which tokens it has seen.
const TASK: &str = "- {type: task, name: wipe, provider: fake, specs: {logged: false, once: {token: today}}}";

#[tokio::test(start_paused = true)]
async fn a_busy_target_is_tried_again_with_growing_pauses() {
    let world = World::new();
    world.target.inject(Fault::before(ErrorKind::Busy).times(3));
    let begin = Instant::now();
    assert_eq!(world.apply(LAN).await, "create lan: Changed");
    assert_eq!((world.journal.calls(), begin.elapsed()), (4, Duration::from_millis(250 + 500 + 1000)));
}

#[tokio::test(start_paused = true)]
async fn tries_are_bounded() {
    for (kind, expected) in [(ErrorKind::Unreachable, "Failed"), (ErrorKind::Busy, "Failed"), (ErrorKind::Timeout, "Unknown")] {
        let world = World::new();
        world.target.inject(Fault::before(kind).times(100));
        assert_eq!(world.apply(LAN).await, format!("create lan: {expected}"), "{kind:?}");
        assert_eq!(world.journal.calls(), 4, "{kind:?}");
    }
}

#[tokio::test]
async fn a_refusal_is_not_tried_again() {
    for kind in ErrorKind::ALL.into_iter().filter(|kind| !kind.is_transient()) {
        let world = World::new();
        world.target.inject(Fault::before(kind));
        assert_eq!(world.apply(LAN).await, "create lan: Failed", "{kind:?}");
        assert_eq!(world.journal.calls(), 1, "{kind:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_lost_reply_converges() {
    let world = World::new();
    world.target.inject(Fault::after_effect(ErrorKind::Timeout));
    assert_eq!(world.apply(LAN).await, "create lan: Changed");
    assert_eq!(world.log(), ["Create network/app-lan"]);
}

#[tokio::test(start_paused = true)]
async fn what_must_not_be_repeated_is_not() {
    for kind in [ErrorKind::Timeout, ErrorKind::Unreachable] {
        let world = World::new();
        world.target.inject(Fault::after_effect(kind).on(Operation::Run));
        let planned = world.plan(TASK).await;
        let outcomes = world.run(&planned).await;
        assert_eq!(shown(&planned.plan, &outcomes), "update wipe: Unknown", "{kind:?}");
        assert_eq!(world.target.executions().len(), 1, "{kind:?}");
        assert!(message(&outcomes, "wipe").contains("run the task `wipe`"), "{}", message(&outcomes, "wipe"));
    }
}

#[tokio::test(start_paused = true)]
async fn what_surely_had_no_effect_is_repeated_even_then() {
    let world = World::new();
    world.target.inject(Fault::before(ErrorKind::Busy).on(Operation::Run));
    assert_eq!(world.apply(TASK).await, "update wipe: Changed");
    assert_eq!(world.target.executions().len(), 1);
}
