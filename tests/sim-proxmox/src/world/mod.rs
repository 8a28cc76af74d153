//! What is in the simulated cluster?
//!
//! The fields are public: a test seeds and inspects the world through `Cluster::change` and `Cluster::inspect`. Nothing here
//! knows HTTP.

mod access;
mod firewall;
mod guest;
mod lock;
mod network;
mod node;
mod seed;
mod storage;
mod task;
mod timing;

use std::collections::BTreeMap;

use serde_json::Value;

pub(crate) use access::prefixes;
pub use access::{AclEntry, Token, User};
pub(crate) use firewall::digest;
pub use firewall::{Entry, Firewall, Group, IpSet, Rule};
pub use guest::{Guest, GuestKind, Running, Snapshot};
pub(crate) use guest::{is_volume_option, volume_of};
pub use lock::LockWait;
pub use network::Interface;
pub use node::{Node, Pool};
pub(crate) use storage::Download;
pub use storage::{DiskSize, Storage, Volume, VolumeKey};
pub use task::Task;
pub use timing::Timing;

pub(crate) use lock::{Claimed, LockKey, Locks};

use crate::clock::START_MS;
use crate::job::Jobs;

/// The whole cluster.
#[derive(Debug)]
pub struct World {
    /// The simulated time in milliseconds since the Unix epoch.
    pub now_ms: u64,
    pub cluster_name: String,
    /// Without a quorum every write is refused and nothing starts.
    pub quorate: bool,
    pub nodes: BTreeMap<String, Node>,
    pub guests: BTreeMap<u32, Guest>,
    pub storages: BTreeMap<String, Storage>,
    pub volumes: BTreeMap<VolumeKey, Volume>,
    pub pools: BTreeMap<String, Pool>,
    pub users: BTreeMap<String, User>,
    /// By `user@realm!name`.
    pub tokens: BTreeMap<String, Token>,
    pub acl: Vec<AclEntry>,
    /// Built-in roles and those of a test, with their privileges.
    pub roles: BTreeMap<String, Vec<String>>,
    pub firewall: Firewall,
    /// HA resources by their id, `vm:100`, as the API shows them.
    pub ha: BTreeMap<String, BTreeMap<String, String>>,
    /// `datacenter.cfg`.
    pub options: BTreeMap<String, String>,
    /// Every task since the start, in the order of their start.
    pub tasks: Vec<Task>,
    /// Every wait for a lock, over or given up.
    pub lock_waits: Vec<LockWait>,
    pub timing: Timing,
    /// Files that `download-url` finds: URL -> size in bytes. Another URL of a known host is not found there; another host cannot be
    /// reached. A size of zero stands for a server that does not say it.
    pub downloads: BTreeMap<String, u64>,
    /// What stands for the bytes of a download, whose checksum it has: by URL, which is its own text where nothing is said.
    pub download_texts: BTreeMap<String, String>,
    /// Container templates that `aplinfo` offers.
    pub appliances: Vec<String>,
    pub(crate) locks: Locks,
    pub(crate) jobs: Jobs,
    pub(crate) serial: u64,
}

impl World {
    /// One cluster `lab` of these nodes, each with `local` (directory) and `local-lvm` (thin LVM), `vmbr0`, and the user `root@pam`.
    pub(crate) fn new(nodes: &[String]) -> Self {
        let mut world = Self {
            now_ms: START_MS,
            cluster_name: "lab".to_owned(),
            quorate: true,
            nodes: BTreeMap::new(),
            guests: BTreeMap::new(),
            storages: Storage::defaults(),
            volumes: BTreeMap::new(),
            pools: BTreeMap::new(),
            users: User::defaults(),
            tokens: BTreeMap::new(),
            acl: Vec::new(),
            roles: access::built_in_roles(),
            firewall: Firewall::default(),
            ha: BTreeMap::new(),
            options: BTreeMap::new(),
            tasks: Vec::new(),
            lock_waits: Vec::new(),
            timing: Timing::default(),
            downloads: BTreeMap::new(),
            download_texts: BTreeMap::new(),
            appliances: vec!["debian-13-standard_13.1-2_amd64.tar.zst".to_owned(), "alpine-3.22-default_20250617_amd64.tar.xz".to_owned()],
            locks: Locks::default(),
            jobs: Jobs::default(),
            serial: 0,
        };
        for name in nodes {
            world.nodes.insert(name.clone(), Node::new(world.nodes.len() as u32 + 1));
        }
        world
    }

    /// The guest of this id, on whatever node.
    pub fn guest(&self, vmid: u32) -> Option<&Guest> {
        self.guests.get(&vmid)
    }

    /// The numbers of a run that a test wants to bound; see `Concurrency`.
    pub fn concurrency(&self) -> Concurrency {
        Concurrency::of(&self.tasks)
    }

    /// The tasks of one kind (`qmclone`), in the order of their start.
    pub fn tasks_of<'world>(&'world self, kind: &'world str) -> impl Iterator<Item = &'world Task> {
        self.tasks.iter().filter(move |task| task.kind == kind)
    }

    /// A number that was not given before; it makes what a real cluster draws at random.
    pub(crate) fn next_serial(&mut self) -> u64 {
        self.serial += 1;
        self.serial
    }

    pub(crate) fn now_s(&self) -> u64 {
        self.now_ms / 1000
    }
}

/// How many tasks ran at the same time, at most.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Concurrency {
    pub tasks_max: usize,
    pub tasks_max_by_node: BTreeMap<String, usize>,
    /// By kind of task, `qmclone`.
    pub tasks_max_by_kind: BTreeMap<String, usize>,
    /// By the guest the task is for.
    pub tasks_max_by_id: BTreeMap<String, usize>,
}

impl Concurrency {
    fn of(tasks: &[Task]) -> Self {
        Self {
            tasks_max: overlap(tasks.iter()),
            tasks_max_by_node: grouped(tasks, |task| &task.node),
            tasks_max_by_kind: grouped(tasks, |task| &task.kind),
            tasks_max_by_id: grouped(tasks, |task| &task.id),
        }
    }
}

fn grouped(tasks: &[Task], key: impl Fn(&Task) -> &String) -> BTreeMap<String, usize> {
    let mut groups: BTreeMap<String, Vec<&Task>> = BTreeMap::new();
    for task in tasks {
        groups.entry(key(task).clone()).or_default().push(task);
    }
    groups.into_iter().map(|(name, tasks)| (name, overlap(tasks.into_iter()))).collect()
}

/// The most tasks that overlap; one that ends when another starts does not overlap it.
fn overlap<'task>(tasks: impl Iterator<Item = &'task Task>) -> usize {
    let mut moments: Vec<(u64, i64)> = tasks.flat_map(|task| [(task.started_ms, 1), (task.ended_ms.unwrap_or(u64::MAX), -1)]).collect();
    moments.sort_unstable();
    let mut running = 0;
    let mut most = 0;
    for (_, step) in moments {
        running += step;
        most = most.max(running);
    }
    usize::try_from(most).unwrap_or_default()
}

/// Text of a JSON scalar, as a form would carry it.
pub(crate) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(flag) => Some(if *flag { "1" } else { "0" }.to_owned()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}
