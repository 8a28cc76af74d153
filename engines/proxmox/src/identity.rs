//! Which number and which hardware address does a new machine get? Both follow from its address, so that two open pull
//! requests do not take each other's, and a machine that is made again is the same to its neighbours.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use core_model::Marker;
use sha2::{Digest, Sha256};

/// The VMIDs to try, in order: where the hash of the address points, then the next ones, each once.
pub(crate) fn vmid_candidates(marker: &Marker, range: &RangeInclusive<u32>) -> impl Iterator<Item = u32> + use<> {
    let (first, last) = (*range.start(), *range.end());
    let count = u64::from(last.saturating_sub(first)) + 1;
    let start = hash_number(&format!("vmid {marker}")) % count;
    (0..count).filter_map(move |step| u32::try_from((start + step) % count).ok().map(|offset| first + offset))
}

/// The first candidate that nobody has.
pub(crate) fn free_vmid(marker: &Marker, range: &RangeInclusive<u32>, taken: &BTreeSet<u32>) -> Option<u32> {
    vmid_candidates(marker, range).find(|candidate| !taken.contains(candidate))
}

/// A locally administered address: 40 bits of hash, so that ten thousand machines share none.
pub(crate) fn mac_address(marker: &Marker, interface: &str) -> String {
    let digest = Sha256::digest(format!("mac {marker} {interface}"));
    let bytes: Vec<String> = std::iter::once(0x02).chain(digest.iter().copied().take(5)).map(|byte: u8| format!("{byte:02X}")).collect();
    bytes.join(":")
}

fn hash_number(text: &str) -> u64 {
    let digest = Sha256::digest(text);
    digest.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marker(resource: &str) -> Marker {
        format!("6f0c2a9e/prod/shop.{resource}").parse().expect("a marker")
    }

    #[test]
    fn numbers_follow_from_the_address() {
        let range = 10_000..=99_999;
        let nobody = BTreeSet::new();
        let first = free_vmid(&marker("web"), &range, &nobody).expect("a free number");
        assert_eq!(free_vmid(&marker("web"), &range, &nobody), Some(first));
        assert_ne!(free_vmid(&marker("db"), &range, &nobody), Some(first));
        assert!(range.contains(&first));
    }

    #[test]
    fn a_taken_number_gives_way_to_the_next_and_a_full_range_has_none() {
        let range = 100..=102;
        let candidates: Vec<u32> = vmid_candidates(&marker("web"), &range).collect();
        assert_eq!(candidates.iter().collect::<BTreeSet<_>>().len(), 3);
        let taken = BTreeSet::from([candidates[0]]);
        assert_eq!(free_vmid(&marker("web"), &range, &taken), Some(candidates[1]));
        assert_eq!(free_vmid(&marker("web"), &range, &range.clone().collect()), None);
    }

    #[test]
    fn hardware_addresses_are_locally_administered_and_single() {
        let mac = mac_address(&marker("web"), "net0");
        assert!(mac.starts_with("02:") && mac.len() == 17);
        assert_ne!(mac, mac_address(&marker("web"), "net1"));
    }
}
