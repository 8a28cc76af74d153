//! Is a task done once for each token, and does doing it twice show?

use core_model::plan::Action;
use engine_api::contract::{Interruption, MemoryJournal, Moment};
use engine_api::{Classification, Engine, Order, Repeat};
use serde_json::json;

use crate::world::World;

fn task(world: &World, token: &str, logged: bool) -> Order {
    world.order("task", "node", Action::Update, json!({"once": {"token": token, "reset": "cycle"}, "logged": logged}))
}

fn tokens(world: &World) -> Vec<String> {
    world.target.executions().into_iter().map(|execution| execution.token).collect()
}

#[tokio::test]
async fn each_token_runs_once() {
    let world = World::memory();
    for token in ["first", "first", "second"] {
        world.apply(&task(&world, token, true)).await.unwrap();
    }
    assert_eq!(tokens(&world), ["first", "second"]);
}

#[tokio::test]
async fn a_target_that_keeps_no_log_runs_it_again_and_that_shows() {
    let world = World::memory();
    for _ in 0..2 {
        world.apply(&task(&world, "first", false)).await.unwrap();
    }
    assert_eq!(tokens(&world), ["first", "first"]);
}

#[tokio::test]
async fn after_a_crash_the_target_tells_only_where_it_shows_what_it_ran() {
    let tells = [
        (false, Moment::StoppedAfter, Classification::Unknown),
        (true, Moment::StoppedBefore, Classification::NotDone),
        (true, Moment::StoppedAfter, Classification::Done),
    ];
    for (shows, moment, found) in tells {
        let mut world = World::memory();
        world.journal = MemoryJournal::interrupted(Interruption { moment, call: 2 });
        let order = task(&world, "first", false);
        tokio::select! {
            _ = world.apply(&order) => panic!("it went on"),
            () = world.journal.stopped() => {}
        }
        let open = world.journal.entries().into_iter().find(|entry| entry.outcome.is_none()).unwrap();
        assert_eq!((open.intent.operation.as_str(), open.intent.repeat), ("Run", Repeat::Never));
        if shows {
            world.target.show_runs();
        }
        assert_eq!(world.engine.classify(&open.intent).await.unwrap(), found);
    }
}
