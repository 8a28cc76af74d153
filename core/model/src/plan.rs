//! What will be done, exactly? Changes, steps, digests and the plan that people review.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::canonical::Hash;
use crate::name::{Address, EnvironmentId, TargetName};
use crate::record::AppliedResource;
use crate::schema::Effect;

/// The version of the plan document and of everything a digest covers.
pub const PLAN_FORMAT: u32 = 1;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Start managing an object that exists and is nobody's.
    Adopt,
    Create,
    /// The address changed (`lifecycle.was`); the object stays.
    Move,
    Update,
    Restart,
    Replace,
    /// Stop managing; the object stays.
    Release,
    Delete,
}

impl Action {
    pub fn word(self) -> &'static str {
        match self {
            Self::Adopt => "adopt",
            Self::Create => "create",
            Self::Move => "move",
            Self::Update => "update",
            Self::Restart => "restart",
            Self::Replace => "replace",
            Self::Release => "release",
            Self::Delete => "delete",
        }
    }

    /// Whether the engine is called at all.
    pub fn mutates(self) -> bool {
        !matches!(self, Self::Adopt | Self::Move | Self::Release)
    }
}

/// What a change may cost, worst last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Risk {
    None,
    InPlace,
    Restart,
    MayDisconnect,
    DataLoss,
}

impl Risk {
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::InPlace => "in-place",
            Self::Restart => "restart",
            Self::MayDisconnect => "may-disconnect",
            Self::DataLoss => "data-loss",
        }
    }
}

/// One field that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    /// `specs.env.DEBUG`.
    pub path: String,
    /// `null` where nothing is set.
    pub before: Value,
    pub after: Value,
    pub effect: Effect,
    pub risk: Risk,
    /// The field was in the record and is no longer in the blueprint.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unset: bool,
}

/// How a step is undone if the run fails.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Inverse {
    /// The values before come back.
    Exact,
    /// What the step made is deleted.
    DeleteWhatWeMade,
    /// It stays as it is.
    None { why: String },
}

/// What was looked up to plan, and what the answer was.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Pin {
    /// The question's text: an image reference, a template's name.
    pub question: String,
    pub answer: String,
}

/// One thing to do to one object.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Step {
    pub digest: Hash,
    pub address: Address,
    #[serde(rename = "type")]
    pub type_name: String,
    pub provider: String,
    pub target: TargetName,
    pub action: Action,
    /// What the object is called on the target.
    pub object: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved_from: Option<Address>,
    pub changes: Vec<FieldChange>,
    /// All values the author set, secrets as fingerprints: what a create or replace is made from. Empty for a delete.
    pub desired: Map<String, Value>,
    /// Keyed by the path of the field that asked.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub pins: BTreeMap<String, Pin>,
    pub risk: Risk,
    pub inverse: Inverse,
    pub waits_for: BTreeSet<Address>,
    /// Why there is this step, in one sentence.
    pub reason: String,
}

impl Step {
    /// The hash of exactly what a reviewer approves. Commits, times, positions, reasons and untouched fields are left out, so
    /// that it is the same on any machine and survives an unrelated merge.
    pub fn compute_digest(&self, environment: &EnvironmentId) -> Hash {
        let changes: Vec<Value> = self
            .changes
            .iter()
            .map(|change| json!({"path": change.path, "before": comparable(&change.before), "after": comparable(&change.after), "unset": change.unset}))
            .collect();
        let made_from = match self.action {
            Action::Create | Action::Replace => comparable(&Value::Object(self.desired.clone())),
            _ => Value::Null,
        };
        Hash::of(&json!({
            "format": PLAN_FORMAT,
            "environment": environment,
            "address": self.address,
            "type": self.type_name,
            "target": self.target,
            "action": self.action,
            "object": self.object,
            "moved_from": self.moved_from,
            "changes": changes,
            "made_from": made_from,
            "pins": self.pins,
            "risk": self.risk,
            "inverse": self.inverse,
            "waits_for": self.waits_for,
        }))
    }

    /// Gives the step its digest. The last thing done to a step.
    pub fn sealed_for(mut self, environment: &EnvironmentId) -> Self {
        self.digest = self.compute_digest(environment);
        self
    }
}

/// A value reduced to what decides whether it is the same: a secret to its fingerprint, a link to the object's name.
pub fn comparable(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            if let Some(sealed) = map.get("$sealed") {
                return json!({"$sealed": sealed.get("fingerprint")});
            }
            Value::Object(map.iter().map(|(key, value)| (key.clone(), comparable(value))).collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(comparable).collect()),
        scalar => scalar.clone(),
    }
}

/// Whether two values are the same once reduced by [`comparable`], without making copies.
pub fn is_comparably_equal(left: &Value, right: &Value) -> bool {
    let sealed = |map: &Map<String, Value>| map.get("$sealed").map(|sealed| sealed.get("fingerprint").cloned());
    match (left, right) {
        (Value::Object(left), Value::Object(right)) => match (sealed(left), sealed(right)) {
            (None, None) => {
                left.len() == right.len() && left.iter().all(|(key, value)| right.get(key).is_some_and(|other| is_comparably_equal(value, other)))
            }
            (left, right) => left == right,
        },
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| is_comparably_equal(left, right))
        }
        _ => left == right,
    }
}

/// What stands in the way of a plan. A plan with problems cannot be applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProblemKind {
    /// The object exists and is not ours.
    Conflict,
    /// A protected resource would be deleted or replaced.
    Protected,
    /// A delete and a create that look like a rename.
    LooksLikeRename,
    /// Two resources hold the same exclusive thing.
    ClaimTaken,
    /// The engine says it would not work.
    Preflight,
    /// The target is another one than at first use.
    TargetChanged,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Problem {
    pub kind: ProblemKind,
    pub address: Address,
    pub detail: String,
    pub hint: Option<String>,
    /// The line of the blueprint to look at, `blueprints/web.yaml:12`. Whoever has read the blueprints fills it in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
}

/// A difference that this plan does not act on: pending, or drift.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Aside {
    pub address: Address,
    #[serde(rename = "type")]
    pub type_name: String,
    pub action: Action,
    pub changes: Vec<FieldChange>,
}

/// A resource whose state could not be seen.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Unknown {
    pub address: Address,
    pub target: TargetName,
    pub why: String,
    /// Whether the plan would have had a step for it.
    pub in_scope: bool,
}

/// An object that carries our marker and is in no blueprint and no record.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Orphan {
    pub target: TargetName,
    #[serde(rename = "type")]
    pub type_name: String,
    pub object: String,
    pub marker: String,
}

/// What a merge would do to one environment. Immutable once made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    pub format: u32,
    pub environment: EnvironmentId,
    pub digest: Hash,
    /// In an order in which they can be carried out one by one.
    pub steps: Vec<Step>,
    /// Wanted by the base, not yet applied. Not part of this plan.
    pub pending: Vec<Aside>,
    /// Changed on the target by somebody else. Not part of this plan.
    pub drift: Vec<Aside>,
    pub unknown: Vec<Unknown>,
    pub orphans: Vec<Orphan>,
    pub problems: Vec<Problem>,
    pub notes: Vec<String>,
    /// What the record will hold for each address in scope that stays, once its step is done (or if it needs none).
    pub after: Vec<AppliedResource>,
    /// Who each target says it is.
    pub targets: BTreeMap<TargetName, String>,
    /// How many resources the environment's record holds: what "20 % of an environment" refers to.
    pub managed: usize,
}

impl Plan {
    /// The hash of the whole document, for storage and logs.
    pub fn id(&self) -> Hash {
        Hash::of(&self.to_json())
    }

    pub fn to_json(&self) -> Value {
        serde_json::to_value(self).expect("a plan always serialises")
    }

    /// The hash of the sorted step digests: what people see, approve and type.
    pub fn compute_digest(environment: &EnvironmentId, steps: &[Step]) -> Hash {
        let mut digests: Vec<&str> = steps.iter().map(|step| step.digest.as_str()).collect();
        digests.sort_unstable();
        Hash::of(&json!({"format": PLAN_FORMAT, "environment": environment, "steps": digests}))
    }

    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    pub fn risk(&self) -> Risk {
        self.steps.iter().map(|step| step.risk).max().unwrap_or(Risk::None)
    }

    pub fn count(&self, action: Action) -> usize {
        self.steps.iter().filter(|step| step.action == action).count()
    }

    /// More than five deletes, or more than a fifth of an environment of ten resources or more (a fifth of a small
    /// environment would be every single delete).
    pub fn is_mass_delete(&self) -> bool {
        let deletes = self.count(Action::Delete);
        deletes > 5 || (self.managed >= 10 && deletes * 5 > self.managed)
    }
}
