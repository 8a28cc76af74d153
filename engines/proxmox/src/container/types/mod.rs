//! What is a container? Its facts, what must be looked up for it, what it holds, and what its changes cost.

mod cost;
mod fields;
mod findings;
#[cfg(test)]
mod tests;

use core_model::diff::Sides;
use core_model::following::{Following, Linked};
use core_model::plan::{Action, FieldChange, Inverse, Step};
use core_model::resource_type::{Claim, Finding, Naming, Ownership, Question, ResourceType, TypeFacts};
use core_model::schema::Effect;
use core_model::state::DesiredResource;
use serde_json::{Map, Value};

use self::fields::{METADATA, SPECS};
use crate::PROVIDER;
use crate::guest::{claims, follow, remarks, snapshot};

pub(super) use cost::needs_it_off;

/// Where volumes stand by slot.
const MOUNTS: &str = "specs.mounts.";

/// A container.
#[derive(Debug, Clone, Copy)]
pub struct Container;

impl ResourceType for Container {
    fn facts(&self) -> &'static TypeFacts {
        const FACTS: TypeFacts = TypeFacts {
            name: "container",
            provider: PROVIDER,
            meaning: "A Linux container of a Proxmox VE cluster.",
            specs: SPECS,
            metadata: METADATA,
            ownership: Ownership::Marked,
            naming: Naming::Resource,
            data_bearing: true,
        };
        &FACTS
    }

    fn follow(&self, resource: &DesiredResource, linked: &Linked<'_>) -> Following {
        follow::follow(resource, linked)
    }

    fn validate(&self, resource: &DesiredResource) -> Vec<Finding> {
        findings::of(resource)
    }

    /// A name of an operating system is one template today, and may be another one tomorrow.
    fn questions(&self, resource: &DesiredResource) -> Vec<Question> {
        let os = resource.spec("os").and_then(Value::as_str).filter(|os| split_os(os).is_none());
        os.map(|os| Question { path: "specs.os".to_owned(), text: os.to_owned() }).into_iter().collect()
    }

    /// `debian-12@archive:debian-12-standard_12.7-1_amd64.tar.zst`: people read the name.
    fn pinned(&self, path: &str, value: &Value, answer: &str) -> Value {
        match value {
            Value::String(os) if path == "specs.os" && split_os(os).is_none() => Value::String(format!("{os}@{answer}")),
            other => other.clone(),
        }
    }

    fn claims(&self, values: &Map<String, Value>) -> Vec<Claim> {
        claims::of(values)
    }

    fn weigh(&self, changes: &mut [FieldChange], sides: &Sides<'_>) {
        cost::weigh(changes, sides);
    }

    /// What no step back can change: the rest of a step is undone without it.
    fn stays(&self, change: &FieldChange) -> Option<&'static str> {
        remarks::stays(change, MOUNTS)
    }

    fn remarks(&self, step: &Step) -> Vec<String> {
        let waiting = remarks::waiting(step, "container", &cost::waiting(step));
        cost::remarks(step).into_iter().chain(remarks::not_undone(step, MOUNTS)).chain(waiting).chain(snapshot::remarks(step)).collect()
    }

    fn inverse_of(&self, changes: &[FieldChange]) -> Inverse {
        remarks::inverse_of(changes, MOUNTS, |effect| self.inverse_of_change(effect))
    }

    fn inverse_of_change(&self, effect: Effect) -> Inverse {
        match effect {
            Effect::Replace => Inverse::None { why: "its volumes are gone".to_owned() },
            Effect::InPlace | Effect::Restart => Inverse::Exact,
        }
    }
}

/// What a container is made from: the archive of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Source {
    /// The storage that the author names; any will do when he names none.
    pub(crate) storage: Option<String>,
    /// The name of its file, `debian-12-standard_12.7-1_amd64.tar.zst`.
    pub(crate) file: String,
}

/// The name and the source of a pinned `os`: `debian-12@archive:debian-12-standard_12.7-1_amd64.tar.zst`, with a volume in place of
/// the file where the author wrote one.
pub(crate) fn split_os(os: &str) -> Option<(&str, Source)> {
    let (name, archive) = os.split_once("@archive:")?;
    let source = match archive.split_once(':') {
        Some((storage, path)) => Source { storage: Some(storage.to_owned()), file: path.rsplit('/').next()?.to_owned() },
        None => Source { storage: None, file: archive.to_owned() },
    };
    Some((name, source))
}

/// Whether such a step makes one anew.
pub(super) fn makes(step: &Step) -> bool {
    matches!(step.action, Action::Create | Action::Replace)
}
