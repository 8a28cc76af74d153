//! Which texts does Proxmox VE take? The grammars of its API's formats, as far as our fields use them.

use core_model::schema::Check;

pub(crate) const fn check(what: &'static str, example: &'static str, parse: fn(&str) -> Result<String, String>) -> Check {
    Check { what, example, parse, comparable: Check::whole }
}

/// `dns-name` of the API.
pub(crate) const NAME: Check = check("a DNS name", "web-01", |text| refused_unless(is_dns_name(text), text, "is not made of DNS labels"));
/// `pve-storage-id`, `pve-poolid`, `pve-configid`.
pub(crate) const STORAGE_NAME: Check = check("a name of Proxmox", "local-lvm", |text| {
    let is_name = text.starts_with(|letter: char| letter.is_ascii_alphanumeric())
        && text.len() <= 100
        && text.chars().all(|letter| letter.is_ascii_alphanumeric() || "._-/".contains(letter));
    refused_unless(is_name, text, "holds something other than letters, digits, `.`, `_` and `-`")
});
/// `pve-poolid`: up to three levels, and each begins with a letter (pve-manager, Pool.pm).
pub(crate) const POOL_NAME: Check = check("a pool's name", "prod/web", |text| {
    let is_level = |level: &str| {
        level.starts_with(|letter: char| letter.is_ascii_alphabetic())
            && level.chars().all(|letter| letter.is_ascii_alphanumeric() || "._-".contains(letter))
    };
    let is_name = text.len() <= 100 && text.split('/').count() <= 3 && text.split('/').all(is_level);
    refused_unless(is_name, text, "is not made of up to three levels that begin with a letter and hold letters, digits, `.`, `_` and `-`")
});
/// `pve-storage-id` of a definition, which is stricter than a name elsewhere.
pub(crate) const STORAGE_ID: Check = check("a storage's name", "nas-01", |text| {
    let is_name = (2..=100).contains(&text.len())
        && text.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && text.ends_with(|letter: char| letter.is_ascii_alphanumeric())
        && text.chars().all(|letter| letter.is_ascii_alphanumeric() || "._-".contains(letter));
    refused_unless(is_name, text, "does not start with a letter and go on with letters, digits, `.`, `_` and `-`")
});
/// `pve-storage-path`.
pub(crate) const PATH: Check = check("an absolute path", "/mnt/data", |text| {
    refused_unless(text.len() > 1 && text.starts_with('/') && !text.contains([';', '(', ')']), text, "is no absolute path")
});
/// Thirty-two pairs of hexadecimal digits. Canonical: upper case.
pub(crate) const FINGERPRINT: Check = check("a SHA-256 fingerprint", "AB:CD:...", |text| {
    let is_pair = |pair: &str| pair.len() == 2 && pair.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_print = text.split(':').count() == 32 && text.split(':').all(is_pair);
    refused_unless(is_print, &text.to_ascii_uppercase(), "is not made of 32 pairs of hexadecimal digits")
});
/// Where a file is downloaded from.
pub(crate) const DOWNLOAD_URL: Check = check("an address of a file", "https://cloud.debian.org/images/debian-13.qcow2", |text| {
    let url = url::Url::parse(text).map_err(|_| "is no address".to_owned())?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err("is neither http:// nor https://".to_owned());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("holds a user or a password, which would stand in plans and records".to_owned());
    }
    refused_unless(!text.contains(char::is_whitespace), text, "holds a space")
});
/// What Proxmox would not rename.
pub(crate) const FILE_NAME: Check = check("a name of a file", "debian-13.qcow2", |text| {
    let is_name = (1..=255).contains(&text.len()) && text.chars().all(|letter| letter.is_ascii_alphanumeric() || "._-".contains(letter));
    refused_unless(is_name && !text.starts_with('.'), text, "holds something other than letters, digits, `.`, `_` and `-`")
});
/// A sum tells its algorithm by its length. Canonical: with the algorithm in front, in lower case.
pub(crate) const CHECKSUM: Check = check("a checksum", "sha256:9f86d081884c7d65...", |text| {
    let (algorithm, sum) = text.split_once(':').map_or((None, text), |(algorithm, sum)| (Some(algorithm), sum));
    let by_length = ALGORITHMS.iter().find(|(_, digits)| sum.len() == *digits).map(|(name, _)| *name);
    match by_length.filter(|_| sum.bytes().all(|byte| byte.is_ascii_hexdigit())) {
        None => Err("is not as long as a sum of md5, sha1, sha224, sha256, sha384 or sha512, in hexadecimal digits".to_owned()),
        Some(name) if algorithm.is_some_and(|algorithm| algorithm != name) => Err(format!("is as long as a sum of {name}")),
        Some(name) => Ok(format!("{name}:{}", sum.to_ascii_lowercase())),
    }
});
/// Algorithms of the API, and how many hexadecimal digits their sums have.
const ALGORITHMS: [(&str, usize); 6] = [("md5", 32), ("sha1", 40), ("sha224", 56), ("sha256", 64), ("sha384", 96), ("sha512", 128)];
/// `pve-iface` and node names.
pub(crate) const BRIDGE: Check = check("a name of Proxmox", "vmbr0", |text| {
    let is_name = (1..=63).contains(&text.len()) && text.chars().all(|letter| letter.is_ascii_alphanumeric() || "._-".contains(letter));
    refused_unless(is_name, text, "holds something other than letters, digits, `.`, `_` and `-`")
});
/// `pve-iface`.
pub(crate) const INTERFACE: Check = check("a network interface", "vmbr1", |text| {
    let (base, unit) = text.split_once(['.', ':']).map_or((text, None), |(base, unit)| (base, Some(unit)));
    let is_base = base.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && (2..=20).contains(&text.len())
        && base.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
    let is_unit = unit.is_none_or(|unit| !unit.is_empty() && unit.chars().all(|letter| letter.is_ascii_digit()));
    refused_unless(is_base && is_unit, text, "is not made of a letter, letters, digits and `_`, and perhaps `.` and a VLAN")
});
/// The name of an interface that is made. Proxmox takes 20 letters, for cards may have such a second name, and the kernel 15
/// (`IFNAMSIZ` with the zero at its end), so that a longer one would be staged and never come up.
pub(crate) const INTERFACE_NAME: Check = check("a network interface", "vmbr1", |text| {
    let name = (INTERFACE.parse)(text)?;
    if name.len() > 15 { Err("has more than the 15 letters that Linux takes".to_owned()) } else { Ok(name) }
});
/// `pve-vlan-id-or-range`.
pub(crate) const VLANS: Check = check("a VLAN or a range of them", "100-200", |text| {
    let number = |text: &str| text.parse::<u16>().ok().filter(|vlan| (1..=4094).contains(vlan) && text == vlan.to_string());
    let is_range = match text.split_once('-') {
        Some((first, last)) => number(first).zip(number(last)).is_some_and(|(first, last)| first < last),
        None => number(text).is_some(),
    };
    refused_unless(is_range, text, "is neither a VLAN from 1 to 4094 nor a range such as 100-200")
});
/// `pve-tag`; Proxmox keeps tags in lower case unless it is told otherwise.
pub(crate) const TAG: Check = check("a tag", "web", |text| {
    let is_first = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
    let is_tag = text.starts_with(is_first) && text.chars().all(|letter| is_first(letter) || "-+.".contains(letter));
    refused_unless(is_tag, text, "holds something other than lower-case letters, digits, `_`, `-`, `+` and `.`")
});
/// `pve-volume-id`.
pub(crate) const VOLUME: Check = check("a volume", "local:iso/debian-13.iso", |text| {
    let is_volume = text.split_once(':').is_some_and(|(storage, path)| !storage.is_empty() && !path.is_empty());
    refused_unless(is_volume && !text.contains([',', ' ', '=']), text, "is not of the form `storage:path`")
});
pub(crate) const MACHINE: Check = check("a machine type", "q35", |text| {
    let is_type = !text.is_empty() && text.chars().all(|letter| letter.is_ascii_alphanumeric() || "._+-".contains(letter));
    refused_unless(is_type, text, "is no machine type")
});
pub(crate) const DISK_SLOT: Check = check("a device", "scsi0", |text| {
    refused_unless(
        is_disk_slot(text) || slot_number(text, "net").is_some_and(|number| number < NETWORKS_MAX),
        text,
        "is no device that can be booted",
    )
});

/// Six pairs of hexadecimal digits. Canonical: upper case, as Proxmox writes them.
pub(crate) const MAC: Check = check("a hardware address", "BC:24:11:00:00:01", |text| {
    let pairs: Vec<&str> = text.split(':').collect();
    let is_pair = |pair: &&str| pair.len() == 2 && pair.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_unicast = pairs.first().and_then(|pair| u8::from_str_radix(pair, 16).ok()).is_some_and(|byte| byte & 1 == 0);
    let upper = text.to_ascii_uppercase();
    refused_unless(pairs.len() == 6 && pairs.iter().all(is_pair) && is_unicast, &upper, "is no unicast hardware address")
});

/// An address with a prefix length, or the word `dhcp`.
pub(crate) const CIDR_OR_DHCP: Check = check("an address with a prefix length, or dhcp", "10.0.20.11/24", |text| {
    let address = text.split_once('/').and_then(|(address, prefix)| Some((address.parse::<std::net::Ipv4Addr>().ok()?, prefix.parse::<u8>().ok()?)));
    match address {
        Some((address, prefix)) if prefix <= 32 => Ok(format!("{address}/{prefix}")),
        _ => refused_unless(text == "dhcp", text, "is neither an IPv4 address with a prefix length nor `dhcp`"),
    }
});

/// One line of `authorized_keys`. Blocks of YAML end with a line break, which is no part of it.
pub(crate) const KEY: Check = check("a line of `authorized_keys`", "ssh-ed25519 AAAAC3Nz ops@example", |text| {
    let key = text.trim();
    refused_unless(!key.is_empty() && key.lines().count() == 1, key, "is not one line; write each key as an item of its own")
});
/// Canonical: without the line breaks around it, as Proxmox gives it back.
pub(crate) const NOTES: Check = check("text", "Ask ops first.", |text| refused_unless(!text.trim().is_empty(), text.trim(), "says nothing"));

pub(crate) fn refused_unless(is_good: bool, text: &str, why: &str) -> Result<String, String> {
    if is_good { Ok(text.to_owned()) } else { Err(why.to_owned()) }
}

/// Labels of letters, digits and `-`, 63 at most each.
pub(crate) fn is_dns_name(text: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    text.len() <= 253 && text.split('.').all(is_label)
}

const NETWORKS_MAX: u32 = 32;
/// The buses of disks and how many slots each has (qemu-server, Drive.pm).
const BUSES: [(&str, u32); 4] = [("scsi", 31), ("virtio", 16), ("sata", 6), ("ide", 4)];
/// Our cloud-init drive and the CD-ROM of `cdrom` are there.
const SLOTS_OF_OURS: [&str; 2] = ["ide2", "ide0"];

pub(crate) fn is_disk_slot(text: &str) -> bool {
    BUSES.iter().any(|(bus, count)| slot_number(text, bus).is_some_and(|number| number < *count))
}

pub(crate) fn is_free_disk_slot(text: &str) -> bool {
    is_disk_slot(text) && !SLOTS_OF_OURS.contains(&text)
}

/// `net0` is `network`.
pub(crate) fn is_further_network(text: &str) -> bool {
    slot_number(text, "net").is_some_and(|number| (1..NETWORKS_MAX).contains(&number))
}

pub(crate) fn is_device_slot(text: &str) -> bool {
    slot_number(text, "hostpci").is_some_and(|number| number < 16) || slot_number(text, "usb").is_some_and(|number| number < 14)
}

/// `scsi12` has the number 12 on `scsi`; `scsi01` has none.
pub(crate) fn slot_number(text: &str, bus: &str) -> Option<u32> {
    let digits = text.strip_prefix(bus)?;
    let number: u32 = digits.parse().ok()?;
    (number.to_string() == digits).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_those_that_proxmox_takes() {
        let cases: [(&Check, &[&str], &[&str]); 14] = [
            (&NAME, &["web-01", "web.example"], &["", "-web", "web_1", "a..b"]),
            (&POOL_NAME, &["prod", "prod/web.1/a_b"], &["", "1prod", "prod/", "a/b/c/d", "a b"]),
            (&INTERFACE, &["vmbr1", "eno1.20", "vlan_a"], &["", "1a", "pve1-vmbr1", "a", "eno1.x", "interface_that_is_long"]),
            (&INTERFACE_NAME, &["abcdefghijklm20", "abcdefghij.4094"], &["abcdefghijklmno20", "abcdefghijk.4094"]),
            (&VLANS, &["2", "100-200"], &["0", "4095", "02", "200-100", "a"]),
            (&TAG, &["web", "_a", "a.b+c"], &["", "Web", "-a", "a b"]),
            (&VOLUME, &["local:iso/a.iso"], &["a.iso", "local:", "local:a,b"]),
            (&MAC, &["BC:24:11:00:00:01"], &["01:00:5e:00:00:01", "BC-24-11-00-00-01", "BC:24"]),
            (&CIDR_OR_DHCP, &["10.0.0.1/24", "dhcp"], &["10.0.0.1", "10.0.0.1/33", "auto"]),
            (&STORAGE_ID, &["nas", "nas-01.a"], &["n", "1nas", "nas-", "na/s"]),
            (&PATH, &["/mnt/data"], &["/", "mnt", "/a;b"]),
            (&DOWNLOAD_URL, &["https://example.org/a.iso"], &["ftp://example.org/a", "https://u:p@example.org/a", "a.iso", "https://a/b c"]),
            (&FILE_NAME, &["a_1.qcow2"], &["", ".a", "a b", "a/b", "a+b"]),
            (&DISK_SLOT, &["scsi30", "net0", "ide2"], &["scsi31", "scsi01", "floppy0"]),
        ];
        for (check, good, bad) in cases {
            good.iter().for_each(|text| assert_eq!((check.parse)(text).as_deref(), Ok(*text)));
            bad.iter().for_each(|text| assert!((check.parse)(text).is_err(), "{}: {text}", check.what));
        }
        assert_eq!((MAC.parse)("bc:24:11:aa:00:01").as_deref(), Ok("BC:24:11:AA:00:01"));
    }

    /// A block of YAML ends with a line break; Proxmox gives back lines without one.
    #[test]
    fn line_breaks_around_a_text_are_no_part_of_it() {
        assert_eq!((KEY.parse)("ssh-ed25519 AAAA ops@example\n").as_deref(), Ok("ssh-ed25519 AAAA ops@example"));
        assert!((KEY.parse)("ssh-ed25519 AAAA a\nssh-ed25519 BBBB b\n").is_err_and(|why| why.contains("an item of its own")));
        assert_eq!((NOTES.parse)("Ask ops first.\nThen wait.\n").as_deref(), Ok("Ask ops first.\nThen wait."));
        assert!((NOTES.parse)("\n").is_err());
    }

    #[test]
    fn hexadecimal_texts_have_one_form() {
        let print = ["ab"; 32].join(":");
        assert_eq!((FINGERPRINT.parse)(&print).as_deref(), Ok(print.to_uppercase().as_str()));
        let sum = format!("sha256:{}", "ab".repeat(32));
        for text in ["AB".repeat(32), sum.clone()] {
            assert_eq!((CHECKSUM.parse)(&text).as_deref(), Ok(sum.as_str()));
        }
        assert!((FINGERPRINT.parse)("AB:CD").is_err() && (CHECKSUM.parse)("abcd").is_err());
        assert!((CHECKSUM.parse)(&sum.replace("sha256", "sha512")).is_err());
    }

    #[test]
    fn slots_of_ours_are_not_free() {
        assert!(is_free_disk_slot("scsi0") && is_free_disk_slot("ide1") && !is_free_disk_slot("ide2"));
        assert!(is_further_network("net1") && !is_further_network("net0"));
        assert!(is_device_slot("hostpci0") && is_device_slot("usb3") && !is_device_slot("usb99"));
    }
}
