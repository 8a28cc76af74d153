//! What can be asked of a kind of target? The contract that every engine fulfils; the contract suite holds it to that.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use async_trait::async_trait;
use core_model::plan::{Problem, Step};
use core_model::record::AppliedResource;
use core_model::state::TargetObservation;
use core_model::{EnvironmentId, Marker};
use serde_json::{Map, Value};

use crate::artefact::Artefact;
use crate::checkup::Checkup;
use crate::error::{EngineError, ErrorKind};
use crate::gate::{Gate, Intent};
use crate::gauge::Gauge;
use crate::member::Member;
use crate::trial::{Trial, Wishes};

/// Who a target says it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    /// An engine id, a cluster name, a serial number: it does not change while the target is the same.
    pub identity: String,
    /// For people: "Docker 20.10.24, API 1.41".
    pub version: String,
    pub capabilities: Vec<String>,
}

/// What must be seen to plan: the named objects, and every object that carries our marker.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ObserveScope {
    pub owner_id: String,
    pub environment: Option<EnvironmentId>,
    pub wanted: Vec<Wanted>,
    /// Where wanted objects are, for types whose objects are not found by name alone (`ResourceType::place`).
    pub places: BTreeMap<Wanted, BTreeSet<String>>,
    /// Wanted objects of which it is enough to know that they are there and whose they are. What is only seen like that is
    /// `ObservedObject::is_shallow`; an engine that reads everything at once need not make a difference. With such objects in the
    /// scope the target is large, and types that nobody asks for need not be looked at.
    pub shallow: BTreeSet<Wanted>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Wanted {
    pub type_name: String,
    pub object: String,
}

/// Steps of one domain on one target are never carried out at the same time.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LockDomain(pub String);

/// A step with what is needed to carry it out.
#[derive(Clone)]
pub struct Order {
    pub step: Step,
    /// The values of `step.desired` with the real secrets in them. Never logged.
    pub desired: Map<String, Value>,
    /// What the record holds for the object, if anything.
    pub applied: Option<AppliedResource>,
    /// What the object is marked with when it is created.
    pub marker: Marker,
}

impl fmt::Debug for Order {
    /// Without the values: there are real secrets in them.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Order").field("step", &self.step).field("marker", &self.marker).finish_non_exhaustive()
    }
}

/// Whether what was made does its work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Readiness {
    /// The resource has no gate.
    NoGate,
    Ready,
    /// With the last log lines, or whatever tells why.
    NotReady {
        message: String,
    },
}

/// What a fresh read says of a call whose outcome is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Classification {
    Done,
    NotDone,
    Unknown,
}

/// One kind of target. One value serves one target.
///
/// Only `probe`, `observe` and `apply` have no default. Reads are free; writes go through the [`Gate`].
#[async_trait]
pub trait Engine: Send + Sync {
    /// Who is there? Cheap, without side effects.
    async fn probe(&self) -> Result<Probe, EngineError>;

    /// What is there? Bulk reads first; what cannot be seen is a gap, never an absence.
    async fn observe(&self, scope: &ObserveScope) -> Result<TargetObservation, EngineError>;

    /// What the last `observe` measured on its way, for curves and alarms. Asked after it; nothing is sent for this.
    fn gauges(&self) -> Vec<Gauge> {
        Vec::new()
    }

    /// Carries out one step. It is called again after a crash or a lost reply, and then must converge.
    async fn apply(&self, order: &Order, gate: &Gate<'_>) -> Result<(), EngineError>;

    /// Answers a question of one of its types. Contacts only hosts that the configuration allows.
    async fn resolve(&self, type_name: &str, question: &str) -> Result<String, EngineError> {
        Err(EngineError::new(ErrorKind::Rejected, format!("resolve `{question}`"), format!("the type `{type_name}` asks no questions")))
    }

    /// What would go wrong for certain, found by reading: a port in use, a missing permission.
    async fn preflight(&self, _steps: &[Step]) -> Result<Vec<Problem>, EngineError> {
        Ok(Vec::new())
    }

    /// What may go wrong and is not certain, a sentence each: a node with less free memory than is asked for. Shown with the
    /// plan, and no part of what is approved, for it changes by the hour.
    async fn cautions(&self, _steps: &[Step]) -> Result<Vec<String>, EngineError> {
        Ok(Vec::new())
    }

    /// The object itself, unless the target locks more than that.
    fn lock_domain(&self, step: &Step) -> LockDomain {
        LockDomain(format!("{}/{}", step.type_name, step.object))
    }

    /// Whether steps of this domain are provisional until `confirm`. Others are carried out one by one.
    fn batches(&self, _domain: &LockDomain) -> bool {
        false
    }

    /// How many steps the target takes at the same time.
    fn steps_in_flight_max(&self) -> usize {
        4
    }

    /// Begins a batch of one domain. Only called, as `confirm` and `abandon` are, where [`Engine::batches`] says so.
    async fn open(&self, _domain: &LockDomain, _orders: &[Order], _gate: &Gate<'_>) -> Result<(), EngineError> {
        Ok(())
    }

    /// Makes a batch lasting.
    async fn confirm(&self, _domain: &LockDomain, _gate: &Gate<'_>) -> Result<(), EngineError> {
        Ok(())
    }

    /// Undoes a batch that was opened and not confirmed.
    async fn abandon(&self, _domain: &LockDomain, _gate: &Gate<'_>) -> Result<(), EngineError> {
        Ok(())
    }

    /// Did this call, begun before a crash, take effect? Only asked of a call that may not be repeated; of all others the step's
    /// own fresh read tells. Only `Done` counts: a trace that is not there may come late.
    async fn classify(&self, _intent: &Intent) -> Result<Classification, EngineError> {
        Ok(Classification::Unknown)
    }

    /// Waits until what the step made is ready, within the step's own limits.
    async fn wait(&self, _order: &Order) -> Result<Readiness, EngineError> {
        Ok(Readiness::NoGate)
    }

    /// What the step wrote and the target has not put into effect, in words that complete "`shop.web`: ...": a value that waits
    /// for the next restart. Asked once the step is done.
    async fn pending(&self, _order: &Order) -> Result<Option<String>, EngineError> {
        Ok(None)
    }

    /// Returns when something in the scope may have changed: a hint, never a fact. What changed is found by `observe`, and what
    /// changes between two watches may go unheard. An engine may hear more than the scope, and less. It may be dropped at any
    /// moment, and leaves nothing behind on the target. The default never returns.
    async fn watch(&self, _scope: &ObserveScope) -> Result<(), EngineError> {
        std::future::pending().await
    }

    /// How is the target, and what may our credential do there? Asked by `ipr doctor`, of a target that answers.
    async fn checkup(&self) -> Result<Checkup, EngineError> {
        Ok(Checkup::default())
    }

    /// Small objects to try the target out with. `None`: this engine has nothing to offer. An error says what has to be wished.
    async fn trial(&self, _wishes: &Wishes) -> Result<Option<Trial>, EngineError> {
        Ok(None)
    }

    /// The target's whole configuration in its own words, without secrets, for people to compare: kept beside the record of a run.
    /// Asked once the run is over, of targets that it touched. `None`: there is nothing of the kind, or no way to it. Two looks at
    /// an unchanged target give the same text.
    async fn artefact(&self) -> Result<Option<Artefact>, EngineError> {
        Ok(None)
    }

    /// Writes what exists as a blueprint.
    async fn import(&self) -> Result<String, EngineError> {
        Err(EngineError::new(ErrorKind::Rejected, "import what exists", "this engine cannot write blueprints"))
    }

    /// What a member of a group is, for a blueprint of the whole group. Asked only of kinds of targets that have groups.
    async fn member(&self) -> Result<Member, EngineError> {
        Err(EngineError::new(ErrorKind::Rejected, "look at a member", "this engine cannot write blueprints of groups"))
    }
}
