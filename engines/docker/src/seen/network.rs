//! How does a network read in the form of its table?

use bollard::models::Network;
use serde_json::{Map, Value, json};

use super::{Seen, authors_labels, put_text};
use crate::labels;

pub(crate) fn read(network: &Network) -> Seen {
    let mut values = Map::new();
    put_text(&mut values, "name", network.name.as_deref());
    put_text(&mut values, "driver", network.driver.as_deref());
    values.insert("internal".to_owned(), json!(network.internal.unwrap_or(false)));
    values.insert("attachable".to_owned(), json!(network.attachable.unwrap_or(false)));
    let addresses = network.ipam.as_ref().and_then(|ipam| ipam.config.as_ref()).and_then(|pools| pools.first());
    put_text(&mut values, "subnet", addresses.and_then(|pool| pool.subnet.as_deref()));
    put_text(&mut values, "gateway", addresses.and_then(|pool| pool.gateway.as_deref()));
    values.insert("labels".to_owned(), authors_labels(network.labels.as_ref()));
    let mut defaults = as_map(json!({"name": network.name, "driver": "bridge", "internal": false, "attachable": false}));
    for name in chosen_by_docker(network) {
        if let Some(value) = values.get(name) {
            defaults.insert(name.to_owned(), value.clone());
        }
    }
    Seen::of_specs(values, defaults)
}

/// The addresses that nobody gave. Only networks that we made tell.
fn chosen_by_docker(network: &Network) -> impl Iterator<Item = &'static str> {
    let given = network.labels.as_ref().and_then(|labels| labels.get(labels::GIVEN));
    let given: Option<Vec<&str>> = given.map(|given| given.split(',').collect());
    ["subnet", "gateway"].into_iter().filter(move |name| given.as_ref().is_some_and(|given| !given.contains(name)))
}

pub(super) fn as_map(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}
