//! Where does a new guest go? Its number, its node and a storage, where nobody says.

use std::collections::BTreeSet;

use engine_api::{EngineError, ErrorKind};

use super::find::Found;
use crate::apply::Task;
use crate::identity;
use crate::reader::{Guest, Reader, Storage};

/// How often a number that somebody else was faster to take is given up for the next.
pub(crate) const NUMBERS_TRIED_MAX: usize = 5;

impl Task<'_> {
    /// The guest of an earlier attempt that was not there yet when we looked for it: only then is one of our numbers taken.
    pub(crate) async fn made_before(&self, guests: &[Guest]) -> Result<Option<Found>, EngineError> {
        let numbers = self.own_numbers(guests);
        if guests.iter().any(|guest| numbers.contains(&guest.vmid)) { self.made_late().await } else { Ok(None) }
    }

    /// After a creation that failed: where its number was taken between our look and our call, perhaps by a call of our own whose
    /// reply was lost, the guest that this call made. `None` when another number will do.
    pub(crate) async fn made_instead(&self, error: EngineError) -> Result<Option<Found>, EngineError> {
        if error.kind != ErrorKind::Conflict || !error.message.contains("already exists") {
            return Err(error);
        }
        match self.made_late().await? {
            None if self.declared_vmid().is_some() => Err(error),
            found => Ok(found),
        }
    }

    /// One that is still being made is waited for.
    async fn made_late(&self) -> Result<Option<Found>, EngineError> {
        Ok(self.find().await?.filter(|found| self.is_made_by_this_step(found)))
    }

    /// The declared number, or the first free one from where the hash of the address points.
    pub(crate) fn choose_vmid(&self, guests: &[Guest], refused: &BTreeSet<u32>) -> Result<u32, EngineError> {
        let taken: BTreeSet<u32> = guests.iter().map(|guest| guest.vmid).chain(refused.iter().copied()).collect();
        match self.declared_vmid() {
            Some(vmid) if taken.contains(&vmid) => Err(self.conflict(format!("the number {vmid} is taken by another guest; choose another `vmid`"))),
            Some(vmid) => Ok(vmid),
            None => identity::free_vmid(self.marker(), &self.options.vmid_range, &taken).ok_or_else(|| {
                let (first, last) = (self.options.vmid_range.start(), self.options.vmid_range.end());
                self.conflict(format!("every number from {first} to {last} is taken; widen the target's range"))
            }),
        }
    }

    /// What `metadata.node` says.
    pub(crate) fn declared_node(&self) -> Option<&str> {
        self.order.desired.get("metadata").and_then(|metadata| metadata.get("node")).and_then(serde_json::Value::as_str)
    }

    pub(crate) fn declared_pool(&self) -> Option<&str> {
        self.order.desired.get("metadata").and_then(|metadata| metadata.get("pool")).and_then(serde_json::Value::as_str)
    }

    /// The declared node; else the first one that is online.
    pub(crate) async fn choose_node(&self) -> Result<String, EngineError> {
        if let Some(node) = self.declared_node() {
            return Ok(node.to_owned());
        }
        let nodes = self.reader.nodes().await?;
        let first = nodes.into_iter().find(|node| node.is_online);
        first.map(|node| node.name).ok_or_else(|| self.error(ErrorKind::Unreachable, "no node of the cluster is online"))
    }
}

/// The first active storage of a node for a kind of content, by name: the same one every time.
pub(crate) async fn first_with(reader: Reader<'_>, node: &str, content: &str) -> Result<Option<String>, EngineError> {
    let storages = reader.storages(node).await?;
    let fits = |storage: &Storage| storage.is_active && storage.content.contains(content);
    Ok(storages.into_iter().find(fits).map(|storage| storage.name))
}
