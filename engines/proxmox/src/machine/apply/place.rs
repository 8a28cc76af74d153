//! Which storages does a machine need, where nobody says? One for its disks, and one for our cloud-init images.

use engine_api::EngineError;

use crate::apply::Task;
use crate::guest::place::first_with;

impl Task<'_> {
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
