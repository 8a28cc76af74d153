//! When do two texts of an argument mean the same to the router?

use std::borrow::Cow;

use super::duration;

/// Arguments whose values are lists in which order means nothing.
const SETS: &[&str] = &[
    "allowed-address",
    "allow-address",
    "addresses",
    "connection-nat-state",
    "connection-state",
    "connection-type",
    "dst-address-type",
    "dst-port",
    "exclude",
    "include",
    "icmp-options",
    "interfaces",
    "ipv4-options",
    "networks",
    "output.redistribute",
    "policy",
    "port",
    "redistribute",
    "slaves",
    "src-address-type",
    "src-port",
    "tagged",
    "target",
    "tcp-flags",
    "topics",
    "untagged",
    "vlan-ids",
];

/// Arguments that are somebody's words and mean exactly what they say.
const WORDS: &[&str] = &[
    "comment",
    "content",
    "contact",
    "domain",
    "location",
    "log-prefix",
    "name",
    "on-event",
    "password",
    "preshared-key",
    "private-key",
    "public-key",
    "secret",
    "source",
    "text",
];

/// Whether two texts mean the same for the argument. Nothing and the empty text are the same.
pub(crate) fn same(argument: &str, left: &str, right: &str) -> bool {
    left == right || canonical(argument, left) == canonical(argument, right)
}

/// One spelling for all texts that mean the same.
pub(crate) fn canonical<'t>(argument: &str, text: &'t str) -> Cow<'t, str> {
    if WORDS.contains(&argument) {
        return Cow::Borrowed(text);
    }
    if SETS.contains(&argument) {
        let mut items: Vec<Cow<'_, str>> = text.split(',').map(|item| single(item.trim())).collect();
        items.sort();
        items.dedup();
        return Cow::Owned(items.join(","));
    }
    if text.contains(',') {
        return Cow::Owned(text.split(',').map(|item| single(item.trim())).collect::<Vec<_>>().join(","));
    }
    single(text)
}

fn single(text: &str) -> Cow<'_, str> {
    if let Some(negated) = text.strip_prefix('!') {
        return Cow::Owned(format!("!{}", single(negated)));
    }
    match text {
        "yes" => return Cow::Borrowed("true"),
        "no" => return Cow::Borrowed("false"),
        _ => {}
    }
    if let Some(address) = text.strip_suffix("/32").filter(|text| !text.contains(':')).or_else(|| text.strip_suffix("/128")) {
        return Cow::Borrowed(address);
    }
    if is_mac(text) {
        return Cow::Owned(text.to_ascii_uppercase());
    }
    // A bare number is a number: `100` must not become a length of time.
    match duration::parse(text).filter(|_| !text.bytes().all(|byte| byte.is_ascii_digit())) {
        Some(milliseconds) => Cow::Owned(duration::write(milliseconds)),
        None => Cow::Borrowed(text),
    }
}

/// `AA:BB:CC:DD:EE:FF`.
pub(crate) fn is_mac(text: &str) -> bool {
    text.len() == 17
        && text.split(':').count() == 6
        && text.split(':').all(|pair| pair.len() == 2 && pair.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn spellings_of_one_value_are_the_same() {
        for (argument, left, right) in [
            ("disabled", "yes", "true"),
            ("disabled", "no", "false"),
            ("lease-time", "1d", "24h"),
            ("lease-time", "00:30:00", "30m"),
            ("src-address", "10.0.0.1", "10.0.0.1/32"),
            ("dst-address", "!10.0.0.1/32", "!10.0.0.1"),
            ("dst-address", "fd00::1/128", "fd00::1"),
            ("connection-state", "established,related", "related,established"),
            ("mac-address", "aa:bb:cc:00:11:22", "AA:BB:CC:00:11:22"),
            ("allowed-address", "10.0.0.2/32,10.0.0.1", "10.0.0.1/32,10.0.0.2/32"),
            ("dst-port", "80,443", "443,80"),
        ] {
            assert!(same(argument, left, right), "{argument}: {left} and {right}");
        }
    }

    #[test]
    fn what_differs_stays_different() {
        for (argument, left, right) in [
            ("name", "yes", "true"),
            ("comment", "24h", "1d"),
            ("servers", "1.1.1.1,9.9.9.9", "9.9.9.9,1.1.1.1"),
            ("dst-address", "10.0.0.1", "!10.0.0.1"),
            ("address", "10.0.0.1/24", "10.0.0.1"),
            ("src-address", "10.0.0.0/8", "10.0.0.0/32"),
            ("vlan-id", "100", "100s"),
            ("distance", "60", "1m"),
        ] {
            assert!(!same(argument, left, right), "{argument}: {left} and {right}");
        }
    }

    proptest! {
        #[test]
        fn any_text_has_a_spelling(text in prop_oneof![".{0,60}", "[0-9a-fA-F:./,!wdhms -]{0,40}"], argument in prop::sample::select(vec!["ttl", "dst-port", "name"])) {
            let _ = canonical(argument, &text);
            prop_assert!(same(argument, &text, &text));
        }
    }
}
