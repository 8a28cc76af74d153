//! What is seen, and what is left alone?

use bollard::models::{ContainerCreateBody, NetworkCreateRequest, VolumeCreateRequest};
use bollard::query_parameters::CreateContainerOptionsBuilder;
use core_model::plan::Action;
use engine_api::contract::MemoryJournal;
use engine_api::{Engine, ErrorKind, Readiness};
use engine_docker::{Compute, Network, Storage};
use serde_json::json;

use crate::orders::{Resource, operations};
use crate::table::specs;
use crate::world::World;

/// One of each type that somebody else made, under our names.
async fn foreign(world: &World) -> Vec<Resource> {
    let compute = Resource::new(&Compute, world.name("c"), world.specs().await);
    let network = Resource::new(&Network, world.name("n"), specs(json!({})));
    let storage = Resource::new(&Storage, world.name("v"), specs(json!({})));
    let options = CreateContainerOptionsBuilder::default().name(&compute.object).build();
    let body = ContainerCreateBody { image: Some(world.plain_image()), ..Default::default() };
    world.client.create_container(Some(options), body).await.unwrap();
    world.client.start_container(&compute.object, None).await.unwrap();
    world.client.create_network(NetworkCreateRequest { name: network.object.clone(), ..Default::default() }).await.unwrap();
    world.client.create_volume(VolumeCreateRequest { name: Some(storage.object.clone()), ..Default::default() }).await.unwrap();
    vec![compute, network, storage]
}

#[tokio::test]
async fn a_foreign_object_is_seen_without_a_marker_and_never_taken_over() {
    let Some(world) = World::new().await else { return };
    for resource in foreign(&world).await {
        let seen = world.see(resource.type_name(), &resource.object).await.unwrap();
        assert_eq!(seen.marker, None);
        for action in [Action::Create, Action::Replace, Action::Delete] {
            let order = world.order(action, &resource, Vec::new(), None);
            let journal = MemoryJournal::default();
            let error = world.carry_out(&order, &journal).await.unwrap_err();
            assert_eq!(error.kind, ErrorKind::Conflict, "{error}");
            assert!(operations(&journal).is_empty(), "{}: a call was made", action.word());
        }
        // It was ours once, was deleted, and somebody made one like it before the create came.
        let order = world.order(Action::Create, &resource, Vec::new(), Some(&resource));
        assert_eq!(world.carry_out(&order, &MemoryJournal::default()).await.unwrap_err().kind, ErrorKind::Conflict);
        assert_eq!(world.see(resource.type_name(), &resource.object).await.unwrap(), seen, "it is as it was");
    }
}

#[tokio::test]
async fn adopting_makes_no_call_and_then_it_can_be_changed() {
    let Some(world) = World::new().await else { return };
    for resource in foreign(&world).await {
        let journal = MemoryJournal::default();
        for action in [Action::Adopt, Action::Move, Action::Release] {
            world.carry_out(&world.order(action, &resource, Vec::new(), Some(&resource)), &journal).await.unwrap();
        }
        assert!(operations(&journal).is_empty());
        let seen = world.see(resource.type_name(), &resource.object).await.unwrap();
        assert_eq!(resource.differences(Some(&resource), &seen), [], "the tag it was made with has the digest that is wanted");
        let changed = resource.with("labels", json!({"ours": "now"}));
        world.bring(&changed, Some(&resource)).await;
        let seen = world.see(resource.type_name(), &resource.object).await.unwrap();
        assert_eq!(seen.marker, Some(world.marker(&resource)), "made anew, it carries the marker");
        world.delete(&changed).await.unwrap();
        assert!(world.see(resource.type_name(), &resource.object).await.is_none());
    }
}

#[tokio::test]
async fn what_carries_our_marker_is_seen_unasked() {
    let Some(world) = World::new().await else { return };
    let resources = [
        Resource::new(&Compute, world.name("c"), world.specs().await),
        Resource::new(&Network, world.name("n"), specs(json!({}))),
        Resource::new(&Storage, world.name("v"), specs(json!({}))),
    ];
    for resource in &resources {
        world.create(resource).await;
    }
    let observation = world.engine.observe(&world.scope(&[])).await.unwrap();
    let mut seen: Vec<(String, String)> = observation.objects.into_iter().map(|object| (object.type_name, object.name)).collect();
    seen.sort();
    let mut expected: Vec<(String, String)> = resources.iter().map(|resource| (resource.type_name().to_owned(), resource.object.clone())).collect();
    expected.sort();
    assert_eq!(seen, expected);
    assert!(observation.gaps.is_empty());
    let mut others = world.scope(&[]);
    others.environment = Some("other".parse().unwrap());
    assert!(world.engine.observe(&others).await.unwrap().objects.is_empty(), "another environment does not see them");
}

#[tokio::test]
async fn the_identity_stays_and_the_version_is_for_people() {
    let Some(world) = World::new().await else { return };
    let probe = world.engine.probe().await.unwrap();
    assert_eq!(world.new_engine().probe().await.unwrap(), probe);
    assert_eq!(world.engine.observe(&world.scope(&[])).await.unwrap().identity, probe.identity);
    assert!(probe.version.starts_with("Docker ") && probe.version.contains(", API 1."), "{}", probe.version);
}

#[tokio::test]
async fn the_resource_name_is_the_alias_in_every_network() {
    let Some(world) = World::new().await else { return };
    let networks = ["one", "two"].map(|name| Resource::new(&Network, world.name(name), specs(json!({}))));
    for network in &networks {
        world.create(network).await;
    }
    let links: Vec<_> = networks.iter().map(|network| json!({"resource": network.address(), "name": network.object})).collect();
    let web = Resource::new(&Compute, world.name("web"), world.specs().await).with("networks", json!(links));
    world.create(&web).await;
    let aliases = |found: bollard::models::ContainerInspectResponse| {
        let networks = found.network_settings.unwrap().networks.unwrap();
        networks
            .into_iter()
            .map(|(name, endpoint)| (name, endpoint.aliases.unwrap_or_default().contains(&"web".to_owned())))
            .collect::<std::collections::BTreeMap<_, _>>()
    };
    let expected = networks.iter().map(|network| (network.object.clone(), true)).collect();
    assert_eq!(aliases(world.client.inspect_container(&web.object, None).await.unwrap()), expected);
}

/// A network that is made anew loses its containers; their own steps, without a change in their values, bring them back.
#[tokio::test]
async fn a_replaced_network_is_joined_again() {
    let Some(world) = World::new().await else { return };
    let network = Resource::new(&Network, world.name("front"), specs(json!({})));
    world.create(&network).await;
    let links = json!([{"resource": network.address(), "name": network.object}]);
    let web = Resource::new(&Compute, world.name("web"), world.specs().await).with("networks", links);
    world.create(&web).await;
    for action in [Action::Update, Action::Restart] {
        let changed = network.with("labels", json!({"for": action.word()}));
        world.bring(&changed, Some(&network)).await;
        let seen = world.see("compute", &web.object).await.unwrap();
        assert_eq!(crate::orders::paths(&web.differences(Some(&web), &seen)), ["specs.networks"], "it is out of the network");
        let journal = MemoryJournal::default();
        world.carry_out(&world.order(action, &web, Vec::new(), Some(&web)), &journal).await.unwrap();
        assert!(operations(&journal).contains(&"NetworkConnect".to_owned()));
        let seen = world.see("compute", &web.object).await.unwrap();
        assert_eq!(web.differences(Some(&web), &seen), []);
        assert_eq!(seen.ready, Some(true));
    }
}

/// The container uses the volume, so it goes first; its own step makes it anew.
#[tokio::test]
async fn a_replaced_volume_is_mounted_again() {
    let Some(world) = World::new().await else { return };
    let volume = Resource::new(&Storage, world.name("data"), specs(json!({})));
    world.create(&volume).await;
    let mounts = json!([{"storage": {"resource": volume.address(), "name": volume.object}, "at": "/data"}]);
    let db = Resource::new(&Compute, world.name("db"), world.specs().await).with("mounts", mounts);
    world.create(&db).await;
    assert_eq!(world.delete(&volume).await.unwrap_err().kind, ErrorKind::Conflict, "it is in use");
    let changed = volume.with("labels", json!({"a": "1"}));
    world.bring(&changed, Some(&volume)).await;
    let order = world.order(Action::Replace, &db, Vec::new(), Some(&db));
    world.carry_out(&order, &MemoryJournal::default()).await.unwrap();
    assert_eq!(world.engine.wait(&order).await.unwrap(), Readiness::Ready);
    for resource in [&changed, &db] {
        let seen = world.see(resource.type_name(), &resource.object).await.unwrap();
        assert_eq!(resource.differences(Some(resource), &seen), []);
    }
}

/// A stopped container is not in the network, so the network goes without it; it remembers one that is gone.
#[tokio::test]
async fn a_stopped_container_joins_the_new_network_of_the_same_name() {
    let Some(world) = World::new().await else { return };
    let network = Resource::new(&Network, world.name("front"), specs(json!({})));
    world.create(&network).await;
    let links = json!([{"resource": network.address(), "name": network.object}]);
    let web = Resource::new(&Compute, world.name("web"), world.specs().await).with("networks", links);
    world.create(&web).await;
    world.client.stop_container(&web.object, None).await.unwrap();
    world.bring(&network.with("internal", json!(true)), Some(&network)).await;
    assert!(world.client.start_container(&web.object, None).await.is_err(), "by itself it does not start any more");
    world.carry_out(&world.order(Action::Restart, &web, Vec::new(), Some(&web)), &MemoryJournal::default()).await.unwrap();
    let seen = world.see("compute", &web.object).await.unwrap();
    assert_eq!((web.differences(Some(&web), &seen).len(), seen.ready), (0, Some(true)));
}

/// One container cannot be read, then the image of another: each is unknown, and nothing else is.
#[tokio::test]
async fn what_cannot_be_read_is_a_gap_of_its_own() {
    let Some(world) = World::new().await else { return };
    let least = world.specs().await;
    let [sick, well] = ["sick", "well"].map(|name| Resource::new(&Compute, world.name(name), least.clone()));
    world.create(&sick).await;
    world.create(&well).await;
    let sick_id = world.client.inspect_container(&sick.object, None).await.unwrap().id.unwrap();
    let proxy = world.proxy();
    let engine = world.engine_through(&proxy);
    proxy.refuse(format!("/containers/{sick_id}/json"));
    let observation = engine.observe(&world.scope(&[("compute", &sick.object)])).await.unwrap();
    let gaps: Vec<_> = observation.gaps.iter().map(|gap| (gap.type_name.as_deref(), gap.object.as_deref())).collect();
    assert_eq!(gaps, [(Some("compute"), Some(sick.object.as_str()))]);
    assert!(observation.gaps[0].why.contains("the disk is broken"), "{}", observation.gaps[0].why);
    assert_eq!(observation.objects.iter().map(|object| &object.name).collect::<Vec<_>>(), [&well.object]);
    proxy.heal();
    proxy.refuse("/images/");
    let observation = engine.observe(&world.scope(&[])).await.unwrap();
    assert!(observation.objects.is_empty(), "without its image, what is the author's and what is the image's cannot be told");
    assert_eq!(observation.gaps.len(), 2);
    proxy.heal();
    proxy.refuse("/info");
    assert!(engine.observe(&world.scope(&[])).await.is_err(), "which engine this is must be known");
}
