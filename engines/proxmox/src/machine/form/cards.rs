//! Which network cards does a machine have? `virtio=02:..,bridge=vmbr0,tag=20`, and the guest's address in `ipconfig0`.

use serde_json::{Value, json};

use super::edits::Making;
use crate::config::{Config, Properties};
use crate::guest::edits::Edits;
use crate::guest::option::{flag, parse_thousandths};
use crate::guest::wanted::Wanted;
use crate::identity;

pub(crate) const MODELS: [&str; 5] = ["virtio", "e1000", "e1000e", "rtl8139", "vmxnet3"];
pub(crate) const BRIDGE_DEFAULT: &str = "vmbr0";
const FIRST: &str = "specs.network";
const FURTHER: &str = "specs.networks";

/// Where the fields of a card are: `net0` is `specs.network`.
fn prefix(slot: &str) -> String {
    if slot == "net0" { FIRST.to_owned() } else { format!("{FURTHER}.{slot}") }
}

fn ipconfig(slot: &str) -> String {
    slot.replacen("net", "ipconfig", 1)
}

pub(crate) fn slots(config: &Config) -> impl Iterator<Item = &String> {
    let is_card =
        |name: &&String| name.strip_prefix("net").is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()));
    config.options.keys().filter(is_card)
}

fn model(card: &Properties) -> Option<(&str, &str)> {
    let short = card.keys().find(|key| MODELS.contains(key)).and_then(|model| Some((model, card.get(model)?)));
    short.or_else(|| Some((card.get("model")?, card.get("macaddr").unwrap_or_default())))
}

/// The hardware address of a card.
pub(crate) fn mac(config: &Config, slot: &str) -> Option<String> {
    config.properties(slot).as_ref().and_then(model).map(|(_, mac)| mac.to_owned())
}

pub(super) fn read(config: &Config, values: &mut Vec<(String, Value)>, defaults: &mut Vec<(String, Value)>) {
    for slot in slots(config) {
        let prefix = prefix(slot);
        let card = config.properties(slot).unwrap_or_default();
        let address = config.properties(&ipconfig(slot)).unwrap_or_default();
        let mut put = |name: &str, value: Option<Value>| values.extend(value.map(|value| (format!("{prefix}.{name}"), value)));
        let text = |properties: &Properties, name: &str| properties.get(name).map(Value::from);
        let number = |name: &str| card.get(name).and_then(|text| text.parse::<i64>().ok()).map(Value::from);
        put("bridge", text(&card, "bridge"));
        put("vlan", number("tag"));
        put("model", model(&card).map(|(model, _)| json!(model)));
        put("mac", model(&card).map(|(_, mac)| json!(mac.to_ascii_uppercase())));
        put("firewall", Some(json!(card.is_set("firewall"))));
        put("rate", card.get("rate").and_then(parse_thousandths).map(Value::from));
        put("mtu", number("mtu"));
        put("connected", Some(json!(!card.is_set("link_down"))));
        put("ip", text(&address, "ip"));
        put("gateway", text(&address, "gw"));
        let usual = [("model", json!("virtio")), ("firewall", json!(false)), ("connected", json!(true))];
        // A further card always names its bridge: one that leaves the blueprint has to be told from one with the usual bridge.
        let bridge = (slot == "net0").then(|| ("bridge", json!(BRIDGE_DEFAULT)));
        defaults.extend(usual.into_iter().chain(bridge).map(|(name, value)| (format!("{prefix}.{name}"), value)));
    }
}

pub(super) fn write(config: &Config, wanted: &Wanted, making: &Making<'_>, edits: &mut Edits) {
    let mut touched = wanted.touched_slots(FURTHER);
    if wanted.touches_any(&[FIRST]) || (making.is_new && config.options.is_empty()) {
        touched.insert("net0".to_owned());
    }
    if making.is_new {
        touched.extend(slots(config).cloned());
    }
    for slot in touched {
        if slot != "net0" && config.get(&slot).is_some() && !wanted.says(&prefix(&slot)) && !making.is_new {
            edits.delete(&slot);
            edits.bring(config, &ipconfig(&slot), None);
            continue;
        }
        write_card(config, wanted, making, &slot, edits);
        write_address(config, wanted, &slot, edits);
    }
}

fn write_card(config: &Config, wanted: &Wanted, making: &Making<'_>, slot: &str, edits: &mut Edits) {
    let prefix = prefix(slot);
    let path = |name: &str| format!("{prefix}.{name}");
    let mut card = config.properties(slot).unwrap_or_default();
    let old = model(&card).map(|(model, mac)| (model.to_owned(), mac.to_owned()));
    // A new machine, or a card that is new, gets the address that follows from the resource.
    let kept = old.as_ref().filter(|_| !making.is_new).map(|(_, mac)| mac.clone());
    let mac = wanted.text(&path("mac")).map(str::to_owned).or(kept).unwrap_or_else(|| identity::mac_address(making.marker, slot));
    let kept_model = old.as_ref().filter(|_| !wanted.touches(&path("model"))).map(|(model, _)| model.clone());
    let model = wanted.text(&path("model")).map(str::to_owned).or(kept_model).unwrap_or_else(|| MODELS[0].to_owned());
    card = replaced_head(&card, &model, mac);
    let is_set = |name: &str| wanted.value(&path(name)).and_then(Value::as_bool);
    let number = |name: &str| wanted.value(&path(name)).and_then(Value::as_i64);
    let rows: [(&str, &str, Option<String>); 6] = [
        ("bridge", "bridge", Some(wanted.text(&path("bridge")).unwrap_or(BRIDGE_DEFAULT).to_owned())),
        ("vlan", "tag", number("vlan").map(|tag| tag.to_string())),
        ("firewall", "firewall", is_set("firewall").filter(|is_on| *is_on).map(flag)),
        ("rate", "rate", number("rate").map(core_model::decode::shown_thousandths)),
        ("mtu", "mtu", number("mtu").map(|mtu| mtu.to_string())),
        ("connected", "link_down", is_set("connected").filter(|is_on| !is_on).map(|_| flag(true))),
    ];
    let is_fresh = old.is_none();
    for (name, key, text) in rows {
        if wanted.touches(&path(name)) || (is_fresh && name == "bridge") {
            card.put(key, text);
        }
    }
    edits.bring_properties(config, slot, &card);
}

/// The card with `model=mac` in front, and everything else as it was.
fn replaced_head(card: &Properties, model: &str, mac: String) -> Properties {
    let mut replaced = Properties::default();
    replaced.put(model, Some(mac));
    for key in card.keys().filter(|key| !MODELS.contains(key) && !matches!(*key, "model" | "macaddr")) {
        replaced.put(key, card.get(key).map(str::to_owned));
    }
    replaced
}

fn write_address(config: &Config, wanted: &Wanted, slot: &str, edits: &mut Edits) {
    let (prefix, option) = (prefix(slot), ipconfig(slot));
    let mut address = config.properties(&option).unwrap_or_default();
    for (name, key) in [("ip", "ip"), ("gateway", "gw")] {
        let path = format!("{prefix}.{name}");
        if wanted.touches(&path) {
            address.put(key, wanted.text(&path).map(str::to_owned));
        }
    }
    edits.bring_properties(config, &option, &address);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write_to(config: &[(&str, &str)], wanted: &Wanted, is_new: bool) -> Edits {
        let config = Config { digest: None, options: config.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect() };
        let marker = "6f0c2a9e/prod/shop.web".parse().expect("a marker");
        let mut edits = Edits::default();
        write(&config, wanted, &Making { marker: &marker, disk_storage: None, is_new, image: None }, &mut edits);
        edits
    }

    #[test]
    fn a_change_keeps_the_address_of_the_card_and_what_others_set() {
        let config = [("net0", "virtio=BC:24:11:00:00:01,bridge=vmbr0,queues=4,tag=10"), ("ipconfig0", "ip=dhcp,ip6=auto")];
        let wanted = Wanted::of(&[("specs.network.vlan", json!(20)), ("specs.network.ip", json!("10.0.0.2/24"))], &["specs.network.bridge"]);
        let edits = write_to(&config, &wanted, false);
        assert_eq!(edits.set.get("net0").map(String::as_str), Some("virtio=BC:24:11:00:00:01,bridge=vmbr0,queues=4,tag=20"));
        assert_eq!(edits.set.get("ipconfig0").map(String::as_str), Some("ip=10.0.0.2/24,ip6=auto"));
    }

    #[test]
    fn a_new_machine_has_a_card_with_an_address_of_its_own() {
        let edits = write_to(&[], &Wanted::of(&[("specs.cpu", json!(1_000))], &[]), true);
        let card = Properties::parse(edits.set.get("net0").map_or("", String::as_str));
        assert!(model(&card).is_some_and(|(model, mac)| model == "virtio" && mac.starts_with("02:")));
        assert_eq!(card.get("bridge"), Some("vmbr0"));
        let cloned = write_to(&[("net0", "virtio=BC:24:11:AA:AA:AA,bridge=vmbr7")], &Wanted::of(&[], &[]), true);
        assert!(cloned.set.get("net0").is_some_and(|card| card.starts_with("virtio=02:") && card.ends_with(",bridge=vmbr7")));
    }

    #[test]
    fn a_card_that_leaves_the_blueprint_goes() {
        let edits = write_to(
            &[("net1", "virtio=BC:24:11:00:00:01,bridge=vmbr1"), ("ipconfig1", "ip=dhcp")],
            &Wanted::of(&[], &["specs.networks.net1.bridge"]),
            false,
        );
        assert_eq!(edits.delete.iter().map(String::as_str).collect::<Vec<_>>(), ["ipconfig1", "net1"]);
    }
}
