//! What is wanted, what did we put there, what is there now? The three states that a plan compares.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::name::{Address, Marker, TargetName};
use crate::plan::Pin;
use crate::record::AppliedResource;
use crate::source::{Origin, Span};

/// What the blueprint says about how a resource may change.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lifecycle {
    pub protect: Option<bool>,
    pub on_delete: Option<OnDelete>,
    pub adopt: bool,
    /// Former addresses: a move, not a delete and a create.
    pub was: Vec<Address>,
    /// Paths that are not compared.
    pub ignore: Vec<String>,
    /// Whether what interrupts it waits for a window of the environment that is open for restarts.
    pub restarts_in_window: bool,
    /// How many of a set of resources change at a time; `None` is as many as limits allow.
    pub rollout: Option<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnDelete {
    Destroy,
    Keep,
}

/// One resource as a commit wants it, for one environment.
#[derive(Debug, Clone, PartialEq)]
pub struct DesiredResource {
    pub address: Address,
    pub type_name: String,
    pub provider: String,
    pub target: TargetName,
    /// What the object is, or will be, called on the target.
    pub object: String,
    /// `{"specs": {..}, "metadata": {..}}`, canonical. Secrets are `{"$secret": ..}` until they are sealed.
    pub values: Map<String, Value>,
    pub lifecycle: Lifecycle,
    /// Everything it waits for: links, references and `depends_on`.
    pub depends_on: BTreeSet<Address>,
    /// Answers to the type's questions, keyed by field path.
    pub pins: BTreeMap<String, Pin>,
    /// Paths that hold secrets, or that the type calls sensitive (lists as `[]`).
    pub sensitive: BTreeSet<String>,
    pub declared_at: Span,
    /// Where each path was set. Shared by all copies.
    pub origins: Arc<Vec<(String, Origin)>>,
}

impl DesiredResource {
    /// Where a field was set, or the resource's own position.
    pub fn origin_of(&self, path: &str) -> Origin {
        self.origins.iter().find(|(set, _)| set == path).map_or_else(|| Origin::new(self.declared_at.clone()), |(_, origin)| origin.clone())
    }

    pub fn spec(&self, name: &str) -> Option<&Value> {
        self.values.get("specs")?.get(name)
    }

    /// Whether two commits want the same of it. Positions do not count.
    pub fn wants_the_same(&self, other: &Self) -> bool {
        self.type_name == other.type_name
            && self.target == other.target
            && self.object == other.object
            && self.values == other.values
            && self.lifecycle == other.lifecycle
            && self.depends_on == other.depends_on
    }
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct DesiredState {
    pub resources: BTreeMap<Address, DesiredResource>,
}

/// What the newest record says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AppliedState {
    pub resources: BTreeMap<Address, AppliedResource>,
    pub targets: BTreeMap<TargetName, String>,
}

/// One object as a target shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct ObservedObject {
    pub type_name: String,
    pub name: String,
    pub marker: Option<Marker>,
    /// In the form of the type's table: `{"specs": {..}}`. Fields that the target does not tell are absent.
    pub values: Map<String, Value>,
    /// What the fields would be if nobody had set them (the image's or the target's defaults), in the same form.
    pub defaults: Map<String, Value>,
    /// Running and healthy, as far as the target says.
    pub ready: Option<bool>,
    /// Only that it is there and whose it is was looked at: values that are absent are not told, not unset.
    pub is_shallow: bool,
}

/// A part of a target that could not be seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// `None` means all types.
    pub type_name: Option<String>,
    /// `None` means all objects of the type.
    pub object: Option<String>,
    pub why: String,
}

/// What one target said, and what it could not say.
#[derive(Debug, Clone, PartialEq)]
pub struct TargetObservation {
    /// The identity of the target itself: an engine id, a cluster name, a serial number.
    pub identity: String,
    pub objects: Vec<ObservedObject>,
    pub gaps: Vec<Gap>,
    /// What is worth knowing and no difference: a fan that failed, a log that is full. One sentence each, without values that
    /// change all the time. Shown with plans that change something on the target.
    pub notes: Vec<String>,
}

/// What is seen of one object.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Sight<'a> {
    Present(&'a ObservedObject),
    /// Looked at, and not there.
    Absent,
    /// Not seen. Never taken for absent.
    Unknown(&'a str),
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct ObservedState {
    /// A target that could not be observed at all has its reason in place of an observation.
    pub targets: BTreeMap<TargetName, Result<TargetObservation, String>>,
}

impl ObservedState {
    /// Looks for one object. Whoever looks for many asks [`ObservedState::sights`].
    pub fn see(&self, target: &TargetName, type_name: &str, object: &str) -> Sight<'_> {
        let found = |observation: &TargetObservation| observation.objects.iter().position(|seen| seen.type_name == type_name && seen.name == object);
        let position = self.targets.get(target).and_then(|seen| seen.as_ref().ok()).and_then(found);
        self.sight(target, type_name, object, position)
    }

    /// Everything that is seen, by name.
    pub fn sights(&self) -> Sights<'_> {
        let mut positions = BTreeMap::new();
        for (target, observation) in &self.targets {
            let mut by_name = HashMap::new();
            for (position, object) in observation.iter().flat_map(|observation| observation.objects.iter().enumerate()) {
                by_name.entry((object.type_name.as_str(), object.name.as_str())).or_insert(position);
            }
            positions.insert(target, by_name);
        }
        Sights { observed: self, positions }
    }

    fn sight(&self, target: &TargetName, type_name: &str, object: &str, position: Option<usize>) -> Sight<'_> {
        let observation = match self.targets.get(target) {
            None => return Sight::Unknown("the target was not observed"),
            Some(Err(why)) => return Sight::Unknown(why),
            Some(Ok(observation)) => observation,
        };
        if let Some(found) = position.and_then(|position| observation.objects.get(position)) {
            return Sight::Present(found);
        }
        let in_gap =
            |gap: &&Gap| gap.type_name.as_deref().is_none_or(|name| name == type_name) && gap.object.as_deref().is_none_or(|name| name == object);
        match observation.gaps.iter().find(in_gap) {
            Some(gap) => Sight::Unknown(&gap.why),
            None => Sight::Absent,
        }
    }
}

/// An observed state in which objects are found by name.
pub struct Sights<'a> {
    observed: &'a ObservedState,
    /// Places in the objects of a target, by type and name.
    positions: BTreeMap<&'a TargetName, HashMap<(&'a str, &'a str), usize>>,
}

impl<'a> Sights<'a> {
    /// What [`ObservedState::see`] gives, without looking through all objects.
    pub fn see(&self, target: &TargetName, type_name: &str, object: &str) -> Sight<'a> {
        let position = self.positions.get(target).and_then(|by_name| by_name.get(&(type_name, object)).copied());
        self.observed.sight(target, type_name, object, position)
    }
}
