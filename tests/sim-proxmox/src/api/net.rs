//! What does the value of a network device say, and how is it kept?

use crate::verify::{Properties, parse_properties};
use crate::world::{GuestKind, World};

const MODELS: &[&str] = &[
    "virtio",
    "e1000",
    "e1000e",
    "rtl8139",
    "vmxnet3",
    "e1000-82540em",
    "e1000-82544gc",
    "e1000-82545em",
    "i82551",
    "i82557b",
    "i82559er",
    "ne2k_isa",
    "ne2k_pci",
    "pcnet",
];

/// `virtio=MAC,bridge=vmbr0` with the model and the MAC under their own names.
pub(super) fn parts(value: &str) -> Properties {
    let mut parts = parse_properties(value, "model");
    for model in MODELS {
        if let Some(mac) = parts.remove(*model) {
            parts.insert("model".to_owned(), (*model).to_owned());
            parts.insert("macaddr".to_owned(), mac);
        }
    }
    parts
}

/// The form the configuration keeps; a device without a MAC address gets one.
/// Sources: qemu-server `QemuServer/Network.pm` `print_net`, pve-container `LXC/Config.pm` `print_lxc_network`.
pub(super) fn written(world: &mut World, kind: GuestKind, value: &str) -> String {
    match kind {
        GuestKind::Qemu => {
            let mut parts = parts(value);
            let model = parts.remove("model").unwrap_or_else(|| "virtio".to_owned());
            let mac = parts.remove("macaddr").unwrap_or_else(|| new_mac(world)).to_uppercase();
            format!("{model}={mac}{}", joined(&parts))
        }
        GuestKind::Lxc => {
            let mut parts = parse_properties(value, "name");
            let mac = new_mac_if(world, &parts);
            parts.entry("hwaddr".to_owned()).or_insert(mac);
            parts.entry("type".to_owned()).or_insert_with(|| "veth".to_owned());
            let name = parts.remove("name").unwrap_or_default();
            format!("name={name}{}", joined(&parts))
        }
    }
}

fn joined(parts: &Properties) -> String {
    parts.iter().map(|(name, value)| format!(",{name}={value}")).collect()
}

fn new_mac_if(world: &mut World, parts: &Properties) -> String {
    if parts.contains_key("hwaddr") { String::new() } else { new_mac(world) }
}

/// A new address with the prefix of Proxmox VE. Source: `PVE::Tools::random_ether_addr`, whose prefix is BC:24:11 since 8.0.
pub(super) fn new_mac(world: &mut World) -> String {
    let number = world.next_serial();
    format!("BC:24:11:{:02X}:{:02X}:{:02X}", number >> 16 & 0xff, number >> 8 & 0xff, number & 0xff)
}
