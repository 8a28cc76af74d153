//! What does the record hold after each outcome?

use core_model::record::{StepOutcome, StepState};
use daemon_executor::state_after;

use crate::world::{Planned, World};

fn all(planned: &Planned, state: StepState, ready: Option<bool>) -> Vec<StepOutcome> {
    let outcome =
        |step: &core_model::plan::Step| StepOutcome { step: step.digest.clone(), address: step.address.clone(), state, ready, message: None };
    planned.plan.steps.iter().map(outcome).collect()
}

const STATES: [(StepState, bool); 7] = [
    (StepState::Changed, true),
    (StepState::AlreadySo, true),
    (StepState::NotStarted, false),
    (StepState::Failed, false),
    (StepState::Stopped, false),
    (StepState::Unknown, false),
    (StepState::Undone, false),
];

#[tokio::test]
async fn what_was_done_is_recorded_and_nothing_else() {
    let world = World::new();
    let planned = world.plan("- {type: network, name: lan, provider: fake}").await;
    for (state, done) in STATES {
        let after = state_after(&world.applied, &planned.plan, &all(&planned, state, None));
        assert_eq!(after.len(), usize::from(done), "{state:?}");
    }
}

#[tokio::test]
async fn what_was_taken_away_leaves_the_record_and_nothing_else_does() {
    for resource in ["network", "storage"] {
        let world = World::with(&format!("- {{type: {resource}, name: it, provider: fake}}")).await;
        let planned = world.plan("").await;
        for (state, done) in STATES {
            let after = state_after(&world.applied, &planned.plan, &all(&planned, state, None));
            assert_eq!(after.is_empty(), done, "{resource}: {state:?}");
        }
    }
}

#[tokio::test]
async fn a_gate_that_was_not_passed_is_recorded() {
    let world = World::new();
    let planned = world.plan("- {type: network, name: lan, provider: fake}").await;
    for (ready, expected) in [(None, true), (Some(true), true), (Some(false), false)] {
        let after = state_after(&world.applied, &planned.plan, &all(&planned, StepState::Changed, ready));
        assert_eq!(after.values().map(|resource| resource.ready).collect::<Vec<_>>(), [expected], "{ready:?}");
    }
}

#[tokio::test]
async fn an_address_that_needs_no_step_takes_over_what_the_blueprint_says() {
    let world = World::with("- {type: network, name: lan, provider: fake}").await;
    let planned = world.plan("- {type: network, name: lan, provider: fake, lifecycle: {protect: true}}").await;
    assert!(planned.plan.is_empty());
    let after = state_after(&world.applied, &planned.plan, &[]);
    assert_eq!(after.values().map(|resource| resource.protect).collect::<Vec<_>>(), [true]);
}

#[tokio::test]
async fn a_replacement_by_another_object_is_recorded_as_far_as_it_got() {
    let world = World::with("- {type: network, name: lan, provider: fake, specs: {name: old}}").await;
    let planned = world.plan("- {type: network, name: lan, provider: fake, specs: {name: new}}").await;
    let objects = |states: [StepState; 2]| {
        let mut outcomes = all(&planned, StepState::Changed, None);
        outcomes.iter_mut().zip(states).for_each(|(outcome, state)| outcome.state = state);
        let after = state_after(&world.applied, &planned.plan, &outcomes);
        after.values().map(|resource| resource.object.clone()).collect::<Vec<_>>()
    };
    assert_eq!(planned.plan.steps.iter().map(|step| step.action.word()).collect::<Vec<_>>(), ["delete", "create"]);
    assert_eq!(objects([StepState::Changed, StepState::Changed]), ["new"]);
    assert_eq!(objects([StepState::Changed, StepState::Failed]), [""; 0]);
    assert_eq!(objects([StepState::Failed, StepState::Stopped]), ["old"]);
}
