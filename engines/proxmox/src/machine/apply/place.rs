//! Which storages does a machine need, where nobody says? One for its disks, and one for our cloud-init images.

use engine_api::EngineError;

use crate::apply::Task;
use crate::file::name::FileName;
use crate::guest::place::first_with;
use crate::machine::types::image_of;
use crate::reader::Reader;

impl Task<'_> {
    /// The declared node; else one that has the image; else the first one that is online.
    pub(super) async fn node_for_machine(&self) -> Result<String, EngineError> {
        if self.declared_node().is_none()
            && let Some(image) = image_of(&self.order.desired)
            && let Some(node) = node_with(self.reader, &image).await?
        {
            return Ok(node);
        }
        self.choose_node().await
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
