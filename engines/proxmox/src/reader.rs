//! What does a cluster say? Every read, with what was attempted in its error.

mod guest;
mod network;
mod permissions;
mod pool;
mod scalar;
mod snapshot;
mod stored;

use std::collections::BTreeSet;

use engine_api::{EngineError, ErrorKind};
use serde_json::Value;

use crate::client::Client;
use crate::config::{Config, text_of};
use crate::fault;
use crate::guest::Located;
use crate::shared::Shared;

pub(crate) use guest::Guest;
pub(crate) use network::{Interface, Network, NodeStatus};
pub(crate) use pool::Pool;
pub(crate) use snapshot::Snapshot;
pub(crate) use stored::{Definition, Remote, Stored};

/// Reads of one cluster. It holds no way to change anything.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a> {
    client: &'a Client,
    guests: &'a Shared<Vec<Guest>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Node {
    pub(crate) name: String,
    pub(crate) is_online: bool,
    pub(crate) memory_free: Option<u64>,
    pub(crate) processors: Option<u64>,
}

/// A storage as one node sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Storage {
    pub(crate) name: String,
    /// `images`, `iso`, `import`, ...
    pub(crate) content: BTreeSet<String>,
    pub(crate) is_active: bool,
    pub(crate) is_shared: bool,
    pub(crate) bytes_free: Option<u64>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(client: &'a Client, guests: &'a Shared<Vec<Guest>>) -> Self {
        Self { client, guests }
    }

    pub(crate) async fn read(&self, attempt: &str, path: &str, query: &[(&str, &str)]) -> Result<Value, EngineError> {
        Ok(self.client.get(attempt, path, query).await?.data)
    }

    pub(crate) async fn list(&self, attempt: &str, path: &str, query: &[(&str, &str)]) -> Result<Vec<Value>, EngineError> {
        match self.read(attempt, path, query).await? {
            Value::Array(items) => Ok(items),
            _ => Err(fault::senseless(attempt, "the answer is not a list")),
        }
    }

    /// `9.2.1`.
    pub(crate) async fn version(&self) -> Result<String, EngineError> {
        let attempt = "read the version of Proxmox VE";
        let data = self.read(attempt, "/version", &[]).await?;
        text(&data, "version").ok_or_else(|| fault::senseless(attempt, "the answer holds no version"))
    }

    /// `cluster lab`, or `node pve1` where there is no cluster.
    pub(crate) async fn identity(&self) -> Result<String, EngineError> {
        let attempt = "learn which cluster this is";
        let entries = self.list(attempt, "/cluster/status", &[]).await?;
        let named = |kind: &str| entries.iter().find(|entry| text(entry, "type").as_deref() == Some(kind)).and_then(|entry| text(entry, "name"));
        let cluster = named("cluster").map(|name| format!("cluster {name}"));
        cluster
            .or_else(|| named("node").map(|name| format!("node {name}")))
            .ok_or_else(|| fault::senseless(attempt, "the answer names neither cluster nor node"))
    }

    pub(crate) async fn nodes(&self) -> Result<Vec<Node>, EngineError> {
        let entries = self.list("list the nodes", "/nodes", &[]).await?;
        let node = |entry: &Value| {
            let used = entry.get("mem").and_then(Value::as_u64);
            let all = entry.get("maxmem").and_then(Value::as_u64);
            Some(Node {
                name: text(entry, "node")?,
                is_online: text(entry, "status").as_deref() == Some("online"),
                memory_free: all.zip(used).map(|(all, used)| all.saturating_sub(used)),
                processors: entry.get("maxcpu").and_then(Value::as_u64),
            })
        };
        let mut nodes: Vec<Node> = entries.iter().filter_map(node).collect();
        nodes.sort_by(|left, right| left.name.cmp(&right.name));
        Ok(nodes)
    }

    /// The configuration with what waits for a restart in it. `None` when there is no such guest on the node.
    pub(crate) async fn config(&self, guest: &impl Located) -> Result<Option<Config>, EngineError> {
        let attempt = format!("read the {} {}", guest.kind().noun(), guest.vmid());
        let data = found(self.read(&attempt, &guest.path("/config"), &[]).await)?;
        Ok(data.map(|data| Config::of(&data)))
    }

    /// The options that wait for a restart.
    pub(crate) async fn pending(&self, guest: &impl Located) -> Result<Vec<String>, EngineError> {
        let attempt = format!("read what waits on the {} {}", guest.kind().noun(), guest.vmid());
        let rows = self.list(&attempt, &guest.path("/pending"), &[]).await?;
        let waits = |row: &&Value| row.get("pending").is_some() || row.get("delete").is_some_and(|delete| text_of(delete) != "0");
        Ok(rows.iter().filter(waits).filter_map(|row| text(row, "key")).collect())
    }

    /// What keeps a machine on its node: images in its drive and devices that only this node has. The cloud-init drive is made
    /// anew where it goes.
    pub(crate) async fn bound_to_node(&self, guest: &Guest) -> Result<Vec<String>, EngineError> {
        let attempt = format!("ask whether the {} {} can migrate", guest.kind.noun(), guest.vmid);
        let data = self.read(&attempt, &guest.path("/migrate"), &[]).await?;
        let items = |name: &str| data.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
        let is_set = |disk: &Value, name: &str| disk.get(name).map(text_of).as_deref() == Some("1");
        let is_medium = |disk: &&Value| is_set(disk, "cdrom") && !is_set(disk, "is_cloudinit");
        let media = items("local_disks").iter().filter(is_medium).filter_map(|disk| text(disk, "volid")).collect::<Vec<_>>();
        Ok(media.into_iter().chain(items("local_resources").iter().map(text_of)).collect())
    }

    /// Whether it runs, as its node says it now; the list of guests may be some seconds old.
    pub(crate) async fn is_running(&self, guest: &impl Located) -> Result<bool, EngineError> {
        let attempt = format!("read the state of the {} {}", guest.kind().noun(), guest.vmid());
        let data = self.read(&attempt, &guest.path("/status/current"), &[]).await?;
        Ok(text(&data, "status").as_deref() == Some("running"))
    }

    /// The storages of a node.
    pub(crate) async fn storages(&self, node: &str) -> Result<Vec<Storage>, EngineError> {
        let entries = self.list(&format!("list the storages of `{node}`"), &format!("/nodes/{node}/storage"), &[]).await?;
        let is_set = |entry: &Value, name: &str| entry.get(name).map(text_of).as_deref() == Some("1");
        let storage = |entry: &Value| {
            Some(Storage {
                name: text(entry, "storage")?,
                content: text(entry, "content").unwrap_or_default().split(',').map(|word| word.trim().to_owned()).collect(),
                is_active: is_set(entry, "active") && (entry.get("enabled").is_none() || is_set(entry, "enabled")),
                is_shared: is_set(entry, "shared"),
                bytes_free: entry.get("avail").and_then(Value::as_u64),
            })
        };
        let mut storages: Vec<Storage> = entries.iter().filter_map(storage).collect();
        storages.sort_by(|left, right| left.name.cmp(&right.name));
        Ok(storages)
    }

    /// The volumes of a kind on a storage, `local:import/debian-12.qcow2`.
    pub(crate) async fn volumes(&self, node: &str, storage: &str, content: &str) -> Result<Vec<String>, EngineError> {
        let path = format!("/nodes/{node}/storage/{storage}/content");
        let entries = self.list(&format!("list what is on `{storage}`"), &path, &[("content", content)]).await?;
        Ok(entries.iter().filter_map(|entry| text(entry, "volid")).collect())
    }

    /// The container templates that a node's index of appliances lists, by the names of their files.
    pub(crate) async fn appliances(&self, node: &str) -> Result<BTreeSet<String>, EngineError> {
        let entries = self.list(&format!("read the index of appliances of `{node}`"), &format!("/nodes/{node}/aplinfo"), &[]).await?;
        Ok(entries.iter().filter_map(|entry| text(entry, "template")).collect())
    }

    /// The bridges and the like that a node has for guests.
    pub(crate) async fn bridges(&self, node: &str) -> Result<BTreeSet<String>, EngineError> {
        let path = format!("/nodes/{node}/network");
        let entries = self.list(&format!("list the bridges of `{node}`"), &path, &[("type", "any_bridge")]).await?;
        Ok(entries.iter().filter_map(|entry| text(entry, "iface")).collect())
    }
}

fn text(value: &Value, name: &str) -> Option<String> {
    value.get(name).filter(|value| !value.is_null()).map(text_of)
}

/// A definite "there is none" is an answer, not an error.
pub(crate) fn found<T>(result: Result<T, EngineError>) -> Result<Option<T>, EngineError> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
