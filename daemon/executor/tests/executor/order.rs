//! What runs at the same time, what waits, and what is stopped?

use std::time::Duration;

use engine_api::ErrorKind;
use engine_fake::Fault;

use crate::world::{World, message};

const PATIENCE: Duration = Duration::from_secs(60);

fn networks(count: usize) -> String {
    (0..count).map(|number| format!("- {{type: network, name: n{number}, provider: fake}}\n")).collect()
}

#[tokio::test(start_paused = true)]
async fn independent_steps_run_together_up_to_the_limit() {
    let world = World::new();
    // As many as the engine takes at once.
    world.target.wait_for_steps_in_flight(4, PATIENCE);
    world.apply(&networks(9)).await;
    assert_eq!((world.target.steps_in_flight_highest(), world.target.objects().len()), (4, 9));
}

#[tokio::test(start_paused = true)]
async fn more_than_the_limit_never_run_together() {
    let world = World::new();
    world.target.wait_for_steps_in_flight(5, Duration::from_millis(1));
    world.apply(&networks(9)).await;
    assert_eq!(world.target.steps_in_flight_highest(), 4);
}

#[tokio::test(start_paused = true)]
async fn dependants_wait() {
    let world = World::new();
    world.target.wait_for_steps_in_flight(2, Duration::from_millis(1));
    world
        .apply(
            "- {type: network, name: z-lan, provider: fake}
- {type: compute, name: a-web, provider: fake, specs: {image: \"web:1\", networks: [z-lan]}}",
        )
        .await;
    assert_eq!(world.target.steps_in_flight_highest(), 1);
    assert_eq!(world.log(), ["Create network/app-z-lan", "Create compute/app-a-web", "Start compute/app-a-web"]);
}

#[tokio::test]
async fn what_goes_waits_for_what_used_it() {
    let world = World::with(
        "- {type: network, name: lan, provider: fake}
- {type: compute, name: web, provider: fake, specs: {image: \"web:1\", networks: [lan]}}",
    )
    .await;
    assert_eq!(world.apply("").await, "delete web: Changed; delete lan: Changed");
}

#[tokio::test]
async fn a_failed_step_stops_its_dependants_and_others_go_on() {
    let world = World::new();
    world.target.inject(Fault::before(ErrorKind::Rejected).of("app-lan"));
    let planned = world
        .plan(
            "- {type: network, name: lan, provider: fake}
- {type: network, name: other, provider: fake}
- {type: compute, name: web, provider: fake, specs: {image: \"web:1\", networks: [lan]}}
- {type: setting, name: late, provider: fake, depends_on: [web], specs: {limit: 3}}",
        )
        .await;
    let outcomes = world.run(&planned).await;
    assert_eq!(crate::world::shown(&planned.plan, &outcomes), "create lan: Failed; create other: Changed; create web: Stopped; update late: Stopped");
    assert_eq!(message(&outcomes, "web"), "it waits for `app.lan`, which did not succeed");
    assert_eq!(message(&outcomes, "late"), "it waits for `app.web`, which did not succeed");
    assert_eq!(world.log(), ["Create network/app-other"]);
}

#[tokio::test]
async fn without_an_engine_every_step_fails_with_the_reason() {
    let mut world = World::new();
    let planned = world.plan(&networks(1)).await;
    world.lose_the_engine();
    let outcomes = world.run(&planned).await;
    assert_eq!(crate::world::shown(&planned.plan, &outcomes), "create n0: Failed");
    assert!(message(&outcomes, "n0").contains("nobody knows it"));
}
