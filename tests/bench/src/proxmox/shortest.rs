//! How short can an apply be? What the tasks of a cluster take, one after the other where a lock or the engine's bounds say so.

use std::time::Duration;

use test_sim_proxmox::Timing;

/// How many machines the engine lets a node copy at the same time (`engines/proxmox/src/bounds.rs`).
pub(crate) const COPIES_AT_A_TIME: usize = 4;
const TEMPLATE_GIB: u64 = 8;

/// Copies of five seconds, half a second of them under the storage's lock; then a write and a start.
pub(crate) fn timing() -> Timing {
    Timing { base_ms: 500, allocate_ms: 500, copy_ms_per_gib: 4_000 / TEMPLATE_GIB, config_ms: 20, start_ms: 1_500, ..Timing::default() }
}

/// For so many machines on each node. No order of equal tasks is shorter than one after the other as turns become free.
pub(crate) fn apply(timing: &Timing, machines_by_node: &[usize]) -> Duration {
    Duration::from_millis(machines_by_node.iter().map(|machines| on_node(timing, *machines)).max().unwrap_or_default())
}

fn on_node(timing: &Timing, machines: usize) -> u64 {
    let mut turns = [0; COPIES_AT_A_TIME];
    let (mut lock_free_ms, mut end_ms) = (0, 0);
    for _ in 0..machines {
        turns.sort_unstable();
        lock_free_ms = lock_free_ms.max(turns[0] + timing.base_ms) + timing.allocate_ms;
        turns[0] = lock_free_ms + TEMPLATE_GIB * timing.copy_ms_per_gib;
        end_ms = end_ms.max(turns[0] + timing.config_ms + timing.start_ms);
    }
    end_ms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_and_the_lock_hold_machines_back() {
        let [one, two, four, five] = [1, 2, 4, 5].map(|machines| on_node(&timing(), machines));
        assert_eq!((one, two, four), (6_520, 7_020, 8_020));
        assert_eq!(five, one + 5_000, "the first turn is free again when its copy is whole");
        assert_eq!(apply(&timing(), &[1, 5, 4]), Duration::from_millis(five));
    }
}
