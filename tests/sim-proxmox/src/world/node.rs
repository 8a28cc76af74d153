//! What is a node, and what is a pool?

use std::collections::{BTreeMap, BTreeSet};

use super::network::Interface;

/// One machine of the cluster.
#[derive(Clone, Debug)]
pub struct Node {
    pub node_id: u32,
    /// Off: requests for it answer 595, its guests show `unknown`.
    pub online: bool,
    /// Nothing was heard of its guests for five minutes, because it is off or its `pvestatd` hangs: lists have them without a name.
    /// Source: pve-cluster `status.c:1443`, pve-manager `PVE/API2Tools.pm` `extract_vm_stats`.
    pub silent: bool,
    pub cores: u32,
    pub memory_bytes: u64,
    /// In use beside the guests.
    pub memory_used_bytes: u64,
    pub network: BTreeMap<String, Interface>,
    /// What `/etc/network/interfaces.new` says, if something is staged.
    pub network_staged: Option<BTreeMap<String, Interface>>,
    /// A test's switch: an applied network without one of these bridges takes the node off the network.
    pub network_needs: BTreeSet<String>,
    /// A test's switch: an applied network without one of these interfaces leaves the node in the cluster, but its own address
    /// no longer answers.
    pub direct_way_needs: BTreeSet<String>,
    pub answers_directly: bool,
    pub firewall: super::Firewall,
}

impl Node {
    pub(crate) fn new(node_id: u32) -> Self {
        Self {
            node_id,
            online: true,
            silent: false,
            cores: 16,
            memory_bytes: 64 << 30,
            memory_used_bytes: 2 << 30,
            network: Interface::defaults(node_id),
            network_staged: None,
            network_needs: BTreeSet::new(),
            direct_way_needs: BTreeSet::new(),
            answers_directly: true,
            firewall: super::Firewall::default(),
        }
    }
}

/// A named set of guests and storages.
#[derive(Clone, Debug, Default)]
pub struct Pool {
    pub comment: String,
    pub guests: BTreeSet<u32>,
    pub storages: BTreeSet<String>,
}
