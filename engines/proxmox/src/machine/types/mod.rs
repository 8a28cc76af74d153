//! What is a virtual machine? Its facts, what must be looked up for it, what it holds, and what its changes cost.

mod fields;
mod findings;
mod hotplug;
#[cfg(test)]
mod tests;

use core_model::diff::Sides;
use core_model::following::{Following, Linked};
use core_model::plan::{FieldChange, Inverse, Step};
use core_model::resource_type::{Claim, Finding, Naming, Ownership, Question, ResourceType, TypeFacts};
use core_model::schema::Effect;
use core_model::state::DesiredResource;
use serde_json::{Map, Value};

use self::fields::{METADATA, SPECS};
pub(super) use self::hotplug::needs_it_off;
use crate::PROVIDER;
use crate::file::name::FileName;
use crate::guest::{claims, follow, remarks, snapshot};

/// Where disks stand by slot.
const DISKS: &str = "specs.disks.";

/// A virtual machine.
#[derive(Debug, Clone, Copy)]
pub struct Compute;

impl ResourceType for Compute {
    fn facts(&self) -> &'static TypeFacts {
        const FACTS: TypeFacts = TypeFacts {
            name: "compute",
            provider: PROVIDER,
            meaning: "A virtual machine of a Proxmox VE cluster.",
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

    /// A name of an operating system is a template or an image today, and may be another one tomorrow.
    fn questions(&self, resource: &DesiredResource) -> Vec<Question> {
        let os = resource.spec("os").and_then(Value::as_str).filter(|os| split_os(os).is_none());
        os.map(|os| Question { path: "specs.os".to_owned(), text: os.to_owned() }).into_iter().collect()
    }

    /// `debian-12@template:9000`: people read the name, the answer is what the machine is made from.
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
        hotplug::weigh(changes, sides);
    }

    /// What no step back can change: the rest of a step is undone without it.
    fn stays(&self, change: &FieldChange) -> Option<&'static str> {
        remarks::stays(change, DISKS)
    }

    /// What a reviewer would not guess: what is not undone with the rest, and what is written and waits.
    fn remarks(&self, step: &Step) -> Vec<String> {
        let waiting = remarks::waiting(step, "machine", &hotplug::waiting(step));
        remarks::not_undone(step, DISKS).into_iter().chain(waiting).chain(snapshot::remarks(step)).collect()
    }

    fn inverse_of(&self, changes: &[FieldChange]) -> Inverse {
        remarks::inverse_of(changes, DISKS, |effect| self.inverse_of_change(effect))
    }

    fn inverse_of_change(&self, effect: Effect) -> Inverse {
        match effect {
            Effect::Replace => Inverse::None { why: "its disks are gone".to_owned() },
            Effect::InPlace | Effect::Restart => Inverse::Exact,
        }
    }
}

/// What a machine is made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Source {
    /// A machine that was made a template.
    Template { vmid: u32 },
    /// A disk image among a storage's contents.
    Image { volume: String },
}

/// The file that `specs.image` links to.
pub(crate) fn image_of(values: &Map<String, Value>) -> Option<FileName> {
    FileName::parse(values.get("specs")?.get("image")?.get("name")?.as_str()?)
}

/// The name and the source of a pinned `os`: `debian-12@template:9000`, `debian-12@image:local:import/debian-12.qcow2`.
pub(crate) fn split_os(os: &str) -> Option<(&str, Source)> {
    let (name, answer) = os.split_once('@')?;
    let source = match answer.split_once(':')? {
        ("template", vmid) => Source::Template { vmid: vmid.parse().ok()? },
        ("image", volume) if volume.contains(':') => Source::Image { volume: volume.to_owned() },
        _ => return None,
    };
    Some((name, source))
}
