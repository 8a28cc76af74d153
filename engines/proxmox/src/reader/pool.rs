//! What does a cluster say of its pools?

use std::collections::{BTreeMap, BTreeSet};

use engine_api::EngineError;
use serde_json::Value;

use super::{Reader, found, text};

/// One pool and what is in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Pool {
    pub(crate) name: String,
    pub(crate) comment: Option<String>,
    pub(crate) storages: BTreeSet<String>,
    /// Guests by their number.
    pub(crate) guests: BTreeMap<u32, String>,
}

impl Reader<'_> {
    /// Every pool that the credential may see, without what is in it.
    pub(crate) async fn pools(&self) -> Result<Vec<Pool>, EngineError> {
        let entries = self.list("list the pools", "/pools", &[]).await?;
        let pool = |entry: &Value| Some(Pool { name: text(entry, "poolid")?, comment: text(entry, "comment"), ..Pool::default() });
        Ok(entries.iter().filter_map(pool).collect())
    }

    pub(crate) async fn pool(&self, name: &str) -> Result<Option<Pool>, EngineError> {
        let entries = found(self.list(&format!("read the pool `{name}`"), "/pools", &[("poolid", name)]).await)?;
        let Some(entry) = entries.as_deref().and_then(<[Value]>::first) else { return Ok(None) };
        let members = entry.get("members").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let guest = |member: &Value| Some((text(member, "vmid")?.parse().ok()?, text(member, "name").unwrap_or_default()));
        Ok(Some(Pool {
            name: name.to_owned(),
            comment: text(entry, "comment"),
            storages: members
                .iter()
                .filter(|member| text(member, "type").as_deref() == Some("storage"))
                .filter_map(|member| text(member, "storage"))
                .collect(),
            guests: members.iter().filter_map(guest).collect(),
        }))
    }

    /// The pools that a storage is in, as far as they are seen.
    pub(crate) async fn pools_with(&self, storage: &str) -> Result<Vec<String>, EngineError> {
        let mut pools = Vec::new();
        for listed in self.pools().await? {
            if self.pool(&listed.name).await?.is_some_and(|pool| pool.storages.contains(storage)) {
                pools.push(listed.name);
            }
        }
        Ok(pools)
    }

    /// The storages of the cluster, on whatever node.
    pub(crate) async fn storage_names(&self) -> Result<BTreeSet<String>, EngineError> {
        let entries = self.list("list the storages", "/storage", &[]).await?;
        Ok(entries.iter().filter_map(|entry| text(entry, "storage")).collect())
    }
}
