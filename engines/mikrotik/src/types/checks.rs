//! Which texts have a grammar of their own? Each gives the one spelling that is compared.

use core_model::resource_type::Finding;
use core_model::state::DesiredResource;
use serde_json::Value;

use crate::form::canonical;

/// Longer names are cut by some of the router's own tools.
const NAME_LENGTH_MAX: usize = 128;

pub(super) fn object_name(text: &str) -> Result<String, String> {
    let is_plain = |c: char| !c.is_whitespace() && !c.is_control() && !"#\"\\$;".contains(c);
    if text.is_empty() || text.len() > NAME_LENGTH_MAX || !text.chars().all(is_plain) {
        return Err("is empty, too long, or holds blanks, quotes, `#`, `$`, `;` or `\\`".to_owned());
    }
    Ok(text.to_owned())
}

pub(super) fn item_name(text: &str) -> Result<String, String> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    if text.is_empty() || text.len() > 60 || !text.chars().all(is_plain) {
        return Err("is not made of at most 60 letters, digits, `-`, `_` and `.`".to_owned());
    }
    Ok(text.to_owned())
}

pub(super) fn probe(text: &str) -> Result<String, String> {
    let (host, port) = text.rsplit_once(':').ok_or("has no port")?;
    let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    let is_host = !host.is_empty() && host.chars().all(|c| c.is_ascii_alphanumeric() || ".-:".contains(c));
    if !is_host || port.parse::<u16>().ok().is_none_or(|port| port == 0) {
        return Err("is not of the form `host:port`".to_owned());
    }
    Ok(text.to_owned())
}

pub(super) fn addresses(text: &str) -> Result<String, String> {
    let bare = text.strip_prefix('!').unwrap_or(text);
    let is_address = |text: &str| text.parse::<std::net::IpAddr>().is_ok();
    let is_range = bare.split_once('-').is_some_and(|(first, last)| is_address(first) && is_address(last));
    if !is_address(bare) && !is_range && bare.parse::<ipnet::IpNet>().is_err() {
        return Err("is neither an address, nor a network, nor a range".to_owned());
    }
    Ok(canonical("address", text).into_owned())
}

pub(super) fn ports(text: &str) -> Result<String, String> {
    let bare = text.strip_prefix('!').unwrap_or(text);
    let port = |text: &str| text.parse::<u16>().ok();
    let is_range = bare.split_once('-').is_some_and(|(first, last)| port(first).zip(port(last)).is_some_and(|(first, last)| first <= last));
    if port(bare).is_none() && !is_range {
        return Err("is neither a port nor a range of ports".to_owned());
    }
    Ok(text.to_owned())
}

pub(super) fn mac(text: &str) -> Result<String, String> {
    if crate::form::is_mac(text) { Ok(text.to_ascii_uppercase()) } else { Err("is not six pairs of hexadecimal digits".to_owned()) }
}

/// `info,!dns`: topics in one order, however they were written.
pub(super) fn topics(text: &str) -> Result<String, String> {
    let is_topic = |topic: &str| !topic.is_empty() && topic.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let mut topics: Vec<&str> = text.split(',').map(str::trim).collect();
    if !topics.iter().all(|topic| is_topic(topic.strip_prefix('!').unwrap_or(topic))) {
        return Err("is not made of topics with commas between them".to_owned());
    }
    topics.sort_unstable();
    topics.dedup();
    Ok(topics.join(","))
}

/// `03:00:00`, or `startup`.
pub(super) fn start(text: &str) -> Result<String, String> {
    let parts: Vec<u8> = text.split(':').filter(|part| part.len() == 2).filter_map(|part| part.parse().ok()).collect();
    let is_time = matches!(parts.as_slice(), [0..=23, 0..=59, 0..=59]) && text.len() == 8;
    if text != "startup" && !is_time {
        return Err("is neither `startup` nor a time such as `03:00:00`".to_owned());
    }
    Ok(text.to_owned())
}

/// `10M/50M`; the router tells them back in bits a second.
pub(super) fn rates(text: &str) -> Result<String, String> {
    let (up, down) = text.split_once('/').ok_or("has no `/` between up and down")?;
    let rate = |text: &str| {
        let (digits, factor) = match text.char_indices().last() {
            Some((at, 'k' | 'K')) => (&text[..at], 1_000),
            Some((at, 'm' | 'M')) => (&text[..at], 1_000_000),
            Some((at, 'g' | 'G')) => (&text[..at], 1_000_000_000),
            _ => (text, 1_u64),
        };
        digits.parse::<u64>().ok()?.checked_mul(factor)
    };
    let (up, down) = rate(up).zip(rate(down)).ok_or("has a rate that is no number with k, M or G")?;
    Ok(format!("{up}/{down}"))
}

/// Values that say what is so anyway. Inside a list there are no defaults: written out and left out would be two values for one thing.
pub(crate) fn needless(resource: &DesiredResource, list: &str, defaults: &[(&str, Value)]) -> Vec<Finding> {
    let items = resource.spec(list).and_then(Value::as_array).into_iter().flatten().enumerate();
    let found = items.flat_map(|(index, item)| defaults.iter().map(move |(field, default)| (index, item.get(*field), *field, default)));
    found
        .filter(|(_, value, _, default)| *value == Some(*default))
        .map(|(index, _, field, default)| Finding {
            path: format!("specs.{list}[{index}].{field}"),
            summary: "Needless value",
            detail: format!("`{field}` is {default}, which is so anyway."),
            hint: Some(format!("leave `{field}` out")),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn texts_have_one_spelling() {
        assert_eq!(addresses("10.0.0.1/32").as_deref(), Ok("10.0.0.1"));
        assert_eq!(addresses("!10.0.0.0/8").as_deref(), Ok("!10.0.0.0/8"));
        assert_eq!(addresses("10.0.0.1-10.0.0.9").as_deref(), Ok("10.0.0.1-10.0.0.9"));
        assert_eq!(mac("52:54:00:aa:bb:cc").as_deref(), Ok("52:54:00:AA:BB:CC"));
        assert_eq!(rates("10M/50M").as_deref(), Ok("10000000/50000000"));
        assert_eq!(probe("10.0.0.1:443").as_deref(), Ok("10.0.0.1:443"));
        assert_eq!(ports("8000-8080").as_deref(), Ok("8000-8080"));
        assert_eq!(topics("info, !dns").as_deref(), Ok("!dns,info"));
        assert_eq!(start("03:00:00").as_deref(), Ok("03:00:00"));
    }

    #[test]
    fn what_has_another_form_is_refused() {
        assert!(["web", "10.0.0.300", "10.0.0.1-", ""].iter().all(|text| addresses(text).is_err()));
        assert!(["", "a b", "a#b", "a\"b", "a;b"].iter().all(|text| object_name(text).is_err()));
        assert!(["", "a b", "a/b"].iter().all(|text| item_name(text).is_err()));
        assert!(["70000", "9-8", "x"].iter().all(|text| ports(text).is_err()));
        assert!(["10.0.0.1", "10.0.0.1:0", ":80", "a b:80"].iter().all(|text| probe(text).is_err()));
        assert!(["10M", "10M/x", "/"].iter().all(|text| rates(text).is_err()));
        assert!(["", "info,", "in fo", "!"].iter().all(|text| topics(text).is_err()));
        assert!(["", "3:00", "24:00:00", "03:00:00:", "03:00:0a"].iter().all(|text| start(text).is_err()));
        assert!(mac("52-54-00-aa-bb-cc").is_err());
    }

    proptest! {
        #[test]
        fn any_text_is_checked_without_a_panic(text in prop_oneof![".{0,60}", "[0-9a-fA-FkKmMgG:./!\\[\\]-]{0,40}"]) {
            for check in [object_name, item_name, probe, addresses, ports, mac, rates, topics, start] {
                if let Ok(spelling) = check(&text) {
                    prop_assert_eq!(check(&spelling), Ok(spelling.clone()), "one spelling is its own");
                }
            }
        }
    }
}
