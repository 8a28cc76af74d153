//! What are the members of a group called? As somebody said, or as they call themselves; no name twice.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use core_model::Name;

/// As long as a name may be.
const LENGTH_MAX: usize = 40;
/// Numbers that a name can have after it. More members of one name than addresses there are not.
const NUMBERS_MAX: usize = 1_000;

/// One that is to be named.
pub(super) struct Nameless<'a> {
    pub(super) address: IpAddr,
    pub(super) given: Option<&'a Name>,
    /// The best first.
    pub(super) proposals: &'a [String],
}

/// A name for each. What two could be called, neither is: a name that depends on who answered first would be another one tomorrow.
pub(super) fn choose(members: &[Nameless<'_>], taken: &BTreeSet<Name>) -> BTreeMap<IpAddr, Name> {
    let mut chosen: BTreeMap<IpAddr, Name> = members.iter().filter_map(|member| Some((member.address, member.given?.clone()))).collect();
    let candidates: Vec<(IpAddr, Vec<Name>)> = members.iter().map(|member| (member.address, candidates(member))).collect();
    let mut wanted: BTreeMap<&Name, usize> = BTreeMap::new();
    for name in candidates.iter().flat_map(|(_, names)| names.iter().collect::<BTreeSet<_>>()) {
        *wanted.entry(name).or_default() += 1;
    }
    let mut used: BTreeSet<Name> = taken.iter().chain(chosen.values()).cloned().collect();
    for (address, names) in
        candidates.iter().filter(|(address, _)| !members.iter().any(|member| member.address == *address && member.given.is_some()))
    {
        let free = names.iter().find(|name| wanted.get(name) == Some(&1) && !used.contains(name)).cloned();
        if let Some(name) = free.or_else(|| numbered(*address, &used)) {
            used.insert(name.clone());
            chosen.insert(*address, name);
        }
    }
    chosen
}

/// What it may be called, the address last.
fn candidates(member: &Nameless<'_>) -> Vec<Name> {
    let proposals = member.proposals.iter().filter_map(|text| label(text));
    proposals.chain(label(&member.address.to_string().replace('.', "-"))).collect()
}

/// A text as a name: of a host name, the first part.
fn label(text: &str) -> Option<Name> {
    let first = text.trim().split('.').next().unwrap_or_default();
    let plain = |letter: char| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '-' };
    let plain: String = first.chars().map(plain).collect();
    let plain = plain.trim_matches('-');
    let name = if plain.starts_with(|letter: char| letter.is_ascii_digit()) { format!("n-{plain}") } else { plain.to_owned() };
    if name.len() > LENGTH_MAX { None } else { name.parse().ok() }
}

/// The name of an address, where even that is somebody's already.
fn numbered(address: IpAddr, used: &BTreeSet<Name>) -> Option<Name> {
    let address = address.to_string();
    // The end of an address tells more than its beginning.
    let short: String = address.chars().skip(address.len().saturating_sub(LENGTH_MAX / 2)).collect();
    (2..NUMBERS_MAX).filter_map(|number| label(&format!("n-{}-{number}", short.replace('.', "-")))).find(|name| !used.contains(name))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn no_name_is_given_twice_and_none_depends_on_who_came_first() {
        for (members, taken, expected) in [
            // The host name, the serial number, the address.
            (&[("", &["bmc-7.acme.lan", "S1"][..]), ("", &["", "7XK2"]), ("", &["---"])][..], "", ["bmc-7", "n-7xk2", "n-10-9-0-3"]),
            // Two of one name have it neither.
            (&[("", &["bmc", "S1"]), ("", &["bmc", "S2"]), ("", &["BMC", "S2"])], "", ["s1", "n-10-9-0-2", "n-10-9-0-3"]),
            // What was said holds, also against what they call themselves.
            (&[("s2", &["a"]), ("", &["s2", "b"]), ("", &["c"])], "", ["s2", "b", "c"]),
            // Names of the group's members are taken.
            (&[("", &["a"]), ("", &["b"]), ("", &["c"])], "b", ["a", "n-10-9-0-2", "c"]),
            // Even the name of an address may be.
            (&[("", &["a"]), ("", &["n-10-9-0-1"]), ("n-10-9-0-3", &[])], "n-10-9-0-2", ["a", "n-10-9-0-2-2", "n-10-9-0-3"]),
            (&[("", &["a"]), ("", &["a"]), ("n-10-9-0-2", &[])], "", ["n-10-9-0-1", "n-10-9-0-2-2", "n-10-9-0-2"]),
            // A text that is too long, reserved, or the same as another of its own.
            (&[("", &["specs", "S1"]), ("", &["x2345678901234567890123456789012345678901", "S2"]), ("", &["S3", "s3"])], "", ["s1", "s2", "s3"]),
        ] {
            let address = |number: usize| IpAddr::from([10, 9, 0, number as u8 + 1]);
            let given: Vec<Option<Name>> = members.iter().map(|(given, _)| given.parse().ok()).collect();
            let proposals: Vec<Vec<String>> = members.iter().map(|(_, names)| names.iter().map(|name| (*name).to_owned()).collect()).collect();
            let nameless = |number| Nameless { address: address(number), given: given[number].as_ref(), proposals: &proposals[number] };
            let forward: Vec<_> = (0..members.len()).map(nameless).collect();
            let backward: Vec<_> = (0..members.len()).rev().map(nameless).collect();
            let taken = taken.parse().into_iter().collect();
            let chosen = choose(&forward, &taken);
            assert_eq!(chosen.values().map(Name::as_str).collect::<Vec<_>>(), expected);
            assert_eq!(chosen, choose(&backward, &taken), "the order of the answers");
        }
    }
}
