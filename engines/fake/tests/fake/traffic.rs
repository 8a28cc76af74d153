//! Can a test see how many steps ran at once?

use std::time::Duration;

use serde_json::json;

use crate::world::World;

const PATIENCE: Duration = Duration::from_secs(60);

#[tokio::test(start_paused = true)]
async fn steps_in_flight_are_counted() {
    let world = World::memory();
    world.target.wait_for_steps_in_flight(3, PATIENCE);
    let orders = ["a", "b", "c"].map(|name| world.create("network", name, json!({})));
    let (a, b, c) = tokio::join!(world.apply(&orders[0]), world.apply(&orders[1]), world.apply(&orders[2]));
    a.and(b).and(c).unwrap();
    assert_eq!(world.target.steps_in_flight_highest(), 3);
}

#[tokio::test(start_paused = true)]
async fn one_after_the_other_never_meet() {
    let world = World::memory();
    world.target.wait_for_steps_in_flight(2, Duration::from_millis(1));
    for name in ["a", "b"] {
        world.apply(&world.create("network", name, json!({}))).await.unwrap();
    }
    assert_eq!(world.target.steps_in_flight_highest(), 1);
}
