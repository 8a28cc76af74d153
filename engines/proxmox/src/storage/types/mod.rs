//! What is a storage's definition? Its facts, and what its changes cost.

mod fields;
mod findings;
pub(crate) mod kinds;

use core_model::plan::{Action, Step};
use core_model::resource_type::{Finding, Naming, Ownership, ResourceType, TypeFacts};
use core_model::state::DesiredResource;

use self::fields::{METADATA, SPECS};
use crate::PROVIDER;

/// The definition of a storage.
#[derive(Debug, Clone, Copy)]
pub struct Storage;

impl ResourceType for Storage {
    fn facts(&self) -> &'static TypeFacts {
        const FACTS: TypeFacts = TypeFacts {
            name: "storage",
            provider: PROVIDER,
            meaning: "The definition of a storage of a Proxmox VE cluster.",
            specs: SPECS,
            metadata: METADATA,
            ownership: Ownership::Recorded,
            naming: Naming::Resource,
            data_bearing: true,
        };
        &FACTS
    }

    fn validate(&self, resource: &DesiredResource) -> Vec<Finding> {
        findings::of(resource)
    }

    /// Files, disks and backups stay where they are; Proxmox only no longer knows of them.
    fn removal_loses_data(&self) -> bool {
        false
    }

    fn remarks(&self, step: &Step) -> Vec<String> {
        let is_moved = step.action == Action::Update && step.changes.iter().any(|change| kinds::is_place(&change.path));
        let path = format!("/storage/{}", step.object);
        if is_moved {
            return vec![
                "Proxmox cannot change where a storage is: its definition is taken out and put back. What is at the old place stays there, out \
                 of Proxmox's sight"
                    .to_owned(),
                format!("the permissions that people have on `{path}` go with the old definition; it comes back into its pools without them"),
            ];
        }
        let goes = format!("Proxmox takes away the permissions that people have on `{path}`, and takes the storage out of its pools");
        (step.action == Action::Delete).then_some(goes).into_iter().collect()
    }
}
