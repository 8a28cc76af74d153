//! How are resource pools read and changed?

mod apply;
mod observe;
mod preflight;
mod types;

use async_trait::async_trait;
use core_model::plan::{Problem, Step};
use core_model::resource_type::ResourceType;
use engine_api::{EngineError, LockDomain, ObserveScope};

pub(crate) use preflight::of_members;
pub use types::Pool;

use crate::apply::Task;
use crate::cluster::Cluster;
use crate::comment;
use crate::import::Imported;
use crate::kind::{Kind, Sighting};

/// Resource pools.
pub(crate) struct Pools;

pub(crate) const TYPE: &str = "pool";

#[async_trait]
impl Kind for Pools {
    fn resource_type(&self) -> &'static dyn ResourceType {
        &Pool
    }

    fn noun(&self) -> &'static str {
        "pool"
    }

    async fn observe(&self, cluster: &Cluster<'_>, scope: &ObserveScope) -> Sighting {
        observe::observe(cluster, scope).await
    }

    async fn preflight(&self, cluster: &Cluster<'_>, steps: &[&Step]) -> Result<Vec<Problem>, EngineError> {
        preflight::preflight(cluster, steps).await
    }

    async fn apply(&self, task: &Task<'_>) -> Result<(), EngineError> {
        apply::apply(task).await
    }

    async fn import(&self, cluster: &Cluster<'_>) -> Result<Vec<Imported>, EngineError> {
        let mut found = Vec::new();
        for listed in cluster.reader.pools().await? {
            let is_ours = comment::mark(listed.comment.as_deref(), &listed.name).is_some();
            let Some(pool) = cluster.reader.pool(&listed.name).await?.filter(|_| !is_ours) else { continue };
            let fallback = format!("pool-{}", found.len() + 1);
            let (values, defaults) = observe::see(&pool);
            found.push(Imported { object: pool.name.clone(), fallback, values, defaults, left_out: Default::default() });
        }
        Ok(found)
    }

    /// All pools are in one file of the cluster, and one may be the parent of another.
    fn lock_domain(&self, _step: &Step) -> LockDomain {
        LockDomain("pools".to_owned())
    }
}
