//! How is the network of a node read and changed? Linux bridges and VLAN interfaces, staged and applied per node.

mod batch;
mod compare;
mod form;
mod observe;
mod preflight;
mod put_back;
mod reach;
mod reload;
pub(crate) mod segment;
mod stage;
mod staged;
mod types;

use async_trait::async_trait;
use core_model::plan::{Problem, Step};
use core_model::resource_type::ResourceType;
use engine_api::{EngineError, ErrorKind, LockDomain, ObserveScope, Order};

pub(crate) use batch::Batches;
pub use types::Network;

use crate::apply::Task;
use crate::cluster::Cluster;
use crate::comment;
use crate::import::Imported;
use crate::kind::{Kind, Sighting};
use crate::options::ProxmoxOptions;
use crate::reader::Reader;
use crate::writer::Calls;

/// Bridges and VLAN interfaces.
pub(crate) struct Networks;

pub(crate) const TYPE: &str = "network";
const DOMAIN: &str = "network/";

/// The ways to read and to change while a batch is open.
#[derive(Clone, Copy)]
pub(crate) struct Session<'a> {
    pub(crate) reader: Reader<'a>,
    pub(crate) calls: &'a Calls<'a>,
    pub(crate) options: &'a ProxmoxOptions,
}

/// `pve1/vmbr1`: the node and the interface.
fn parts(object: &str) -> Option<(&str, &str)> {
    object.split_once('/')
}

/// The node whose network a lock domain is.
pub(crate) fn node_of(domain: &LockDomain) -> Option<&str> {
    domain.0.strip_prefix(DOMAIN)
}

fn unreachable(node: &str, why: &str) -> EngineError {
    batch::error(ErrorKind::Unreachable, node, why)
}

#[async_trait]
impl Kind for Networks {
    fn resource_type(&self) -> &'static dyn ResourceType {
        &Network
    }

    fn noun(&self) -> &'static str {
        "interface"
    }

    async fn observe(&self, cluster: &Cluster<'_>, scope: &ObserveScope) -> Sighting {
        observe::observe(cluster, scope).await
    }

    async fn preflight(&self, cluster: &Cluster<'_>, steps: &[&Step]) -> Result<Vec<Problem>, EngineError> {
        preflight::preflight(cluster, steps).await
    }

    async fn apply(&self, task: &Task<'_>) -> Result<(), EngineError> {
        let (node, _) = parts(task.name()).ok_or_else(|| task.refused("its name does not say its node"))?;
        task.batches.apply(task, node).await
    }

    async fn import(&self, cluster: &Cluster<'_>) -> Result<Vec<Imported>, EngineError> {
        let mut found = Vec::new();
        for node in cluster.reader.nodes().await?.into_iter().filter(|node| node.is_online) {
            let network = cluster.reader.network(&node.name).await?;
            if let Some(changes) = &network.changes {
                return Err(batch::error(ErrorKind::Conflict, &node.name, staged::words(&node.name, changes)));
            }
            for (name, interface) in &network.interfaces {
                let object = format!("{}/{name}", node.name);
                let is_kind = interface.get("type").is_some_and(|kind| form::KINDS.contains(&kind));
                if !is_kind || comment::mark(interface.get("comments"), &object).is_some() {
                    continue;
                }
                let (values, defaults) = form::see(&node.name, name, interface);
                let fallback = format!("interface-{}", found.len() + 1);
                found.push(Imported { object, fallback, values, defaults, left_out: Default::default() });
            }
        }
        Ok(found)
    }

    async fn pending(&self, cluster: &Cluster<'_>, order: &Order) -> Result<Option<String>, EngineError> {
        let Some((node, _)) = parts(&order.step.object) else { return Ok(None) };
        let is_staged = cluster.reader.network(node).await?.changes.is_some();
        Ok(is_staged.then(|| format!("changes of the network of `{node}` are staged; `pvesh get /nodes/{node}/network` shows them")))
    }

    /// Changes of one node are staged and applied together.
    fn lock_domain(&self, step: &Step) -> LockDomain {
        LockDomain(format!("{DOMAIN}{}", parts(&step.object).map_or("", |(node, _)| node)))
    }
}
