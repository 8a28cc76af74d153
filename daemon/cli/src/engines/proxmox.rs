//! Proxmox VE clusters, each by the API of one of its nodes.

use std::ops::RangeInclusive;
use std::sync::Arc;

use engine_api::{Engine, EngineError, ErrorKind};
use engine_proxmox::{Credential, Proxmox, ProxmoxOptions};

use super::{Provider, Reach, Setting};

pub(super) const PROVIDER: Provider = Provider {
    name: engine_proxmox::PROVIDER,
    types: || engine_proxmox::types().to_vec(),
    check_endpoint,
    is_networked: true,
    settings: &[
        Setting { name: VMIDS, example: "10000-99999", check: |text| vmids(text).map(drop) },
        Setting { name: DISK_STORAGE, example: "local-lvm", check: storage },
        Setting { name: ISO_STORAGE, example: "local", check: storage },
    ],
    place: None,
    import_text: None,
    connect,
};

const VMIDS: &str = "vmids";
const DISK_STORAGE: &str = "disk_storage";
const ISO_STORAGE: &str = "iso_storage";

fn check_endpoint(endpoint: &str) -> Result<(), &'static str> {
    let host = endpoint.strip_prefix("https://").map(|rest| rest.trim_end_matches('/'));
    let is_bare = host.is_some_and(|host| !host.is_empty() && !host.contains(['/', '@', '?', '#', ' ']));
    if is_bare { Ok(()) } else { Err("the address of a node: https://pve1.example:8006") }
}

/// Where the numbers of new machines are taken from.
fn vmids(text: &str) -> Result<RangeInclusive<u32>, &'static str> {
    let range = text.split_once('-').and_then(|(first, last)| Some(first.trim().parse().ok()?..=last.trim().parse().ok()?));
    let is_possible = |range: &RangeInclusive<u32>| *range.start() >= 100 && *range.end() <= 999_999_999 && range.start() < range.end();
    range.filter(is_possible).ok_or("is no range of numbers between 100 and 999999999")
}

fn storage(text: &str) -> Result<(), &'static str> {
    let is_name = !text.is_empty() && text.chars().all(|letter| letter.is_ascii_alphanumeric() || "._-".contains(letter));
    if is_name { Ok(()) } else { Err("is not the name of a storage") }
}

fn connect(reach: Reach<'_>) -> Result<Arc<dyn Engine>, EngineError> {
    let target = reach.target;
    let refused = |why: &str| EngineError::new(ErrorKind::Rejected, format!("connect to the target `{}`", target.name), why);
    let credential = reach.credential.ok_or_else(|| refused("it has no `user` and `password`: make an API token for the daemon"))?;
    let endpoints = std::iter::once(&target.endpoint).chain(&target.other_endpoints).cloned().collect();
    let mut options = ProxmoxOptions::new(endpoints, Credential::new(credential.user, credential.password)?, reach.trust, &target.owner_id);
    if let Some(range) = target.settings.get(VMIDS) {
        options.vmid_range = vmids(range).map_err(refused)?;
    }
    options.disk_storage = target.settings.get(DISK_STORAGE).cloned();
    options.iso_storage = target.settings.get(ISO_STORAGE).cloned();
    Ok(Arc::new(Proxmox::connect(options)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_and_settings_are_checked() {
        assert_eq!((check_endpoint("https://pve1:8006"), check_endpoint("https://pve1:8006/").is_ok()), (Ok(()), true));
        for bad in ["http://pve1:8006", "https://", "https://pve1/api2", "https://root@pve1"] {
            assert!(check_endpoint(bad).is_err(), "{bad}");
        }
        assert_eq!(vmids("1000 - 1999"), Ok(1_000..=1_999));
        for bad in ["", "1000", "99-1000", "2000-1000"] {
            assert!(vmids(bad).is_err(), "{bad}");
        }
        assert!(storage("local-lvm").is_ok() && storage("a b").is_err());
    }
}
