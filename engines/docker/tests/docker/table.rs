//! What is tried with every field? Three things: a change by hand is seen, and only that; a field that nobody set is never
//! seen; a field that is no longer set goes back to its default.

use bollard::models::{
    ContainerCreateBody, ContainerUpdateBody, NetworkConnectRequest, NetworkCreateRequest, NetworkDisconnectRequest, VolumeCreateRequest,
};
use bollard::query_parameters::{CreateContainerOptionsBuilder, RemoveContainerOptionsBuilder, RemoveVolumeOptions};
use serde_json::{Map, Value};

use crate::orders::{Resource, paths};
use crate::world::World;

/// One field.
pub(crate) struct Row {
    /// Below `specs`.
    pub(crate) field: &'static str,
    /// What the resource sets besides the least it needs, the field among it.
    pub(crate) set: Value,
    pub(crate) by_hand: Hand,
    /// What is then reported, below `specs`.
    pub(crate) changed: &'static [&'static str],
}

/// How somebody else changes it.
pub(crate) enum Hand {
    /// `docker update`.
    Update(fn(&mut ContainerUpdateBody)),
    /// Out of the first network, into the second.
    Reconnect(String, String),
    /// The container is made anew with other values.
    Container(fn(&mut ContainerCreateBody)),
    Network(fn(&mut NetworkCreateRequest)),
    Volume(fn(&mut VolumeCreateRequest)),
    /// Nobody can change it: only unsetting is tried.
    Never,
}

impl World {
    /// The three trials, one after the other, on objects of their own.
    pub(crate) async fn try_field(&self, least: &Resource, row: &Row) {
        let full = with_all(least, &row.set);
        self.create(&full).await;
        self.assert_so(&full, None, row, "after it was made").await;
        self.a_change_by_hand_is_seen(&full, row).await;
        self.bring(&full, Some(&full)).await;
        self.assert_so(&full, Some(&full), row, "after the repair").await;
        self.unsetting_brings_the_default_back(&full, row).await;
        self.delete(&full).await.unwrap();
    }

    async fn a_change_by_hand_is_seen(&self, full: &Resource, row: &Row) {
        if matches!(row.by_hand, Hand::Never) {
            return;
        }
        row.by_hand.apply(self, &full.object).await;
        let seen = self.see(full.type_name(), &full.object).await.unwrap();
        let expected: Vec<String> = row.changed.iter().map(|path| format!("specs.{path}")).collect();
        assert_eq!(paths(&full.differences(Some(full), &seen)), expected, "{}: what was changed by hand", row.field);
    }

    async fn unsetting_brings_the_default_back(&self, full: &Resource, row: &Row) {
        let without = full.without(row.field);
        let operations = self.bring(&without, Some(full)).await;
        assert!(!operations.is_empty(), "{}: unsetting it did nothing", row.field);
        // Measured against the record from before: the value itself must be gone.
        self.assert_so(&without, Some(full), row, "after it was unset").await;
        self.assert_so(&without, Some(&without), row, "once the record knows").await;
    }

    async fn assert_so(&self, resource: &Resource, applied: Option<&Resource>, row: &Row, when: &str) {
        let seen = self.see(resource.type_name(), &resource.object).await.unwrap_or_else(|| panic!("{}: gone {when}", row.field));
        let left = resource.differences(applied, &seen);
        assert!(left.is_empty(), "{}: {when}, {left:?} differ", row.field);
    }
}

/// The resource with more specs.
pub(crate) fn with_all(least: &Resource, set: &Value) -> Resource {
    set.as_object().unwrap().iter().fold(least.clone(), |resource, (name, value)| resource.with(name, value.clone()))
}

/// What somebody else does to an object, with a client of his own.
impl Hand {
    pub(crate) async fn apply(&self, world: &World, object: &str) {
        let client = &world.client;
        match self {
            Self::Update(change) => {
                let mut body = ContainerUpdateBody::default();
                change(&mut body);
                client.update_container(object, body).await.unwrap();
            }
            Self::Reconnect(from, to) => {
                let container = object.to_owned();
                client.disconnect_network(from, NetworkDisconnectRequest { container: container.clone(), force: None }).await.unwrap();
                client.connect_network(to, NetworkConnectRequest { container, endpoint_config: None }).await.unwrap();
            }
            Self::Container(change) => recreate_container(world, object, change).await,
            Self::Network(change) => recreate_network(world, object, change).await,
            Self::Volume(change) => recreate_volume(world, object, change).await,
            Self::Never => {}
        }
    }
}

async fn recreate_container(world: &World, object: &str, change: &fn(&mut ContainerCreateBody)) {
    let found = world.client.inspect_container(object, None).await.unwrap();
    let config = serde_json::to_value(found.config.unwrap()).unwrap();
    let mut body: ContainerCreateBody = serde_json::from_value(config).unwrap();
    body.host_config = found.host_config;
    change(&mut body);
    remove_container(world, object).await;
    let options = CreateContainerOptionsBuilder::default().name(object).build();
    world.client.create_container(Some(options), body).await.unwrap();
    world.client.start_container(object, None).await.unwrap();
}

pub(crate) async fn remove_container(world: &World, object: &str) {
    let options = RemoveContainerOptionsBuilder::default().force(true).v(true).build();
    world.client.remove_container(object, Some(options)).await.unwrap();
}

async fn recreate_network(world: &World, object: &str, change: &fn(&mut NetworkCreateRequest)) {
    let found = world.client.inspect_network(object, None).await.unwrap();
    let mut body = NetworkCreateRequest {
        name: object.to_owned(),
        driver: found.driver,
        internal: found.internal,
        attachable: found.attachable,
        ipam: found.ipam,
        labels: found.labels,
        ..Default::default()
    };
    change(&mut body);
    world.client.remove_network(object).await.unwrap();
    world.client.create_network(body).await.unwrap();
}

async fn recreate_volume(world: &World, object: &str, change: &fn(&mut VolumeCreateRequest)) {
    let found = world.client.inspect_volume(object).await.unwrap();
    let mut body = VolumeCreateRequest {
        name: Some(object.to_owned()),
        driver: Some(found.driver),
        driver_opts: Some(found.options),
        labels: Some(found.labels),
        ..Default::default()
    };
    change(&mut body);
    world.client.remove_volume(object, None::<RemoveVolumeOptions>).await.unwrap();
    world.client.create_volume(body).await.unwrap();
}

/// The specs of an object, from JSON.
pub(crate) fn specs(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}
