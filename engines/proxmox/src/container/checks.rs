//! Which texts does Proxmox VE take for containers alone?

use core_model::schema::Check;

use crate::checks::{check, refused_unless, slot_number};

const MOUNTS_MAX: u32 = 256;
/// The slot of the file system that everything else is mounted in.
pub(crate) const ROOT: &str = "rootfs";

/// `pve-lxc-mp-string`, from the root on.
pub(crate) const MOUNT_PATH: Check = check("a path", "/var/lib/postgresql", |text| {
    let is_path = text.starts_with('/') && text.len() > 1 && !text.contains([',', '=', '\n']);
    let is_straight = !text.split('/').any(|part| matches!(part, "." | ".."));
    refused_unless(is_path && is_straight, text, "is no path from the root on, without `.` and `..`")
});
pub(crate) const INTERFACE: Check = check("a name of a network device", "eth0", |text| {
    let is_name = (1..=15).contains(&text.len()) && text.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_.".contains(letter));
    refused_unless(is_name, text, "is no name of a network device")
});
/// A type as `mount` takes it.
pub(crate) const FILE_SYSTEM: Check = check("a file system", "nfs", |text| {
    let is_type = !text.is_empty() && text.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
    refused_unless(is_type, text, "is no type of a file system")
});
/// An IPv6 address with a prefix length, or the words `dhcp` and `auto`.
pub(crate) const IPV6: Check = check("an IPv6 address with a prefix length, dhcp or auto", "2001:db8::11/64", |text| {
    let address = text.split_once('/').and_then(|(address, prefix)| Some((address.parse::<std::net::Ipv6Addr>().ok()?, prefix.parse::<u8>().ok()?)));
    match address {
        Some((address, prefix)) if prefix <= 128 => Ok(format!("{address}/{prefix}")),
        _ => refused_unless(matches!(text, "dhcp" | "auto"), text, "is neither an IPv6 address with a prefix length nor `dhcp` or `auto`"),
    }
});

pub(crate) fn is_mount_slot(text: &str) -> bool {
    text == ROOT || slot_number(text, "mp").is_some_and(|number| number < MOUNTS_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_those_that_proxmox_takes() {
        let cases: [(&Check, &[&str], &[&str]); 4] = [
            (&MOUNT_PATH, &["/srv", "/var/lib/my data"], &["srv", "/", "/srv/../etc", "/a,b"]),
            (&INTERFACE, &["eth0", "lan.20"], &["", "a-name-that-is-too-long", "e h"]),
            (&FILE_SYSTEM, &["nfs", "ext4"], &["", "nfs;cifs"]),
            (&IPV6, &["2001:db8::1/64", "dhcp", "auto"], &["10.0.0.1/24", "2001:db8::1", "2001:db8::1/129"]),
        ];
        for (check, good, bad) in cases {
            good.iter().for_each(|text| assert_eq!((check.parse)(text).as_deref(), Ok(*text)));
            bad.iter().for_each(|text| assert!((check.parse)(text).is_err(), "{}: {text}", check.what));
        }
        assert_eq!((IPV6.parse)("2001:DB8:0:0::1/64").as_deref(), Ok("2001:db8::1/64"));
        assert!(is_mount_slot("rootfs") && is_mount_slot("mp255") && !is_mount_slot("mp256") && !is_mount_slot("scsi0"));
    }
}
