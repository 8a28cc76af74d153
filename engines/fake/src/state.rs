//! What does a fake target hold? Its objects and conditions, in memory or in a file, as a real target keeps them when a
//! daemon dies.

use std::collections::BTreeMap;
use std::fmt;

use core_model::state::Gap;
use core_model::{Hash, Marker};
use engine_api::fields::Flat;
use serde::{Deserialize, Serialize};

use crate::fault::Fault;
use crate::operation::Operation;

/// The newest calls that are remembered.
const LOG_LENGTH_MAX: usize = 10_000;

/// One object on the target.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct StoredObject {
    pub marker: Option<Marker>,
    /// What somebody set, by path. What nobody set has the target's default.
    pub fields: Flat,
    /// Each object that is made gets a higher number: a replaced object has another one.
    pub serial: u64,
    pub running: bool,
    /// Whether it works while it runs.
    pub healthy: bool,
    /// How often it was restarted since it was made.
    pub restarts: u64,
    /// Which step of which run made it, and restarted it last. What a label of ours would be on a real target.
    pub(crate) made_by: String,
    pub(crate) restarted_by: String,
}

impl StoredObject {
    /// An object without any value of its own, which somebody else made or which always exists.
    pub(crate) fn untouched(serial: u64) -> Self {
        let (made_by, restarted_by) = (String::new(), String::new());
        Self { marker: None, fields: Flat::new(), serial, running: true, healthy: true, restarts: 0, made_by, restarted_by }
    }
}

impl fmt::Debug for StoredObject {
    /// Without values: there are secrets in them.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let paths: Vec<&String> = self.fields.keys().collect();
        formatter.debug_struct("StoredObject").field("serial", &self.serial).field("paths", &paths).finish_non_exhaustive()
    }
}

/// A one-shot task that was carried out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Execution {
    pub object: String,
    pub token: String,
}

/// A mutating call that had its effect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoggedCall {
    pub operation: Operation,
    /// `compute/web`.
    pub key: String,
}

impl fmt::Display for LoggedCall {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.operation.name(), self.key)
    }
}

/// What the registry says of an image's text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RegistryEntry {
    /// `None`: there is no such image.
    pub(crate) digest: Option<String>,
    /// Whether what is made from it works.
    pub(crate) healthy: bool,
}

/// [`Gap`] as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StoredGap {
    pub(crate) type_name: Option<String>,
    pub(crate) object: Option<String>,
    pub(crate) why: String,
}

impl StoredGap {
    pub(crate) fn hides(&self, type_name: &str, object: &str) -> bool {
        self.type_name.as_deref().is_none_or(|name| name == type_name) && self.object.as_deref().is_none_or(|name| name == object)
    }

    pub(crate) fn as_gap(&self) -> Gap {
        Gap { type_name: self.type_name.clone(), object: self.object.clone(), why: self.why.clone() }
    }
}

/// Everything about a target that outlives the processes which talk to it.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct State {
    pub(crate) identity: String,
    pub(crate) last_serial: u64,
    /// By `<type>/<name>`.
    pub(crate) objects: BTreeMap<String, StoredObject>,
    pub(crate) registry: BTreeMap<String, RegistryEntry>,
    pub(crate) executions: Vec<Execution>,
    /// Whether it can be asked what was carried out, whatever the task says of its log.
    pub(crate) shows_runs: bool,
    pub(crate) pending: Vec<String>,
    pub(crate) unreachable: Option<String>,
    pub(crate) gaps: Vec<StoredGap>,
    #[serde(default)]
    pub(crate) notes: Vec<String>,
    /// Whether it says what it holds, for people to compare.
    pub(crate) tells_of_itself: bool,
    pub(crate) faults: Vec<Fault>,
    pub(crate) log: Vec<LoggedCall>,
    pub(crate) mutating_calls: u64,
}

/// The key of an object.
pub(crate) fn key(type_name: &str, object: &str) -> String {
    format!("{type_name}/{object}")
}

impl State {
    pub(crate) fn new(identity: impl Into<String>) -> Self {
        Self { identity: identity.into(), ..Self::default() }
    }

    pub(crate) fn object(&self, type_name: &str, object: &str) -> Option<&StoredObject> {
        self.objects.get(&key(type_name, object))
    }

    /// The objects of one type, with their names.
    pub(crate) fn of_type<'a>(&'a self, type_name: &'a str) -> impl Iterator<Item = (&'a str, &'a StoredObject)> {
        self.objects.iter().filter_map(move |(key, object)| {
            let (kind, name) = key.split_once('/')?;
            (kind == type_name).then_some((name, object))
        })
    }

    pub(crate) fn next_serial(&mut self) -> u64 {
        self.last_serial += 1;
        self.last_serial
    }

    /// The digest of an image: what was pushed, or one that its text alone decides.
    pub(crate) fn digest_of(&self, image: &str) -> Option<String> {
        match self.registry.get(image) {
            Some(entry) => entry.digest.clone(),
            None => Some(default_digest(image)),
        }
    }

    pub(crate) fn remember(&mut self, operation: Operation, key: &str) {
        self.mutating_calls += 1;
        if self.log.len() == LOG_LENGTH_MAX {
            self.log.remove(0);
        }
        self.log.push(LoggedCall { operation, key: key.to_owned() });
    }
}

pub(crate) fn default_digest(image: &str) -> String {
    format!("sha256:{}", Hash::of_bytes(image.as_bytes()).as_str())
}
