//! What is said when something is in the way? Each failure has its kind, undoes what it began, and holds no secret.

use std::error::Error as _;

use core_model::plan::{Action, ProblemKind};
use engine_api::contract::MemoryJournal;
use engine_api::{Engine, ErrorKind, ObserveScope};
use engine_docker::{Compute, Docker, DockerOptions, Network};
use serde_json::json;

use crate::orders::{Resource, operations};
use crate::table::specs;
use crate::world::World;

#[tokio::test]
async fn a_missing_socket_is_an_unreachable_target() {
    let folder = tempfile::tempdir().unwrap();
    let endpoint = format!("unix://{}/docker.sock", folder.path().display());
    let engine = Docker::connect(DockerOptions::new(endpoint.clone(), "owner")).unwrap();
    assert_eq!(engine.probe().await.unwrap_err().kind, ErrorKind::Unreachable);
    assert_eq!(engine.observe(&Default::default()).await.unwrap_err().kind, ErrorKind::Unreachable);
    let listener = std::os::unix::net::UnixListener::bind(folder.path().join("docker.sock")).unwrap();
    drop(listener);
    assert_eq!(engine.probe().await.unwrap_err().kind, ErrorKind::Unreachable, "a socket that nobody listens on");
    let refused = Docker::connect(DockerOptions::new("tcp://127.0.0.1:2375", "owner")).err().unwrap();
    assert_eq!(refused.kind, ErrorKind::Rejected);
}

#[tokio::test]
async fn an_image_that_nobody_has_is_told_before_anything_is_touched() {
    let Some(world) = World::new().await else { return };
    let image = world.image("none:1");
    assert_eq!(world.engine.resolve("compute", &image).await.unwrap_err().kind, ErrorKind::Unreachable, "its registry refuses connections");
    let before = Resource::new(&Compute, world.name("c"), world.specs().await);
    world.create(&before).await;
    let after = before.with("image", json!(format!("{image}@sha256:{}", "0".repeat(64))));
    let order = world.plan(&after, Some(&before)).await.unwrap();
    assert!(world.carry_out(&order, &MemoryJournal::default()).await.is_err());
    let seen = world.see("compute", &before.object).await.unwrap();
    assert_eq!((before.differences(Some(&before), &seen).len(), seen.ready), (0, Some(true)), "the old one still runs");
}

#[tokio::test]
async fn registries_that_are_not_allowed_are_not_asked() {
    let Some(world) = World::new().await else { return };
    let error = world.engine.resolve("compute", "registry.invalid/shop:1").await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Rejected);
    assert!(error.message.contains("registry.invalid") && error.message.contains("allowed"), "{error}");
}

#[tokio::test]
async fn a_taken_port_is_foreseen_and_puts_the_old_container_back() {
    let Some(world) = World::new().await else { return };
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = format!("127.0.0.1:{}:80/tcp", listener.local_addr().unwrap().port());
    drop(listener);
    let holder = Resource::new(&Compute, world.name("holder"), world.specs().await).with("ports", json!([port]));
    world.create(&holder).await;
    let before = Resource::new(&Compute, world.name("web"), world.specs().await);
    world.create(&before).await;
    let after = before.with("ports", json!([port]));
    let order = world.plan(&after, Some(&before)).await.unwrap();
    let problems = world.engine.preflight(std::slice::from_ref(&order.step)).await.unwrap();
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].kind, ProblemKind::Preflight);
    assert!(problems[0].detail.contains(&holder.object), "{}", problems[0].detail);
    let error = world.carry_out(&order, &MemoryJournal::default()).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Conflict, "{error}");
    assert!(error.message.contains("the old container was put back"), "{error}");
    let seen = world.see("compute", &before.object).await.unwrap();
    assert_eq!(before.differences(Some(&before), &seen), []);
    assert_eq!(seen.ready, Some(true));
    let fresh = Resource::new(&Compute, world.name("new"), world.specs().await).with("ports", json!([port]));
    let create = world.plan(&fresh, None).await.unwrap();
    assert_eq!(world.carry_out(&create, &MemoryJournal::default()).await.unwrap_err().kind, ErrorKind::Conflict);
    assert!(world.see("compute", &fresh.object).await.is_none(), "what was made was removed again");
}

#[tokio::test]
async fn links_to_what_is_not_there_are_told() {
    let Some(world) = World::new().await else { return };
    let least = Resource::new(&Compute, world.name("c"), world.specs().await);
    let name = world.name("nowhere");
    let external = json!({"external": name, "name": name});
    for resource in [least.with("networks", json!([external])), least.with("mounts", json!([{"storage": external, "at": "/data"}]))] {
        let order = world.plan(&resource, None).await.unwrap();
        assert_eq!(world.engine.preflight(std::slice::from_ref(&order.step)).await.unwrap().len(), 1);
        let journal = MemoryJournal::default();
        let error = world.carry_out(&order, &journal).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::NotFound, "{error}");
        assert!(operations(&journal).is_empty(), "nothing was touched");
    }
}

#[tokio::test]
async fn a_network_with_strangers_in_it_is_not_replaced() {
    let Some(world) = World::new().await else { return };
    let network = Resource::new(&Network, world.name("n"), specs(json!({})));
    world.create(&network).await;
    let stranger = world.name("stranger");
    let body = bollard::models::ContainerCreateBody {
        image: Some(world.plain_image()),
        host_config: Some(bollard::models::HostConfig { network_mode: Some(network.object.clone()), ..Default::default() }),
        ..Default::default()
    };
    let options = bollard::query_parameters::CreateContainerOptionsBuilder::default().name(&stranger).build();
    world.client.create_container(Some(options), body).await.unwrap();
    world.client.start_container(&stranger, None).await.unwrap();
    let order = world.plan(&network.with("internal", json!(true)), Some(&network)).await.unwrap();
    let journal = MemoryJournal::default();
    let error = world.carry_out(&order, &journal).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Conflict);
    assert!(error.message.contains(&stranger), "{error}");
    assert!(operations(&journal).is_empty());
}

#[tokio::test]
async fn orders_of_another_owner_are_refused() {
    let Some(world) = World::new().await else { return };
    let resource = Resource::new(&Network, world.name("n"), specs(json!({})));
    let mut order = world.plan(&resource, None).await.unwrap();
    order.marker.owner_id = "somebody-else".to_owned();
    let journal = MemoryJournal::default();
    assert_eq!(world.carry_out(&order, &journal).await.unwrap_err().kind, ErrorKind::Rejected);
    assert!(operations(&journal).is_empty());
}

/// The secret is in the log of the container and would be in the words about it.
#[tokio::test]
async fn secrets_are_struck_from_errors_and_logs() {
    const CANARY: &str = "canary-5f2c";
    let Some(world) = World::new().await else { return };
    let least = Resource::new(&Compute, world.name("c"), world.specs().await);
    let open = least.with("env", json!({"TOKEN": CANARY})).with("command", json!("echo token is $TOKEN; exit 1"));
    let sealed = open.with("env", json!({"TOKEN": {"$sealed": {"fingerprint": "k1:0", "parts": []}}}));
    let mut order = world.order(Action::Create, &sealed, Vec::new(), None);
    order.desired = open.values.clone();
    let journal = MemoryJournal::default();
    world.carry_out(&order, &journal).await.unwrap();
    assert!(!format!("{:?}", journal.entries()).contains(CANARY));
    let found = world.client.inspect_container(&open.object, None).await.unwrap().config.unwrap();
    assert!(found.env.unwrap().contains(&format!("TOKEN={CANARY}")), "the container has it");
    assert!(found.labels.unwrap().values().all(|value| !value.contains(CANARY)), "its labels do not");
    let readiness = format!("{:?}", world.engine.wait(&order).await.unwrap());
    assert!(readiness.contains("token is [secret]") && !readiness.contains(CANARY), "{readiness}");
    // The name of a program that does not exist is repeated by the engine.
    let bad = open.with("command", json!([CANARY]));
    let mut order = world.order(Action::Replace, &sealed, Vec::new(), Some(&open));
    order.desired = bad.values.clone();
    let error = world.carry_out(&order, &journal).await.unwrap_err();
    let source = error.source().map(|source| format!("{source} {source:?}")).unwrap_or_default();
    assert!(!format!("{error} {error:?} {source}").contains(CANARY), "{error}");
}

#[tokio::test]
async fn a_change_wakes_the_watcher() {
    let Some(world) = World::new().await else { return };
    let volume = Resource::new(&engine_docker::Storage, world.name("v"), specs(json!({})));
    let watcher = world.new_engine();
    watcher.probe().await.unwrap();
    let woken = tokio::spawn(async move { watcher.watch(&ObserveScope::default()).await });
    // The watcher may not be listening yet, so changes are made until one wakes it.
    while !woken.is_finished() {
        world.create(&volume).await;
        world.delete(&volume).await.unwrap();
    }
    woken.await.unwrap().unwrap();
}
