//! Does a text have one of the schema's named formats?
//!
//! Only formats that a client can get wrong in a way that matters are checked; the others count as fitting.

use std::net::IpAddr;

pub(super) fn check(format: &str, value: &str) -> Result<(), String> {
    if let Some(inner) = format.strip_suffix("-list") {
        return list(value).try_for_each(|item| check(inner, item));
    }
    let address = |is_right: fn(&IpAddr) -> bool| value.parse::<IpAddr>().is_ok_and(|address| is_right(&address));
    let like = |what: &str| format!("value does not look like a valid {what}");
    let (fits, problem) = match format {
        "pve-node" => (dns_label(value), like("node name")),
        "pve-vmid" => (vmid(value), like("VM ID")),
        "pve-storage-id" => (identifier(value), format!("storage ID '{value}' contains illegal characters")),
        "pve-configid" => (identifier(value), format!("invalid configuration ID '{value}'")),
        "pve-poolid" => (value.split('/').all(identifier), format!("value contains invalid characters: {value}")),
        "dns-name" => (dns_name(value), like("DNS name")),
        "pve-volume-id" => (volume_id(value), format!("unable to parse volume ID '{value}'")),
        "pve-tag" => (tag(value), "invalid characters in tag".to_owned()),
        "mac-addr" => (mac(value), like("unicast MAC address")),
        "disk-size" => (disk_size(value), format!("value does not look like a valid disk size: {value}")),
        "CIDR" => (cidr(value, |_| true), like("CIDR network")),
        "CIDRv4" => (cidr(value, IpAddr::is_ipv4), like("IPv4 CIDR network")),
        "CIDRv6" => (cidr(value, IpAddr::is_ipv6), like("IPv6 CIDR network")),
        "ipv4" => (address(IpAddr::is_ipv4), like("IPv4 address")),
        "ipv6" => (address(IpAddr::is_ipv6), like("IPv6 address")),
        "pve-hotplug-features" => return hotplug(value),
        "pve-iface" => (interface(value), format!("invalid network interface name '{value}'")),
        _ => (true, String::new()),
    };
    if fits { Ok(()) } else { Err(problem) }
}

/// The items of a list: separated by commas, semicolons, white space or zero bytes.
pub(crate) fn list(value: &str) -> impl Iterator<Item = &str> {
    value.split([',', ';', ' ', '\t', '\n', '\0']).filter(|item| !item.is_empty())
}

/// A letter, then letters, digits and `-_.`, two at least.
fn identifier(value: &str) -> bool {
    let is_inner = |character: char| character.is_ascii_alphanumeric() || "-_.".contains(character);
    value.len() >= 2 && value.starts_with(|first: char| first.is_ascii_alphabetic()) && value.chars().all(is_inner)
}

fn vmid(value: &str) -> bool {
    (3..=9).contains(&value.len()) && !value.starts_with('0') && value.chars().all(|character| character.is_ascii_digit())
}

fn volume_id(value: &str) -> bool {
    value.split_once(':').is_some_and(|(storage, name)| identifier(storage) && !name.is_empty())
}

fn interface(value: &str) -> bool {
    let is_inner = |character: char| character.is_ascii_alphanumeric() || "-_.:".contains(character);
    (2..=21).contains(&value.len()) && value.starts_with(|first: char| first.is_ascii_alphabetic()) && value.chars().all(is_inner)
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
