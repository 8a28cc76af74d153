//! What is left when a run is stopped, or loses its lock?

use engine_api::Lease;
use engine_fake::Fault;

use crate::world::{World, message, shown};

const CHAIN: &str = "- {type: network, name: lan, provider: fake}
- {type: compute, name: web, provider: fake, specs: {image: \"web:1\", networks: [lan]}}";

struct Lost;

impl Lease for Lost {
    fn lost(&self) -> Option<String> {
        Some("another daemon took it over".to_owned())
    }
}

#[tokio::test]
async fn a_stopped_run_begins_nothing() {
    let world = World::new();
    world.cancellation.cancel();
    assert_eq!(world.apply(CHAIN).await, "create lan: NotStarted; create web: NotStarted");
    assert_eq!(world.journal.calls(), 0);
}

#[tokio::test]
async fn a_run_without_its_lease_begins_nothing() {
    let mut world = World::new();
    world.lease = Box::new(Lost);
    assert_eq!(world.apply(CHAIN).await, "create lan: NotStarted; create web: NotStarted");
    assert_eq!(world.journal.calls(), 0);
}

#[tokio::test]
async fn a_call_that_hangs_when_the_run_is_stopped_is_unknown_and_the_rest_is_not_started() {
    let world = World::new();
    world.target.inject(Fault::hang());
    let planned = world.plan(CHAIN).await;
    let (outcomes, ()) = tokio::join!(world.run(&planned), async {
        world.target.hanging(1).await;
        world.cancellation.cancel();
    });
    assert_eq!(shown(&planned.plan, &outcomes), "create lan: Unknown; create web: NotStarted");
    assert_eq!(message(&outcomes, "web"), "the run was stopped before this step");
    assert_eq!(world.journal.calls(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_pause_between_tries_ends_when_the_run_is_stopped() {
    let world = World::new();
    world.target.inject(Fault::before(engine_api::ErrorKind::Busy).times(100));
    let planned = world.plan(CHAIN).await;
    let begin = tokio::time::Instant::now();
    let (outcomes, ()) = tokio::join!(world.run(&planned), async {
        while world.journal.calls() == 0 {
            tokio::task::yield_now().await;
        }
        world.cancellation.cancel();
    });
    assert_eq!(shown(&planned.plan, &outcomes), "create lan: Failed; create web: NotStarted");
    assert_eq!((world.journal.calls(), begin.elapsed().as_millis()), (1, 0));
}
