//! Does a text have one of the schema's named formats?
//!
//! Only formats that a client can get wrong in a way that matters are checked; the others count as fitting.

use std::net::IpAddr;

pub(super) fn check(format: &str, value: &str) -> Result<(), String> {
    if let Some(inner) = format.strip_suffix("-list") {
        return list(value).try_for_each(|item| check(inner, item));
    }
    let (fits, problem) = match format {
        "pve-node" => (dns_label(value), "value does not look like a valid node name"),
        "pve-vmid" => (value.parse::<u32>().is_ok_and(|id| id >= 100), "value does not look like a valid VM ID"),
        "pve-storage-id" => (identifier(value, "-_."), "storage ID contains illegal characters"),
        "pve-configid" => (identifier(value, "-_."), "invalid configuration ID"),
        "pve-poolid" => (value.split('/').all(|part| identifier(part, "-_.")), "value contains invalid characters"),
        "dns-name" => (dns_name(value), "value does not look like a valid DNS name"),
        "pve-volume-id" => {
            (value.split_once(':').is_some_and(|(storage, name)| identifier(storage, "-_.") && !name.is_empty()), "unable to parse volume ID")
        }
        "pve-tag" => (tag(value), "invalid characters in tag"),
        "mac-addr" => (mac(value), "value does not look like a valid unicast MAC address"),
        "disk-size" => (disk_size(value), "value does not look like a valid disk size"),
        "CIDR" => (cidr(value, |_| true), "value does not look like a valid CIDR network"),
        "CIDRv4" => (cidr(value, |address| address.is_ipv4()), "value does not look like a valid IPv4 network"),
        "CIDRv6" => (cidr(value, |address| address.is_ipv6()), "value does not look like a valid IPv6 network"),
        "ipv4" => (value.parse::<IpAddr>().is_ok_and(|address| address.is_ipv4()), "value does not look like a valid IPv4 address"),
        "ipv6" => (value.parse::<IpAddr>().is_ok_and(|address| address.is_ipv6()), "value does not look like a valid IPv6 address"),
        "pve-hotplug-features" => return hotplug(value),
        "pve-qm-ipconfig" => (value.split(',').all(|part| matches!(part.split('=').next(), Some("ip" | "gw" | "ip6" | "gw6"))), "unable to parse"),
        "pve-iface" => (identifier(value, "-_.:") && (2..=20).contains(&value.len()), "invalid network interface name"),
        _ => (true, ""),
    };
    if fits { Ok(()) } else { Err(format!("{problem} ('{value}')")) }
}

/// The items of a list: separated by commas, semicolons, white space or zero bytes.
pub(crate) fn list(value: &str) -> impl Iterator<Item = &str> {
    value.split([',', ';', ' ', '\t', '\n', '\0']).filter(|item| !item.is_empty())
}

fn identifier(value: &str, extra: &str) -> bool {
    let starts_well = value.starts_with(|first: char| first.is_ascii_alphanumeric());
    starts_well && value.len() >= 2 && value.chars().all(|character| character.is_ascii_alphanumeric() || extra.contains(character))
}

fn dns_label(value: &str) -> bool {
    let inner = value.chars().all(|character| character.is_ascii_alphanumeric() || character == '-');
    inner && (1..=63).contains(&value.len()) && !value.starts_with('-') && !value.ends_with('-')
}

fn dns_name(value: &str) -> bool {
    value.split('.').all(dns_label)
}

fn tag(value: &str) -> bool {
    let starts_well = value.starts_with(|first: char| first.is_ascii_alphanumeric() || first == '_');
    starts_well && value.chars().all(|character| character.is_ascii_alphanumeric() || "_-+.".contains(character))
}

fn mac(value: &str) -> bool {
    let bytes: Vec<_> = value.split(':').filter(|part| part.len() == 2).map(|part| u8::from_str_radix(part, 16)).collect();
    bytes.len() == 6 && bytes.iter().all(Result::is_ok) && matches!(bytes.first(), Some(Ok(first)) if first & 1 == 0)
}

fn disk_size(value: &str) -> bool {
    let number = value.trim_end_matches(['K', 'M', 'G', 'T']);
    value.len() - number.len() <= 1 && number.parse::<f64>().is_ok_and(|size| size >= 0.0)
}

fn cidr(value: &str, family: impl Fn(&IpAddr) -> bool) -> bool {
    let Some((address, bits)) = value.split_once('/') else { return false };
    let Ok(address) = address.parse::<IpAddr>() else { return false };
    let bits_max = if address.is_ipv4() { 32 } else { 128 };
    family(&address) && bits.parse::<u8>().is_ok_and(|bits| bits <= bits_max)
}

fn hotplug(value: &str) -> Result<(), String> {
    let known = |feature: &str| matches!(feature, "0" | "1" | "network" | "disk" | "cpu" | "memory" | "usb" | "cloudinit");
    match list(value).find(|feature| !known(feature)) {
        Some(feature) => Err(format!("invalid hotplug feature '{feature}'")),
        None => Ok(()),
    }
}
