//! What would a blueprint say of the storages that exist?

use std::collections::BTreeSet;

use engine_api::EngineError;

use super::form;
use super::types::kinds;
use crate::cluster::Cluster;
use crate::import::Imported;

/// Kinds that blueprints do not know are left out. Secrets are never told, and nobody of ours has set them.
pub(super) async fn import(cluster: &Cluster<'_>) -> Result<Vec<Imported>, EngineError> {
    let definitions = cluster.reader.definitions().await?;
    let known = definitions.iter().filter(|definition| definition.config.get("type").is_some_and(|kind| kinds::of(kind).is_some()));
    let imported = known.map(|definition| {
        let form::Seen { values, defaults } = form::see(definition);
        let fallback = format!("storage-{}", definition.name.to_lowercase().replace(['.', '_'], "-"));
        Imported { object: definition.name.clone(), fallback, values, defaults, left_out: BTreeSet::new() }
    });
    Ok(imported.collect())
}
