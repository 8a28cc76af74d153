//! Which network cards does a container have? `name=eth0,bridge=vmbr0,hwaddr=02:..,ip=10.0.20.11/24`.

use std::net::IpAddr;

use serde_json::{Value, json};

use super::edits::Making;
use crate::config::{Config, Properties};
use crate::container::checks::IPV6;
use crate::guest::edits::Edits;
use crate::guest::option::{flag, parse_thousandths};
use crate::guest::wanted::Wanted;
use crate::identity;

const BRIDGE_DEFAULT: &str = "vmbr0";
const FIRST: &str = "specs.network";
const FURTHER: &str = "specs.networks";

/// Where a field of a card is: `net0` is `specs.network`.
fn path(slot: &str, field: &str) -> String {
    if slot == "net0" { format!("{FIRST}.{field}") } else { format!("{FURTHER}.{slot}.{field}") }
}

fn slots(config: &Config) -> impl Iterator<Item = &String> {
    let is_card =
        |name: &&String| name.strip_prefix("net").is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()));
    config.options.keys().filter(is_card)
}

/// `eth1` for `net1`.
fn usual_interface(slot: &str) -> String {
    slot.replacen("net", "eth", 1)
}

pub(super) fn read(config: &Config, values: &mut Vec<(String, Value)>, defaults: &mut Vec<(String, Value)>) {
    for slot in slots(config) {
        let card = config.properties(slot).unwrap_or_default();
        let mut put = |field: &str, value: Option<Value>| values.extend(value.map(|value| (path(slot, field), value)));
        let text = |name: &str| card.get(name).map(Value::from);
        let number = |name: &str| card.get(name).and_then(|text| text.parse::<i64>().ok()).map(Value::from);
        let address = |name: &str| card.get(name).filter(|text| *text != "manual");
        let canonical = |text: &str| text.parse::<IpAddr>().map_or_else(|_| text.to_owned(), |address| address.to_string());
        put("bridge", text("bridge"));
        put("vlan", number("tag"));
        put("interface", text("name"));
        put("mac", card.get("hwaddr").map(|mac| json!(mac.to_ascii_uppercase())));
        put("firewall", Some(json!(card.is_set("firewall"))));
        put("rate", card.get("rate").and_then(parse_thousandths).map(Value::from));
        put("mtu", number("mtu"));
        put("connected", Some(json!(!card.is_set("link_down"))));
        put("ip", address("ip").map(Value::from));
        put("gateway", card.get("gw").map(|text| json!(canonical(text))));
        put("ipv6", address("ip6").map(|text| (IPV6.parse)(text).unwrap_or_else(|_| text.to_owned())).map(Value::from));
        put("gateway_ipv6", card.get("gw6").map(|text| json!(canonical(text))));
        let usual = [("interface", json!(usual_interface(slot))), ("firewall", json!(false)), ("connected", json!(true))];
        // A further card always names its bridge: one that leaves the blueprint has to be told from one with the usual bridge.
        let bridge = (slot == "net0").then(|| ("bridge", json!(BRIDGE_DEFAULT)));
        defaults.extend(usual.into_iter().chain(bridge).map(|(field, value)| (path(slot, field), value)));
    }
}

pub(super) fn write(config: &Config, wanted: &Wanted, making: &Making<'_>, edits: &mut Edits) {
    let mut touched = wanted.touched_slots(FURTHER);
    if wanted.touches_any(&[FIRST]) || making.is_new {
        touched.insert("net0".to_owned());
    }
    for slot in touched {
        let is_wanted = slot == "net0" || wanted.says(&format!("{FURTHER}.{slot}"));
        if is_wanted {
            write_card(config, wanted, making, &slot, edits);
        } else {
            edits.bring(config, &slot, None);
        }
    }
}

fn write_card(config: &Config, wanted: &Wanted, making: &Making<'_>, slot: &str, edits: &mut Edits) {
    let mut card = config.properties(slot).unwrap_or_default();
    let is_fresh = card == Properties::default();
    let text = |field: &str| wanted.text(&path(slot, field)).map(str::to_owned);
    let is_set = |field: &str| wanted.value(&path(slot, field)).and_then(Value::as_bool);
    let number = |field: &str| wanted.value(&path(slot, field)).and_then(Value::as_i64);
    let mac = || identity::mac_address(making.marker, slot);
    let rows: [(&str, &str, Option<String>); 12] = [
        ("interface", "name", Some(text("interface").unwrap_or_else(|| usual_interface(slot)))),
        ("bridge", "bridge", Some(text("bridge").unwrap_or_else(|| BRIDGE_DEFAULT.to_owned()))),
        ("mac", "hwaddr", Some(text("mac").unwrap_or_else(mac))),
        ("vlan", "tag", number("vlan").map(|tag| tag.to_string())),
        ("firewall", "firewall", is_set("firewall").filter(|is_on| *is_on).map(flag)),
        ("rate", "rate", number("rate").map(core_model::decode::shown_thousandths)),
        ("mtu", "mtu", number("mtu").map(|mtu| mtu.to_string())),
        ("connected", "link_down", is_set("connected").filter(|is_on| !is_on).map(|_| flag(true))),
        ("ip", "ip", text("ip")),
        ("gateway", "gw", text("gateway")),
        ("ipv6", "ip6", text("ipv6")),
        ("gateway_ipv6", "gw6", text("gateway_ipv6")),
    ];
    for (field, key, value) in rows {
        let always = is_fresh && matches!(field, "interface" | "bridge" | "mac");
        if wanted.touches(&path(slot, field)) || always {
            card.put(key, value);
        }
    }
    edits.bring_properties(config, slot, &card);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write_to(config: &[(&str, &str)], wanted: &Wanted, is_new: bool) -> Edits {
        let config = Config { digest: None, options: config.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect() };
        let marker = "6f0c2a9e/prod/shop.web".parse().expect("a marker");
        let mut edits = Edits::default();
        write(&config, wanted, &Making { marker: &marker, storage: None, is_new }, &mut edits);
        edits
    }

    #[test]
    fn a_new_container_has_a_card_with_an_address_of_its_own() {
        let edits = write_to(&[], &Wanted::of_container(&[("specs.network.ip", json!("dhcp"))], &[]), true);
        let card = Properties::parse(edits.set.get("net0").map_or("", String::as_str));
        assert_eq!((card.get("name"), card.get("bridge"), card.get("ip")), (Some("eth0"), Some("vmbr0"), Some("dhcp")));
        assert!(card.get("hwaddr").is_some_and(|mac| mac.starts_with("02:")));
    }

    #[test]
    fn a_change_keeps_the_address_of_the_card_and_what_others_set() {
        let config = [("net0", "name=eth0,bridge=vmbr0,hwaddr=BC:24:11:00:00:01,trunks=1;2,tag=10,type=veth")];
        let wanted = Wanted::of_container(&[("specs.network.vlan", json!(20))], &["specs.network.bridge"]);
        let edits = write_to(&config, &wanted, false);
        assert_eq!(edits.set["net0"], "name=eth0,bridge=vmbr0,hwaddr=BC:24:11:00:00:01,trunks=1;2,tag=20,type=veth");
    }

    #[test]
    fn a_card_that_leaves_the_blueprint_goes() {
        let config = [("net1", "name=eth1,bridge=vmbr1,hwaddr=BC:24:11:00:00:01")];
        let edits = write_to(&config, &Wanted::of_container(&[], &["specs.networks.net1.bridge"]), false);
        assert_eq!(edits.delete.iter().map(String::as_str).collect::<Vec<_>>(), ["net1"]);
    }

    #[test]
    fn addresses_have_one_form_whoever_wrote_them() {
        let options = [("net0".to_owned(), "name=eth0,bridge=vmbr0,ip=manual,ip6=2001:DB8:0::1/64,gw6=FE80:0::1".to_owned())];
        let (mut values, mut defaults) = (Vec::new(), Vec::new());
        read(&Config { digest: None, options: options.into() }, &mut values, &mut defaults);
        let value = |field: &str| values.iter().find(|(found, _)| *found == path("net0", field)).map(|(_, value)| value.clone());
        assert_eq!((value("ip"), value("ipv6"), value("gateway_ipv6")), (None, Some(json!("2001:db8::1/64")), Some(json!("fe80::1"))));
    }
}
