//! What does a run do that goes on after the daemon ended? What may be done once is not done again.

use engine_api::Entry;
use engine_api::contract::{Interruption, Moment};

use crate::world::{Planned, World, message, shown};

const TASK: &str = "- {type: task, name: node, provider: fake, specs: {once: {token: first, reset: cycle}, logged: LOGGED}}";

fn executions(world: &World) -> Vec<String> {
    world.target.executions().into_iter().map(|execution| execution.token).collect()
}

/// A daemon that ended at a call of a task, and what a new one plans to go on with.
async fn ended(moment: Moment, logged: bool) -> (World, Planned, usize) {
    let undisturbed = World::new();
    let planned = undisturbed.plan(&TASK.replace("LOGGED", &logged.to_string())).await;
    undisturbed.run(&planned).await;
    let runs = |entry: &Entry| entry.intent.operation == "Run";
    let calls = undisturbed.journal.entries().iter().position(runs).unwrap() + 1;
    let mut world = World::new();
    world.interrupt(Interruption { moment, call: calls });
    world.run_until_it_ends(&planned).await;
    (world, planned, calls)
}

#[tokio::test]
async fn a_call_that_nobody_knows_of_is_a_persons_to_judge() {
    for (moment, done) in [(Moment::StoppedBefore, 0), (Moment::StoppedAfter, 1)] {
        let (world, mut planned, calls) = ended(moment, false).await;
        world.look_again(&mut planned).await;
        let outcomes = world.run(&planned).await;
        assert_eq!(shown(&planned.plan, &outcomes), "update node: Unknown", "{moment:?}");
        assert!(message(&outcomes, "node").contains("`Run`"), "{}", message(&outcomes, "node"));
        assert_eq!((executions(&world).len(), world.journal.calls()), (done, calls), "{moment:?}: nothing is called again");
    }
}

/// A target that shows what it did, as a BMC that keeps the time of its last reset.
#[tokio::test]
async fn a_call_whose_effect_shows_is_done() {
    let (world, mut planned, calls) = ended(Moment::StoppedAfter, false).await;
    world.target.show_runs();
    world.look_again(&mut planned).await;
    assert_eq!(shown(&planned.plan, &world.run(&planned).await), "update node: Changed");
    assert_eq!((executions(&world).len(), world.journal.calls()), (1, calls), "nothing is called again");
}

/// It may show its trace late, or not be there to ask.
#[tokio::test]
async fn that_no_effect_shows_is_no_proof() {
    for is_there in [true, false] {
        let (world, mut planned, calls) = ended(Moment::StoppedBefore, false).await;
        world.target.show_runs();
        world.look_again(&mut planned).await;
        if !is_there {
            world.target.go_away("the cable is unplugged");
        }
        assert_eq!(shown(&planned.plan, &world.run(&planned).await), "update node: Unknown", "there: {is_there}");
        assert_eq!((executions(&world).len(), world.journal.calls()), (0, calls), "nothing is called again");
    }
}

/// The daemon ended between the call and the record.
#[tokio::test]
async fn what_was_done_once_is_done() {
    let world = World::new();
    let mut planned = world.plan(&TASK.replace("LOGGED", "false")).await;
    world.run(&planned).await;
    world.look_again(&mut planned).await;
    let outcomes = world.run(&planned).await;
    assert_eq!(shown(&planned.plan, &outcomes), "update node: Changed");
    assert_eq!(executions(&world), ["first"]);
}

#[tokio::test]
async fn where_the_target_tells_the_run_goes_on() {
    for moment in [Moment::StoppedBefore, Moment::StoppedAfter] {
        let (world, mut planned, _) = ended(moment, true).await;
        world.look_again(&mut planned).await;
        let outcomes = world.run(&planned).await;
        assert_eq!(shown(&planned.plan, &outcomes), "update node: Changed", "{moment:?}");
        assert_eq!(executions(&world), ["first"], "{moment:?}");
    }
}
