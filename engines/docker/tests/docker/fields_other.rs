//! Every field of a network and of a volume.

use core_model::resource_type::ResourceType;
use engine_docker::{Network, Storage};
use serde_json::{Value, json};

use crate::orders::Resource;
use crate::table::{Hand, Row, specs};
use crate::world::World;

fn row(field: &'static str, set: Value, by_hand: Hand, changed: &'static [&'static str]) -> Row {
    Row { field, set, by_hand, changed }
}

/// `subnet` is one that no other test uses.
fn network_rows(subnet: &str) -> Vec<Row> {
    let gateway = subnet.replace("0/24", "77");
    let addresses = json!({"subnet": subnet, "gateway": gateway});
    vec![
        row("internal", json!({"internal": true}), Hand::Network(|body| body.internal = Some(false)), &["internal"]),
        row("attachable", json!({"attachable": true}), Hand::Network(|body| body.attachable = Some(false)), &["attachable"]),
        row(
            "labels",
            json!({"labels": {"a": "1"}}),
            Hand::Network(|body| body.labels.as_mut().unwrap().insert("a".into(), "2".into()).unwrap_or_default().clear()),
            &["labels.a"],
        ),
        row("subnet", json!({"subnet": subnet}), Hand::Network(|body| body.ipam = None), &["subnet"]),
        row(
            "gateway",
            addresses,
            Hand::Network(|body| pool(body).gateway = pool(body).gateway.as_ref().map(|gateway| gateway.replace("77", "88"))),
            &["gateway"],
        ),
    ]
}

fn pool(body: &mut bollard::models::NetworkCreateRequest) -> &mut bollard::models::IpamConfig {
    &mut body.ipam.as_mut().unwrap().config.as_mut().unwrap()[0]
}

fn volume_rows() -> Vec<Row> {
    let options = json!({"options": {"type": "tmpfs", "device": "tmpfs", "o": "size=1m"}});
    vec![
        row(
            "options",
            options,
            Hand::Volume(|body| body.driver_opts.as_mut().unwrap().insert("o".into(), "size=2m".into()).unwrap_or_default().clear()),
            &["options.o"],
        ),
        row(
            "labels",
            json!({"labels": {"a": "1"}}),
            Hand::Volume(|body| body.labels.as_mut().unwrap().insert("a".into(), "2".into()).unwrap_or_default().clear()),
            &["labels.a"],
        ),
    ]
}

#[tokio::test]
async fn networks() {
    let Some(world) = World::new().await else { return };
    let subnet = world.free_subnet().await;
    for (index, row) in network_rows(&subnet).iter().enumerate() {
        world.try_field(&Resource::new(&Network, world.name(&format!("n{index}")), specs(json!({}))), row).await;
    }
}

#[tokio::test]
async fn volumes() {
    let Some(world) = World::new().await else { return };
    for (index, row) in volume_rows().iter().enumerate() {
        world.try_field(&Resource::new(&Storage, world.name(&format!("v{index}")), specs(json!({}))), row).await;
    }
}

/// Only the usual drivers are on every engine, so that they cannot be changed to others here; set or not, they are no drift.
#[tokio::test]
async fn the_usual_drivers_are_no_drift() {
    let Some(world) = World::new().await else { return };
    let network = Resource::new(&Network, world.name("n"), specs(json!({"driver": "bridge"})));
    let volume = Resource::new(&Storage, world.name("v"), specs(json!({"driver": "local"})));
    for resource in [network, volume] {
        world.create(&resource).await;
        let seen = world.see(resource.type_name(), &resource.object).await.unwrap();
        assert_eq!(resource.differences(Some(&resource), &seen), []);
        assert_eq!(resource.without("driver").differences(Some(&resource), &seen), [], "unset, the default is there already");
        let other = resource.with("driver", json!("other"));
        assert_eq!(crate::orders::paths(&other.differences(Some(&resource), &seen)), ["specs.driver"]);
    }
}

#[test]
fn no_field_is_forgotten() {
    let network: Vec<&str> = network_rows("10.0.0.0/24").iter().map(|row| row.field).chain(["name", "driver"]).collect();
    let volume: Vec<&str> = volume_rows().iter().map(|row| row.field).chain(["name", "driver"]).collect();
    for (facts, tried) in [(Network.facts(), network), (Storage.facts(), volume)] {
        for field in facts.specs {
            assert!(tried.contains(&field.name), "{}: {} is not tried", facts.name, field.name);
        }
    }
}
