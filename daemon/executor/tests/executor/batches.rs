//! Do the steps of a batch become lasting together, or not at all?

use engine_api::ErrorKind;
use engine_api::contract::{Interruption, Moment};
use engine_fake::{Fault, Operation};

use crate::world::{World, message, shown};

const RULES: &str = "- {type: rule, name: rest, provider: fake, specs: {action: drop}}
- {type: rule, name: web, provider: fake, specs: {action: accept}}";

#[tokio::test]
async fn a_batch_is_confirmed_once() {
    let world = World::new();
    assert_eq!(world.apply(RULES).await, "create rest: Changed; create web: Changed");
    assert_eq!(world.log(), ["Create rule/rest", "Create rule/web", "Confirm rules"]);
}

#[tokio::test]
async fn what_has_no_batches_is_in_none() {
    let world = World::new();
    world.target.inject(Fault::before(ErrorKind::Rejected).of("web"));
    let lan = format!("- {{type: network, name: lan, provider: fake}}\n{RULES}");
    assert_eq!(world.apply(&lan).await, "create lan: Changed; create rest: Failed; create web: Failed");
    assert_eq!(world.target.objects(), ["network/app-lan"]);
}

#[tokio::test]
async fn a_refused_step_undoes_the_whole_batch() {
    let world = World::new();
    world.target.inject(Fault::before(ErrorKind::Rejected).of("web"));
    let planned = world.plan(RULES).await;
    let outcomes = world.run(&planned).await;
    assert_eq!(shown(&planned.plan, &outcomes), "create rest: Failed; create web: Failed");
    assert!(message(&outcomes, "rest").ends_with("the whole batch was undone"));
    assert_eq!(world.target.objects(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_broken_connection_begins_the_whole_batch_again() {
    let world = World::new();
    world.target.inject(Fault::before(ErrorKind::Unreachable).of("web"));
    assert_eq!(world.apply(RULES).await, "create rest: Changed; create web: Changed");
    assert_eq!(world.log(), ["Create rule/rest", "Abandon rules", "Create rule/rest", "Create rule/web", "Confirm rules"]);
}

#[tokio::test(start_paused = true)]
async fn a_lost_reply_to_confirm_is_found_done() {
    let world = World::new();
    world.target.inject(Fault::after_effect(ErrorKind::Timeout).on(Operation::Confirm));
    assert_eq!(world.apply(RULES).await, "create rest: Changed; create web: Changed");
    assert_eq!(world.log(), ["Create rule/rest", "Create rule/web", "Confirm rules"]);
}

#[tokio::test(start_paused = true)]
async fn a_confirm_that_never_answers_leaves_the_outcome_open() {
    let world = World::new();
    world.target.inject(Fault::before(ErrorKind::Timeout).on(Operation::Confirm).times(100));
    let planned = world.plan(RULES).await;
    let outcomes = world.run(&planned).await;
    assert_eq!(shown(&planned.plan, &outcomes), "create rest: Unknown; create web: Unknown");
    assert!(message(&outcomes, "web").ends_with("whether the batch became lasting is not known"));
}

#[tokio::test]
async fn a_batch_that_cannot_be_abandoned_is_unknown() {
    let world = World::new();
    world.target.inject(Fault::before(ErrorKind::Rejected).of("web"));
    world.target.inject(Fault::before(ErrorKind::Rejected).on(Operation::Abandon));
    let planned = world.plan(RULES).await;
    let outcomes = world.run(&planned).await;
    assert_eq!(shown(&planned.plan, &outcomes), "create rest: Unknown; create web: Unknown");
    assert!(message(&outcomes, "rest").contains("undoing the batch also failed"));
}

#[tokio::test]
async fn a_batch_calls_only_what_is_not_so_already() {
    let world = World::new();
    let mut planned = world.plan(RULES).await;
    world.run(&planned).await;
    world.look_again(&mut planned).await;
    assert_eq!(shown(&planned.plan, &world.run(&planned).await), "create rest: AlreadySo; create web: AlreadySo");
    assert_eq!(world.log().len(), 3, "no further call");
}

/// The daemon was killed when it was about to confirm: what is seen afterwards is provisional, and is no result.
#[tokio::test]
async fn what_an_earlier_attempt_left_unconfirmed_is_not_taken_for_done() {
    for (moment, expected) in [(Moment::StoppedBefore, "Changed"), (Moment::StoppedAfter, "AlreadySo")] {
        let mut world = World::new();
        let mut planned = world.plan(RULES).await;
        world.interrupt(Interruption { moment, call: 3 });
        world.run_until_it_ends(&planned).await;
        world.look_again(&mut planned).await;
        assert_eq!(shown(&planned.plan, &world.run(&planned).await), format!("create rest: {expected}; create web: {expected}"));
        assert_eq!(world.log().last().map(String::as_str), Some("Confirm rules"));
        assert_eq!(world.log().iter().filter(|call| *call == "Confirm rules").count(), 1);
    }
}
