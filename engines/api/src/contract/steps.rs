//! Which step brings one object to the values a sample wants? A planner for a single object, made from the tables alone.

use std::collections::{BTreeMap, BTreeSet};

use core_model::diff::{Sides, all_set, compare};
use core_model::plan::{Action, FieldChange, Inverse, Pin, Risk, Step};
use core_model::record::{AppliedResource, Provenance, RECORD_FORMAT};
use core_model::schema::Effect;
use core_model::seal::{SecretSource, seal, seal_observed, sensitive_paths, unseal};
use core_model::state::{DesiredResource, Lifecycle, ObservedObject};
use core_model::{EnvironmentId, FingerprintKey, Hash, Marker, Secret, Span, TargetName};
use serde_json::{Map, Value};

use super::sample::{CANARY, CANARY_NAME, Sample};
use crate::engine::Order;

/// Values with their questions answered and their secrets as fingerprints.
#[derive(Clone, Default)]
pub struct Resolved {
    pub values: Map<String, Value>,
    /// The same with the real secrets; empty where the values come from a record.
    pub open: Map<String, Value>,
    pub pins: BTreeMap<String, Pin>,
}

/// What there is on the target, as far as a step depends on it.
#[derive(Clone, Copy)]
pub enum Side<'a> {
    Absent,
    Present(&'a ObservedObject),
}

/// Makes steps for the objects of one owner.
pub struct StepMaker {
    pub owner_id: String,
    pub environment: EnvironmentId,
    pub target: TargetName,
    pub target_identity: String,
    key: FingerprintKey,
}

struct OneSecret;

impl SecretSource for OneSecret {
    fn secret(&self, name: &str) -> Result<Secret, String> {
        if name == CANARY_NAME { Ok(Secret::new(CANARY)) } else { Err(format!("samples can only refer to `{CANARY_NAME}`, not to `{name}`")) }
    }
}

impl StepMaker {
    pub fn new(owner_id: String, target_identity: String) -> Self {
        Self {
            owner_id,
            environment: "contract".parse().expect("a valid name"),
            target: "subject".parse().expect("a valid name"),
            target_identity,
            key: FingerprintKey::new("suite", Secret::new("the suite's key")),
        }
    }

    pub fn marker(&self, sample: &Sample) -> Marker {
        Marker { owner_id: self.owner_id.clone(), environment: self.environment.clone(), address: sample.address.clone() }
    }

    /// The resource as a commit would want it; its questions are asked from this.
    pub fn desired(&self, sample: &Sample, values: &Map<String, Value>) -> DesiredResource {
        DesiredResource {
            address: sample.address.clone(),
            type_name: sample.facts().name.to_owned(),
            provider: sample.facts().provider.to_owned(),
            target: self.target.clone(),
            object: sample.object.clone(),
            values: values.clone(),
            lifecycle: Lifecycle::default(),
            depends_on: BTreeSet::new(),
            pins: BTreeMap::new(),
            sensitive: sensitive_paths(sample.facts(), values),
            declared_at: Span::new("blueprints/suite.yaml", 1, 1),
            origins: Default::default(),
        }
    }

    /// Seals the secrets, and keeps the real ones beside them.
    pub fn resolved(&self, sample: &Sample, values: &Map<String, Value>, pins: BTreeMap<String, Pin>) -> Resolved {
        let sensitive = sensitive_paths(sample.facts(), values);
        let sealed = seal(values, &sensitive, &self.key, &OneSecret);
        let open = sealed.as_ref().map_err(String::clone).and_then(|sealed| unseal(sealed, &self.key, &OneSecret));
        let known = |result: Result<_, String>| result.unwrap_or_else(|why| panic!("{}: {why}", sample.title()));
        Resolved { values: known(sealed), open: known(open), pins }
    }

    /// What differs between the wanted values and the object, by the table alone.
    pub fn differences(&self, sample: &Sample, wanted: &Resolved, record: Option<&AppliedResource>, object: &ObservedObject) -> Vec<FieldChange> {
        let mut sensitive = sensitive_paths(sample.facts(), &wanted.values);
        let nothing = Map::new();
        let applied = record.map_or(&nothing, |record| {
            sensitive.extend(record.sensitive.iter().cloned());
            &record.values
        });
        let sealed = |values| seal_observed(values, &sensitive, &self.key);
        let (live, defaults) = (sealed(&object.values), sealed(&object.defaults));
        let sides = Sides { desired: &wanted.values, applied, live: &live, defaults: &defaults, ignore: &[] };
        let mut changes = compare(sample.facts(), &sides);
        sample.kind.weigh(&mut changes, &sides);
        changes
    }

    /// The order that brings the object to the wanted values. `None` when it is so already.
    pub fn bring(&self, sample: &Sample, wanted: &Resolved, record: Option<&AppliedResource>, side: Side<'_>) -> Option<Order> {
        let (action, changes) = match side {
            Side::Absent => (Action::Create, all_set(sample.facts(), &wanted.values)),
            Side::Present(object) => {
                let changes = self.differences(sample, wanted, record, object);
                let action = match changes.iter().map(|change| change.effect).max()? {
                    Effect::InPlace => Action::Update,
                    Effect::Restart => Action::Restart,
                    Effect::Replace => Action::Replace,
                };
                (action, changes)
            }
        };
        Some(self.order(sample, action, wanted, changes, record))
    }

    /// The order that deletes what the record knows.
    pub fn delete(&self, sample: &Sample, record: &AppliedResource) -> Order {
        self.order(sample, Action::Delete, &Resolved::default(), Vec::new(), Some(record))
    }

    pub fn order(&self, sample: &Sample, action: Action, wanted: &Resolved, changes: Vec<FieldChange>, record: Option<&AppliedResource>) -> Order {
        let inverse = match action {
            Action::Create => Inverse::DeleteWhatWeMade,
            Action::Delete => Inverse::None { why: "what is deleted is gone".to_owned() },
            _ if changes.is_empty() => Inverse::Exact,
            _ => sample.kind.inverse_of(&changes),
        };
        let step = Step {
            digest: Hash::of(&Value::Null),
            address: sample.address.clone(),
            type_name: sample.facts().name.to_owned(),
            provider: sample.facts().provider.to_owned(),
            target: self.target.clone(),
            action,
            object: sample.object.clone(),
            moved_from: None,
            risk: self.risk(sample, action, wanted, &changes, record),
            changes,
            desired: wanted.values.clone(),
            pins: wanted.pins.clone(),
            inverse,
            waits_for: BTreeSet::new(),
            reason: "the contract suite asks for it".to_owned(),
        };
        Order { step: step.sealed_for(&self.environment), desired: wanted.open.clone(), applied: record.cloned(), marker: self.marker(sample) }
    }

    /// As the planner has it: of the changed fields, and of such a step on such an object.
    fn risk(&self, sample: &Sample, action: Action, wanted: &Resolved, changes: &[FieldChange], record: Option<&AppliedResource>) -> Risk {
        let values = [Some(&wanted.values), record.map(|record| &record.values)];
        let least = values.into_iter().flatten().map(|values| sample.kind.least_risk(action, values));
        changes.iter().map(|change| change.risk).chain(least).max().unwrap_or(Risk::None)
    }

    /// What a record would say after the order was carried out.
    pub fn record(&self, sample: &Sample, wanted: &Resolved) -> AppliedResource {
        AppliedResource {
            format: RECORD_FORMAT,
            address: sample.address.clone(),
            type_name: sample.facts().name.to_owned(),
            provider: sample.facts().provider.to_owned(),
            target: self.target.clone(),
            target_identity: self.target_identity.clone(),
            object: sample.object.clone(),
            ownership: sample.facts().ownership,
            values: wanted.values.clone(),
            pins: wanted.pins.clone(),
            depends_on: BTreeSet::new(),
            protect: false,
            keep_on_delete: false,
            sensitive: sensitive_paths(sample.facts(), &wanted.values),
            provenance: Provenance::default(),
            ready: true,
        }
    }
}
