//! Which texts does the firewall take, and in which one spelling are they compared?

use core_model::schema::Check;
use ipnet::IpNet;
use std::net::IpAddr;

use super::macros;

const fn check(what: &'static str, example: &'static str, parse: fn(&str) -> Result<String, String>) -> Check {
    Check { what, example, parse, comparable: Check::whole }
}

/// `ipset-name` and `pve-fw-alias`. The parser of Proxmox makes them lower-case.
pub(crate) const SET_NAME: Check = check("a name of the firewall", "office", |text| name(text, 64));
/// `pve-security-group-name`.
pub(crate) const GROUP_NAME: Check = check("a name of a security group", "web", |text| name(text, GROUP_LENGTH_MAX));
pub(crate) const GROUP_LENGTH_MAX: usize = 18;
/// What the rule is called: the first word of its comment.
pub(crate) const RULE_NAME: Check = check("a name of letters, digits, `-`, `_` and `.`", "web-https", |text| {
    if is_rule_name(text) { Ok(text.to_owned()) } else { Err("is not made of at most 60 letters, digits, `-`, `_` and `.`".to_owned()) }
});
/// Addresses and networks with commas between them, or one range.
pub(crate) const ADDRESSES: Check = check("addresses, networks or a range", "10.0.20.0/24", addresses);
/// One address or network, as an alias keeps it.
pub(crate) const CIDR: Check =
    check("an address or a network", "10.0.20.0/24", |text| masked(text).ok_or_else(|| "is neither an address nor a network".to_owned()));
/// The same in a set, which does not take all addresses there are.
pub(crate) const MEMBER: Check = check("an address or a network", "10.0.20.0/24", |text| {
    let cidr = (CIDR.parse)(text)?;
    if cidr.ends_with("/0") { Err("is every address there is, which Proxmox does not take in a set".to_owned()) } else { Ok(cidr) }
});
pub(crate) const PORTS: Check = check("a port, a range of ports or the name of a service", "8000-8080", port);
pub(crate) const PROTOCOL: Check = check("a protocol", "tcp", |text| {
    let is_protocol = !text.is_empty() && text.len() <= 40 && text.chars().all(|letter| letter.is_ascii_alphanumeric() || "-.+".contains(letter));
    if is_protocol { Ok(text.to_ascii_lowercase()) } else { Err("is no name or number of a protocol".to_owned()) }
});
pub(crate) const MACRO: Check = check("a macro", "SSH", |text| {
    let is_macro = !text.is_empty() && text.len() <= 128 && text.chars().all(|letter| letter.is_ascii_alphanumeric());
    if is_macro { Ok(macros::spelled(text)) } else { Err("is no name of a macro".to_owned()) }
});
pub(crate) const WORD: Check = check("a word", "echo-request", |text| {
    let is_word = !text.is_empty() && text.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_".contains(letter));
    if is_word { Ok(text.to_ascii_lowercase()) } else { Err("holds something other than letters, digits, `-` and `_`".to_owned()) }
});
/// A comment ends with its line in Proxmox's files.
pub(crate) const LINE: Check = check("one line of text", "Ask ops first.", |text| {
    let line = text.trim();
    if line.is_empty() || line.contains(|letter: char| letter.is_control()) {
        Err("is empty or longer than a line".to_owned())
    } else {
        Ok(line.to_owned())
    }
});

fn name(text: &str, length_max: usize) -> Result<String, String> {
    let is_inner = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || "-_".contains(letter);
    let is_name =
        (2..=length_max).contains(&text.len()) && text.starts_with(|letter: char| letter.is_ascii_lowercase()) && text.chars().all(is_inner);
    if is_name {
        Ok(text.to_owned())
    } else {
        Err(format!("is not made of 2 to {length_max} lower-case letters, digits, `-` and `_`, a letter first"))
    }
}

pub(crate) fn is_rule_name(text: &str) -> bool {
    (1..=60).contains(&text.len()) && text.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_.".contains(letter))
}

/// Proxmox keeps a rule's addresses as they are written, and refuses bits beside the network.
pub(crate) fn addresses(text: &str) -> Result<String, String> {
    let mut items = Vec::new();
    let mut families = Vec::new();
    let mut has_range = false;
    for item in text.split(',').map(str::trim) {
        if let Some((first, last)) = item.split_once('-') {
            let both = first.trim().parse::<IpAddr>().ok().zip(last.trim().parse::<IpAddr>().ok());
            let (first, last) =
                both.filter(|(first, last)| first.is_ipv4() == last.is_ipv4() && first <= last).ok_or("holds a range that is none")?;
            families.push(first.is_ipv4());
            items.push(format!("{first}-{last}"));
            has_range = true;
            continue;
        }
        let cidr = masked(item).ok_or("is neither addresses and networks nor one range")?;
        if item.contains('/') && item.parse::<IpNet>().is_ok_and(|net| net.addr() != net.network()) {
            return Err(format!("has bits beside the network: write {cidr}"));
        }
        families.push(!cidr.contains(':'));
        items.push(cidr);
    }
    if has_range && items.len() > 1 {
        return Err("has a range beside something else, which Proxmox does not take".to_owned());
    }
    if families.windows(2).any(|pair| pair[0] != pair[1]) {
        return Err("mixes IPv4 and IPv6, which Proxmox does not take".to_owned());
    }
    Ok(items.join(","))
}

/// An address or network without the bits beside it, and without the length of a whole address. Source: `clean_cidr` and
/// `parse_ip_or_cidr` of pve-firewall.
pub(crate) fn masked(text: &str) -> Option<String> {
    if let Ok(address) = text.parse::<IpAddr>() {
        return Some(address.to_string());
    }
    let net = text.parse::<IpNet>().ok()?.trunc();
    Some(if net.prefix_len() == net.max_prefix_len() { net.addr().to_string() } else { net.to_string() })
}

fn port(text: &str) -> Result<String, String> {
    let number = |text: &str| text.parse::<u16>().ok();
    if let Some((first, last)) = text.split_once('-').and_then(|(first, last)| number(first).zip(number(last))) {
        return if first <= last { Ok(format!("{first}-{last}")) } else { Err("is a range that ends before it begins".to_owned()) };
    }
    if let Some(number) = number(text) {
        return Ok(number.to_string());
    }
    let is_service = text.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && text.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_.".contains(letter));
    if is_service { Ok(text.to_owned()) } else { Err("is neither a port, nor a range of ports, nor the name of a service".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_have_one_spelling() {
        for (check, text, expected) in [
            (&ADDRESSES, "10.0.0.1/32", "10.0.0.1"),
            (&ADDRESSES, "10.0.0.0/8, 10.0.0.1", "10.0.0.0/8,10.0.0.1"),
            (&ADDRESSES, "2001:DB8::0/64", "2001:db8::/64"),
            (&ADDRESSES, "10.0.0.1-10.0.0.9", "10.0.0.1-10.0.0.9"),
            (&CIDR, "10.0.20.11/24", "10.0.20.0/24"),
            (&CIDR, "2001:db8::1/128", "2001:db8::1"),
            (&PORTS, "0080", "80"),
            (&PORTS, "8000-8080", "8000-8080"),
            (&PORTS, "ssh", "ssh"),
            (&MACRO, "ssh", "SSH"),
            (&MACRO, "NotYetKnown", "NotYetKnown"),
            (&PROTOCOL, "TCP", "tcp"),
            (&LINE, " Ask ops. ", "Ask ops."),
        ] {
            assert_eq!((check.parse)(text).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_proxmox_would_refuse_is_refused() {
        let refused: [(&Check, &[&str]); 7] = [
            (&SET_NAME, &["", "a", "Office", "1st", "a b"]),
            (&GROUP_NAME, &["a-name-that-is-longer", "Web"]),
            (&ADDRESSES, &["", "web", "10.0.20.11/24", "10.0.0.1,2001:db8::1", "10.0.0.1-10.0.0.9,10.1.0.1", "10.0.0.9-10.0.0.1"]),
            (&MEMBER, &["0.0.0.0/0", "::/0", "web", "10.0.0.1-10.0.0.2"]),
            (&PORTS, &["", "70000", "9-8", "80,443", "8000:8080"]),
            (&LINE, &["", "two\nlines"]),
            (&RULE_NAME, &["", "a b", "a:b"]),
        ];
        for (check, texts) in refused {
            texts.iter().for_each(|text| assert!((check.parse)(text).is_err(), "{}: {text}", check.what));
        }
    }
}
