//! What is a Docker volume? Its table. It holds data, so it is protected, and nothing on it can be changed in place.

use core_model::plan::{Inverse, Risk};
use core_model::resource_type::{Finding, Naming, Ownership, ResourceType, TypeFacts};
use core_model::schema::{Effect, Field, Kind};
use core_model::state::DesiredResource;

use super::names::{label_findings, name_findings};
use super::{METADATA, PROVIDER};

/// A replaced volume is an empty one.
const fn emptied(field: Field) -> Field {
    field.replace().risk(Risk::DataLoss)
}

const SPECS: &[Field] = &[
    emptied(Field::new("name", Kind::Text, "What the volume is called, in place of `<prefix><blueprint>-<resource>`.")),
    emptied(Field::new("driver", Kind::Text, "The volume driver; `local` when left out.")),
    emptied(Field::new("options", Kind::Map(&Kind::Text), "Options of the driver, such as `type`, `device` and `o` of `local`.")),
    emptied(Field::new("labels", Kind::Map(&Kind::Text), "Labels; `ipr.` at the start is ours.")),
];

/// A Docker volume.
#[derive(Debug, Clone, Copy)]
pub struct Storage;

impl ResourceType for Storage {
    fn facts(&self) -> &'static TypeFacts {
        const FACTS: TypeFacts = TypeFacts {
            name: "storage",
            provider: PROVIDER,
            meaning: "A named volume of one Docker engine.",
            specs: SPECS,
            metadata: METADATA,
            ownership: Ownership::Marked,
            naming: Naming::BlueprintAndResource,
            data_bearing: true,
        };
        &FACTS
    }

    fn validate(&self, resource: &DesiredResource) -> Vec<Finding> {
        let mut findings = name_findings(resource);
        findings.extend(label_findings(resource));
        findings
    }

    fn inverse_of_change(&self, _effect: Effect) -> Inverse {
        Inverse::None { why: "a volume that was made anew is empty, and its data does not come back".to_owned() }
    }
}
