//! Every field of a container: what it is set to, how somebody else changes it, and what is then reported.

use bollard::models::{ContainerCreateBody, HealthConfig, HostConfig, Mount, RestartPolicy, RestartPolicyNameEnum};
use core_model::resource_type::ResourceType;
use engine_docker::{Compute, Network, Storage};
use futures::{StreamExt, stream};
use serde_json::{Value, json};

use crate::image;
use crate::orders::{Resource, paths};
use crate::table::{Hand, Row, specs, with_all};
use crate::world::World;

const ROWS_IN_FLIGHT: usize = 3;
const SECOND: i64 = 1_000_000_000;

fn row(field: &'static str, set: Value, by_hand: Hand, changed: &'static [&'static str]) -> Row {
    Row { field, set, by_hand, changed }
}

fn host(body: &mut ContainerCreateBody) -> &mut HostConfig {
    body.host_config.as_mut().unwrap()
}

fn mount(body: &mut ContainerCreateBody) -> &mut Mount {
    &mut host(body).mounts.as_mut().unwrap()[0]
}

fn check(body: &mut ContainerCreateBody) -> &mut HealthConfig {
    body.healthcheck.as_mut().unwrap()
}

/// A health check with every number, so that each can be changed by itself.
fn health() -> Value {
    json!({"healthcheck": {"command": "true", "interval": 2_000, "timeout": 3_000, "start_period": 4_000, "retries": 5}})
}

fn process_rows() -> Vec<Row> {
    vec![
        row(
            "command",
            json!({"command": ["sleep", "9999"]}),
            Hand::Container(|body| body.cmd = Some(vec!["sleep".into(), "8888".into()])),
            &["command"],
        ),
        row("command", json!({"command": "sleep 9999"}), Hand::Container(|body| body.cmd = Some(vec!["sleep".into(), "8888".into()])), &["command"]),
        row(
            "entrypoint",
            json!({"entrypoint": ["/bin/nice", "-n", "1"], "command": ["sleep", "9999"]}),
            Hand::Container(|body| body.entrypoint = Some(vec!["/bin/nice".into()])),
            &["entrypoint"],
        ),
        row(
            "env",
            json!({"env": {"COLOUR": "red", "SIZE": "1.10"}}),
            Hand::Container(|body| body.env = Some(vec!["PATH=/bin".into(), "COLOUR=blue".into(), "SIZE=1.10".into()])),
            &["env.COLOUR"],
        ),
        row("env.COLOUR", json!({"env": {"COLOUR": "red", "SIZE": "1.10"}}), Hand::Never, &[]),
        row(
            "labels",
            json!({"labels": {"org.example.a": "1"}}),
            Hand::Container(|body| relabel(body, "org.example.a", "2")),
            &["labels.org.example.a"],
        ),
        row("user", json!({"user": "ops"}), Hand::Container(|body| body.user = Some("0".into())), &["user"]),
        row("workdir", json!({"workdir": "/data"}), Hand::Container(|body| body.working_dir = Some("/app".into())), &["workdir"]),
        row("hostname", json!({"hostname": "box"}), Hand::Container(|body| body.hostname = Some("bax".into())), &["hostname"]),
    ]
}

fn relabel(body: &mut ContainerCreateBody, key: &str, value: &str) {
    body.labels.as_mut().unwrap().insert(key.to_owned(), value.to_owned());
}

fn health_rows() -> Vec<Row> {
    vec![
        row("healthcheck", health(), Hand::Container(|body| check(body).test = Some(vec!["CMD".into(), "true".into()])), &["healthcheck.command"]),
        row("healthcheck.interval", health(), Hand::Container(|body| check(body).interval = Some(7 * SECOND)), &["healthcheck.interval"]),
        row("healthcheck.timeout", health(), Hand::Container(|body| check(body).timeout = Some(7 * SECOND)), &["healthcheck.timeout"]),
        row("healthcheck.start_period", health(), Hand::Container(|body| check(body).start_period = Some(7 * SECOND)), &["healthcheck.start_period"]),
        row("healthcheck.retries", health(), Hand::Container(|body| check(body).retries = Some(7)), &["healthcheck.retries"]),
    ]
}

fn limit_rows() -> Vec<Row> {
    vec![
        row("cpu", json!({"cpu": 500}), Hand::Update(|body| body.nano_cpus = Some(250_000_000)), &["cpu"]),
        row(
            "memory",
            json!({"memory": 64 << 20}),
            Hand::Update(|body| (body.memory, body.memory_swap) = (Some(32 << 20), Some(64 << 20))),
            &["memory"],
        ),
        row("restart", json!({"restart": "unless-stopped"}), Hand::Update(|body| body.restart_policy = always()), &["restart"]),
    ]
}

fn always() -> Option<RestartPolicy> {
    Some(RestartPolicy { name: Some(RestartPolicyNameEnum::ALWAYS), maximum_retry_count: None })
}

pub(crate) fn policy_no() -> Option<RestartPolicy> {
    Some(RestartPolicy { name: Some(RestartPolicyNameEnum::NO), maximum_retry_count: None })
}

/// Fields that lead to other objects of the test.
async fn link_rows(world: &World) -> Vec<Row> {
    let (front, back, data) = (world.name("front"), world.name("back"), world.name("data"));
    for network in [&front, &back] {
        world.create(&Resource::new(&Network, network, specs(json!({})))).await;
    }
    world.create(&Resource::new(&Storage, &data, specs(json!({})))).await;
    let port = free_port();
    vec![
        row("ports", json!({"ports": [format!("127.0.0.1:{port}:80/tcp")]}), Hand::Container(|body| host(body).port_bindings = None), &["ports"]),
        row(
            "mounts",
            json!({"mounts": [{"storage": {"resource": "suite.data", "name": data}, "at": "/data"}]}),
            Hand::Container(|body| mount(body).read_only = Some(true)),
            &["mounts"],
        ),
        row(
            "mounts",
            json!({"mounts": [{"host": "/etc", "at": "/app", "read_only": true}]}),
            Hand::Container(|body| mount(body).target = Some("/data".into())),
            &["mounts"],
        ),
        row("networks", json!({"networks": [{"resource": "suite.front", "name": front}]}), Hand::Reconnect(front, back), &["networks"]),
    ]
}

pub(crate) fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

async fn try_all(rows: fn() -> Vec<Row>) {
    let Some(world) = World::new().await else { return };
    let rows = rows();
    try_rows(&world, &rows).await;
}

async fn try_rows(world: &World, rows: &[Row]) {
    let least = world.specs().await;
    let trials = rows.iter().enumerate().map(|(index, row)| {
        let least = Resource::new(&Compute, world.name(&format!("c{index}")), least.clone());
        async move { world.try_field(&least, row).await }
    });
    stream::iter(trials).buffer_unordered(ROWS_IN_FLIGHT).collect::<Vec<()>>().await;
}

#[tokio::test]
async fn the_process() {
    try_all(process_rows).await;
}

#[tokio::test]
async fn the_health_check() {
    try_all(health_rows).await;
}

#[tokio::test]
async fn the_limits() {
    try_all(limit_rows).await;
}

#[tokio::test]
async fn the_links() {
    let Some(world) = World::new().await else { return };
    let rows = link_rows(&world).await;
    try_rows(&world, &rows).await;
}

/// The image is required, so it is not unset, and a change by hand is another image under the same name.
#[tokio::test]
async fn the_image() {
    let Some(world) = World::new().await else { return };
    let other = world.image("other:1");
    image::load(&world.client, &other, image::rich("other")).await;
    let least = Resource::new(&Compute, world.name("c"), world.specs().await);
    world.create(&least).await;
    let pinned = world.pinned(&other).await;
    let changed = least.with("image", pinned);
    let seen = world.see("compute", &least.object).await.unwrap();
    assert_eq!(paths(&changed.differences(Some(&least), &seen)), ["specs.image"]);
    world.bring(&changed, Some(&least)).await;
    let seen = world.see("compute", &least.object).await.unwrap();
    assert_eq!(paths(&least.differences(Some(&least), &seen)), ["specs.image"], "the other image is seen");
    assert!(changed.differences(Some(&changed), &seen).is_empty());
}

/// With an image that sets all it can, each field left out of the blueprint is never reported, and what the image sets comes
/// back when the field is unset.
#[tokio::test]
async fn defaults_of_image_and_engine_are_never_drift() {
    let Some(world) = World::new().await else { return };
    let rich = world.image("rich:1");
    image::load(&world.client, &rich, image::rich("rich")).await;
    let least = Resource::new(&Compute, world.name("least"), specs(json!({"image": world.pinned(&rich).await})));
    world.create(&least).await;
    let seen = world.see("compute", &least.object).await.unwrap();
    assert_eq!(least.differences(Some(&least), &seen), []);
    let own = json!({
        "command": ["sleep", "9999"], "entrypoint": [], "env": {"FROM_IMAGE": "no"}, "user": "ops", "workdir": "/data",
        "labels": {"from-image": "no"}, "healthcheck": {"command": "true", "interval": 5_000, "timeout": 6_000, "start_period": 7_000, "retries": 8},
        "ports": [], "mounts": [], "networks": [], "restart": "always", "cpu": 500, "memory": 64 << 20, "hostname": "box",
    });
    let full = with_all(&least, &own);
    world.bring(&full, Some(&least)).await;
    let seen = world.see("compute", &least.object).await.unwrap();
    assert_eq!(full.differences(Some(&full), &seen), []);
    for field in own.as_object().unwrap().keys() {
        let without = full.without(field);
        let left = without.differences(Some(&without), &seen);
        assert_eq!(left, [], "{field} is left out, and the blueprint never set it");
    }
    world.bring(&least, Some(&full)).await;
    let seen = world.see("compute", &least.object).await.unwrap();
    assert_eq!(least.differences(Some(&full), &seen), [], "everything was unset");
    assert_eq!(seen.values["specs"]["env"]["FROM_IMAGE"], "yes");
    assert_eq!(seen.values["specs"]["healthcheck"]["retries"], 4);
}

/// The rows above try every field of the table, apart from those that name the object itself.
#[test]
fn no_field_is_forgotten() {
    let mut tried: Vec<&str> = [process_rows(), health_rows(), limit_rows()].iter().flatten().map(|row| row.field).collect();
    tried.extend(["ports", "mounts", "networks", "image", "name"]);
    for field in Compute.facts().specs {
        assert!(tried.contains(&field.name), "{} is not tried", field.name);
    }
}
