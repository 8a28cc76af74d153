//! What does our cloud-init image say? The three files of the NoCloud data source, on a disk that is called `cidata`.
//!
//! The files are JSON, which is YAML that nobody has to escape. Nothing secret is in them: the image lies on a storage.

use core_model::{Hash, Marker};
use serde_json::{Map, Value, json};

use crate::config::Config;
use crate::guest::GuestRef;
use crate::guest::wanted::Wanted;
use crate::machine::form::cards;
use crate::machine::iso::{self, File};

const LABEL: &str = "cidata";

/// The image for a machine whose whole configuration is `config`: the cards are known by their hardware addresses.
pub(crate) fn image(marker: &Marker, machine: &GuestRef, wanted: &Wanted, config: &Config) -> Result<Vec<u8>, String> {
    let json = |value: Value| format!("{value:#}\n").into_bytes();
    let files = [
        File { name: "meta-data", bytes: json(meta_data(marker, machine)) },
        File { name: "network-config", bytes: json(network_config(wanted, config)) },
        File { name: "user-data", bytes: [b"#cloud-config\n".to_vec(), json(user_data(machine, wanted))].concat() },
    ];
    iso::image(LABEL, &files)
}

/// The instance stays the same when other values change, so that the commands of the first boot run once.
fn meta_data(marker: &Marker, machine: &GuestRef) -> Value {
    let instance = Hash::of_bytes(format!("{marker} {}", machine.vmid).as_bytes());
    json!({"instance-id": format!("ipr-{}", &instance.as_str()[..16]), "local-hostname": machine.name})
}

fn user_data(machine: &GuestRef, wanted: &Wanted) -> Value {
    let mut data = Map::new();
    let mut put = |name: &str, value: Option<&Value>| data.extend(value.map(|value| (name.to_owned(), value.clone())));
    put("hostname", Some(&json!(machine.name)));
    put("manage_etc_hosts", Some(&json!(true)));
    put("users", Some(&json!(["default"])));
    put("user", wanted.value("specs.user.name"));
    put("ssh_authorized_keys", wanted.value("specs.user.ssh_keys"));
    put("package_update", wanted.value("specs.packages").map(|_| json!(true)).as_ref());
    put("package_upgrade", Some(wanted.value("specs.upgrade").unwrap_or(&json!(true))));
    put("packages", wanted.value("specs.packages"));
    put("runcmd", wanted.value("specs.commands"));
    Value::Object(data)
}

/// Version 2, with each card by its hardware address: names of cards are the guest's own.
fn network_config(wanted: &Wanted, config: &Config) -> Value {
    let mut cards = Map::new();
    for slot in cards::slots(config) {
        let Some(mac) = cards::mac(config, slot) else { continue };
        let address = config.properties(&slot.replacen("net", "ipconfig", 1)).unwrap_or_default();
        let mut card = json!({"match": {"macaddress": mac.to_lowercase()}});
        match address.get("ip") {
            None | Some("dhcp") => card["dhcp4"] = json!(true),
            Some(ip) => card["addresses"] = json!([ip]),
        }
        if let Some(gateway) = address.get("gw") {
            card["routes"] = json!([{"to": "0.0.0.0/0", "via": gateway}]);
        }
        if slot == "net0" && wanted.says("specs.dns") {
            let servers = wanted.value("specs.dns.servers").cloned().unwrap_or_else(|| json!([]));
            let search: Vec<&str> = wanted.text("specs.dns.domain").into_iter().collect();
            card["nameservers"] = json!({"addresses": servers, "search": search});
        }
        cards.insert(slot.clone(), card);
    }
    json!({"version": 2, "ethernets": cards})
}

#[cfg(test)]
mod tests {
    use super::*;

    fn machine() -> GuestRef {
        GuestRef { kind: crate::guest::GuestKind::Machine, node: "pve1".to_owned(), vmid: 12_345, name: "web-01".to_owned() }
    }

    #[test]
    fn the_files_say_what_was_asked_for() {
        let wanted = Wanted::of(
            &[
                ("specs.user.name", json!("ops")),
                ("specs.user.ssh_keys", json!(["ssh-ed25519 AAAA ops"])),
                ("specs.packages", json!(["nginx"])),
                ("specs.commands", json!(["echo hello", ["systemctl", "enable", "nginx"]])),
                ("specs.dns.servers", json!(["10.0.0.1"])),
            ],
            &[],
        );
        let data = user_data(&machine(), &wanted);
        assert_eq!((&data["user"], &data["packages"], &data["runcmd"][1][2]), (&json!("ops"), &json!(["nginx"]), &json!("nginx")));
        let options = [
            ("net0", "virtio=02:AA:00:00:00:01,bridge=vmbr0"),
            ("ipconfig0", "ip=10.0.0.2/24,gw=10.0.0.1"),
            ("net1", "virtio=02:AA:00:00:00:02,bridge=vmbr0"),
        ];
        let config = Config { digest: None, options: options.map(|(name, text)| (name.to_owned(), text.to_owned())).into() };
        let network = network_config(&wanted, &config);
        assert_eq!(network["ethernets"]["net0"]["match"]["macaddress"], "02:aa:00:00:00:01");
        assert_eq!(network["ethernets"]["net0"]["addresses"], json!(["10.0.0.2/24"]));
        assert_eq!(network["ethernets"]["net0"]["nameservers"]["addresses"], json!(["10.0.0.1"]));
        assert_eq!(network["ethernets"]["net1"]["dhcp4"], true);
    }

    #[test]
    fn the_instance_stays_the_same() {
        let marker: Marker = "6f0c2a9e/prod/shop.web-01".parse().expect("a marker");
        assert_eq!(meta_data(&marker, &machine()), meta_data(&marker, &machine()));
        let image = image(&marker, &machine(), &Wanted::of(&[], &[]), &Config::default()).expect("an image");
        assert_eq!(image.len() % 2_048, 0);
    }
}
