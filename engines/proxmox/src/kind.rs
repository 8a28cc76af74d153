//! Which kinds of objects does a cluster hold? One line for each; how it is found, judged beforehand and changed is said in
//! a module of its own.

use async_trait::async_trait;
use core_model::plan::{Problem, Step};
use core_model::resource_type::ResourceType;
use core_model::state::{Gap, ObservedObject};
use engine_api::{EngineError, ErrorKind, LockDomain, ObserveScope, Order, Readiness};

use crate::apply::Task;
use crate::cluster::Cluster;
use crate::container::Containers;
use crate::file::Files;
use crate::firewall::{AliasKind, GroupKind, IpSetKind, Ruleset};
use crate::import::Imported;
use crate::machine::Machine;
use crate::network::Networks;
use crate::pool::Pools;
use crate::storage::Definitions;

/// Every kind of this engine.
pub(crate) const KINDS: &[&dyn Kind] =
    &[&Pools, &Networks, &Definitions, &Files, &Machine, &Containers, &Ruleset, &GroupKind, &IpSetKind, &AliasKind];

/// Every type of this engine.
pub fn types() -> Vec<&'static dyn ResourceType> {
    KINDS.iter().map(|kind| kind.resource_type()).collect()
}

pub(crate) fn kind(type_name: &str) -> Option<&'static dyn Kind> {
    KINDS.iter().copied().find(|kind| kind.name() == type_name)
}

/// What was seen of one kind, and what could not be seen of it.
#[derive(Debug, Default)]
pub(crate) struct Sighting {
    pub(crate) objects: Vec<ObservedObject>,
    pub(crate) gaps: Vec<Gap>,
    /// What a reviewer of changes there should know.
    pub(crate) notes: Vec<String>,
}

/// One kind of object: the answers that differ from kind to kind.
#[async_trait]
pub(crate) trait Kind: Sync {
    fn resource_type(&self) -> &'static dyn ResourceType;

    /// What people call one of them: `machine`.
    fn noun(&self) -> &'static str;

    /// What is there. What could not be read is a gap, never an absence.
    async fn observe(&self, cluster: &Cluster<'_>, scope: &ObserveScope) -> Sighting;

    /// What would go wrong for certain. The steps are of this kind, and change something.
    async fn preflight(&self, cluster: &Cluster<'_>, steps: &[&Step]) -> Result<Vec<Problem>, EngineError>;

    /// The same where steps of other kinds count: what one step needs, another may take away.
    async fn preflight_together(&self, _cluster: &Cluster<'_>, _steps: &[Step]) -> Result<Vec<Problem>, EngineError> {
        Ok(Vec::new())
    }

    /// Carries out one step; also again, after a crash or a lost reply.
    async fn apply(&self, task: &Task<'_>) -> Result<(), EngineError>;

    /// What exists and is not ours, as blueprints would say it.
    async fn import(&self, cluster: &Cluster<'_>) -> Result<Vec<Imported>, EngineError>;

    fn name(&self) -> &'static str {
        self.resource_type().facts().name
    }

    async fn resolve(&self, _cluster: &Cluster<'_>, question: &str) -> Result<String, EngineError> {
        let why = format!("the type `{}` asks no questions", self.name());
        Err(EngineError::new(ErrorKind::Rejected, format!("resolve `{question}`"), why))
    }

    async fn wait(&self, _cluster: &Cluster<'_>, _order: &Order) -> Result<Readiness, EngineError> {
        Ok(Readiness::NoGate)
    }

    /// What may go wrong and is not certain. The steps are of this kind, and change something.
    async fn cautions(&self, _cluster: &Cluster<'_>, _steps: &[&Step]) -> Result<Vec<String>, EngineError> {
        Ok(Vec::new())
    }

    /// What the step wrote and what waits for a restart.
    async fn pending(&self, _cluster: &Cluster<'_>, _order: &Order) -> Result<Option<String>, EngineError> {
        Ok(None)
    }

    /// Steps of one domain run one after the other.
    fn lock_domain(&self, step: &Step) -> LockDomain {
        LockDomain(format!("{}/{}", self.name(), step.object))
    }
}
