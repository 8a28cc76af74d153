//! Who holds which lock, and who waits for it?
//!
//! A guest's lock is a file lock on its configuration; a storage's is a file lock, or one of the cluster file system where the storage
//! is shared. Waiters are served in the order in which they came.

use std::collections::BTreeMap;

/// What is locked.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum LockKey {
    Qemu(u32),
    Lxc(u32),
    /// A storage of one node.
    Storage {
        node: String,
        storage: String,
    },
    /// A storage that all nodes share.
    SharedStorage(String),
}

impl LockKey {
    /// The words of a wait that took too long. Sources: pve-common `PVE::Tools::lock_file_full`, pve-cluster `cfs_lock`.
    pub(crate) fn timed_out(&self) -> String {
        match self {
            Self::Qemu(vmid) => format!("can't lock file '/var/lock/qemu-server/lock-{vmid}.conf' - got timeout"),
            Self::Lxc(vmid) => format!("can't lock file '/run/lock/lxc/pve-config-{vmid}.lock' - got timeout"),
            Self::Storage { storage, .. } => format!("can't lock file '/var/lock/pve-manager/pve-storage-{storage}' - got timeout"),
            Self::SharedStorage(storage) => format!("cfs-lock 'storage-{storage}' error: got lock request timeout"),
        }
    }

    fn name(&self) -> String {
        match self {
            Self::Qemu(vmid) | Self::Lxc(vmid) => format!("guest {vmid}"),
            Self::Storage { node, storage } => format!("storage {storage} on {node}"),
            Self::SharedStorage(storage) => format!("storage {storage}"),
        }
    }
}

/// A wait for a lock that had to be waited for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockWait {
    /// `guest 100`, `storage local-lvm on pve1` or `storage ceph`.
    pub lock: String,
    pub waited_ms: u64,
    pub timed_out: bool,
}

#[derive(Debug)]
struct Claim {
    job: u64,
    shared: bool,
    since_ms: u64,
    deadline_ms: u64,
}

#[derive(Debug, Default)]
struct Lock {
    held: Vec<Claim>,
    waiting: Vec<Claim>,
}

#[derive(Debug, Default)]
pub(crate) struct Locks {
    locks: BTreeMap<LockKey, Lock>,
}

/// What became of a claim.
pub(crate) enum Claimed {
    Held,
    Waiting { deadline_ms: u64 },
    TimedOut,
}

impl Locks {
    /// Asks for a lock, or asks again what became of it. `waits` gets a line when a wait is over.
    pub(crate) fn claim(&mut self, key: &LockKey, job: u64, shared: bool, timeout_ms: u64, now_ms: u64, waits: &mut Vec<LockWait>) -> Claimed {
        let lock = self.locks.entry(key.clone()).or_default();
        if lock.held.iter().any(|claim| claim.job == job) {
            return Claimed::Held;
        }
        let place = match lock.waiting.iter().position(|claim| claim.job == job) {
            Some(place) => place,
            None => {
                lock.waiting.push(Claim { job, shared, since_ms: now_ms, deadline_ms: now_ms + timeout_ms });
                lock.waiting.len() - 1
            }
        };
        let compatible = |claims: &[Claim]| claims.is_empty() || (shared && claims.iter().all(|claim| claim.shared));
        let free = compatible(&lock.held) && compatible(&lock.waiting[..place]);
        let claim = &lock.waiting[place];
        let waited_ms = now_ms - claim.since_ms;
        let timed_out = !free && now_ms >= claim.deadline_ms;
        if !free && !timed_out {
            return Claimed::Waiting { deadline_ms: claim.deadline_ms };
        }
        let claim = lock.waiting.remove(place);
        if waited_ms > 0 || timed_out {
            waits.push(LockWait { lock: key.name(), waited_ms, timed_out });
        }
        if timed_out {
            return Claimed::TimedOut;
        }
        lock.held.push(claim);
        Claimed::Held
    }

    pub(crate) fn release(&mut self, key: &LockKey, job: u64) {
        if let Some(lock) = self.locks.get_mut(key) {
            lock.held.retain(|claim| claim.job != job);
        }
    }

    /// Forgets every claim of a job.
    pub(crate) fn release_all(&mut self, job: u64) {
        for lock in self.locks.values_mut() {
            lock.held.retain(|claim| claim.job != job);
            lock.waiting.retain(|claim| claim.job != job);
        }
        self.locks.retain(|_, lock| !lock.held.is_empty() || !lock.waiting.is_empty());
    }
}
