//! How are addresses, networks and ranges written?

use std::net::{IpAddr, Ipv4Addr};

use ipnet::{Ipv4Net, Ipv6Net};

/// The `!` in front of a value, and the value without it.
pub(crate) fn negated(text: &str) -> (&'static str, &str) {
    match text.strip_prefix('!') {
        Some(bare) => ("!", bare),
        None => ("", text),
    }
}

/// An address with its prefix length; without one it is a single address.
pub(crate) fn prefix4(text: &str) -> Option<Ipv4Net> {
    match text.split_once('/') {
        None => Ipv4Net::new(text.parse().ok()?, 32).ok(),
        Some((address, mask)) if mask.contains('.') => Ipv4Net::with_netmask(address.parse().ok()?, mask.parse().ok()?).ok(),
        Some(_) => text.parse().ok(),
    }
}

fn prefix_v6(text: &str) -> Option<Ipv6Net> {
    if text.contains('/') { text.parse().ok() } else { Ipv6Net::new(text.parse().ok()?, 128).ok() }
}

pub(super) fn prefix(text: &str) -> Option<String> {
    prefix4(text).map(|prefix| prefix.to_string())
}

pub(super) fn network(text: &str) -> Option<String> {
    prefix4(text).map(|prefix| prefix.trunc().to_string())
}

pub(super) fn prefix6(text: &str) -> Option<String> {
    prefix_v6(text).map(|prefix| prefix.to_string())
}

pub(super) fn network6(text: &str) -> Option<String> {
    prefix_v6(text).map(|prefix| prefix.trunc().to_string())
}

/// As a rule shows what it matches: a single address has no prefix length.
pub(super) fn matched(text: &str) -> Option<String> {
    let (sign, bare) = negated(text);
    AddressRange::parse(bare).map(|range| format!("{sign}{}", range.text))
}

pub(super) fn matched6(text: &str) -> Option<String> {
    let (sign, bare) = negated(text);
    Some(format!("{sign}{}", network6(bare)?))
}

/// An entry of an address list; what is no address is taken as a host name.
pub(super) fn listed(text: &str) -> Option<String> {
    if let Some(range) = AddressRange::parse(text) {
        return Some(range.text);
    }
    let is_name = text.contains('.')
        && !text.contains(['/', ' '])
        && text.chars().any(|character| character.is_ascii_alphabetic())
        && text.chars().all(|character| character.is_ascii_alphanumeric() || matches!(character, '.' | '-' | '_'));
    is_name.then(|| text.to_owned())
}

/// What an address, a network or a range of IPv4 covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AddressRange {
    first: Ipv4Addr,
    last: Ipv4Addr,
    text: String,
}

impl AddressRange {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if let Some((first, last)) = text.split_once('-') {
            let (first, last) = (first.parse().ok()?, last.parse().ok()?);
            return (first <= last).then(|| Self { first, last, text: format!("{first}-{last}") });
        }
        let network = prefix4(text)?.trunc();
        let text = if network.prefix_len() == 32 { network.addr().to_string() } else { network.to_string() };
        Some(Self { first: network.network(), last: network.broadcast(), text })
    }

    pub(crate) fn contains(&self, address: IpAddr) -> bool {
        match address {
            IpAddr::V4(address) => (self.first..=self.last).contains(&address),
            IpAddr::V6(_) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_covers_its_ends() {
        for (text, inside, outside) in
            [("10.0.0.0/24", "10.0.0.255", "10.0.1.0"), ("10.0.0.1-10.0.0.3", "10.0.0.3", "10.0.0.4"), ("10.0.0.1", "10.0.0.1", "10.0.0.2")]
        {
            let range = AddressRange::parse(text).expect("a range");
            assert!(range.contains(inside.parse().expect("an address")), "{text} {inside}");
            assert!(!range.contains(outside.parse().expect("an address")), "{text} {outside}");
        }
    }
}
