//! What comes next? Names, addresses and ports that continue what is there.

use std::net::{IpAddr, Ipv4Addr};

use core_model::Name;

/// The next free names after one: `web-02` is followed by `web-03`, `db` by `db-2`.
pub(crate) fn next_names(after: &Name, count: usize, is_taken: impl Fn(&Name) -> bool) -> Vec<Name> {
    let text = after.as_str();
    let stem = text.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let digits = &text[stem.len()..];
    let (stem, first, width) = match digits.parse::<u64>() {
        Ok(number) => (stem.to_owned(), number, digits.len()),
        Err(_) => (format!("{text}-"), 1, 1),
    };
    let numbered =
        (first.saturating_add(1)..first.saturating_add(10_000)).filter_map(|number| format!("{stem}{number:0width$}").parse::<Name>().ok());
    numbered.filter(|name| !is_taken(name)).take(count).collect()
}

/// The same address with the next host number, and the same prefix length.
pub(crate) fn successor(cidr: &str) -> Option<String> {
    let (host, prefix) = cidr.split_once('/').map_or((cidr, None), |(host, prefix)| (host, Some(prefix)));
    let IpAddr::V4(address) = host.parse().ok()? else { return None };
    let next = Ipv4Addr::from(u32::from(address).checked_add(1)?);
    // A host part of 0 or 255 is no host in the usual networks.
    let next = if next.octets()[3] == 255 { return None } else { next };
    Some(prefix.map_or_else(|| next.to_string(), |prefix| format!("{next}/{prefix}")))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn series_go_on() {
        let names = |text: &str, taken: &[&str]| {
            next_names(&text.parse().unwrap(), 2, |name| taken.contains(&name.as_str()))
                .iter()
                .map(|name| name.as_str().to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(names("web-02", &["web-03"]), ["web-04", "web-05"]);
        assert_eq!(names("db", &[]), ["db-2", "db-3"]);
        assert_eq!(names("r1-n09", &[]), ["r1-n10", "r1-n11"]);
        assert_eq!(successor("10.0.20.11/24").as_deref(), Some("10.0.20.12/24"));
        assert_eq!(successor("10.0.20.254/24"), None);
    }
}
