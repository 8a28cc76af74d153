//! What if a reply is lost, at any call? The same step again must lead to what an undisturbed step leads to.

use std::collections::BTreeMap;

use core_model::plan::Action;
use engine_api::Order;
use engine_api::contract::MemoryJournal;
use engine_docker::{Compute, Network, Storage};
use serde_json::{Value, json};

use crate::fields_compute::free_port;
use crate::orders::{Resource, losing_reply_of, operations};
use crate::table::{remove_container, specs};
use crate::world::World;

const CALLS_MAX: usize = 16;

/// The parts of a container that are the same each time it is made.
async fn shape(world: &World, name: &str) -> Option<Value> {
    let found = world.client.inspect_container(name, None).await.ok()?;
    let config = found.config.unwrap();
    let host = found.host_config.unwrap();
    let networks: BTreeMap<String, bool> = found
        .network_settings
        .unwrap()
        .networks
        .unwrap()
        .into_iter()
        .map(|(name, endpoint)| (name, !endpoint.ip_address.unwrap_or_default().is_empty()))
        .collect();
    Some(json!({
        "image": config.image, "env": config.env, "labels": config.labels.unwrap().into_iter().collect::<BTreeMap<_, _>>(),
        "mounts": host.mounts, "restart": host.restart_policy, "memory": host.memory, "cpu": host.nano_cpus,
        "networks": networks, "running": found.state.unwrap().running,
    }))
}

async fn containers(world: &World, name: &str) -> usize {
    let options = bollard::query_parameters::ListContainersOptionsBuilder::default().all(true).build();
    let listed = world.client.list_containers(Some(options)).await.unwrap();
    listed.into_iter().filter(|container| container.names.iter().flatten().any(|found| found.trim_start_matches('/').starts_with(name))).count()
}

/// Loses each reply once, from the same beginning each time, and compares with an undisturbed run.
async fn at_every_call(world: &World, order: &Order, begin: impl AsyncFn()) {
    let name = &order.step.object;
    begin().await;
    let undisturbed = MemoryJournal::default();
    world.carry_out(order, &undisturbed).await.unwrap();
    let (expected, calls) = (shape(world, name).await, operations(&undisturbed).len());
    assert!((1..CALLS_MAX).contains(&calls), "{:?}", operations(&undisturbed));
    for call in 1..=calls {
        begin().await;
        let journal = losing_reply_of(call);
        let lost = world.carry_out(order, &journal).await;
        let operation = operations(&journal).last().cloned().unwrap();
        assert!(lost.is_err(), "{operation}: the lost reply was taken for a success");
        let again = MemoryJournal::default();
        world.carry_out(order, &again).await.unwrap_or_else(|error| panic!("after {operation} was lost: {error}"));
        assert_eq!(shape(world, name).await, expected, "after the reply to {operation} was lost");
        assert_eq!(containers(world, name).await, usize::from(expected.is_some()), "nothing is left over after {operation}");
        let third = MemoryJournal::default();
        world.carry_out(order, &third).await.unwrap();
        assert_eq!(operations(&third), [] as [&str; 0], "{operation}: once it is done, nothing is written");
    }
}

/// A container with everything that takes more than one call.
async fn full(world: &World) -> Resource {
    let mut links = Vec::new();
    for name in ["one", "two"] {
        let network = Resource::new(&Network, world.name(name), specs(json!({})));
        world.create(&network).await;
        links.push(json!({"resource": network.address(), "name": network.object}));
    }
    Resource::new(&Compute, world.name("c"), world.specs().await).with("networks", json!(links)).with("restart", json!("always"))
}

async fn forget(world: &World, name: &str) {
    if world.client.inspect_container(name, None).await.is_ok() {
        remove_container(world, name).await;
    }
}

#[tokio::test]
async fn while_a_container_is_created() {
    let Some(world) = World::new().await else { return };
    let resource = full(&world).await;
    let order = world.plan(&resource, None).await.unwrap();
    at_every_call(&world, &order, async || forget(&world, &resource.object).await).await;
}

#[tokio::test]
async fn while_a_container_is_replaced() {
    let Some(world) = World::new().await else { return };
    let before = full(&world).await;
    let after = before.with("env", json!({"COLOUR": "red"}));
    world.create(&before).await;
    let order = world.plan(&after, Some(&before)).await.unwrap();
    assert_eq!(order.step.action, Action::Replace);
    let begin = async || {
        forget(&world, &before.object).await;
        world.create(&before).await;
    };
    at_every_call(&world, &order, begin).await;
}

#[tokio::test]
async fn while_a_container_is_changed_in_place() {
    let Some(world) = World::new().await else { return };
    let before = full(&world).await;
    let networks = before.values["specs"]["networks"].clone();
    let before = before.with("networks", json!([networks[0]]));
    let after = before.with("networks", json!([networks[1]])).with("memory", json!(64 << 20)).with("restart", json!("no"));
    world.create(&before).await;
    let order = world.plan(&after, Some(&before)).await.unwrap();
    assert_eq!(order.step.action, Action::Update);
    let begin = async || {
        forget(&world, &before.object).await;
        world.create(&before).await;
    };
    at_every_call(&world, &order, begin).await;
}

#[tokio::test]
async fn while_a_container_is_deleted() {
    let Some(world) = World::new().await else { return };
    let resource = full(&world).await;
    let order = world.order(Action::Delete, &resource, Vec::new(), Some(&resource));
    let begin = async || {
        forget(&world, &resource.object).await;
        world.create(&resource).await;
    };
    at_every_call(&world, &order, begin).await;
}

/// Networks and volumes have no shape but their own values.
#[tokio::test]
async fn while_networks_and_volumes_are_made() {
    let Some(world) = World::new().await else { return };
    let network = Resource::new(&Network, world.name("n"), specs(json!({"internal": true})));
    let volume = Resource::new(&Storage, world.name("v"), specs(json!({"labels": {"a": "1"}})));
    for before in [network, volume] {
        let after = before.with("labels", json!({"a": "2"}));
        let create = world.plan(&before, None).await.unwrap();
        lost_once(&world, &create, &before).await;
        let replace = world.plan(&after, Some(&before)).await.unwrap();
        assert_eq!(replace.step.action, Action::Replace);
        lost_once(&world, &replace, &after).await;
        let delete = world.order(Action::Delete, &after, Vec::new(), Some(&after));
        let journal = losing_reply_of(1);
        assert!(world.carry_out(&delete, &journal).await.is_err());
        world.carry_out(&delete, &MemoryJournal::default()).await.unwrap();
        assert!(world.see(after.type_name(), &after.object).await.is_none());
    }
}

/// Loses one reply after the other in a row of attempts, until one goes through.
async fn lost_once(world: &World, order: &Order, resource: &Resource) {
    for _ in 0..CALLS_MAX {
        let journal = losing_reply_of(1);
        if world.carry_out(order, &journal).await.is_ok() {
            let seen = world.see(resource.type_name(), &resource.object).await.unwrap();
            assert_eq!(resource.differences(Some(resource), &seen), []);
            return;
        }
    }
    panic!("{} never got through", resource.object);
}

/// A replacement ended after the old container was set aside, and nobody went on with it. The next plan sees no container and
/// creates one; what waits aside holds its port, and goes.
#[tokio::test]
async fn what_an_abandoned_replacement_set_aside_is_cleaned_up() {
    let Some(world) = World::new().await else { return };
    let port = json!([format!("127.0.0.1:{}:80/tcp", free_port())]);
    let before = Resource::new(&Compute, world.name("c"), world.specs().await).with("ports", port);
    world.create(&before).await;
    let after = before.with("env", json!({"COLOUR": "red"}));
    let replace = world.plan(&after, Some(&before)).await.unwrap();
    let journal = losing_reply_of(1);
    assert!(world.carry_out(&replace, &journal).await.is_err());
    assert_eq!(operations(&journal), ["ContainerRename"]);
    assert!(world.see("compute", &after.object).await.is_none());
    assert_eq!(containers(&world, &after.object).await, 1, "the old one, set aside and running");
    world.create(&after).await;
    let seen = world.see("compute", &after.object).await.unwrap();
    assert_eq!((after.differences(Some(&after), &seen).len(), seen.ready), (0, Some(true)));
    assert_eq!(containers(&world, &after.object).await, 1);
}
