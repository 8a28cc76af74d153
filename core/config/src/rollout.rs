//! How many of a set change at a time? Resources of one `each` with `lifecycle.rollout` wait for each other, in the order of
//! their addresses.
//!
//! The order is made of dependencies like any other: they are reviewed as what a step waits for, and what waits for a failed
//! step does not begin.

use std::collections::BTreeMap;

use core_model::Span;

use crate::resolve::Edges;
use crate::resource::Decoded;

/// Lets each resource of a set wait for the one that is `rollout` places before it.
pub(crate) fn add_waits(decoded: &[Decoded], edges: &mut Edges) {
    let mut sets: BTreeMap<(&Span, u32), Vec<(String, usize)>> = BTreeMap::new();
    for (place, resource) in decoded.iter().enumerate().filter_map(|(place, decoded)| Some((place, decoded.resource.as_ref()?))) {
        if let Some(rollout) = resource.lifecycle.rollout {
            sets.entry((&resource.declared_at, rollout)).or_default().push((resource.address.to_string(), place));
        }
    }
    for ((span, rollout), mut set) in sets {
        set.sort();
        let width = usize::try_from(rollout).unwrap_or(usize::MAX).max(1);
        for (earlier, later) in set.iter().zip(set.iter().skip(width)) {
            let (earlier, later) = (earlier.1, later.1);
            // An order that the author has written goes before this one.
            if !waits_for(edges, earlier, later) {
                edges[later].entry(earlier).or_insert_with(|| span.clone());
            }
        }
    }
}

/// Whether `from` waits for `to`, directly or by others.
fn waits_for(edges: &Edges, from: usize, to: usize) -> bool {
    let (mut seen, mut open) = (vec![false; edges.len()], vec![from]);
    while let Some(place) = open.pop() {
        if place == to {
            return true;
        }
        if !std::mem::replace(&mut seen[place], true) {
            open.extend(edges[place].keys());
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_is_found_through_others() {
        let at = Span::new("blueprints/rack.yaml", 1, 1);
        let edges: Edges = vec![BTreeMap::from([(1, at.clone())]), BTreeMap::from([(2, at)]), BTreeMap::new()];
        assert!(waits_for(&edges, 0, 2), "a rollout that lets 2 wait for 0 would close a circle");
        assert!(!waits_for(&edges, 2, 0));
    }
}
