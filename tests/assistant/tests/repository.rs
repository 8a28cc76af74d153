//! Is the corpus' repository one that the program's own engines would take? It is written in the forms of the language.

#![allow(clippy::unwrap_used)]

use core_model::state::DesiredResource;
use serde_json::{Value, json};
use test_assistant::{types, world};

fn prod() -> Vec<DesiredResource> {
    let mut loaded = core_config::load(&world::files(), &types::registry());
    let said: Vec<String> = loaded.diagnostics.iter().chain(&loaded.not_yet).map(|diagnostic| diagnostic.render(&loaded.sources)).collect();
    assert_eq!(said, [""; 0]);
    let prod = loaded.repository.environments.remove(&"prod".parse::<core_model::Name>().unwrap()).unwrap();
    prod.desired.resources.into_values().collect()
}

fn network_of<'r>(resources: &'r [DesiredResource], name: &str) -> &'r Value {
    let machine = resources.iter().find(|resource| resource.address.resource.as_str() == name).unwrap();
    machine.spec("network").unwrap()
}

/// A router's network and a cluster's machine: two engines that know nothing of each other.
#[test]
fn a_machine_has_the_vlan_and_the_gateway_of_the_routers_network() {
    let resources = prod();
    let expected = json!({"link": {"resource": "shop.lan", "name": "lan"}, "ip": "10.0.20.11/24", "vlan": 20, "gateway": "10.0.20.1"});
    assert_eq!(network_of(&resources, "web-01"), &expected);
    assert_eq!(network_of(&resources, "build-01")["vlan"], 30);
    assert_eq!(network_of(&resources, "build-01")["gateway"], "10.0.30.1");
}

/// What no machine can be in is said, whoever's it is.
#[test]
fn a_network_of_containers_is_none_for_machines() {
    let mut files = world::files();
    let shop = String::from_utf8(files["blueprints/shop.yaml"].clone()).unwrap();
    files.insert("blueprints/shop.yaml".to_owned(), shop.replace("{link: dmz, ip: 10.0.30.20/24}", "{link: shop-app.front}").into_bytes());
    let loaded = core_config::load(&files, &types::registry());
    let said: Vec<&str> = loaded.diagnostics.iter().map(|diagnostic| diagnostic.summary).collect();
    assert!(!said.is_empty() && said.iter().all(|summary| *summary == "Nothing follows from the link"), "{said:?}");
}
