//! Where can a file be? On the nodes that have its storage: one of them where the storage is shared, each of them where not.

use engine_api::EngineError;
use futures::future::try_join_all;

use super::name::FileName;
use crate::reader::{Node, Reader, Storage, Stored};

/// One node and its storages. `None`: it is offline.
pub(super) struct Place {
    pub(super) node: String,
    pub(super) storages: Option<Vec<Storage>>,
}

/// The nodes of a cluster with their storages.
pub(super) struct Places(pub(super) Vec<Place>);

/// What the nodes say of one storage.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Reach {
    /// The nodes where it can be used.
    pub(super) nodes: Vec<String>,
    pub(super) is_shared: bool,
    /// Why it cannot be seen elsewhere.
    pub(super) unseen: Vec<String>,
    /// What it may hold, as far as anybody says.
    pub(super) content: Vec<String>,
}

impl Places {
    pub(super) async fn read(reader: Reader<'_>) -> Result<Self, EngineError> {
        let place = |node: Node| async move {
            let storages = if node.is_online { Some(reader.storages(&node.name).await?) } else { None };
            Ok::<_, EngineError>(Place { node: node.name, storages })
        };
        Ok(Self(try_join_all(reader.nodes().await?.into_iter().map(place)).await?))
    }

    pub(super) fn storage(&self, node: &str, storage: &str) -> Option<&Storage> {
        self.0.iter().find(|place| place.node == node)?.storages.as_ref()?.iter().find(|known| known.name == storage)
    }

    pub(super) fn of(&self, file: &FileName) -> Reach {
        let mut reach = Reach::default();
        for place in self.0.iter().filter(|place| file.node.as_ref().is_none_or(|node| *node == place.node)) {
            let Some(storages) = &place.storages else {
                reach.unseen.push(format!("the node `{}` is offline", place.node));
                continue;
            };
            let Some(storage) = storages.iter().find(|storage| storage.name == file.storage) else { continue };
            reach.is_shared |= storage.is_shared;
            reach.content = storage.content.iter().cloned().collect();
            if storage.is_active {
                reach.nodes.push(place.node.clone());
            } else {
                reach.unseen.push(format!("the storage `{}` is not active on `{}`", file.storage, place.node));
            }
        }
        // What one node sees of a shared storage, all see.
        if reach.is_shared && !reach.nodes.is_empty() {
            reach.unseen.clear();
            reach.nodes.truncate(1);
        }
        reach
    }
}

/// The file wherever it is, each with its node. Where its storage is another one on each node, these are different files.
pub(super) async fn find(reader: Reader<'_>, file: &FileName, reach: &Reach) -> Result<Vec<(String, Stored)>, EngineError> {
    let mut found = Vec::new();
    for node in &reach.nodes {
        let stored = reader.stored(node, &file.storage, &file.content).await?;
        found.extend(stored.into_iter().find(|stored| stored.volume == file.volume()).map(|stored| (node.clone(), stored)));
    }
    Ok(found)
}

/// Why nobody can say which of several files of one name is meant.
pub(super) fn ambiguous(file: &FileName, found: &[(String, Stored)]) -> Option<String> {
    let nodes: Vec<&str> = found.iter().map(|(node, _)| node.as_str()).collect();
    (nodes.len() > 1).then(|| {
        format!(
            "each of {} has a `{}` of its own, and nobody says which is meant; say it with `metadata: {{node: ...}}`",
            nodes.join(", "),
            file.volume()
        )
    })
}

/// Why nobody can say on which node a file is to be.
pub(super) fn undecided(file: &FileName, nodes: &[String]) -> String {
    format!("the storage `{}` is another one on each of {}; say which with `metadata: {{node: ...}}`", file.storage, nodes.join(", "))
}
