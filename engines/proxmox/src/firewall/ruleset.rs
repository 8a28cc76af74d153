//! How is the firewall of a scope read and changed?

mod apply;
mod import;
mod lockout;
mod observe;
pub(super) mod preflight;
mod types;

use async_trait::async_trait;
use core_model::plan::{Problem, Step};
use core_model::resource_type::ResourceType;
use engine_api::{EngineError, LockDomain, ObserveScope};

pub use types::Firewall;

use super::scope::Scope;
use super::{named, users};
use crate::apply::Task;
use crate::cluster::Cluster;
use crate::import::Imported;
use crate::kind::{Kind, Sighting};

const TYPE: &str = "firewall";

/// Firewalls of the cluster, of nodes and of guests.
pub(crate) struct Ruleset;

#[async_trait]
impl Kind for Ruleset {
    fn resource_type(&self) -> &'static dyn ResourceType {
        &Firewall
    }

    fn noun(&self) -> &'static str {
        TYPE
    }

    async fn observe(&self, cluster: &Cluster<'_>, scope: &ObserveScope) -> Sighting {
        observe::observe(cluster, scope).await
    }

    async fn preflight(&self, cluster: &Cluster<'_>, steps: &[&Step]) -> Result<Vec<Problem>, EngineError> {
        preflight::preflight(cluster, steps).await
    }

    /// Names that are deleted while rules use them.
    async fn preflight_together(&self, cluster: &Cluster<'_>, steps: &[Step]) -> Result<Vec<Problem>, EngineError> {
        users::still_used(cluster, steps).await
    }

    async fn apply(&self, task: &Task<'_>) -> Result<(), EngineError> {
        apply::apply(task).await
    }

    async fn import(&self, cluster: &Cluster<'_>) -> Result<Vec<Imported>, EngineError> {
        import::import(cluster).await
    }

    fn lock_domain(&self, step: &Step) -> LockDomain {
        named::lock_domain(&Scope::of(&step.desired))
    }
}
