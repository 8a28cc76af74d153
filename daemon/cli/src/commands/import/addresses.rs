//! Which addresses does somebody mean? Single ones, ranges and networks, with names or without; on the command line or in a file.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::Path;

use core_model::{Diagnostic, Name};
use ipnet::IpNet;

use crate::failure::Failure;

/// A /24 of IPv4. Each address is a BMC that is asked.
const ADDRESSES_MAX: usize = 256;
const LIST_BYTES_MAX: u64 = 1 << 20;

/// The addresses in their order, each with the name that it was given.
pub(super) type Listed = BTreeMap<IpAddr, Option<Name>>;

/// Everything that is wrong with the list is told at once.
pub(super) fn read(words: &[String], file: Option<&Path>) -> Result<Listed, Failure> {
    let mut placed: Vec<(String, String)> = words.iter().map(|word| ("--members".to_owned(), word.clone())).collect();
    if let Some(file) = file {
        placed.extend(lines(file)?);
    }
    let (mut listed, mut mistakes) = (Listed::new(), Vec::new());
    for (place, word) in &placed {
        if let Err(why) = add(&mut listed, word) {
            mistakes.push(format!("{place}: `{word}` {why}."));
        }
    }
    if mistakes.is_empty() && listed.is_empty() {
        mistakes.push("The list names no address.".to_owned());
    }
    if mistakes.is_empty() {
        return Ok(listed);
    }
    let hint = "10.9.0.11, 10.9.0.11-10.9.0.30, 10.9.0.0/24 or r1-n01=10.9.0.11, with commas between them, or one on each line of a file";
    Err(Failure::new(Diagnostic::error("Addresses not understood", mistakes.join("\n"))).hint(hint))
}

/// The lines of a file with their places, without comments.
fn lines(file: &Path) -> Result<Vec<(String, String)>, Failure> {
    let refused = |error| Failure::of("Nothing imported", error).hint(format!("see that {} is there", file.display()));
    let length = std::fs::metadata(file).map_err(refused)?.len();
    if length > LIST_BYTES_MAX {
        let detail = format!("{} has {length} bytes, and a list has {LIST_BYTES_MAX} at most.", file.display());
        return Err(Failure::new(Diagnostic::error("Nothing imported", detail)));
    }
    let text = std::fs::read_to_string(file).map_err(refused)?;
    let plain = |line: &str| line.split('#').next().unwrap_or_default().trim().to_owned();
    let numbered = text.lines().enumerate().map(|(number, line)| (format!("{}:{}", file.display(), number + 1), plain(line)));
    Ok(numbered.filter(|(_, word)| !word.is_empty()).collect())
}

/// The error completes "`x` ...".
fn add(listed: &mut Listed, word: &str) -> Result<(), String> {
    let (name, addresses) = match word.split_once('=') {
        Some((name, address)) => {
            let name: Name = name.trim().parse().map_err(|error| format!("gives a name that {error}"))?;
            (Some(name), vec![single(address.trim())?])
        }
        None => (None, several(word.trim())?),
    };
    let given = |name: &Name| listed.iter().find(|(_, known)| known.as_ref() == Some(name)).map(|(address, _)| *address);
    if let (Some(name), [address]) = (&name, &addresses[..]) {
        if let Some(other) = given(name).filter(|other| other != address) {
            return Err(format!("gives the name of {other}"));
        }
        if let Some(Some(other)) = listed.get(address).filter(|other| other.as_ref() != Some(name)) {
            return Err(format!("gives a second name to `{other}`"));
        }
    }
    for address in addresses {
        let known = listed.entry(address).or_default();
        *known = name.clone().or(known.take());
    }
    if listed.len() > ADDRESSES_MAX { Err(too_many()) } else { Ok(()) }
}

fn several(word: &str) -> Result<Vec<IpAddr>, String> {
    if word.contains('/') {
        let network: IpNet = word.parse().map_err(|_| "is no network".to_owned())?;
        let bits = u32::from(network.max_prefix_len() - network.prefix_len());
        if bits > ADDRESSES_MAX.ilog2() {
            return Err(too_many());
        }
        return Ok(network.hosts().collect());
    }
    match word.split_once('-') {
        Some((first, last)) => range(single(first.trim())?, single(last.trim())?),
        None => single(word).map(|address| vec![address]),
    }
}

fn range(first: IpAddr, last: IpAddr) -> Result<Vec<IpAddr>, String> {
    let (from, to) = match (first, last) {
        (IpAddr::V4(first), IpAddr::V4(last)) => (u128::from(first.to_bits()), u128::from(last.to_bits())),
        (IpAddr::V6(first), IpAddr::V6(last)) => (first.to_bits(), last.to_bits()),
        _ => return Err("begins with an address of one kind and ends with one of the other".to_owned()),
    };
    if from > to {
        return Err("ends before it begins".to_owned());
    }
    if to - from >= ADDRESSES_MAX as u128 {
        return Err(too_many());
    }
    let is_v4 = first.is_ipv4();
    let address = |bits: u128| if is_v4 { u32::try_from(bits).ok().map(|bits| IpAddr::V4(bits.into())) } else { Some(IpAddr::V6(bits.into())) };
    Ok((from..=to).filter_map(address).collect())
}

fn single(text: &str) -> Result<IpAddr, String> {
    text.parse().map_err(|_| if text.is_empty() { "lacks an address".to_owned() } else { format!("has `{text}`, which is no IP address") })
}

fn too_many() -> String {
    format!("makes more than {ADDRESSES_MAX} addresses; import them in parts")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn read_words(words: &[&str]) -> Result<Vec<String>, String> {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        let shown = |(address, name): (IpAddr, Option<Name>)| name.map_or(address.to_string(), |name| format!("{name}={address}"));
        read(&words, None).map(|listed| listed.into_iter().map(shown).collect()).map_err(|failure| failure.in_one_line())
    }

    #[test]
    fn every_form_of_a_list_is_read() {
        for (words, expected) in [
            (&["10.9.0.11"][..], &["10.9.0.11"][..]),
            (&["10.9.0.9-10.9.0.11"], &["10.9.0.9", "10.9.0.10", "10.9.0.11"]),
            (&["10.9.0.255-10.9.1.0"], &["10.9.0.255", "10.9.1.0"]),
            (&["10.9.0.5/30"], &["10.9.0.5", "10.9.0.6"]),
            (&["10.9.0.8/32"], &["10.9.0.8"]),
            (&["fd00::9-fd00::a"], &["fd00::9", "fd00::a"]),
            (&["r1-n02=10.9.0.12", "10.9.0.11-10.9.0.12"], &["10.9.0.11", "r1-n02=10.9.0.12"]),
            (&["10.9.0.11-10.9.0.12", "r1-n02=10.9.0.12", "r1-n02=10.9.0.12"], &["10.9.0.11", "r1-n02=10.9.0.12"]),
        ] {
            assert_eq!(read_words(words).as_deref(), Ok(&expected.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>()[..]), "{words:?}");
        }
        assert_eq!(read_words(&["10.9.0.0/24"]).unwrap().len(), 254);
        assert_eq!(read_words(&["10.9.0.0-10.9.0.255"]).unwrap().len(), 256);
    }

    #[test]
    fn what_is_no_list_is_told_all_at_once() {
        for (words, expected) in [
            (&["10.9.0"][..], "`10.9.0` has `10.9.0`, which is no IP address."),
            (&["bmc-1.acme.lan"], "has `bmc`, which is no IP address"),
            (&["10.9.0.0/23"], "makes more than 256 addresses"),
            (&["10.9.0.0-10.9.1.0"], "makes more than 256 addresses"),
            (&["10.9.0.0/25", "10.9.1.0/24"], "makes more than 256 addresses"),
            (&["fd00::/64"], "makes more than 256 addresses"),
            (&["10.9.0.2-10.9.0.1"], "ends before it begins"),
            (&["10.9.0.2-fd00::1"], "ends with one of the other"),
            (&["a=10.9.0.1", "a=10.9.0.2"], "gives the name of 10.9.0.1"),
            (&["a=10.9.0.1", "b=10.9.0.1"], "gives a second name to `a`"),
            (&["A=10.9.0.1"], "gives a name that does not start with a lower-case letter"),
            (&["a=10.9.0.0/30"], "has `10.9.0.0/30`, which is no IP address"),
            (&["a="], "lacks an address"),
            (&[], "The list names no address."),
        ] {
            let told = read_words(words).unwrap_err();
            assert!(told.contains(expected), "{words:?}: {told}");
        }
        let told = read_words(&["x", "y"]).unwrap_err();
        assert!(told.contains("`x`") && told.contains("`y`"), "{told}");
    }

    #[test]
    fn a_file_has_an_entry_on_each_line() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("bmcs");
        std::fs::write(&file, "# rack 1\nr1-n01=10.9.0.11   # the first\n\n10.9.0.12\n").unwrap();
        assert_eq!(read(&[], Some(&file)).unwrap().len(), 2);
        std::fs::write(&file, "10.9.0.11\nnone\n").unwrap();
        let told = read(&[], Some(&file)).unwrap_err().in_one_line();
        assert!(told.ends_with("bmcs:2: `none` has `none`, which is no IP address."), "{told}");
    }
}
