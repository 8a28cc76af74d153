//! Which exclusive things does a guest hold? Its number, which machines and containers share, and what its cards are known by.

use core_model::resource_type::Claim;
use serde_json::{Map, Value};

pub(crate) fn of(values: &Map<String, Value>) -> Vec<Claim> {
    let Some(specs) = values.get("specs").and_then(Value::as_object) else { return Vec::new() };
    let vmid = specs.get("vmid").map(|vmid| Claim { what: "vmid", value: vmid.to_string() });
    let further = specs.get("networks").and_then(Value::as_object).into_iter().flat_map(Map::values);
    let cards = specs.get("network").into_iter().chain(further);
    vmid.into_iter().chain(cards.flat_map(of_card)).collect()
}

fn of_card(card: &Value) -> impl Iterator<Item = Claim> {
    let text = |name: &str| card.get(name).and_then(Value::as_str);
    let mac = text("mac").map(|mac| Claim { what: "mac", value: mac.to_owned() });
    let addresses = ["ip", "ipv6"].into_iter().filter_map(move |name| card.get(name)?.as_str()?.split_once('/'));
    let network = (text("bridge").unwrap_or("vmbr0"), card.get("vlan").and_then(Value::as_i64).unwrap_or(0));
    let claims = addresses.map(move |(address, _)| Claim { what: "ip", value: format!("{address} on {} vlan {}", network.0, network.1) });
    mac.into_iter().chain(claims)
}
