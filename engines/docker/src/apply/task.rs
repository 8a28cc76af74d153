//! What does carrying out one step need, and whose is what it finds?

use core_model::Marker;
use core_model::diff::{Sides, compare};
use core_model::plan::Step;
use core_model::resource_type::TypeFacts;
use core_model::schema::field_at;
use engine_api::{EngineError, ErrorKind, Order};
use serde_json::Map;

use crate::labels::{self, Labels};
use crate::options::DockerOptions;
use crate::reader::Reader;
use crate::seen::Seen;
use crate::types::is_object_name;
use crate::writer::Calls;

/// One step, with the ways to read and to change the engine.
pub(crate) struct Task<'a> {
    pub(crate) order: &'a Order,
    pub(crate) options: &'a DockerOptions,
    pub(crate) reader: &'a Reader,
    pub(crate) calls: Calls<'a>,
}

impl Task<'_> {
    pub(super) fn step(&self) -> &Step {
        &self.order.step
    }

    /// What the object is called.
    pub(super) fn name(&self) -> &str {
        &self.order.step.object
    }

    /// What the object was called when it was last recorded: a changed `specs.name` is a replacement under another name.
    pub(super) fn former_name(&self) -> &str {
        self.order.applied.as_ref().map_or(self.name(), |applied| &applied.object)
    }

    fn attempt(&self) -> String {
        let step = self.step();
        format!("{} the {} `{}`", step.action.word(), step.type_name, step.object)
    }

    pub(super) fn refused(&self, why: impl Into<String>) -> EngineError {
        EngineError::new(ErrorKind::Rejected, self.attempt(), why)
    }

    pub(super) fn conflict(&self, why: impl Into<String>) -> EngineError {
        EngineError::new(ErrorKind::Conflict, self.attempt(), why)
    }

    pub(super) fn missing(&self, why: impl Into<String>) -> EngineError {
        EngineError::new(ErrorKind::NotFound, self.attempt(), why)
    }

    /// The owner in the marker must be the one that this target was configured for.
    pub(super) fn check_owner(&self) -> Result<(), EngineError> {
        if self.order.marker.owner_id == self.options.owner_id {
            return Ok(());
        }
        Err(self.refused("this target is configured for another owner than the one of the repository's ipr.yaml"))
    }

    /// Names become parts of addresses in the API: nothing but names may be in them.
    pub(super) fn check_names(&self) -> Result<(), EngineError> {
        if is_object_name(self.name()) && is_object_name(self.former_name()) {
            return Ok(());
        }
        Err(self.refused("Docker does not take this name"))
    }

    /// Whether the labels are of an object of the same owner and environment.
    pub(super) fn is_of_our_environment(&self, labels: Option<&Labels>) -> bool {
        let (ours, found) = (&self.order.marker, labels::marker(labels));
        found.is_some_and(|marker| labels::belongs(&marker, &ours.owner_id, Some(&ours.environment)))
    }

    /// Whether the object is this resource's, word for word.
    pub(super) fn is_marked_as_this(&self, labels: Option<&Labels>) -> bool {
        labels::marker(labels).as_ref() == Some(&self.order.marker)
    }

    pub(super) fn is_made_by_this_step(&self, labels: Option<&Labels>) -> bool {
        labels::made_by(labels, &self.step().digest)
    }

    /// Refuses to touch what neither marker nor record calls ours. A marker stays when the address changes (a move), and an
    /// adopted object has none: then the record must know the object.
    pub(super) fn check_ours(&self, what: &str, labels: Option<&Labels>) -> Result<(), EngineError> {
        let recorded = self.order.applied.is_some();
        let marker = labels::marker(labels);
        let ours = match &marker {
            Some(marker) if *marker == self.order.marker => true,
            Some(_) => recorded && self.is_of_our_environment(labels),
            None => recorded,
        };
        if ours { Ok(()) } else { Err(self.conflict(format!("{what} exists and is {}", whose(marker.as_ref())))) }
    }

    /// Refuses to take what is there for the object that a create is to make, unless it carries this resource's own marker:
    /// a create is planned only where nothing was seen.
    pub(super) fn check_marked(&self, what: &str, labels: Option<&Labels>) -> Result<(), EngineError> {
        if self.is_marked_as_this(labels) {
            return Ok(());
        }
        Err(self.conflict(format!("{what} exists and is {}", whose(labels::marker(labels).as_ref()))))
    }

    /// Whether nothing that the step changes differs any more. Fields that Docker is not told about do not count.
    pub(super) fn is_settled(&self, facts: &TypeFacts, seen: &Seen) -> bool {
        let nothing = Map::new();
        let applied = self.order.applied.as_ref().map_or(&nothing, |applied| &applied.values);
        let sides = Sides { desired: &self.order.desired, applied, live: &seen.values, defaults: &seen.defaults, ignore: &[] };
        let differing = compare(facts, &sides);
        let told = |path: &str| !is_write_only(facts, path);
        self.step().changes.iter().all(|change| !told(&change.path) || !differing.iter().any(|difference| difference.path == change.path))
    }
}

fn is_write_only(facts: &TypeFacts, path: &str) -> bool {
    let (root, rest) = path.split_once('.').unwrap_or((path, ""));
    let fields = if root == "metadata" { facts.metadata } else { facts.specs };
    let segments: Vec<&str> = rest.split('.').collect();
    field_at(fields, &segments).is_some_and(|field| field.write_only)
}

/// For messages: whom an object belongs to.
fn whose(marker: Option<&Marker>) -> String {
    match marker {
        Some(marker) => format!("marked as `{marker}`"),
        None => "not ours; adopt it with `lifecycle: {adopt: true}`, or choose another `specs.name`".to_owned(),
    }
}
