//! Where do the guests of a trial go? Nodes, storages and bridges that are there, as wished.

use std::collections::{BTreeMap, BTreeSet};

use engine_api::{EngineError, ErrorKind, Wishes};

use super::ATTEMPT;
use super::found::Source;
use crate::cluster::Cluster;
use crate::reader::{Node, Reader, Storage};

pub(super) struct Places<'a> {
    reader: Reader<'a>,
    /// Those that are online.
    nodes: Vec<Node>,
    storages: BTreeMap<String, Vec<Storage>>,
    node: Option<String>,
    other_node: Option<String>,
    storage: Option<String>,
}

impl<'a> Places<'a> {
    pub(super) async fn read(cluster: &Cluster<'a>, wishes: &Wishes) -> Result<Self, EngineError> {
        let reader = cluster.reader;
        let mut nodes = reader.nodes().await?;
        nodes.retain(|node| node.is_online);
        let wished = |name: &str| wishes.get(name).cloned();
        for name in ["node", "other_node"] {
            if let Some(node) = wished(name).filter(|wished| !nodes.iter().any(|node| node.name == *wished)) {
                let known: Vec<&str> = nodes.iter().map(|node| node.name.as_str()).collect();
                return Err(refused(format!("`{name}` is `{node}`, and these nodes are online: {}", known.join(", "))));
            }
        }
        let mut storages = BTreeMap::new();
        for node in &nodes {
            storages.insert(node.name.clone(), reader.storages(&node.name).await?);
        }
        let storage = wished("storage").or_else(|| cluster.options.disk_storage.clone());
        Ok(Self { reader, nodes, storages, node: wished("node"), other_node: wished("other_node"), storage })
    }

    pub(super) fn is_online(&self, node: &str) -> bool {
        self.nodes.iter().any(|known| known.name == node)
    }

    /// Whether a source there is as good as any: nobody wished for another node.
    pub(super) fn is_wished(&self, node: &str) -> bool {
        self.node.as_deref().is_none_or(|wished| wished == node)
    }

    /// The volumes of a kind, each with the first node that has it; those of the wished node first.
    pub(super) async fn volumes(&self, content: &str) -> Result<Vec<(String, String)>, EngineError> {
        let mut found: BTreeMap<String, String> = BTreeMap::new();
        let (wished, others): (Vec<&Node>, Vec<&Node>) = self.nodes.iter().partition(|node| self.is_wished(&node.name));
        for node in wished.into_iter().chain(others) {
            for storage in self.at(&node.name).filter(|storage| storage.is_active && storage.content.contains(content)) {
                for volume in self.reader.volumes(&node.name, &storage.name, content).await? {
                    found.entry(volume).or_insert_with(|| node.name.clone());
                }
            }
        }
        let mut volumes: Vec<(String, String)> = found.into_iter().map(|(volume, node)| (node, volume)).collect();
        volumes.sort_by_key(|(node, _)| !self.is_wished(node));
        Ok(volumes)
    }

    fn at(&self, node: &str) -> impl Iterator<Item = &Storage> {
        self.storages.get(node).into_iter().flatten()
    }

    pub(super) fn node_for(&self, source: &Source) -> Result<String, EngineError> {
        let first = || self.nodes.first().map(|node| node.name.clone());
        self.node.clone().or_else(|| source.node.clone()).or_else(first).ok_or_else(|| refused("no node of the cluster is online".to_owned()))
    }

    /// The wished storage, the target's own, or the first active one of the node that takes such disks.
    pub(super) async fn storage(&self, node: &str, content: &str) -> Result<String, EngineError> {
        let fits = |storage: &&Storage| storage.is_active && storage.content.contains(content);
        let mut fitting = self.at(node).filter(fits).map(|storage| storage.name.clone());
        match &self.storage {
            None => fitting.next(),
            Some(wished) => fitting.find(|name| name == wished),
        }
        .ok_or_else(|| {
            let which = self.storage.as_ref().map_or("no active storage".to_owned(), |wished| format!("no active storage `{wished}`"));
            let others: Vec<&str> = self.at(node).filter(fits).map(|storage| storage.name.as_str()).collect();
            let hint = if others.is_empty() {
                "choose another node with `--set node=...`".to_owned()
            } else {
                format!("name one with `--set storage=...`: {}", others.join(", "))
            };
            refused(format!("`{node}` has {which} that takes `{content}`; {hint}"))
        })
    }

    pub(super) async fn bridges(&self, node: &str) -> Result<BTreeSet<String>, EngineError> {
        self.reader.bridges(node).await
    }

    /// Another node with these storages, each for this content, and with one of the bridges.
    pub(super) async fn other_node(&self, node: &str, needed: &[(String, &str)], bridges: &BTreeSet<String>) -> Result<Option<String>, EngineError> {
        let has = |other: &str, name: &str, content: &str| {
            self.at(other).any(|storage| storage.name == name && storage.is_active && storage.content.contains(content))
        };
        for other in self.nodes.iter().map(|known| known.name.as_str()).filter(|other| *other != node) {
            let is_wished = self.other_node.as_deref().is_none_or(|wished| wished == other);
            if is_wished && needed.iter().all(|(name, content)| has(other, name, content)) {
                let theirs = self.bridges(other).await?;
                if bridges.is_empty() || !bridges.is_disjoint(&theirs) {
                    return Ok(Some(other.to_owned()));
                }
            }
        }
        match &self.other_node {
            Some(wished) => Err(refused(format!("`{wished}` has not the storages and bridges that are needed, or is where the guest is made"))),
            None => Ok(None),
        }
    }

    /// One that both nodes have.
    pub(super) async fn bridge(&self, bridges: &BTreeSet<String>, other_node: Option<&str>) -> Result<Option<String>, EngineError> {
        let theirs = match other_node {
            Some(other) => self.bridges(other).await?,
            None => bridges.clone(),
        };
        Ok(bridges.intersection(&theirs).next().cloned())
    }
}

fn refused(why: String) -> EngineError {
    EngineError::new(ErrorKind::Rejected, ATTEMPT, why)
}
