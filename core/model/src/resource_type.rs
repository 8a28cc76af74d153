//! What must the planner know about a kind of object? Pure facts and functions; the engine that acts on them is elsewhere.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::diff::Sides;
use crate::following::{Following, Linked};
use crate::name::Address;
use crate::plan::{Action, FieldChange, Inverse, Risk, Step};
use crate::schema::{Effect, Field};
use crate::state::DesiredResource;

/// How a target tells that an object is ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ownership {
    /// The creating request carries a marker (a label, a tag, a comment).
    Marked,
    /// The record alone knows: the target has no place for a marker, or the object was adopted and cannot be marked.
    Recorded,
    /// It always exists; we set the keys that are given, and leaving the blueprint releases it.
    Singleton,
}

/// How an object is named on its target, unless `specs.name` says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Naming {
    /// `<prefix><blueprint>-<resource>`: containers, networks, volumes.
    BlueprintAndResource,
    /// `<prefix><resource>`: machines.
    Resource,
    /// `<metadata.key>/<prefix><resource>`, also around `specs.name`: what has its name within something larger only, as a bridge
    /// has on its node. The key is required by the type's table.
    Within(&'static str),
}

/// The facts of a resource type that are data.
#[derive(Debug, Clone, Copy)]
pub struct TypeFacts {
    /// `compute`, `network`, ...
    pub name: &'static str,
    pub provider: &'static str,
    /// One sentence for the reference page.
    pub meaning: &'static str,
    pub specs: &'static [Field],
    pub metadata: &'static [Field],
    pub ownership: Ownership,
    pub naming: Naming,
    /// Holds data that nobody can make again: protected, and kept on delete unless told otherwise.
    pub data_bearing: bool,
}

impl TypeFacts {
    /// Whether an object can be given another name and stay the same: `specs.name` is changed in place.
    pub fn renames(&self) -> bool {
        self.specs.iter().any(|field| field.name == "name" && field.effect == Effect::InPlace)
    }
}

/// A question that must be answered by the engine to plan: which digest does this tag have?
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Question {
    /// The field that asks.
    pub path: String,
    pub text: String,
}

/// Something that only one object on a target can hold: `host-port 0.0.0.0:80/tcp`, `name web`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Claim {
    pub what: &'static str,
    pub value: String,
}

/// What the replacement of a dependency does to the one that depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DependencyEffect {
    Nothing,
    /// Its link must be made anew.
    Reattach,
    Restart,
    Replace,
}

/// A mistake that only the type can see. The caller adds the position of `path`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub path: String,
    pub summary: &'static str,
    pub detail: String,
    pub hint: Option<String>,
}

/// A kind of object on one provider.
pub trait ResourceType: Send + Sync + 'static {
    fn facts(&self) -> &'static TypeFacts;

    /// Mistakes beyond what the table of fields can say.
    fn validate(&self, _resource: &DesiredResource) -> Vec<Finding> {
        Vec::new()
    }

    /// What follows from the resources that it links to, where the author leaves it out. Asked before [`ResourceType::validate`], which
    /// sees what followed as if it had been written; it is compared, shown and recorded like everything else.
    fn follow(&self, _resource: &DesiredResource, _linked: &Linked<'_>) -> Following {
        Following::default()
    }

    /// What the object of a resource is called on its target, where its name is made of more than one field: a file is known
    /// by its storage and its name. `text` gives what the author wrote, by path. `None` is the name of [`TypeFacts::naming`].
    fn object_name(&self, _text: &dyn Fn(&str) -> Option<String>) -> Option<String> {
        None
    }

    /// Whether data is gone once an object is. Only the definition of a storage goes; what is on the storage stays there.
    fn removal_loses_data(&self) -> bool {
        self.facts().data_bearing
    }

    /// What must be looked up before planning.
    fn questions(&self, _resource: &DesiredResource) -> Vec<Question> {
        Vec::new()
    }

    /// The value of a field once its question is answered.
    fn pinned(&self, _path: &str, value: &Value, _answer: &str) -> Value {
        value.clone()
    }

    /// The exclusive things that values like these hold. The object's name on the target is always one and need not be given.
    fn claims(&self, _values: &serde_json::Map<String, Value>) -> Vec<Claim> {
        Vec::new()
    }

    /// What the changes cost on this very object, where the table cannot say it for all objects alike: a machine that is off
    /// needs no restart. Changes neither which fields differ nor their values.
    fn weigh(&self, _changes: &mut [FieldChange], _sides: &Sides<'_>) {}

    /// What happens to this resource when `dependency`, which it links to or waits for, is replaced.
    fn replaced_dependency(&self, _dependency_type: &str) -> DependencyEffect {
        DependencyEffect::Nothing
    }

    /// What a reviewer should know of how this step is carried out, beyond its changes. One sentence each; not part of the
    /// digest, so nothing may be in it that the changes and the desired values do not decide.
    fn remarks(&self, _step: &Step) -> Vec<String> {
        Vec::new()
    }

    /// How a change of an existing object with this effect is undone.
    fn inverse_of_change(&self, _effect: Effect) -> Inverse {
        Inverse::Exact
    }

    /// Why a change of an existing object cannot be taken back by any step, where the others beside it can: a disk grows and
    /// does not shrink. A step back leaves it out.
    fn stays(&self, _change: &FieldChange) -> Option<&'static str> {
        None
    }

    /// Where on the target an object with such values is, if its name alone does not tell: a menu's path, a chain. Never a secret.
    fn place(&self, _values: &serde_json::Map<String, Value>) -> Option<String> {
        None
    }

    /// What such a step on an object with such values costs at least, beyond what the changed fields say: a new rule can cut a
    /// connection as well as a changed one.
    fn least_risk(&self, _action: Action, _values: &serde_json::Map<String, Value>) -> Risk {
        Risk::None
    }

    /// How these changes of an existing object are undone, where it depends on more than their effect.
    fn inverse_of(&self, changes: &[FieldChange]) -> Inverse {
        let stays = changes.iter().map(|change| self.stays(change)).collect::<Option<Vec<&str>>>();
        if let Some(why) = stays.as_ref().and_then(|whys| whys.first()) {
            return Inverse::None { why: (*why).to_owned() };
        }
        self.inverse_of_change(changes.iter().map(|change| change.effect).max().unwrap_or(Effect::Restart))
    }
}

/// All resource types of the engines that this program was built with.
#[derive(Default)]
pub struct Registry {
    types: BTreeMap<(&'static str, &'static str), &'static dyn ResourceType>,
}

impl Registry {
    pub fn new(types: impl IntoIterator<Item = &'static dyn ResourceType>) -> Self {
        let types = types.into_iter().map(|kind| ((kind.facts().provider, kind.facts().name), kind)).collect();
        Self { types }
    }

    pub fn get(&self, provider: &str, name: &str) -> Option<&'static dyn ResourceType> {
        let types: &BTreeMap<(&str, &str), _> = &self.types;
        types.get(&(provider, name)).copied()
    }

    pub fn providers(&self) -> Vec<&'static str> {
        let mut providers: Vec<_> = self.types.keys().map(|(provider, _)| *provider).collect();
        providers.dedup();
        providers
    }

    pub fn names(&self, provider: &str) -> Vec<&'static str> {
        self.types.keys().filter(|(p, _)| *p == provider).map(|(_, name)| *name).collect()
    }

    pub fn iter(&self) -> impl Iterator<Item = &'static dyn ResourceType> {
        self.types.values().copied()
    }
}

/// What the object of a resource is called on its target. `metadata` gives the text under a key of the resource's metadata.
pub fn object_name<'m>(
    naming: Naming,
    prefix: &str,
    address: &Address,
    override_name: Option<&str>,
    metadata: impl FnOnce(&str) -> Option<&'m str>,
) -> String {
    let name = match (override_name, naming) {
        (Some(name), _) => name.to_owned(),
        (None, Naming::BlueprintAndResource) => format!("{prefix}{}-{}", address.blueprint, address.resource),
        (None, Naming::Resource | Naming::Within(_)) => format!("{prefix}{}", address.resource),
    };
    match naming {
        // What it is within is missing only where the table has reported that.
        Naming::Within(key) => metadata(key).map_or_else(|| name.clone(), |place| format!("{place}/{name}")),
        Naming::BlueprintAndResource | Naming::Resource => name,
    }
}

/// Providers that the language knows, whether or not this program was built with their engines.
pub const LANGUAGE_PROVIDERS: [&str; 6] = ["docker", "proxmox", "mikrotik", "ipmi", "ansible", "kubernetes"];
