//! Where does a new machine go? Its number, its node and the storage of its disks, where nobody says.

use std::collections::BTreeSet;

use engine_api::EngineError;

use crate::apply::Task;
use crate::file::name::FileName;
use crate::identity;
use crate::machine::types::image_of;
use crate::reader::{Guest, Reader, Storage};

impl Task<'_> {
    /// The declared number, or the first free one from where the hash of the address points.
    pub(super) fn choose_vmid(&self, guests: &[Guest], refused: &BTreeSet<u32>) -> Result<u32, EngineError> {
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
    pub(super) fn declared_node(&self) -> Option<&str> {
        self.order.desired.get("metadata").and_then(|metadata| metadata.get("node")).and_then(serde_json::Value::as_str)
    }

    pub(super) fn declared_pool(&self) -> Option<&str> {
        self.order.desired.get("metadata").and_then(|metadata| metadata.get("pool")).and_then(serde_json::Value::as_str)
    }

    /// The declared node; else one that has the image; else the first one that is online.
    pub(super) async fn choose_node(&self) -> Result<String, EngineError> {
        if let Some(node) = self.declared_node() {
            return Ok(node.to_owned());
        }
        if let Some(image) = image_of(&self.order.desired)
            && let Some(node) = node_with(self.reader, &image).await?
        {
            return Ok(node);
        }
        let nodes = self.reader.nodes().await?;
        let first = nodes.into_iter().find(|node| node.is_online);
        first.map(|node| node.name).ok_or_else(|| self.error(engine_api::ErrorKind::Unreachable, "no node of the cluster is online"))
    }

    /// Where our cloud-init images go.
    pub(super) async fn iso_storage(&self, node: &str) -> Result<String, EngineError> {
        if let Some(storage) = &self.options.iso_storage {
            return Ok(storage.clone());
        }
        let found = first_with(self.reader, node, "iso").await?;
        found.ok_or_else(|| self.refused(format!("`{node}` has no storage for ISO images, which `packages` and `commands` need")))
    }

    /// Where disks go when nobody says.
    pub(super) async fn disk_storage(&self, node: &str) -> Result<Option<String>, EngineError> {
        match &self.options.disk_storage {
            Some(storage) => Ok(Some(storage.clone())),
            None => first_with(self.reader, node, "images").await,
        }
    }
}

/// The node that an image is on, or the first one that has its storage: the same one every time.
pub(crate) async fn node_with(reader: Reader<'_>, image: &FileName) -> Result<Option<String>, EngineError> {
    if image.node.is_some() {
        return Ok(image.node.clone());
    }
    for node in reader.nodes().await?.into_iter().filter(|node| node.is_online) {
        if reader.storages(&node.name).await?.iter().any(|storage| storage.is_active && storage.name == image.storage) {
            return Ok(Some(node.name));
        }
    }
    Ok(None)
}

/// The first active storage of a node for a kind of content, by name: the same one every time.
pub(crate) async fn first_with(reader: Reader<'_>, node: &str, content: &str) -> Result<Option<String>, EngineError> {
    let storages = reader.storages(node).await?;
    let fits = |storage: &Storage| storage.is_active && storage.content.contains(content);
    Ok(storages.into_iter().find(fits).map(|storage| storage.name))
}
