//! What if something was changed and does not get ready?

use crate::world::{World, message, shown};

const TWO: &str = "- {type: compute, name: db, provider: fake, specs: {image: \"db:1\"}}
- {type: compute, name: web, provider: fake, depends_on: [db], specs: {image: \"web:1\"}}";

#[tokio::test]
async fn what_depends_on_something_not_ready_is_stopped() {
    let mut world = World::new();
    world.target.push_broken_image("db:1");
    let planned = world.plan(TWO).await;
    let outcomes = world.run(&planned).await;
    assert_eq!(shown(&planned.plan, &outcomes), "create db: Changed, not ready; create web: Stopped");
    assert_eq!(message(&outcomes, "db"), "it runs, and says that it is not healthy");
    assert!(!daemon_executor::succeeded(&outcomes));
    world.record(planned, &outcomes);
    let ready: Vec<bool> = world.applied.resources.values().map(|resource| resource.ready).collect();
    assert_eq!(ready, [false], "the record says what is where");
}

#[tokio::test]
async fn a_gate_is_passed_again_when_the_run_goes_on() {
    let world = World::new();
    world.target.push_broken_image("db:1");
    let mut planned = world.plan(TWO).await;
    world.run(&planned).await;
    world.target.set_healthy("app-db", true);
    world.look_again(&mut planned).await;
    assert_eq!(shown(&planned.plan, &world.run(&planned).await), "create db: AlreadySo, ready; create web: Changed, ready");
}

#[tokio::test]
async fn a_gate_that_cannot_be_asked_is_not_passed() {
    use engine_api::ErrorKind;
    use engine_fake::{Fault, Operation};
    let world = World::new();
    let planned = world.plan(TWO).await;
    world.target.inject(Fault::before(ErrorKind::Unreachable).on(Operation::Observe));
    let outcomes = world.run(&planned).await;
    assert_eq!(shown(&planned.plan, &outcomes), "create db: Changed, not ready; create web: Stopped");
    assert!(message(&outcomes, "db").contains("cannot be reached"));
}

#[tokio::test]
async fn what_is_written_and_waits_is_said_of_the_step_that_was_done() {
    let world = World::new();
    world.target.add_pending("`mode` waits for a restart");
    let planned = world.plan("- {type: compute, name: web, provider: fake, specs: {image: \"web:1\"}}").await;
    let outcomes = world.run(&planned).await;
    assert_eq!(message(&outcomes, "web"), "`mode` waits for a restart");
    assert!(daemon_executor::succeeded(&outcomes));
}
