//! How are virtual machines read and changed?

mod apply;
mod capacity;
pub(crate) mod form;
mod import;
mod iso;
mod nocloud;
mod observe;
mod pending;
mod preflight;
mod readiness;
mod resolve;
mod types;

use async_trait::async_trait;
use core_model::plan::{Problem, Step};
use core_model::resource_type::ResourceType;
use engine_api::{EngineError, LockDomain, ObserveScope, Order, Readiness};

pub use types::Compute;

use crate::apply::Task;
use crate::cluster::Cluster;
use crate::import::Imported;
use crate::kind::{Kind, Sighting};

/// Virtual machines.
pub(crate) struct Machine;

#[async_trait]
impl Kind for Machine {
    fn resource_type(&self) -> &'static dyn ResourceType {
        &Compute
    }

    fn noun(&self) -> &'static str {
        "machine"
    }

    async fn observe(&self, cluster: &Cluster<'_>, scope: &ObserveScope) -> Sighting {
        observe::observe(cluster, scope).await
    }

    async fn preflight(&self, cluster: &Cluster<'_>, steps: &[&Step]) -> Result<Vec<Problem>, EngineError> {
        preflight::preflight(cluster, steps).await
    }

    async fn cautions(&self, cluster: &Cluster<'_>, steps: &[&Step]) -> Result<Vec<String>, EngineError> {
        capacity::cautions(cluster, steps).await
    }

    async fn apply(&self, task: &Task<'_>) -> Result<(), EngineError> {
        apply::apply(task).await
    }

    async fn import(&self, cluster: &Cluster<'_>) -> Result<Vec<Imported>, EngineError> {
        import::import(cluster).await
    }

    async fn resolve(&self, cluster: &Cluster<'_>, question: &str) -> Result<String, EngineError> {
        resolve::os(cluster, question).await
    }

    async fn wait(&self, cluster: &Cluster<'_>, order: &Order) -> Result<Readiness, EngineError> {
        readiness::wait(cluster, order).await
    }

    async fn pending(&self, cluster: &Cluster<'_>, order: &Order) -> Result<Option<String>, EngineError> {
        pending::pending(cluster, order).await
    }

    /// Its number is not known before it is made, and its name stands for it.
    fn lock_domain(&self, step: &Step) -> LockDomain {
        LockDomain(format!("machine/{}", step.object))
    }
}
