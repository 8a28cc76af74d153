//! Where is the template of a new container? On a storage of its node, after a download where it has to be.

use std::collections::BTreeSet;

use engine_api::{EngineError, ErrorKind};
use serde_json::Value;

use crate::apply::Task;
use crate::container::types::{Source, split_os};
use crate::reader::Reader;

const CONTENT: &str = "vztmpl";

/// Where a node has a template, or could have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::container) enum Place {
    /// The volume.
    There(String),
    /// The index lists it, and it can be downloaded to this storage.
    Listed {
        storage: String,
    },
    Nowhere,
}

/// Looks for a template on one node.
pub(in crate::container) async fn place(reader: Reader<'_>, node: &str, source: &Source) -> Result<Place, EngineError> {
    let mut storages = reader.storages(node).await?;
    storages.retain(|storage| storage.is_active && storage.content.contains(CONTENT));
    storages.retain(|storage| source.storage.as_ref().is_none_or(|named| *named == storage.name));
    for storage in &storages {
        let volume = format!("{}:{CONTENT}/{}", storage.name, source.file);
        if reader.volumes(node, &storage.name, CONTENT).await?.contains(&volume) {
            return Ok(Place::There(volume));
        }
    }
    let Some(storage) = storages.into_iter().next() else { return Ok(Place::Nowhere) };
    let index: BTreeSet<String> = reader.appliances(node).await?;
    Ok(if index.contains(&source.file) { Place::Listed { storage: storage.name } } else { Place::Nowhere })
}

impl Task<'_> {
    /// What the plan pinned for `os`.
    pub(super) fn source(&self) -> Result<Source, EngineError> {
        let os = self.order.desired.get("specs").and_then(|specs| specs.get("os")).and_then(Value::as_str);
        let os = os.ok_or_else(|| self.refused("nobody says which template it is made from; set `os`"))?;
        let split = split_os(os).map(|(_, source)| source);
        split.ok_or_else(|| self.refused(format!("the plan does not say what `{os}` is made from; plan again")))
    }

    /// The volume of the template on the node.
    pub(super) async fn template(&self, node: &str, source: &Source) -> Result<String, EngineError> {
        if let Place::There(volume) = place(self.reader, node, source).await? {
            return Ok(volume);
        }
        // Many containers of one template are made at the same time, and one of them downloads it.
        let _turn = self.calls.alone(&format!("{node} {}", source.file)).await;
        match place(self.reader, node, source).await? {
            Place::There(volume) => Ok(volume),
            Place::Listed { storage } => {
                self.calls.download_appliance(node, &storage, &source.file).await?;
                Ok(format!("{storage}:{CONTENT}/{}", source.file))
            }
            Place::Nowhere => Err(self.error(
                ErrorKind::NotFound,
                format!("`{node}` has no template `{}`, and the index of appliances does not list it; upload it, or plan again", source.file),
            )),
        }
    }

    /// The declared node; else one that has the template; else the first that is online.
    pub(super) async fn node_for(&self, source: &Source) -> Result<String, EngineError> {
        if self.declared_node().is_none()
            && let Some(node) = node_with(self.reader, source).await?
        {
            return Ok(node);
        }
        self.choose_node().await
    }
}

/// The first node online that has the template.
pub(in crate::container) async fn node_with(reader: Reader<'_>, source: &Source) -> Result<Option<String>, EngineError> {
    for node in reader.nodes().await?.into_iter().filter(|node| node.is_online) {
        if matches!(place(reader, &node.name, source).await?, Place::There(_)) {
            return Ok(Some(node.name));
        }
    }
    Ok(None)
}
