//! In which form does a router keep and show a value?
//!
//! People and programs write one value in many ways; a router shows it in one. Comparing what was written with what is shown
//! is where plans that are never empty come from, so the simulator has to be as strict as the device.

mod address;
mod duration;
mod policy;
mod wireguard;

use crate::tables::Kind;
use crate::trap::Trap;

pub(crate) use address::{AddressRange, negated, prefix4};
pub(crate) use duration::{duration_s, format_duration, whole_seconds};
pub(crate) use policy::{POLICIES, shown as shown_policies};
pub(crate) use wireguard::{made_up_key, public_key};

/// Says which names the entries of a menu have.
pub(crate) trait Names {
    fn has(&self, menu: &str, name: &str) -> bool;
}

/// The value in the router's own form.
///
/// # Errors
/// In the words in which a router refuses a value of this kind.
pub(crate) fn canonical(kind: &Kind, name: &str, text: &str, names: &dyn Names) -> Result<String, Trap> {
    let invalid = || Trap::invalid_value(name);
    let unknown = || Trap::not_a_value_of(name);
    let ours = |value: Option<String>| value.ok_or_else(invalid);
    match kind {
        Kind::Text | Kind::Name(_) | Kind::WireguardKey => Ok(text.to_owned()),
        Kind::Flag => Ok(String::new()),
        Kind::Bool => boolean(text).map(|value| value.to_string()).ok_or_else(unknown),
        Kind::Number(range) => number(name, text, *range),
        Kind::Enum(words) => words.iter().find(|word| *word == text).cloned().ok_or_else(unknown),
        Kind::Set(words) => set(words, text).ok_or_else(unknown),
        Kind::List => Ok(list(text).join(",")),
        Kind::Duration => ours(duration_s(text).map(format_duration)),
        Kind::DurationOr(words) if words.iter().any(|word| word == text) => Ok(text.to_owned()),
        Kind::DurationOr(_) => ours(duration_s(text).map(format_duration)),
        Kind::SizeKib => ours(size_kib(text)),
        Kind::Mac => ours(mac(text)),
        Kind::Ip => ours(text.parse::<std::net::IpAddr>().ok().map(|ip| ip.to_string())),
        Kind::Prefix => ours(address::prefix(text)),
        Kind::Network => ours(address::network(text)),
        Kind::Prefix6 => ours(address::prefix6(text)),
        Kind::Network6 => ours(address::network6(text)),
        Kind::MatchAddress => ours(address::matched(text)),
        Kind::MatchAddress6 => ours(address::matched6(text)),
        Kind::ListAddress => ours(address::listed(text)),
        Kind::Protocol => ours(protocol(text, "icmp")),
        Kind::Protocol6 => ours(protocol(text, "icmpv6")),
        Kind::VlanIds => ours(vlan_ids(text)),
        Kind::Reference(menu) => reference(menu, text, names).ok_or_else(unknown),
        Kind::MatchReference(menu) => {
            let (sign, bare) = negated(text);
            reference(menu, bare, names).map(|value| format!("{sign}{value}")).ok_or_else(unknown)
        }
        Kind::ReferenceOr(_, words) if words.iter().any(|word| word == text) => Ok(text.to_owned()),
        Kind::ReferenceOr(menu, _) => reference(menu, text, names).ok_or_else(unknown),
        Kind::References(menu) => {
            let known = list(text).into_iter().map(|part| reference(menu, &part, names)).collect::<Option<Vec<_>>>();
            known.map(|parts| parts.join(",")).ok_or_else(unknown)
        }
        Kind::PolicySet | Kind::PolicyList => policy::canonical(text).ok_or_else(unknown),
    }
}

/// Yes or no, in either way of writing.
pub(crate) fn boolean(text: &str) -> Option<bool> {
    match text {
        "yes" | "true" => Some(true),
        "no" | "false" => Some(false),
        _ => None,
    }
}

/// The words between commas, without empty ones.
pub(crate) fn list(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

fn number(name: &str, text: &str, range: Option<(i64, i64)>) -> Result<String, Trap> {
    let parsed = match text.strip_prefix("0x") {
        Some(digits) => i64::from_str_radix(digits, 16),
        None => text.parse::<i64>(),
    };
    let value = parsed.map_err(|_| Trap::invalid_value(name))?;
    match range {
        Some((least, most)) if !(least..=most).contains(&value) => Err(Trap::out_of_range(name, least, most)),
        _ => Ok(value.to_string()),
    }
}

/// Words in the order of the kind, each once; a `!` in front negates the whole.
fn set(words: &[String], text: &str) -> Option<String> {
    let (sign, bare) = negated(text);
    let given = list(bare);
    if given.iter().any(|part| !words.contains(part)) {
        return None;
    }
    let ordered: Vec<&str> = words.iter().filter(|word| given.contains(word)).map(String::as_str).collect();
    Some(format!("{sign}{}", ordered.join(",")))
}

fn size_kib(text: &str) -> Option<String> {
    let digits = text.strip_suffix("KiB").unwrap_or(text);
    digits.parse::<u64>().ok().map(|kib| format!("{kib}KiB"))
}

fn mac(text: &str) -> Option<String> {
    let parts: Vec<&str> = text.split([':', '-']).collect();
    let is_mac = parts.len() == 6 && parts.iter().all(|part| part.len() == 2 && u8::from_str_radix(part, 16).is_ok());
    is_mac.then(|| parts.join(":").to_uppercase())
}

/// Names that a router shows for the numbers of these protocols.
const PROTOCOLS: &[(u8, &str)] = &[
    (2, "igmp"),
    (4, "ipencap"),
    (6, "tcp"),
    (17, "udp"),
    (41, "ipv6-encap"),
    (47, "gre"),
    (50, "ipsec-esp"),
    (51, "ipsec-ah"),
    (89, "ospf"),
    (103, "pim"),
    (112, "vrrp"),
    (115, "l2tp"),
    (132, "sctp"),
];

fn protocol(text: &str, icmp: &str) -> Option<String> {
    let (sign, bare) = negated(text);
    let named = PROTOCOLS.iter().find(|(number, name)| *name == bare || number.to_string() == bare).map(|(_, name)| *name);
    let icmp_number = if icmp == "icmp" { "1" } else { "58" };
    let known = if bare == icmp || bare == icmp_number { Some(icmp) } else { named };
    let word = match known {
        Some(name) => name.to_owned(),
        None => bare.parse::<u8>().ok()?.to_string(),
    };
    Some(format!("{sign}{word}"))
}

fn vlan_ids(text: &str) -> Option<String> {
    let parts = list(text);
    let is_id = |text: &str| text.parse::<u16>().is_ok_and(|id| (1..=4094).contains(&id));
    let is_range = |part: &String| match part.split_once('-') {
        Some((first, last)) => is_id(first) && is_id(last),
        None => is_id(part),
    };
    (!parts.is_empty() && parts.iter().all(is_range)).then(|| parts.join(","))
}

fn reference(menu: &str, text: &str, names: &dyn Names) -> Option<String> {
    names.has(menu, text).then(|| text.to_owned())
}

#[cfg(test)]
mod tests;
