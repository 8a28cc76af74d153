//! How long does what take on the simulated clock?

/// Durations in milliseconds. They are round numbers of the right size, not measurements.
#[derive(Clone, Debug)]
pub struct Timing {
    /// A write to a configuration that allocates nothing.
    pub config_ms: u64,
    /// Making a volume, which holds the storage's lock.
    pub allocate_ms: u64,
    /// Deleting a volume, which holds the storage's lock.
    pub free_ms: u64,
    /// Copying a disk (full clone, move, import, migration of a local disk), for each GiB begun.
    pub copy_ms_per_gib: u64,
    /// What each create, clone, delete and migration takes beside its disks.
    pub base_ms: u64,
    /// Until the task of a clone has written the first lines of the new guest's configuration: before that nobody sees it.
    /// Source: qemu-server `API2/Qemu.pm:4615`.
    pub clone_begins_ms: u64,
    /// Until a node first tells of a new guest: before that the cluster's list has it without its name and its state. `pvestatd`
    /// looks every ten seconds. Source: pve-manager `PVE/API2Tools.pm` `extract_vm_stats`, pve-cluster `status.c:1443`.
    pub statistics_ms: u64,
    pub start_ms: u64,
    /// A hard stop.
    pub stop_ms: u64,
    /// How long a guest needs to shut down, unless the guest says otherwise.
    pub shutdown_ms: u64,
    /// Moving the memory of a running guest.
    pub live_migration_ms: u64,
    pub snapshot_ms: u64,
    pub download_ms: u64,
    pub network_reload_ms: u64,
    /// How long the HA manager takes to act.
    pub ha_ms: u64,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            config_ms: 20,
            allocate_ms: 500,
            free_ms: 300,
            copy_ms_per_gib: 1_000,
            base_ms: 500,
            clone_begins_ms: 0,
            statistics_ms: 0,
            start_ms: 1_500,
            stop_ms: 1_000,
            shutdown_ms: 4_000,
            live_migration_ms: 6_000,
            snapshot_ms: 1_000,
            download_ms: 5_000,
            network_reload_ms: 2_000,
            ha_ms: 3_000,
        }
    }
}

impl Timing {
    /// Everything at once; what needs a lock still takes it.
    pub fn instant() -> Self {
        Self {
            config_ms: 0,
            allocate_ms: 0,
            free_ms: 0,
            copy_ms_per_gib: 0,
            base_ms: 0,
            clone_begins_ms: 0,
            statistics_ms: 0,
            start_ms: 0,
            stop_ms: 0,
            shutdown_ms: 0,
            live_migration_ms: 0,
            snapshot_ms: 0,
            download_ms: 0,
            network_reload_ms: 0,
            ha_ms: 0,
        }
    }

    pub(crate) fn copy_ms(&self, size_bytes: u64) -> u64 {
        size_bytes.div_ceil(1 << 30) * self.copy_ms_per_gib
    }
}
