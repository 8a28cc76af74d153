//! When is a container ready, and what is said when it is not?

use engine_api::contract::MemoryJournal;
use engine_api::{Engine, Readiness};
use engine_docker::Compute;
use serde_json::{Value, json};

use crate::orders::Resource;
use crate::table::with_all;
use crate::world::World;

async fn wait_for(set: Value) -> Option<(Readiness, Option<bool>)> {
    let world = World::new().await?;
    let least = Resource::new(&Compute, world.name("c"), world.specs().await);
    let resource = with_all(&least, &set);
    let order = world.plan(&resource, None).await.unwrap();
    world.carry_out(&order, &MemoryJournal::default()).await.unwrap();
    let readiness = world.engine.wait(&order).await.unwrap();
    let seen = world.see("compute", &resource.object).await.unwrap();
    Some((readiness, seen.ready))
}

fn not_ready(readiness: Readiness) -> String {
    match readiness {
        Readiness::NotReady { message } => message,
        other => panic!("it is {other:?}"),
    }
}

#[tokio::test]
async fn a_container_that_stays_up_is_ready() {
    let Some(found) = wait_for(json!({})).await else { return };
    assert_eq!(found, (Readiness::Ready, Some(true)));
}

#[tokio::test]
async fn a_container_is_ready_when_its_check_succeeds() {
    let check = json!({"command": "test -e /tmp/up", "interval": 200, "retries": 50});
    let Some(found) = wait_for(json!({"command": "touch /tmp/up; sleep 9999", "healthcheck": check})).await else { return };
    assert_eq!(found, (Readiness::Ready, Some(true)));
}

#[tokio::test]
async fn a_failing_check_is_told_with_its_output_and_the_log() {
    let set = json!({
        "command": "echo the database is away; sleep 9999",
        "healthcheck": {"command": "echo no answer; false", "interval": 200, "retries": 2},
    });
    let Some((readiness, ready)) = wait_for(set).await else { return };
    let message = not_ready(readiness);
    assert!(message.contains("its health check fails"), "{message}");
    assert!(message.contains("no answer"), "{message}");
    assert!(message.contains("the database is away"), "{message}");
    assert_eq!(ready, Some(false));
}

#[tokio::test]
async fn a_container_that_ends_is_not_ready() {
    let Some((readiness, ready)) = wait_for(json!({"command": "echo out of cheese; exit 3"})).await else { return };
    let message = not_ready(readiness);
    assert!(message.contains("exit status 3"), "{message}");
    assert!(message.contains("out of cheese"), "{message}");
    assert_eq!(ready, Some(false));
}

#[tokio::test]
async fn a_container_that_ends_again_and_again_is_not_ready() {
    let Some((readiness, _)) = wait_for(json!({"command": "echo again; exit 1", "restart": "always"})).await else { return };
    assert!(not_ready(readiness).contains("started again"));
}
