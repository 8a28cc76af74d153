//! How does a test get from values to an order? A planner for one object.

use std::collections::{BTreeMap, BTreeSet};

use core_model::diff::{Sides, all_set, compare};
use core_model::plan::{Action, FieldChange, Inverse, Risk, Step};
use core_model::record::{AppliedResource, Provenance, RECORD_FORMAT};
use core_model::resource_type::ResourceType;
use core_model::schema::Effect;
use core_model::state::ObservedObject;
use core_model::{Address, EnvironmentId, Hash, Marker};
use engine_api::contract::{HeldLease, Interruption, MemoryJournal, Moment};
use engine_api::{Engine, EngineError, Gate, Order};
use serde_json::{Map, Value, json};
use tokio_util::sync::CancellationToken;

use crate::world::World;

/// One resource of a test: its type, its name on the target, and what is wanted of it.
#[derive(Clone)]
pub(crate) struct Resource {
    pub(crate) kind: &'static dyn ResourceType,
    pub(crate) object: String,
    pub(crate) values: Map<String, Value>,
}

impl Resource {
    pub(crate) fn new(kind: &'static dyn ResourceType, object: impl Into<String>, specs: Map<String, Value>) -> Self {
        Self { kind, object: object.into(), values: Map::from_iter([("specs".to_owned(), Value::Object(specs))]) }
    }

    pub(crate) fn type_name(&self) -> &'static str {
        self.kind.facts().name
    }

    pub(crate) fn address(&self) -> Address {
        let tail = self.object.rsplit('-').next().unwrap();
        format!("suite.{tail}").parse().unwrap()
    }

    pub(crate) fn with(&self, path: &str, value: Value) -> Self {
        let mut changed = self.clone();
        let mut place = changed.values.get_mut("specs").unwrap();
        let segments: Vec<&str> = path.split('.').collect();
        for segment in &segments[..segments.len() - 1] {
            place = &mut place[*segment];
        }
        place[*segments.last().unwrap()] = value;
        changed
    }

    pub(crate) fn without(&self, path: &str) -> Self {
        let mut changed = self.clone();
        let mut place = changed.values.get_mut("specs").unwrap();
        let segments: Vec<&str> = path.split('.').collect();
        for segment in &segments[..segments.len() - 1] {
            place = &mut place[*segment];
        }
        assert!(place.as_object_mut().unwrap().remove(*segments.last().unwrap()).is_some(), "{path} was not set");
        changed
    }

    pub(crate) fn record(&self) -> AppliedResource {
        AppliedResource {
            format: RECORD_FORMAT,
            address: self.address(),
            type_name: self.type_name().to_owned(),
            provider: "docker".to_owned(),
            target: "dock".parse().unwrap(),
            target_identity: String::new(),
            object: self.object.clone(),
            ownership: self.kind.facts().ownership,
            values: self.values.clone(),
            pins: BTreeMap::new(),
            depends_on: BTreeSet::new(),
            protect: false,
            keep_on_delete: false,
            sensitive: BTreeSet::new(),
            provenance: Provenance::default(),
            ready: true,
        }
    }

    /// What differs between what is wanted and what is there.
    pub(crate) fn differences(&self, applied: Option<&Self>, seen: &ObservedObject) -> Vec<FieldChange> {
        let nothing = Map::new();
        let applied = applied.map_or(&nothing, |applied| &applied.values);
        compare(self.kind.facts(), &Sides { desired: &self.values, applied, live: &seen.values, defaults: &seen.defaults, ignore: &[] })
    }
}

pub(crate) fn environment() -> EnvironmentId {
    "test".parse().unwrap()
}

/// The paths of some changes.
pub(crate) fn paths(changes: &[FieldChange]) -> Vec<&str> {
    changes.iter().map(|change| change.path.as_str()).collect()
}

/// The operations that were announced, in order.
pub(crate) fn operations(journal: &MemoryJournal) -> Vec<String> {
    journal.entries().into_iter().map(|entry| entry.intent.operation).collect()
}

/// A journal that loses the reply to one call (from 1): it took effect, and nobody heard.
pub(crate) fn losing_reply_of(call: usize) -> MemoryJournal {
    MemoryJournal::interrupted(Interruption { moment: Moment::OutcomeRefused, call })
}

impl World {
    pub(crate) fn marker(&self, resource: &Resource) -> Marker {
        Marker { owner_id: self.owner.clone(), environment: environment(), address: resource.address() }
    }

    pub(crate) fn order(&self, action: Action, resource: &Resource, changes: Vec<FieldChange>, applied: Option<&Resource>) -> Order {
        let step = Step {
            digest: Hash::of(&json!(null)),
            address: resource.address(),
            type_name: resource.type_name().to_owned(),
            provider: "docker".to_owned(),
            target: "dock".parse().unwrap(),
            action,
            object: resource.object.clone(),
            moved_from: None,
            risk: changes.iter().map(|change| change.risk).max().unwrap_or(Risk::None),
            changes,
            desired: resource.values.clone(),
            pins: BTreeMap::new(),
            inverse: Inverse::Exact,
            waits_for: BTreeSet::new(),
            reason: "a test asks for it".to_owned(),
        };
        Order {
            step: step.sealed_for(&environment()),
            desired: resource.values.clone(),
            applied: applied.map(Resource::record),
            marker: self.marker(resource),
        }
    }

    /// The order that brings a resource about, as a planner would make it; `None` when it is so already.
    pub(crate) async fn plan(&self, resource: &Resource, applied: Option<&Resource>) -> Option<Order> {
        let Some(seen) = self.see(resource.type_name(), &resource.object).await else {
            return Some(self.order(Action::Create, resource, all_set(resource.kind.facts(), &resource.values), None));
        };
        let changes = resource.differences(applied, &seen);
        let action = match changes.iter().map(|change| change.effect).max()? {
            Effect::InPlace => Action::Update,
            Effect::Restart => Action::Restart,
            Effect::Replace => Action::Replace,
        };
        Some(self.order(action, resource, changes, applied))
    }

    pub(crate) async fn carry_out(&self, order: &Order, journal: &MemoryJournal) -> Result<(), EngineError> {
        let cancellation = CancellationToken::new();
        let gate = Gate { run_id: "run", step: &order.step.digest, journal, lease: &HeldLease, cancellation: &cancellation };
        self.engine.apply(order, &gate).await
    }

    /// Brings a resource about, whatever is there. Gives the operations that were needed.
    pub(crate) async fn bring(&self, resource: &Resource, applied: Option<&Resource>) -> Vec<String> {
        let journal = MemoryJournal::default();
        if let Some(order) = self.plan(resource, applied).await {
            let action = order.step.action.word();
            self.carry_out(&order, &journal).await.unwrap_or_else(|error| panic!("{action} {}: {error}", resource.object));
        }
        operations(&journal)
    }

    pub(crate) async fn create(&self, resource: &Resource) {
        self.bring(resource, None).await;
    }

    pub(crate) async fn delete(&self, resource: &Resource) -> Result<(), EngineError> {
        let order = self.order(Action::Delete, resource, Vec::new(), Some(resource));
        self.carry_out(&order, &MemoryJournal::default()).await
    }
}
